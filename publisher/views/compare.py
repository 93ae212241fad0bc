"""The comparison: topics × counties, read from the cells of the release. Never a score."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from publisher.core.refusals import BadRequest
from publisher.graph.queries import Call
from publisher.views import columns as counties
from publisher.views import documents
from publisher.views.choice import Choice, Doubt, choose
from publisher.views.columns import Column, Neighbour
from publisher.views.site import Site
from publisher.views.topics import ACTORS, DIMENSIONS, FIELDS, GROUNDS, GROUPS, Dimension, Topic, topics

CELLS = "pages/compare_cells"
MOST = 6
"""How many counties fit side by side."""

FEW = 12
"""As many counties are offered one by one; more are found by name."""

State = Literal["texts", "named", "silent", "no_concept", "not_covered"]
"""texts: goals or other counted texts; named: the topic is named, or a sentence or offer touches it; silent: nothing in
the evaluated source; no_concept: there is no concept document; not_covered: the county is not in the data."""


@dataclass(frozen=True)
class Rows:
    """What the rows of a matrix are: which topics, and which kinds of texts are counted for each, in this order."""

    key: str
    dimension: Dimension
    counted: tuple[str, ...]


_TEXTS = ("Goal", "Recommendation", "Measure", "GuidingPrinciple", "Task")
_NAMES = ("FieldOfAction", "CrossCuttingTheme", "GuidingPrinciple")
_EVERYTHING = ("CrossCuttingTheme", *_TEXTS, "Offer", "Statement")
ROWS = {
    rows.key: rows
    for rows in (
        Rows("felder", FIELDS, _TEXTS),
        Rows("themen", FIELDS, _NAMES),
        Rows("zielgruppen", GROUPS, _EVERYTHING),
        Rows("akteure", ACTORS, _EVERYTHING),
        Rows("gruende", GROUNDS, _EVERYTHING),
    )
}
DOCUMENTS = "dokumente"
CHOICES = (*ROWS, DOCUMENTS)
"""What the rows may be, as named in addresses."""


@dataclass(frozen=True)
class Cell:
    """What one county says on one topic; ``counts`` holds the number of texts by class IRI."""

    column: Column
    state: State
    counts: tuple[tuple[str, int], ...] = ()
    mentions: int = 0
    """How many texts of other kinds touch the topic besides."""

    @property
    def total(self) -> int:
        """The number of counted texts."""
        return sum(number for _, number in self.counts)


@dataclass(frozen=True)
class Line:
    """One row of the matrix; ``depth`` is 1 for a narrower topic."""

    topic: Topic
    cells: tuple[Cell, ...]
    depth: int = 0


@dataclass(frozen=True)
class Request:
    """What a reader wants to compare; ``counties`` are keys or names."""

    counties: tuple[str, ...] = ()
    rows: str = "felder"
    narrower: bool = False
    opened: frozenset[str] = frozenset()
    """The topics whose narrower ones are shown."""
    neighbours: bool = False


@dataclass(frozen=True)
class Comparison:
    """Everything the page and its files show."""

    request: Request
    columns: tuple[Column, ...]
    chosen: str = ""
    """The counties asked for, without their neighbours, as a value for addresses."""
    lines: tuple[Line, ...] = ()
    facts: tuple[documents.FactLine, ...] = ()
    parameter: str = ""
    """How a topic of these rows is named in addresses."""
    calls: tuple[Call, ...] = ()
    recorded: int = 0
    """How many counties are in the data."""
    suggestions: tuple[Column, ...] = ()
    """Counties to begin with, when none is chosen."""
    few: tuple[Column, ...] = ()
    """All counties, while they are few."""
    dropped: tuple[Column, ...] = ()
    """Counties beyond the most that fit."""
    missing_neighbours: tuple[Neighbour, ...] = ()
    """Neighbours that are not in the data yet."""
    doubts: tuple[Doubt, ...] = ()
    """Names that are not clear."""
    most: int = MOST

    @property
    def offered(self) -> tuple[Column, ...]:
        """The counties with a box to tick: all of them while they are few, else those shown."""
        known = {column.ags: column for column in (*self.columns, *self.few)}
        return tuple(known.values())

    @property
    def asked(self) -> str:
        """The counties shown, as a value for addresses."""
        return ",".join(column.ags for column in self.columns)


def comparison(site: Site, request: Request) -> Comparison:
    """The comparison that ``request`` asks for; raises BadRequest for an unknown county or topic."""
    _check(site, request.opened)
    everyone = counties.columns(site)
    choice = choose(site, request.counties)
    wanted, missing = _wanted(site, request, choice, everyone)
    shown = counties.with_lists(site, wanted[:MOST]) if wanted else ()
    rest = {
        "chosen": ",".join(column.ags for column in choice.columns),
        "recorded": len(everyone),
        "suggestions": everyone[:MOST],
        "few": everyone if len(everyone) <= FEW else (),
        "dropped": wanted[MOST:],
        "missing_neighbours": missing,
        "doubts": choice.doubts,
    }
    if not shown:
        return Comparison(request, (), **rest)  # type: ignore[arg-type]
    if request.rows == DOCUMENTS:
        facts, call = documents.facts(site, shown)
        return Comparison(request, shown, facts=facts, calls=(call, counties.lists_call(shown)), **rest)  # type: ignore[arg-type]
    rows = ROWS[request.rows]
    calls = (cells_call(site, shown, rows.dimension), rows.dimension.call(site), counties.lists_call(shown))
    lines = _matrix(site, rows, shown, calls[0], request)
    parameter = rows.dimension.parameter
    return Comparison(request, shown, lines=lines, parameter=parameter, calls=calls, **rest)  # type: ignore[arg-type]


def _check(site: Site, opened: Iterable[str]) -> None:
    """Raises BadRequest for a topic to unfold that is in none of the lists."""
    known = [top.notation for dimension in DIMENSIONS for top in topics(site, dimension)]
    unknown = next((notation for notation in sorted(opened) if notation not in known), None)
    if unknown is not None:
        raise BadRequest(name="auf", value=unknown, allowed=", ".join(known))


def cells_call(site: Site, shown: Iterable[Column], dimension: Dimension) -> Call:
    """The query for the cells of ``shown`` on the topics of ``dimension``."""
    return Call(
        CELLS, {"county": tuple(column.iri for column in shown), "scheme": (site.dataset.own(dimension.scheme),)}
    )


Counts = dict[tuple[str, str], dict[str, int]]
"""County and topic → kind of text → how many."""


def counts(site: Site, call: Call) -> Counts:
    """What the cells query ``call`` gives."""
    found: Counts = {}
    for row in site.select(call.name, **call.values):
        kinds = found.setdefault((row["county"].value, row["topic"].value), {})
        kinds[row["kind"].value] = int(row["texts"].value)
    return found


def _wanted(
    site: Site, request: Request, choice: Choice, everyone: tuple[Column, ...]
) -> tuple[tuple[Column, ...], tuple[Neighbour, ...]]:
    """The columns asked for, each once: all there are while they fit, when the request names none."""
    if not request.counties:
        return (everyone if len(everyone) <= MOST else ()), ()
    wanted = {column.ags: column for column in choice.columns}
    known, missing = counties.by_key(site), {}
    for near in (near for column in choice.columns if request.neighbours for near in counties.neighbours(site, column)):
        if near.ags in known:
            wanted.setdefault(near.ags, known[near.ags])
        elif near.ags not in wanted:
            missing[near.ags] = near
    return tuple(wanted.values()), tuple(missing.values())


def _matrix(site: Site, rows: Rows, shown: tuple[Column, ...], call: Call, request: Request) -> tuple[Line, ...]:
    found = counts(site, call)
    lines = []
    for top in topics(site, rows.dimension):
        unfolded = request.narrower or top.notation in request.opened
        for depth, topic in enumerate((top, *top.narrower) if unfolded else (top,)):
            cells = tuple(_cell(site, column, rows, found.get((column.iri, topic.iri), {})) for column in shown)
            lines.append(Line(topic, cells, min(depth, 1)))
    return tuple(lines)


def _cell(site: Site, column: Column, rows: Rows, kinds: dict[str, int]) -> Cell:
    counted = tuple((kind, kinds[kind]) for kind in map(site.ns, rows.counted) if kind in kinds)
    mentions = sum(kinds.values()) - sum(number for _, number in counted)
    return Cell(column, _state(column, bool(counted), bool(kinds)), counted, mentions)


def _state(column: Column, counted: bool, touched: bool) -> State:
    if not column.modelled:
        return "not_covered"
    if not column.has_concept:
        return "no_concept"
    if counted:
        return "texts"
    return "named" if touched else "silent"
