"""The counties that can be compared: what kind of document stands behind each, and how much of it was at hand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypedDict

from publisher.core.refusals import BadRequest
from publisher.graph.queries import Call
from publisher.graph.store import Row
from publisher.views.passages import value
from publisher.views.site import Site

COUNTIES = "pages/compare_counties"
DISTRICT = "pages/compare_district"
LISTS = "pages/compare_lists"


@dataclass(frozen=True)
class Source:
    """A source document and how much of the concept it shows."""

    iri: str
    coverage: str


@dataclass(frozen=True)
class ListExtent:
    """Whether the source shows a list (of goals, of measures, …) completely, in part or not at all, and why."""

    kind: str
    extent: str
    note: str = ""


@dataclass(frozen=True)
class Column:
    """One county of the comparison. ``modelled`` is False for a county that is not in the data yet."""

    iri: str
    ags: str
    name: str
    state: str
    modelled: bool = False
    has_concept: bool = False
    types: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    lists: tuple[ListExtent, ...] = ()

    def partial(self, site: Site) -> bool:
        """Whether only a part of the concept was at hand, so that counting says nothing about the whole."""
        full = site.ns("FullText")
        return any(source.coverage != full for source in self.sources)


@dataclass(frozen=True)
class Neighbour:
    """A neighbouring county."""

    iri: str
    ags: str
    name: str


class _Place(TypedDict):
    iri: str
    ags: str
    name: str
    state: str


def _place(row: Row) -> _Place:
    return _Place(iri=value(row, "county"), ags=value(row, "ags"), name=value(row, "name"), state=value(row, "state"))


def columns(site: Site) -> tuple[Column, ...]:
    """All counties in the data, by state and name."""
    return site.once(_columns)


def by_key(site: Site) -> dict[str, Column]:
    """All counties in the data by their key (AGS)."""
    return site.once(_by_key)


def _by_key(site: Site) -> dict[str, Column]:
    return {column.ags: column for column in columns(site)}


def _columns(site: Site) -> tuple[Column, ...]:
    found = site.once(by_county).values()
    return tuple(sorted(found, key=lambda column: (site.label(column.state, "de").value, column.name)))


def by_county(site: Site) -> Mapping[str, Column]:
    """All counties in the data by their IRI, in its order."""
    grouped: dict[str, list[Row]] = {}
    for row in site.select(COUNTIES):
        grouped.setdefault(row["county"].value, []).append(row)
    return {county: _column(site, grouped[county]) for county in sorted(grouped)}


def _column(site: Site, rows: list[Row]) -> Column:
    first = rows[0]
    sources = [Source(value(row, "document"), value(row, "coverage")) for row in rows if "document" in row]
    service_page = site.ns("ServicePage")
    return Column(
        **_place(first),
        modelled=True,
        has_concept=any(source.coverage != service_page for source in sources),
        types=tuple(dict.fromkeys(value(row, "type") for row in rows if "type" in row)),
        sources=tuple(dict.fromkeys(sources)),
    )


def lists_call(shown: Iterable[Column]) -> Call:
    """The query for the extents of the lists of ``shown``."""
    return Call(LISTS, {"county": tuple(column.iri for column in shown)})


def with_lists(site: Site, shown: tuple[Column, ...]) -> tuple[Column, ...]:
    """``shown`` with the extent of each list their sources show."""
    call = lists_call(shown)
    found: dict[str, list[ListExtent]] = {}
    for row in site.select(call.name, **call.values):
        entry = ListExtent(value(row, "kind"), value(row, "extent"), value(row, "note"))
        found.setdefault(row["county"].value, []).append(entry)
    return tuple(replace(column, lists=tuple(found.get(column.iri, ()))) for column in shown)


def district(site: Site, ags: str) -> Column:
    """The county ``ags`` that is not in the data; raises BadRequest when there is no such county."""
    rows = site.select(DISTRICT, county=site.id(f"kreis/{ags}")) if ags.isdigit() else []
    if not rows:
        example = ", ".join(f"{column.ags} ({column.name})" for column in columns(site)[:5])
        raise BadRequest(name="kreis", value=ags, allowed=example)
    return Column(**_place(rows[0]))


def neighbours(site: Site, column: Column) -> tuple[Neighbour, ...]:
    """The counties that share a land border with ``column``, by name."""
    rows = site.select(DISTRICT, county=column.iri)
    keys = ("neighbour", "neighbourAgs", "neighbourName")
    return tuple(Neighbour(*(value(row, key) for key in keys)) for row in rows if "neighbour" in row)
