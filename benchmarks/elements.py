"""The elements of a version: sections, statements, principles, themes, fields, goals, recommendations, measures."""

from dataclasses import dataclass

from benchmarks.content import Composer, Field, Goal
from benchmarks.draft import INFERRED, STATED, Draft, Row, Span, Thing, literal
from benchmarks.wording import Idea, topics, words

FILE = "elements"
_LEVELS = (("Leitziel", "Overall"), ("Handlungsziel", "Operational"))
_FUNDING = ("Landesmittel", "Eigenmittel des Landkreises", "EU-Fördermittel", "Spenden")


@dataclass(frozen=True)
class Style:
    """How a document puts things: whether it prints levels of goals, and names how many of its fields not at all."""

    levels: bool
    unnamed: int
    responsible: float
    """Share of measures that say who is responsible."""


def section(draft: Draft, title: str, mark: str = "##") -> None:
    """A heading that is nothing else."""
    draft.sheet.write()
    row = draft.sheet.write(f"{mark} {title}")
    number = draft.number("abschnitt")
    facts = (f"ic:text {literal(title)}", f"ic:order {number}", STATED)
    draft.add("concept", Thing(f"{draft.own}:abschnitt-{number:02}", "ic:Section", facts, (row.find(title),)))


def element(
    draft: Draft,
    kind: tuple[str, str],
    text: str,
    quotes: tuple[Span, ...],
    *facts: str,
    parts: list[Thing] | None = None,
) -> str:
    """An element of the version being written; ``kind`` is its slug and class. Its name."""
    number = draft.number(kind[0])
    name = f"{draft.own}:{kind[0]}-{number:02}"
    own = (f"ic:version {draft.version}", f"ic:order {number}", f"ic:text {literal(text)}", *facts, STATED)
    draft.add(FILE, Thing(name, f"ic:{kind[1]}", own, quotes), *(parts or []))
    return name


def upcoming(draft: Draft, slug: str) -> str:
    """The name the next element with ``slug`` will get, for its parts."""
    return f"{draft.own}:{slug}-{draft.peek(slug):02}"


def mapped(name: str, matches: tuple[tuple[str, str], ...], reason: str) -> tuple[list[str], list[Thing]]:
    """The statements that map ``name`` to common fields, and the mappings with their reason."""
    facts, parts = [], []
    for number, (relation, code) in enumerate(matches, 1):
        mapping = f"{name}-zuordnung-{number}"
        facts += [f"ic:mapping {mapping}", f"skos:{relation} feld:{code}"]
        own = (f"ic:toConcept feld:{code}", f"ic:relation skos:{relation}", f"ic:note {literal(reason)}", INFERRED)
        parts.append(Thing(mapping, "ic:FieldMapping", own))
    return facts, parts


def mentioned(name: str, row: Row, said: str, concept: str, property: str) -> tuple[list[str], list[Thing]]:
    """The statements that name a target group or kind of actor, and the mention with the words of the source."""
    mention = f"{name}-nennung-1"
    note = f"ic:note {literal(f'„{said}“ ist das Wort der Quelle für diesen Begriff.')}"
    own = (f"ic:text {literal(said)}", f"ic:ofConcept ic:{concept}", note, INFERRED)
    facts = [f"ic:mention {mention}", f"{property} ic:{concept}"]
    return facts, [Thing(mention, "ic:Mention", own, (row.find(said),))]


def sentence(
    draft: Draft,
    kind: tuple[str, str],
    row: Row,
    said: Idea,
    *facts: str,
    quotes: tuple[Span, ...] = (),
    share: float = 0.6,
) -> str:
    """An element that is a sentence about a common field; mapped and with its target group in ``share`` of cases."""
    name = upcoming(draft, kind[0])
    own, parts = list(facts), list[Thing]()
    if draft.chance(share):
        relation = draft.random.choice(("broadMatch", "broadMatch", "closeMatch", "relatedMatch"))
        reason = f"Der Satz handelt von: {said.object.partition('|')[0]}."
        more, things = mapped(name, ((relation, said.field),), reason)
        own, parts = own + more, parts + things
    if said.people and draft.chance(share):
        more, things = mentioned(name, row, said.people, said.concept, "ic:targetGroup")
        own, parts = own + more, parts + things
    return element(draft, kind, said.text, (row.find(said.text), *quotes), *own, parts=parts)


def preamble(draft: Draft, composer: Composer, principles: int, themes: int) -> None:
    """What the document says of itself, its principles and its themes."""
    section(draft, "Selbstverständnis")
    for kind, pattern in draft.random.sample(words()["statements"], 7):
        topic = draft.random.choice(list(words()["objects"]))
        said = composer.pattern(pattern, topic)
        row = draft.sheet.write(said.text)
        sentence(draft, ("aussage", "Statement"), row, said, f"ic:statementType ic:{kind}", share=0.4)
    listed(
        draft, "Leitlinien", ("leitlinie", "GuidingPrinciple"), draft.random.sample(words()["principles"], principles)
    )
    listed(draft, "Querschnittsthemen", ("thema", "CrossCuttingTheme"), draft.random.sample(words()["themes"], themes))


def listed(draft: Draft, title: str, kind: tuple[str, str], entries: list[list[str]]) -> None:
    """A heading and the texts below it, each mapped to its common field."""
    if not entries:
        return
    section(draft, title)
    for text, code in entries:
        facts, parts = mapped(upcoming(draft, kind[0]), (("relatedMatch", code),), f"Der Eintrag nennt: {text}")
        row = draft.sheet.write(f"- {text}")
        element(draft, kind, text, (row.find(text),), *facts, parts=parts)


def fields(draft: Draft, content: tuple[Field, ...], actors: list[tuple[str, str]], style: Style) -> None:
    """All fields of action with what belongs to them; ``actors`` (name, text) may be responsible for measures."""
    if not content:
        return
    section(draft, "Handlungsfelder")
    for number, field in enumerate(content):
        name = _unnamed(draft, field) if number < style.unnamed else _named(draft, field)
        row = draft.sheet.write(field.rationale.text)
        kind = f"ic:statementType ic:FieldRationale ; ic:about {name}"
        sentence(draft, ("aussage", "Statement"), row, field.rationale, kind, share=0.3)
        first = ""
        for goal in field.goals:
            first = _goal(draft, goal, name, first, actors, style)


def _named(draft: Draft, field: Field) -> str:
    number = draft.peek("feld")
    facts, parts = mapped(upcoming(draft, "feld"), field.matches, f"Der Name des Feldes: {field.name}.")
    draft.sheet.write()
    row = draft.sheet.write(f"### {number}. {field.name}")
    notation = f'ic:notation "{number}."'
    return element(draft, ("feld", "FieldOfAction"), field.name, (row.find(field.name),), notation, *facts, parts=parts)


def _unnamed(draft: Draft, field: Field) -> str:
    """A field whose heading the source lost."""
    name, number = upcoming(draft, "feld"), draft.number("feld")
    facts, parts = mapped(name, field.matches, "Nach den Zielen, die unter dem Feld stehen.")
    de = f"Handlungsfeld {number} (in der Quelle nicht benannt)"
    en = f"Field of action {number} (not named in the source)"
    own = (f"ic:version {draft.version}", f"ic:order {number}", "ic:nameStatus ic:NotInSource", *facts)
    labels = f"rdfs:label {literal(de)}, {literal(en, 'en')}"
    note = f"ic:note {literal('Die Überschrift fehlt in der Quelle; das Feld ist aus der Gliederung erschlossen.')}"
    draft.add(FILE, Thing(name, "ic:FieldOfAction", (*own, labels, note, INFERRED)), *parts)
    draft.sheet.write()
    return name


def _goal(draft: Draft, goal: Goal, field: str, first: str, actors: list[tuple[str, str]], style: Style) -> str:
    """A goal and what serves it; the name of the first goal of the field, under which the others stand."""
    facts, number = [f"ic:inField {field}"], draft.peek("ziel")
    if style.levels:
        label, level = _LEVELS[bool(first)]
        row = draft.sheet.write(f"- {label}: {goal.idea.text}")
        facts += [f"ic:goalLevel ic:{level}", f"ic:levelLabel {literal(label)}"]
        facts += [f"ic:partOfGoal {first}"] if first else []
        quotes: tuple[Span, ...] = (row.find(label),)
    else:
        row = draft.sheet.write(f"{number}. {goal.idea.text}")
        facts += ["ic:goalLevel ic:LevelNotStated", f'ic:notation "{number}."']
        quotes = ()
    name = sentence(draft, ("ziel", "Goal"), row, goal.idea, *facts, quotes=quotes, share=0.85)
    serves = f"ic:servesGoal {name} ; ic:inField {field}"
    for said in goal.recommendations:
        sentence(draft, ("empfehlung", "Recommendation"), draft.sheet.write(f"- {said.text}"), said, serves)
    for said in goal.measures:
        _measure(draft, said, serves, actors, style)
    return first or name


def _measure(draft: Draft, said: Idea, serves: str, actors: list[tuple[str, str]], style: Style) -> None:
    facts, tail = [serves], list[str]()
    if actors and draft.chance(style.responsible):
        actor, text = draft.random.choice(actors)
        facts += [f"ic:responsible {actor}", f"ic:responsibleText {literal(text)}"]
        tail.append(f"zuständig: {text}")
    if draft.chance(0.12):
        funding = draft.random.choice(_FUNDING)
        facts.append(f"ic:fundingText {literal(funding)}")
        tail.append(f"Finanzierung: {funding}")
    row = draft.sheet.write(f"- {said.text}" + (f" ({'; '.join(tail)})" if tail else ""))
    quotes = tuple(row.find(part) for part in tail)
    sentence(draft, ("massnahme", "Measure"), row, said, *facts, quotes=quotes, share=0.8)


def any_topic(draft: Draft, content: tuple[Field, ...]) -> str:
    """A common field, mostly one the document has."""
    if content and draft.chance(0.8):
        code = draft.random.choice(draft.random.choice(content).matches)[1]
        return draft.random.choice(topics(code.split(".")[0]))
    return str(draft.random.choice(list(words()["objects"])))
