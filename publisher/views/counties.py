"""The 400 counties as a list: which documents of each are in the data."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from publisher.graph.store import Row
from publisher.views.passages import value
from publisher.views.site import Site, Text

LIST_QUERY = "pages/counties"
DOCUMENTS_QUERY = "pages/documents"
TOTALS_QUERY = "pages/totals"
COUNTED = (
    "FieldOfAction",
    "Goal",
    "Recommendation",
    "Measure",
    "GuidingPrinciple",
    "Statement",
    "Task",
    "Offer",
)
"""The kinds of elements counted on the start page."""


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


def counties(site: Site) -> tuple[CountyEntry, ...]:
    """All counties, by name."""
    return site.once(_counties)


def counted(site: Site) -> tuple[tuple[str, int], ...]:
    """How many elements of each of the kinds COUNTED there are, of the versions that the comparison counts."""
    return site.once(_totals)


def states(site: Site, language: str) -> dict[str, Text]:
    """Key → name of the sixteen states, by name."""
    rows = [row["state"].value for row in site.select("pages/states")]
    names = {iri.rpartition("/")[2]: site.label(iri, language) for iri in rows}
    return dict(sorted(names.items(), key=lambda entry: entry[1].value))


def numbers(site: Site) -> Counter[str]:
    """How many elements of each kind there are, by class; those of several counties add up."""
    return Counter({row["kind"].value: int(value(row, "total")) for row in site.select(TOTALS_QUERY)})


def _totals(site: Site) -> tuple[tuple[str, int], ...]:
    found = site.once(numbers)
    return tuple((name, found[site.ns(name)]) for name in COUNTED)


def _counties(site: Site) -> tuple[CountyEntry, ...]:
    found = site.once(documents)
    return tuple(_entry(row, found) for row in site.select(LIST_QUERY))


def documents(site: Site) -> Mapping[str, tuple[Document, ...]]:
    """The documents of each county that has some, by its IRI."""
    found: dict[str, list[Document]] = {}
    for row in site.select(DOCUMENTS_QUERY):
        found.setdefault(row["county"].value, []).append(_document(row))
    return {county: tuple(found[county]) for county in sorted(found)}


def _document(row: Row) -> Document:
    names = ("type", "date", "outcome")
    return Document(row["version"].value, Text(value(row, "title")), *(value(row, name) for name in names))


def _entry(row: Row, found: Mapping[str, tuple[Document, ...]]) -> CountyEntry:
    iri = row["county"].value
    ags, label, name, state = (value(row, key) for key in ("ags", "label", "name", "state"))
    return CountyEntry(iri, ags, label, name, state, found.get(iri, ()))
