"""One kind of actors over all counties: a page of the list of those whose document names such actors."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from publisher.core.refusals import BadRequest
from publisher.graph.queries import Call
from publisher.views import actors
from publisher.views import columns as counties
from publisher.views.actor_choice import Chosen, chosen
from publisher.views.actor_kinds import Kind, named
from publisher.views.actors import Cell
from publisher.views.columns import Column
from publisher.views.site import Site, Text

COUNTIES = "pages/actors_counties"
MENTION_COUNTIES = "pages/actors_mention_counties"
TASK_COUNTS = "pages/actors_task_counts"
PER_PAGE = 25
"""How many counties one page shows."""


@dataclass(frozen=True)
class Request:
    """What a reader wants to see: a kind by its key; perhaps only some counties, or one state; which page."""

    kind: str
    counties: tuple[str, ...] = ()
    state: str = ""
    page: int = 1


@dataclass(frozen=True)
class Row:
    """One county with its actors of the kind; ``texts`` are the numbers of tasks and offers by class."""

    cell: Cell
    texts: tuple[tuple[str, int], ...] = ()
    all_shown: bool = False
    """Whether all names are shown, however many."""

    @property
    def column(self) -> Column:
        """The county."""
        return self.cell.column

    @property
    def shown(self) -> tuple[actors.Entry, ...]:
        """The names that are shown."""
        return self.cell.entries if self.all_shown else self.cell.shown

    @property
    def more(self) -> int:
        """How many names are left out."""
        return len(self.cell.entries) - len(self.shown)


@dataclass(frozen=True)
class KindList:
    """One page of the list: which of the counties that fit, how many fit, how many there are at all."""

    request: Request
    kind: Kind
    rows: tuple[Row, ...]
    pages: int
    fitting: int
    found: int
    states: tuple[tuple[str, Text], ...]
    """The states one can filter by: key and name."""
    calls: tuple[Call, ...]
    chosen: Chosen
    """The counties asked for, if any."""


def kind_list(site: Site, request: Request, language: str) -> KindList:
    """The page of the list that ``request`` asks for; raises BadRequest for a value that is not allowed."""
    kind = named(site, request.kind)
    naming = counties_with(site, kind)
    states = _states(site, language)
    if request.state and request.state not in dict(states):
        raise BadRequest(name="land", value=request.state, allowed=", ".join(key for key, _ in states))
    asked = chosen(site, request.counties, PER_PAGE)
    wanted = asked.columns or tuple(column for column in naming if request.state in ("", _state_key(column)))
    pages = max(1, -(-len(wanted) // PER_PAGE))
    if not 1 <= request.page <= pages:
        raise BadRequest(name="seite", value=str(request.page), allowed=f"1–{pages}")
    shown = wanted[(request.page - 1) * PER_PAGE : request.page * PER_PAGE]
    calls = _calls(site, kind, shown)
    return KindList(
        request,
        kind,
        _rows(site, kind, shown, calls, bool(asked.columns)),
        pages,
        len(wanted),
        len(naming),
        states,
        (_counties_call(kind), *calls, Call(counties.COUNTIES)),
        asked,
    )


def _counties_call(kind: Kind) -> Call:
    return Call(MENTION_COUNTIES if kind.worded else COUNTIES, {"kind": (kind.iri,)})


def counties_with(site: Site, kind: Kind) -> tuple[Column, ...]:
    """The counties whose document names actors of ``kind``, by state and name."""
    return site.once(_counties_with, kind)


def _counties_with(site: Site, kind: Kind) -> tuple[Column, ...]:
    found = site.once(naming, kind)
    return tuple(column for column in counties.columns(site) if column.iri in found)


def naming(site: Site, kind: Kind) -> Counter[str]:
    """The counties whose document names actors of ``kind``, each once; those of several counties add up."""
    call = _counties_call(kind)
    return Counter({row["county"].value for row in site.select(call.name, **call.values)})


def _calls(site: Site, kind: Kind, shown: tuple[Column, ...]) -> tuple[Call, ...]:
    """The queries for the counties of one page."""
    if not shown:
        return ()
    if kind.worded:
        return (actors.mentions_call(site, shown, (kind,)),)
    call = actors.named_call(site, shown, (kind,))
    return call, Call(TASK_COUNTS, call.values)


def _rows(site: Site, kind: Kind, shown: Iterable[Column], calls: tuple[Call, ...], all_shown: bool) -> tuple[Row, ...]:
    found = actors.entries(site, calls[:1])
    texts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for call in calls[1:]:
        for row in site.select(call.name, **call.values):
            texts[row["county"].value][row["class"].value] += int(row["texts"].value)
    return tuple(
        Row(
            actors.cell(site, column, found.get((column.iri, kind.iri), ())),
            tuple(sorted(texts[column.iri].items(), key=lambda count: count[0] != site.ns("Task"))),
            all_shown,
        )
        for column in shown
    )


def _state_key(column: Column) -> str:
    return column.state.rpartition("/")[2]


def _states(site: Site, language: str) -> tuple[tuple[str, Text], ...]:
    """The states with a county in the data, by name."""
    found = {_state_key(column): site.label(column.state, language) for column in counties.columns(site)}
    return tuple(sorted(found.items(), key=lambda state: state[1].value))
