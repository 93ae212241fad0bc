"""What actors work on, as the documents say it: tasks, offers, measures, memberships, each with its quotation."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from pyoxigraph import Literal

from publisher.core.terms import PREFIXES
from publisher.core.text import natural
from publisher.graph.queries import Call
from publisher.graph.store import Row
from publisher.language.spelling import letters
from publisher.views.actor_kinds import Kind
from publisher.views.actors import NAMED
from publisher.views.columns import Column
from publisher.views.model import Quotation
from publisher.views.passages import Passage, Placement, value
from publisher.views.site import Site, Text

TASKS = "pages/actors_tasks"
TASK_QUOTATIONS = "pages/actors_task_quotations"
TASK_FIELDS = "pages/actors_task_fields"
WORK = "pages/actors_work"
WORK_QUOTATIONS = "pages/actors_work_quotations"
QUOTATIONS = "pages/actors_quotations"
MOST = 6
"""How many entries of one relation are shown besides tasks and offers; the actor's own page has all."""

_ORG = PREFIXES["org"]
RELATIONS = ("ofBody", "responsible", "establishes", _ORG + "member", _ORG + "organization", "bodyInvolved")
"""What actors are part of besides tasks and offers, in the order in which pages show it."""


@dataclass(frozen=True)
class Actor:
    """An actor in the document of a county: its name, its class, the organisation it belongs to."""

    iri: str
    county: str
    label: Text
    kind: str
    home: str = ""


@dataclass(frozen=True)
class Part:
    """One thing an actor is part of; ``other`` is the other side of a membership."""

    text: Passage
    other: str = ""


@dataclass(frozen=True)
class Group:
    """What one relation leads to: the first of it, and how much more there is."""

    relation: str
    parts: tuple[Part, ...]
    more: int = 0


@dataclass(frozen=True)
class Profile:
    """An actor with where the document names it and all it works on."""

    actor: Actor
    tasks: tuple[Passage, ...] = ()
    offers: tuple[Passage, ...] = ()
    groups: tuple[Group, ...] = ()
    named: tuple[Quotation, ...] = ()

    @property
    def texts(self) -> tuple[Passage, ...]:
        """Tasks, then offers."""
        return (*self.tasks, *self.offers)


Found = dict[str, list[Profile]]
"""County → its actors."""


def profiles(site: Site, shown: tuple[Column, ...], wanted: Iterable[Kind]) -> tuple[Found, tuple[Call, ...]]:
    """The actors of the kinds ``wanted`` with tasks and offers, and the queries they come from.

    Those with tasks or offers come first, then in the order of the kinds and by name.
    """
    ranks = {kind.iri: rank for rank, kind in enumerate(wanted)}
    named = Call(NAMED, {"county": tuple(column.iri for column in shown), "kind": tuple(ranks)})
    texts = Call(TASKS, {"county": named.values["county"]})
    quotations, fields = (Call(name, texts.values) for name in (TASK_QUOTATIONS, TASK_FIELDS))
    assigned = _texts(site, texts, _quotations(site, quotations), _placements(site, fields))
    found: Found = defaultdict(list)
    for row in _each(sorted(site.select(named.name, **named.values), key=lambda row: _place(row, ranks))):
        county = row["county"].value
        found[county].append(_profile(site, row, assigned.get((county, row["actor"].value), [])))
    for known in found.values():
        known.sort(key=lambda one: not one.texts)
    return found, (named, texts, quotations, fields)


def _place(row: Row, ranks: Mapping[str, int]) -> tuple[object, ...]:
    return ranks[row["kind"].value], letters(value(row, "name")), row["actor"].value


def _each(rows: Iterable[Row]) -> list[Row]:
    """The first row for each actor of each county."""
    found: dict[tuple[str, str], Row] = {}
    for row in rows:
        found.setdefault((row["county"].value, row["actor"].value), row)
    return list(found.values())


def with_parts(
    site: Site, known: Iterable[Profile], whole: bool = False
) -> tuple[dict[tuple[str, str], Profile], tuple[Call, ...]]:
    """County and actor → its profile with all the rest: where it is named, measures, goals, memberships, steps.

    Of each relation the first entries, of ``whole`` profiles all; and the queries they come from.
    """
    known, most = list(known), None if whole else MOST
    call = Call(WORK, {"actor": tuple(sorted({profile.actor.iri for profile in known}))})
    proof, named = Call(WORK_QUOTATIONS, call.values), Call(QUOTATIONS, call.values)
    quoted, places = _quotations(site, proof), _quotations(site, named, "actor")
    parts: dict[tuple[str, str], dict[str, Part]] = defaultdict(dict)
    for row in site.select(call.name, **call.values):
        text = replace(_passage(site, row), quotations=tuple(quoted.get(row["text"].value, ())))
        parts[row["actor"].value, row["relation"].value].setdefault(text.iri, Part(text, value(row, "other")))
    return {
        (one.actor.county, one.actor.iri): replace(
            one, groups=tuple(_groups(site, one.actor, parts, most)), named=_inside(site, one.actor, places)
        )
        for one in known
    }, (call, proof, named)


def _inside(site: Site, actor: Actor, places: Mapping[str, list[Quotation]]) -> tuple[Quotation, ...]:
    """Where the documents of its county name ``actor``; a body of several counties is named in each."""
    return tuple(quote for quote in places.get(actor.iri, ()) if site.county_of(quote.document) == actor.county)


def _groups(
    site: Site, actor: Actor, parts: Mapping[tuple[str, str], dict[str, Part]], most: int | None
) -> Iterable[Group]:
    for name in RELATIONS:
        relation = name if name.startswith("http") else site.ns(name)
        known = parts.get((actor.iri, relation), {}).values()
        found = tuple(part for part in known if site.county_of(part.text.iri) == actor.county)
        if found:
            yield Group(relation, found[:most], len(found) - len(found[:most]))


def _profile(site: Site, row: Row, texts: list[Passage]) -> Profile:
    task = site.ns("Task")
    name = row.get("name")
    label = Text(name.value, getattr(name, "language", "") or "") if name else Text(row["actor"].value, "")
    actor = Actor(row["actor"].value, row["county"].value, label, site.kind(row["actor"].value), value(row, "home"))
    return Profile(actor, tuple(t for t in texts if t.kind == task), tuple(t for t in texts if t.kind != task))


def _texts(
    site: Site, call: Call, quotations: Mapping[str, list[Quotation]], placements: Mapping[str, list[Placement]]
) -> dict[tuple[str, str], list[Passage]]:
    """County and actor → its tasks and offers in the order of the source."""
    found: dict[tuple[str, str], list[Passage]] = defaultdict(list)
    for row in site.select(call.name, **call.values):
        text = replace(
            _passage(site, row),
            quotations=tuple(quotations.get(row["text"].value, ())),
            placements=tuple(placements.get(row["text"].value, ())),
        )
        found[row["county"].value, row["actor"].value].append(text)
    return {
        place: sorted(texts, key=lambda text: (text.kind != site.ns("Task"), text.order, natural(text.iri)))
        for place, texts in found.items()
    }


def _passage(site: Site, row: Row) -> Passage:
    words, iri = row.get("words"), row["text"].value
    label = Text(words.value, words.language or "") if isinstance(words, Literal) else site.label(iri, "de")
    order = int(value(row, "order") or 0)
    return Passage(
        *(iri, row["class"].value, label),
        order=order,
        notation=value(row, "notation"),
        assertion=value(row, "assertion"),
    )


def _quotations(site: Site, call: Call, of: str = "text") -> dict[str, list[Quotation]]:
    found: dict[str, dict[str, Quotation]] = defaultdict(dict)
    for row in site.select(call.name, **call.values):
        language = getattr(row["exact"], "language", None) or "de"
        place = value(row, "evidence"), value(row, "exact"), int(value(row, "line")), value(row, "document")
        quote = Quotation(*place, language)
        found[row[of].value][quote.iri] = quote
    return {iri: list(quotes.values()) for iri, quotes in found.items()}


def _placements(site: Site, call: Call) -> dict[str, list[Placement]]:
    found: dict[str, list[Placement]] = defaultdict(list)
    for row in site.select(call.name, **call.values):
        found[row["text"].value].append(
            Placement(*(value(row, key) for key in ("concept", "relation", "assertion", "why")))
        )
    return found
