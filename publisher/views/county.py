"""One county with all the graph says about it, and with what lies around it."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from publisher.core.terms import PREFIXES, SKOS
from publisher.graph.queries import Call
from publisher.release.manifest import CountyState
from publisher.views import chain, districts, held, places
from publisher.views.around import TOPICS, Around, around
from publisher.views.chain import Chain
from publisher.views.counties import DOCUMENTS_QUERY, CountyEntry, Document, counties
from publisher.views.districts import District
from publisher.views.locality import Locality, Spot, locality
from publisher.views.model import Item
from publisher.views.passages import value
from publisher.views.site import Site
from publisher.views.thing import in_order, item

NEIGHBOURS, BORDERS = "pages/county-neighbours", "pages/county-borders"
FIELDS = "pages/county-fields"
_ABOUT = ("pages/county-documents", FIELDS, "pages/county-actors", NEIGHBOURS, BORDERS)
_MOST_COMPARED = 6
"""How many counties fit into a comparison."""


@dataclass(frozen=True)
class Neighbour:
    """A county that borders on another, on land or only across water; ``state`` is one of ``views.held``."""

    district: District
    documents: tuple[Document, ...]
    state: str
    across_water: bool


@dataclass(frozen=True)
class Border:
    """A border between two places of the local map, drawn from one mark to the other."""

    one: Spot
    other: Spot
    across_states: bool
    across_water: bool


@dataclass(frozen=True)
class LocalMap:
    """The county and its neighbours as a drawing."""

    locality: Locality
    borders: tuple[Border, ...]


@dataclass(frozen=True)
class FieldCount:
    """A field of a county's concept with the number of goals, recommendations and measures in it."""

    item: Item
    concepts: tuple[str, ...]
    goals: int
    recommendations: int
    measures: int


@dataclass(frozen=True)
class County:
    """All a page about a county shows."""

    entry: CountyEntry
    district: District
    nuts: str
    state: str
    """What is in the data, one of ``views.held``."""
    neighbours: tuple[Neighbour, ...]
    map: LocalMap | None
    around: Around
    same_state: tuple[CountyEntry, ...]
    """Other counties of the state with a document here."""
    documents: Mapping[str, tuple[Document, ...]]
    """The documents of the counties in ``around``, by county."""
    concepts: tuple[Item, ...]
    sources: tuple[Item, ...]
    fields: tuple[FieldCount, ...]
    actors: tuple[tuple[str, tuple[Item, ...]], ...]
    links: tuple[str, ...]
    website: str
    release: CountyState | None
    chains: tuple[Chain, ...] = ()
    """The versions of each concept in the order of time."""

    @property
    def near_concepts(self) -> int:
        """How many neighbours have a concept here."""
        return sum(neighbour.state == held.CONCEPT for neighbour in self.neighbours)

    @property
    def compared_neighbours(self) -> tuple[str, ...]:
        """The keys to compare: the county, if it has a document, with its neighbours that have one."""
        return self._compared(tuple(n.district.ags for n in self.neighbours if n.documents))

    @property
    def compared_alike(self) -> tuple[str, ...]:
        """The keys to compare: the county, if it has a document, with those like it."""
        return self._compared(tuple(other.district.ags for other in self.around.alike))

    @property
    def compared_nearest(self) -> tuple[str, ...]:
        """The keys to compare: the county, if it has a document, with the nearest that have a concept."""
        return self._compared(tuple(other.district.ags for other in self.around.nearest))

    def _compared(self, others: tuple[str, ...]) -> tuple[str, ...]:
        home = (self.entry.ags,) if self.entry.documents else ()
        return (*home, *others)[:_MOST_COMPARED] if others else ()

    @property
    def queries(self) -> tuple[str | Call, ...]:
        """The queries whose rows it shows."""
        own = tuple(Call(name, {"iri": self.entry.iri}) for name in _ABOUT)
        told = (self.entry.iri, *(other.district.iri for other in self.around.all))
        topics = (Call(TOPICS, {"county": tuple(dict.fromkeys(told))}),) if self.fields or self.around.all else ()
        return (*own, districts.QUERY, held.QUERY, DOCUMENTS_QUERY, *topics, chain.call(self.entry.iri))


def county(site: Site, iri: str, language: str) -> County:
    """The county ``iri`` for a reader of ``language``."""
    everyone = {entry.iri: entry for entry in counties(site)}
    entry = everyone[iri]
    exact = [str(getattr(term, "value", "")) for term in site.dataset.objects(iri, SKOS + "exactMatch")]
    near, further = tuple(_neighbours(site, iri, everyone)), around(site, iri, language)
    things = partial(_things, site, iri, language)
    return County(
        entry=entry,
        district=districts.districts(site)[iri],
        nuts=site.value(iri, "nutsCode"),
        state=held.state(site, iri),
        neighbours=near,
        map=_map(site, iri, near),
        around=further,
        same_state=tuple(o for o in everyone.values() if o.documents and o.state == entry.state and o.iri != iri),
        documents={other.district.iri: everyone[other.district.iri].documents for other in further.all},
        concepts=things("concept"),
        sources=things("source"),
        fields=_fields(site, iri, language),
        actors=_actors(site, iri, language),
        links=tuple(exact),
        website=site.value(iri, PREFIXES["foaf"] + "homepage"),
        release=site.release.manifest.county(entry.ags),
        chains=chain.chains(site, iri),
    )


def _neighbours(site: Site, iri: str, everyone: dict[str, CountyEntry]) -> list[Neighbour]:
    facts = districts.districts(site)
    return [
        Neighbour(facts[near], everyone[near].documents, held.state(site, near), row["water"].value == "true")
        for row in site.select(NEIGHBOURS, iri=iri)
        for near in (row["neighbour"].value,)
    ]


def _map(site: Site, iri: str, near: tuple[Neighbour, ...]) -> LocalMap | None:
    """The local map; None where no neighbour is known or a position is missing."""
    facts = districts.districts(site)
    shown = [facts[iri], *(neighbour.district for neighbour in near)]
    points = [(district.iri, name, district.point) for district, name in zip(shown, _names(site, shown), strict=True)]
    if len(shown) < 2 or any(point is None for _, _, point in points):
        return None
    drawn = locality([(key, name, point) for key, name, point in points if point])
    borders = tuple(
        Border(drawn.spot(one), drawn.spot(other), facts[one].state != facts[other].state, row["water"].value == "true")
        for row in site.select(BORDERS, iri=iri)
        for one, other in ((row["one"].value, row["other"].value),)
    )
    return LocalMap(drawn, borders)


def _names(site: Site, shown: list[District]) -> list[str]:
    """The short names, with the kind for a city beside the county of its name."""
    spelling = {place.iri: place.spelling for place in places.places(site)}
    names = [district.name for district in shown]
    return [spelling[district.iri] if names.count(district.name) > 1 else district.name for district in shown]


def _things(site: Site, iri: str, language: str, name: str) -> tuple[Item, ...]:
    rows = site.select("pages/county-documents", iri=iri)
    found = dict.fromkeys(row[name].value for row in rows if name in row)
    return tuple(item(site, thing, language) for thing in found)


def _fields(site: Site, iri: str, language: str) -> tuple[FieldCount, ...]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in site.select(FIELDS, iri=iri):
        counts[row["field"].value][value(row, "kind")] += int(value(row, "texts"))
    common: dict[str, list[str]] = defaultdict(list)
    for row in site.select(TOPICS, county=(iri,)) if counts else ():
        common[row["element"].value] += [row["concept"].value] if "concept" in row else []
    kinds = [site.ns(name) for name in ("Goal", "Recommendation", "Measure")]
    return tuple(
        FieldCount(item(site, field, language), tuple(common[field]), *(counts[field][kind] for kind in kinds))
        for field in in_order(site, counts)
    )


def _actors(site: Site, iri: str, language: str) -> tuple[tuple[str, tuple[Item, ...]], ...]:
    gathered: dict[str, list[Item]] = {}
    for row in site.select("pages/county-actors", iri=iri):
        found = item(site, row["actor"].value, language)
        gathered.setdefault(found.kind, []).append(found)
    return tuple((kind, tuple(items)) for kind, items in gathered.items())
