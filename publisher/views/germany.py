"""The map of Germany: every district in the category it belongs to. Categories say what is known, never how good."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from publisher.graph.queries import Call
from publisher.graph.store import Row
from publisher.views import held, tiles
from publisher.views.held import Held
from publisher.views.passages import COUNTED, value
from publisher.views.site import Site
from publisher.views.topics import Topic

DISTRICTS = "pages/map_districts"
FIELD = "pages/map_field"


class Colouring(StrEnum):
    """By what the districts are told apart; the values stand in the address."""

    CONCEPT = "konzept"
    FIELD = "feld"
    GOALS = "ziele"
    TYPE = "art"
    YEAR = "jahr"

    @property
    def by_field(self) -> bool:
        """Whether it is about one field."""
        return self in (Colouring.FIELD, Colouring.GOALS)


CATEGORIES: Mapping[Colouring, tuple[str, ...]] = {
    Colouring.CONCEPT: ("concept", "service", "absent"),
    Colouring.FIELD: ("field", "theme", "texts", "silent", "partial", "service", "absent"),
    Colouring.GOALS: ("goals", "others", "named", "silent", "partial", "service", "absent"),
    Colouring.TYPE: ("untyped", "absent"),
    Colouring.YEAR: ("undated", "absent"),
}
"""The categories of each colouring in the order of the legend; types (by IRI) and years come before those named here.

absent: not in the data; service: only a page about offers, no concept; silent: the full text says nothing of the
field; partial: only a part was at hand, and that says nothing."""


@dataclass(frozen=True)
class Cell:
    """A district on the map."""

    iri: str
    ags: str
    label: str
    x: int
    y: int
    category: str


@dataclass(frozen=True)
class StateCells:
    """A state with its districts, by name."""

    iri: str
    cells: tuple[Cell, ...]

    @property
    def counts(self) -> Counter[str]:
        """How many districts are in each category."""
        return Counter(cell.category for cell in self.cells)


@dataclass(frozen=True)
class Germany:
    """All the map shows."""

    colouring: Colouring
    field: Topic
    states: tuple[StateCells, ...]
    categories: tuple[tuple[str, int], ...]
    """Each category with the number of its districts, in the order of the legend."""
    borders: str
    captions: tuple[tiles.Caption, ...]
    size: tuple[int, int]
    hexagon: str = tiles.HEXAGON

    @property
    def calls(self) -> tuple[Call, ...]:
        """The queries whose rows it shows."""
        about_field = (Call(FIELD, {"field": self.field.iri}),) if self.colouring.by_field else ()
        return (Call(DISTRICTS), Call(held.QUERY), *about_field)


@dataclass(frozen=True)
class _Ground:
    """What is the same in every colouring."""

    rows: tuple[Row, ...]
    tiles: Mapping[str, tiles.Tile]
    borders: str
    size: tuple[int, int]


def germany(site: Site, colouring: Colouring, field: Topic, language: str) -> Germany:
    """The map in ``colouring``; ``field`` is the one asked about in the colourings that need one."""
    ground = site.once(_ground)
    category = _categories(site, colouring, field)
    states: dict[str, list[Cell]] = defaultdict(list)
    for row in ground.rows:
        iri = row["county"].value
        x, y = ground.tiles[iri].middle
        cell = Cell(iri, value(row, "ags"), value(row, "label"), x, y, category.get(iri, held.ABSENT))
        states[value(row, "state")].append(cell)
    counts = Counter(cell.category for cells in states.values() for cell in cells)
    return Germany(
        colouring,
        field,
        tuple(StateCells(state, tuple(cells)) for state, cells in states.items()),
        tuple((name, counts[name]) for name in _order(site, colouring, counts)),
        ground.borders,
        site.once(_captions, language),
        ground.size,
    )


def things(site: Site, shown: Germany) -> tuple[str, ...]:
    """What the map says something about: the current versions, or the cells of the comparison for its field."""
    call = shown.calls[-1]
    name = "cell" if shown.colouring.by_field else "version"
    return tuple(dict.fromkeys(row[name].value for row in site.select(call.name, **call.values)))


def _ground(site: Site) -> _Ground:
    rows = tuple(site.select(DISTRICTS))
    placed = {
        row["county"].value: tiles.Tile(int(value(row, "column")), int(value(row, "row")), value(row, "state"))
        for row in rows
    }
    return _Ground(rows, placed, tiles.outlines(placed.values()), tiles.size(placed.values()))


def _captions(site: Site, language: str) -> tuple[tiles.Caption, ...]:
    placed = site.once(_ground).tiles.values()
    return tiles.captions(placed, {tile.group: site.label(tile.group, language).value for tile in placed})


def _categories(site: Site, colouring: Colouring, field: Topic) -> Mapping[str, str]:
    """The category of every county that is in the data, by its IRI."""
    known = held.held(site)
    if colouring is Colouring.TYPE:
        return {iri: next(iter(document.types), "untyped") for iri, document in known.items()}
    if colouring is Colouring.YEAR:
        return {iri: document.date[:4] or "undated" for iri, document in known.items()}
    if colouring is Colouring.CONCEPT:
        return {iri: document.state for iri, document in known.items()}
    kinds = site.once(_kinds, field.iri)
    return {iri: _in_field(site, colouring, document, kinds.get(iri, frozenset())) for iri, document in known.items()}


def _kinds(site: Site, field: str) -> Mapping[str, frozenset[str]]:
    """The kinds of texts that each county has on ``field``."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in site.select(FIELD, field=field):
        found[row["county"].value].add(row["kind"].value)
    return {county: frozenset(kinds) for county, kinds in found.items()}


def _in_field(site: Site, colouring: Colouring, document: Held, kinds: frozenset[str]) -> str:
    if document.state == held.SERVICE:
        return held.SERVICE
    if not kinds:
        return "partial" if document.partial else "silent"
    if colouring is Colouring.FIELD:
        own = site.ns("FieldOfAction") in kinds
        theme = {site.ns("CrossCuttingTheme"), site.ns("GuidingPrinciple")} & kinds
        return "field" if own else "theme" if theme else "texts"
    if site.ns("Goal") in kinds:
        return "goals"
    return "others" if {site.ns(name) for name in COUNTED} & kinds else "named"


def _order(site: Site, colouring: Colouring, counts: Counter[str]) -> tuple[str, ...]:
    """The categories of the legend: of types and years, which come by name, only those that occur."""
    fixed = CATEGORIES[colouring]
    free = colouring in (Colouring.TYPE, Colouring.YEAR)
    found = sorted((name for name in counts if name not in fixed), key=lambda name: _name(site, name))
    return (*found, *(name for name in fixed if counts[name] or not free))


def _name(site: Site, category: str) -> str:
    return site.label(category, "de").value if ":" in category else category
