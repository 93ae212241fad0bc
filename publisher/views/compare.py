"""The comparison: common fields × counties, and the texts of one field side by side. Never a score."""

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from publisher.core.errors import BadRequest
from publisher.views import passages
from publisher.views.columns import (
    COUNTIES,
    DISTRICT,
    LISTS,
    Column,
    Neighbour,
    columns,
    district,
    neighbours,
    with_lists,
)
from publisher.views.fields import CONCEPTS, Field, Share, share, tree
from publisher.views.passages import COUNTED, Passage, outline
from publisher.views.site import Site

QUERIES = (COUNTIES, CONCEPTS, passages.ELEMENTS, LISTS, DISTRICT)
SIDE_QUERIES = (passages.QUOTATIONS, passages.MENTIONS)
MOST = 6
"""How many counties fit side by side."""

State = Literal["texts", "named", "silent", "no_concept", "not_covered"]
"""texts: goals or other counted texts; named: the field is named, or a sentence or offer touches it; silent: nothing in
the evaluated source; no_concept: there is no concept document; not_covered: the county is not in the data."""


@dataclass(frozen=True)
class Cell:
    """What one county says in one field; ``counts`` holds the number of texts by class IRI."""

    column: Column
    state: State
    counts: tuple[tuple[str, int], ...] = ()
    inherited: int = 0
    """How many of them belong to the field only through the local field they lie in."""
    mentions: int = 0
    """How many fields, sentences and offers touch the field besides."""

    @property
    def total(self) -> int:
        """The number of counted texts."""
        return sum(number for _, number in self.counts)


@dataclass(frozen=True)
class Line:
    """One row of the matrix; ``depth`` is 1 for a narrower field."""

    field: Field
    cells: tuple[Cell, ...]
    depth: int = 0


@dataclass(frozen=True)
class Request:
    """What a reader wants to compare."""

    ags: tuple[str, ...] = ()
    field: str = ""
    narrower: bool = False
    neighbours: bool = False


@dataclass(frozen=True)
class Comparison:
    """Everything the page and its CSV and JSON twins show."""

    request: Request
    choices: tuple[Column, ...]
    """All counties that can be chosen."""
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    fields: tuple[Field, ...]
    field: Field | None
    shares: tuple[Share, ...]
    dropped: tuple[Column, ...] = ()
    """Counties beyond the most that fit."""
    missing_neighbours: tuple[Neighbour, ...] = ()
    """Neighbours that are not in the data yet."""
    most: int = MOST

    @property
    def states(self) -> tuple[tuple[str, tuple[Column, ...]], ...]:
        """The counties that can be chosen by state, in the order of ``choices``."""
        return tuple((state, tuple(found)) for state, found in groupby(self.choices, key=lambda column: column.state))


def comparison(site: Site, request: Request) -> Comparison:
    """The comparison that ``request`` asks for; raises BadRequest for an unknown county or field."""
    choices = columns(site)
    wanted, missing = _wanted(site, request, choices)
    shown = tuple(with_lists(site, column) if column.modelled else column for column in wanted[:MOST])
    fields = tree(site)
    field = _field(fields, request.field) if request.field else None
    shares = tuple(share(site, column, field) for column in shown) if field else ()
    lines = _matrix(site, fields, shown, request.narrower)
    return Comparison(request, choices, shown, lines, fields, field, shares, wanted[MOST:], missing)


def _wanted(
    site: Site, request: Request, choices: tuple[Column, ...]
) -> tuple[tuple[Column, ...], tuple[Neighbour, ...]]:
    """The columns asked for, each once: all there are while they fit, when the request names none."""
    known = {column.ags: column for column in choices}
    if not request.ags:
        return (choices if len(choices) <= MOST else ()), ()
    wanted = {ags: known.get(ags) or district(site, ags) for ags in request.ags}
    missing: dict[str, Neighbour] = {}
    for column in tuple(wanted.values()) if request.neighbours else ():
        for near in neighbours(site, column):
            if near.ags in known:
                wanted.setdefault(near.ags, known[near.ags])
            elif near.ags not in wanted:
                missing[near.ags] = near
    return tuple(wanted.values()), tuple(missing.values())


def _field(fields: tuple[Field, ...], notation: str) -> Field:
    flat = {field.notation: field for top in fields for field in (top, *top.narrower)}
    if notation not in flat:
        raise BadRequest(name="feld", value=notation, allowed=", ".join(field.notation for field in fields))
    return flat[notation]


def _matrix(site: Site, fields: tuple[Field, ...], shown: tuple[Column, ...], narrower: bool) -> tuple[Line, ...]:
    texts = {column.iri: outline(site, column.iri) if column.modelled else () for column in shown}
    lines = []
    for top in fields:
        for depth, field in enumerate((top, *top.narrower) if narrower else (top,)):
            cells = tuple(_cell(site, column, field, texts[column.iri]) for column in shown)
            lines.append(Line(field, cells, min(depth, 1)))
    return tuple(lines)


def _cell(site: Site, column: Column, field: Field, texts: tuple[Passage, ...]) -> Cell:
    if not column.modelled:
        return Cell(column, "not_covered")
    placed = [text for text in (text.within(field.concepts) for text in texts) if text.placements]
    counted = [text for text in placed if text.is_counted(site)]
    numbers = Counter(text.kind for text in counted)
    counts = tuple((site.ns(name), numbers[site.ns(name)]) for name in COUNTED if numbers[site.ns(name)])
    return Cell(
        column,
        _state(column, counted, placed),
        counts,
        sum(text.inherited for text in counted),
        len(placed) - len(counted),
    )


def _state(column: Column, counted: list[Passage], placed: list[Passage]) -> State:
    if not column.has_concept:
        return "no_concept"
    if counted:
        return "texts"
    return "named" if placed else "silent"
