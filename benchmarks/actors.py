"""The actors of a county: administration, bodies with members, offices, posts with tasks, organisations with offers."""

import re

from benchmarks.content import Composer, Field
from benchmarks.draft import STATED, Draft, Row, Thing, literal
from benchmarks.elements import any_topic, mentioned, section, sentence
from benchmarks.wording import town, words

FILE = "actors"
_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e"})
Named = tuple[str, str]
"""The name and the text of an actor."""


def names(draft: Draft, city: bool) -> dict[str, list[Named]]:
    """The actors of the county by kind, before anything is written about them."""
    table, random = words(), draft.random
    council = "Stadtrat" if city else "Kreistag"
    bodies = [council, *random.sample([body for body, _ in table["bodies"][1:]], random.randint(9, 12))]
    towns = [town(random) for _ in range(5)]
    groups = {f"{kind} {random.choice(towns)}" for kind, _ in random.sample(table["organisations"], 14)}
    groups |= {f"{kind} {random.choice(towns)}" for kind, _ in random.sample(table["organisations"], 10)}
    posts = random.sample(table["posts"][1:], random.randint(12, 15))
    return {
        "verwaltung": [("k:verwaltung", "Stadtverwaltung" if city else "Kreisverwaltung")],
        "gremium": [(_name("gremium", text), text) for text in bodies],
        "amt": [(_name("amt", text), text) for text in random.sample(table["offices"], random.randint(12, 15))],
        "stelle": [(_name("stelle", text), text) for text in (table["posts"][0], *posts)],
        "organisation": [(_name("organisation", text), text) for text in sorted(groups)],
    }


def responsible(actors: dict[str, list[Named]]) -> list[Named]:
    """Those who may answer for a measure."""
    return [*actors["amt"], *actors["stelle"], *actors["organisation"][:6]]


def chapter(draft: Draft, actors: dict[str, list[Named]], composer: Composer, content: tuple[Field, ...]) -> None:
    """The part of the document that presents all actors."""
    section(draft, "Zuständigkeiten und Beteiligte")
    _plain(draft, actors["verwaltung"][0], "m8g:PublicOrganisation")
    section(draft, "Gremien", "###")
    for number, body in enumerate(actors["gremium"]):
        _body(
            draft,
            body,
            draft.random.sample([*actors["stelle"], *actors["organisation"]], 4) if number in (3, 5, 7) else [],
        )
    section(draft, "Ämter und Fachdienste", "###")
    for office in actors["amt"]:
        _plain(draft, office, "org:OrganizationalUnit", "org:unitOf k:verwaltung")
    section(draft, "Stellen und ihre Aufgaben", "###")
    for number, post in enumerate(actors["stelle"]):
        home = draft.random.choice([*actors["amt"], *actors["verwaltung"]])[0] if number else "k:verwaltung"
        _plain(draft, post, "org:Post", f"org:postIn {home}")
        topic = any_topic(draft, content)
        for _ in range(4 if number == 0 else draft.random.randint(1, 3)):
            _said(draft, composer, "tasks", ("aufgabe", "Task"), topic, f"ic:taskOf {post[0]}")
    section(draft, "Träger, Vereine und Gemeinden", "###")
    for number, organisation in enumerate(actors["organisation"]):
        _organisation(draft, organisation)
        if number % 3 == 0:
            topic = any_topic(draft, content)
            _said(draft, composer, "offers", ("angebot", "Offer"), topic, f"ic:offeredBy {organisation[0]}")


def _said(draft: Draft, composer: Composer, words_of: str, kind: tuple[str, str], topic: str, fact: str) -> None:
    said = composer.sentence(words_of, topic)
    sentence(draft, kind, draft.sheet.write(f"  - {said.text}"), said, fact, share=0.5)


def _plain(draft: Draft, actor: Named, kind: str, *facts: str, row: Row | None = None) -> Row:
    name, text = actor
    row = row or draft.sheet.write(f"- {text}")
    county = () if kind == "org:Organization" else (f"ic:county kreis:{draft.ags}",)
    draft.add(FILE, Thing(name, kind, (f"ic:text {literal(text)}", *county, *facts, STATED), (row.find(text),)))
    return row


def _body(draft: Draft, body: Named, members: list[Named]) -> None:
    kinds = dict(words()["bodies"]) | {"Stadtrat": "Council"}
    facts = [f"ic:bodyType ic:{kinds[body[1]]}"]
    facts += [f"org:hasMember {', '.join(name for name, _ in members)}"] if members else []
    _plain(draft, body, "ic:Body", *facts)
    for name, text in members:
        row, number = draft.sheet.write(f"  - {text}"), draft.number("mitglied")
        own = (f"org:member {name}", f"org:organization {body[0]}", STATED)
        draft.add(FILE, Thing(f"k:mitglied-{number:02}", "org:Membership", own, (row.find(text),)))


def _organisation(draft: Draft, organisation: Named) -> None:
    name, text = organisation
    kind, concept = next(entry for entry in words()["organisations"] if text.startswith(f"{entry[0]} "))
    row = draft.sheet.write(f"- {text}")
    facts, parts = mentioned(name, row, kind, concept, "ic:actorType")
    _plain(draft, organisation, "org:Organization", *facts, row=row)
    draft.add(FILE, *parts)


def slug(text: str) -> str:
    """``text`` as a part of an IRI or the name of a folder."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower().translate(_LETTERS)).strip("-")


def _name(kind: str, text: str) -> str:
    return f"k:{kind}-{slug(text)}"
