"""The versions of a concept in the order of time, and what a reader of one that is not the newest must know."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from publisher.core.text import natural
from publisher.graph.queries import Call
from publisher.graph.store import Row
from publisher.views.site import Site, Text

QUERY = "pages/version-chain"
SEVERAL = "pages/version-counties"

State = Literal["superseded", "revised", "open"]
"""superseded: the data say that a later version took its place; revised: a later one is held, though nothing says
that; open: a draft or plan beside another version that counts in the comparison."""


@dataclass(frozen=True)
class Source:
    """A document that describes a version, and how much of it that shows."""

    iri: str
    coverage: str


@dataclass(frozen=True)
class Decision:
    """What a body decided on a version, and when; "" for what the source does not say."""

    iri: str
    date: str
    outcome: str


@dataclass(frozen=True)
class Edition:
    """A version as a link of the chain; ``earlier`` are the versions it revises (the shapes allow one)."""

    iri: str
    key: str
    """Its short name in addresses: ``12071/1``."""
    title: Text
    status: str
    type: str
    earlier: tuple[str, ...]
    sources: tuple[Source, ...]
    decisions: tuple[Decision, ...]
    compared: bool
    """Whether the comparison of counties counts it."""

    @property
    def held(self) -> bool:
        """Whether a source describes it; else it is known only because another text mentions it."""
        return bool(self.sources)

    @property
    def number(self) -> str:
        """Its number in the county: ``1``."""
        return self.key.rpartition("/")[2]


@dataclass(frozen=True)
class Chain:
    """The versions of one concept, the earliest first."""

    concept: str
    editions: tuple[Edition, ...]
    circular: bool = False
    """Whether the data call versions each other's predecessors, so that their order is not known."""

    @property
    def held(self) -> tuple[Edition, ...]:
        """Those that can be read and compared."""
        return tuple(edition for edition in self.editions if edition.held)

    def find(self, iri: str) -> Edition | None:
        """The version ``iri``."""
        return next((edition for edition in self.editions if edition.iri == iri), None)

    def before(self, edition: Edition) -> tuple[Edition, ...]:
        """The versions that ``edition`` revises."""
        return tuple(other for other in self.editions if other.iri in edition.earlier)

    def after(self, edition: Edition) -> tuple[Edition, ...]:
        """The versions that revise ``edition``."""
        return tuple(other for other in self.editions if edition.iri in other.earlier)

    def follows(self, edition: Edition) -> bool:
        """Whether ``edition`` revises the very version that stands before it, as a reader expects."""
        place = self.editions.index(edition)
        return edition.earlier == ((self.editions[place - 1].iri,) if place else ())

    def following(self, edition: Edition) -> tuple[Edition, ...]:
        """All that follow from ``edition``, however far; a circle is gone round once."""
        seen, pending = {edition.iri}, list(self.after(edition))
        found: list[Edition] = []
        while pending:
            other = pending.pop(0)
            if other.iri not in seen:
                seen.add(other.iri)
                found.append(other)
                pending += self.after(other)
        return tuple(found)


@dataclass(frozen=True)
class Revised:
    """A county with several versions, and how many of them can be read."""

    county: str
    name: str
    key: str
    versions: int
    held: int


@dataclass(frozen=True)
class Standing:
    """That a version is not the one to rely on: why, and which ones are."""

    state: State
    edition: Edition
    others: tuple[Edition, ...]


def call(county: str) -> Call:
    """The query behind the chains of ``county``."""
    return Call(QUERY, {"county": (county,)})


def chains(site: Site, county: str) -> tuple[Chain, ...]:
    """The chains of versions of ``county``, one a concept."""
    grouped: dict[str, dict[str, list[Row]]] = {}
    asked = call(county)
    for row in site.select(asked.name, **asked.values):
        grouped.setdefault(row["concept"].value, {}).setdefault(row["version"].value, []).append(row)
    return tuple(_chain(site, concept, versions) for concept, versions in grouped.items())


def chain_of(site: Site, version: str) -> Chain | None:
    """The chain that ``version`` is a link of."""
    found = chains(site, site.county_of(version))
    return next((chain for chain in found if chain.find(version)), None)


def several(site: Site) -> tuple[Revised, ...]:
    """The counties that have more than one version, by name."""
    return site.once(_several)


def _several(site: Site) -> tuple[Revised, ...]:
    return tuple(sorted(site.once(revised).values(), key=lambda one: (one.name, one.key)))


def revised(site: Site) -> Mapping[str, Revised]:
    """The counties with several versions by their IRI, in its order."""
    found = {row["county"].value: _revised(row) for row in site.select(SEVERAL)}
    return dict(sorted(found.items()))


def _revised(row: Row) -> Revised:
    county, name, key, versions, held = _texts(row, "county", "name", "ags", "versions", "held")
    return Revised(county, name, key, int(versions), int(held))


def standing(site: Site, thing: str) -> Standing | None:
    """What a reader of ``thing`` (a version, or something in one) must know of its version; None when all is well."""
    version = version_of(site, thing)
    return site.once(_standing_of, version) if version else None


def _standing_of(site: Site, version: str) -> Standing | None:
    if version in _values(site, site.county_of(version), site.ns("comparedVersion")):
        return None
    chain = chain_of(site, version)
    edition = chain.find(version) if chain else None
    return _standing(site, chain, edition) if chain and edition else None


def version_of(site: Site, thing: str) -> str:
    """The version that ``thing`` is or lies in: things of a version live below its address. "" for anything else."""
    county = site.county_of(thing)
    number = thing.removeprefix(county + "/").partition("/")[0] if county else ""
    version = f"{county}/{number}"
    return version if number and site.ns("ConceptVersion") in site.dataset.types(version) else ""


def _standing(site: Site, chain: Chain, edition: Edition) -> Standing | None:
    counted = tuple(other for other in chain.editions if other.compared)
    planned, gone = {site.ns("PlannedVersion"), site.ns("DraftVersion")}, site.ns("Superseded")
    if edition.status in planned:
        return Standing("open", edition, counted) if counted else None
    newer = [other for other in chain.following(edition) if other.status not in {*planned, gone}]
    last = tuple(other for other in newer if not set(newer) & set(chain.following(other)))
    if edition.status == gone:
        return Standing("superseded", edition, last or chain.after(edition))
    held = tuple(other for other in last if other.held)
    return Standing("revised", edition, held) if held else None


def _chain(site: Site, concept: str, versions: dict[str, list[Row]]) -> Chain:
    editions = [_edition(site, iri, rows) for iri, rows in versions.items()]
    ordered, circular = _in_time(editions)
    return Chain(concept, ordered, circular)


def _edition(site: Site, iri: str, rows: list[Row]) -> Edition:
    first = {name: str(getattr(term, "value", "")) for name, term in rows[0].items()}
    return Edition(
        iri=iri,
        key=iri.removeprefix(site.id("kreis/")),
        title=site.label(iri, "de"),
        status=first.get("status", ""),
        type=first.get("type", ""),
        earlier=tuple(dict.fromkeys(row["earlier"].value for row in rows if "earlier" in row)),
        sources=tuple(dict.fromkeys(Source(*_texts(row, "document", "coverage")) for row in rows if "document" in row)),
        decisions=tuple(
            dict.fromkeys(Decision(*_texts(row, "decision", "date", "outcome")) for row in rows if "decision" in row)
        ),
        compared=first.get("compared") == "true",
    )


def _in_time(editions: list[Edition]) -> tuple[tuple[Edition, ...], bool]:
    """``editions``, none before one it revises, else by date or number; and whether they go round in a circle."""
    waiting = sorted(editions, key=lambda edition: natural(edition.iri))
    known = {edition.iri for edition in editions}
    placed: dict[str, Edition] = {}
    circular = False
    while waiting:
        ready = [edition for edition in waiting if not (set(edition.earlier) & known) - set(placed)]
        circular = circular or not ready
        # In a circle any beginning is as good as another; the number decides where not all are dated.
        chosen = min(ready, key=_day) if ready and all(map(_day, ready)) else (ready or waiting)[0]
        waiting.remove(chosen)
        placed[chosen.iri] = chosen
    return tuple(placed.values()), circular


def _day(edition: Edition) -> str:
    return max((decision.date for decision in edition.decisions), default="")


def _texts(row: Row, *names: str) -> Iterable[str]:
    return (str(getattr(row.get(name), "value", "")) for name in names)


def _values(site: Site, iri: str, predicate: str) -> set[str]:
    return {str(getattr(term, "value", "")) for term in site.dataset.objects(iri, predicate)}
