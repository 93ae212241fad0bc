"""The 400 counties: all of them in a list, and one with all the graph says about it."""

from collections.abc import Mapping
from dataclasses import dataclass

from publisher.core.terms import DCT, PREFIXES, SKOS
from publisher.graph.store import Row
from publisher.release.manifest import CountyState
from publisher.views.chain import Chain, chains
from publisher.views.model import Item
from publisher.views.site import Site, Text
from publisher.views.thing import in_order, item

LIST_QUERY = "pages/counties"
QUERIES = ("pages/county-neighbours", "pages/county-documents", "pages/county-fields", "pages/county-actors")


@dataclass(frozen=True)
class Document:
    """A version of a county's concept as an entry of a list: type and date as far as the source gives them."""

    iri: str
    title: Text
    type: str
    date: str
    outcome: str


@dataclass(frozen=True)
class CountyEntry:
    """A county as an entry of a list."""

    iri: str
    ags: str
    label: str
    name: str
    state: str
    documents: tuple[Document, ...]


@dataclass(frozen=True)
class Neighbour:
    """A county that borders on another, on land or only across water."""

    iri: str
    name: str
    documents: tuple[Document, ...]
    across_water: bool


@dataclass(frozen=True)
class Population:
    """How many people live in a county, on which day, by which source."""

    value: int
    date: str
    source: str


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
    kind: str
    nuts: str
    population: Population | None
    neighbours: tuple[Neighbour, ...]
    same_state: tuple[CountyEntry, ...]
    """Other counties of the state with a document here."""
    concepts: tuple[Item, ...]
    sources: tuple[Item, ...]
    fields: tuple[FieldCount, ...]
    actors: tuple[tuple[str, tuple[Item, ...]], ...]
    links: tuple[str, ...]
    website: str
    release: CountyState | None
    chains: tuple[Chain, ...] = ()
    """The versions of each concept in the order of time."""


def counties(site: Site, language: str) -> tuple[CountyEntry, ...]:
    """All counties, by name."""
    documents: dict[str, list[Document]] = {}
    for row in site.select("pages/documents"):
        documents.setdefault(row["county"].value, []).append(_document(row))
    return tuple(_entry(row, documents) for row in site.select(LIST_QUERY))


def states(site: Site, language: str) -> dict[str, Text]:
    """Key → name of the sixteen states, by name."""
    rows = [row["state"].value for row in site.select("pages/states")]
    names = {iri.rpartition("/")[2]: site.label(iri, language) for iri in rows}
    return dict(sorted(names.items(), key=lambda entry: entry[1].value))


def county(site: Site, iri: str, language: str) -> County:
    """The county ``iri`` for a reader of ``language``."""
    everyone = counties(site, language)
    entry = next(entry for entry in everyone if entry.iri == iri)
    held = {other.iri: other.documents for other in everyone}
    exact = [str(getattr(term, "value", "")) for term in site.dataset.objects(iri, SKOS + "exactMatch")]
    return County(
        entry=entry,
        kind=site.value(iri, "districtKind"),
        nuts=site.value(iri, "nutsCode"),
        population=_population(site, iri),
        neighbours=tuple(_neighbour(row, held) for row in site.select("pages/county-neighbours", iri=iri)),
        same_state=tuple(o for o in everyone if o.documents and o.state == entry.state and o.iri != iri),
        concepts=_things(site, "pages/county-documents", iri, "concept", language),
        sources=_things(site, "pages/county-documents", iri, "source", language),
        fields=_fields(site, iri, language),
        actors=_actors(site, iri, language),
        links=tuple(exact),
        website=site.value(iri, PREFIXES["foaf"] + "homepage"),
        release=site.release.manifest.county(entry.ags),
        chains=chains(site, iri),
    )


def _document(row: Row) -> Document:
    values = {name: term.value for name, term in row.items() if hasattr(term, "value")}
    title = Text(values.get("title", ""))
    return Document(values["version"], title, values.get("type", ""), values.get("date", ""), values.get("outcome", ""))


def _entry(row: Row, documents: dict[str, list[Document]]) -> CountyEntry:
    iri = row["county"].value
    return CountyEntry(
        iri, row["ags"].value, row["label"].value, row["name"].value, row["state"].value, tuple(documents.get(iri, ()))
    )


def _neighbour(row: Row, held: Mapping[str, tuple[Document, ...]]) -> Neighbour:
    iri = row["neighbour"].value
    return Neighbour(iri, row["name"].value, held.get(iri, ()), row["water"].value == "true")


def _population(site: Site, iri: str) -> Population | None:
    count = site.value(iri, "population")
    if not count:
        return None
    number, day = site.value(count, "value"), site.value(count, "referenceDate")
    return Population(int(number), day, site.value(count, DCT + "source"))


def _things(site: Site, query: str, iri: str, name: str, language: str) -> tuple[Item, ...]:
    found = dict.fromkeys(row[name].value for row in site.select(query, iri=iri) if name in row)
    return tuple(item(site, thing, language) for thing in found)


def _fields(site: Site, iri: str, language: str) -> tuple[FieldCount, ...]:
    rows = {row["field"].value: row for row in site.select("pages/county-fields", iri=iri)}
    return tuple(
        FieldCount(
            item(site, field, language),
            tuple(row["concepts"].value.split()),
            *(int(row[name].value) for name in ("goals", "recommendations", "measures")),
        )
        for field in in_order(site, rows)
        for row in (rows[field],)
    )


def _actors(site: Site, iri: str, language: str) -> tuple[tuple[str, tuple[Item, ...]], ...]:
    gathered: dict[str, list[Item]] = {}
    for row in site.select("pages/county-actors", iri=iri):
        found = item(site, row["actor"].value, language)
        gathered.setdefault(found.kind, []).append(found)
    return tuple((kind, tuple(items)) for kind, items in gathered.items())
