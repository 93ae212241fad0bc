"""Who is served next: a waiting line with two lanes, fair to every client. Holds no clock, socket or process.

Every query starts in the quick lane, where it may run for a moment only. What needs longer goes on in the slow lane,
and so does, from its start, a query that was slow before. Whoever used much of the workers' time lately is called
after those who did not. The last free place of the quick lane is kept for queries that were quick before, and for
clients whose queries were all quick so far: whatever else comes, they do not wait.
"""

from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from publisher.core.refusals import EndpointBusy, QueryRefused, TooManyQueries

Lane = Literal["quick", "slow"]
LANES: tuple[Lane, ...] = ("quick", "slow")

HALF_LIFE_SECONDS = 30.0
"""After this time, half of what a client has used is forgotten."""
_REMEMBERED = 2000
"""How many queries of each kind, and how many clients, are remembered."""


class Memory:
    """The names that came up lately, the oldest forgotten first."""

    def __init__(self) -> None:
        self._names: OrderedDict[str, None] = OrderedDict()

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def add(self, name: str) -> None:
        """Remembers ``name``."""
        self._names[name] = None
        self._names.move_to_end(name)
        if len(self._names) > _REMEMBERED:
            self._names.popitem(last=False)

    def drop(self, name: str) -> None:
        """Forgets ``name``."""
        self._names.pop(name, None)


@dataclass(frozen=True)
class Places:
    """How many queries may run in a lane at the same time, how many wait, and how many of both may be one client's."""

    running: int
    waiting: int
    share: int


@dataclass(eq=False)
class Ticket:
    """One query in the line: whose, which, in which lane, since when, and whether its turn has come."""

    client: str
    query: str
    lane: Lane
    since: float
    """In seconds on the clock of the caller: when it joined the lane, or was called."""
    called: bool = False
    refusal: QueryRefused | None = None
    """Why its turn never comes, when that turned out while it waited."""


@dataclass
class Line:
    """All queries that wait or run. Times are seconds on any one clock that never goes back."""

    places: Mapping[Lane, Places]
    wait_seconds: float
    """What a refused client is told to wait."""
    tickets: list[Ticket] = field(default_factory=list)
    _slow: Memory = field(default_factory=Memory)
    """Queries that outran the quick lane."""
    _quick: Memory = field(default_factory=Memory)
    """Queries that were answered there."""
    _good: Memory = field(default_factory=Memory)
    """Clients whose queries were answered there, and none outran it since."""
    _used: "OrderedDict[str, tuple[float, float]]" = field(default_factory=OrderedDict)
    """Client → seconds used lately, and when that was reckoned."""

    def join(self, client: str, query: str, now: float, slow: bool = False) -> Ticket:
        """A ticket for ``query``; raises EndpointBusy or TooManyQueries when there is no place for it.

        ``slow`` is known of it before.
        """
        ticket = Ticket(client, query, "slow" if slow or query in self._slow else "quick", now)
        self._admit(ticket)
        self.tickets.append(ticket)
        return ticket

    def slower(self, ticket: Ticket, now: float) -> None:
        """Lets ``ticket``, whose time in the quick lane is over, wait in the slow one.

        Raises EndpointBusy or TooManyQueries; the ticket has left the line then.
        """
        self._slow.add(ticket.query)
        self._quick.drop(ticket.query)
        self._good.drop(ticket.client)
        self.leave(ticket, now)
        moved = Ticket(ticket.client, ticket.query, "slow", now)
        self._admit(moved)
        ticket.lane, ticket.since, ticket.called = "slow", now, False
        self.tickets.append(ticket)

    def leave(self, ticket: Ticket, now: float) -> None:
        """Frees the place of ``ticket``; does nothing when it has left before."""
        if ticket not in self.tickets:
            return
        self.tickets.remove(ticket)
        if ticket.called:
            self._use(ticket.client, now - ticket.since, now)

    def quick(self, ticket: Ticket) -> None:
        """Remembers that the query of ``ticket`` was answered in no time."""
        self._slow.drop(ticket.query)
        self._quick.add(ticket.query)
        self._good.add(ticket.client)

    def call(self, now: float) -> list[Ticket]:
        """The tickets that need not wait any more: their turn has come at ``now``, or a refusal."""
        called = self._moved(now)
        for lane in LANES:
            while ticket := self._next(lane, now):
                ticket.called, ticket.since = True, now
                called.append(ticket)
        return called

    def _moved(self, now: float) -> list[Ticket]:
        """Moves those to the slow lane whose query turned out slow while they waited; the ones refused there."""
        refused = []
        for ticket in [
            one for one in self.tickets if one.lane == "quick" and not one.called and one.query in self._slow
        ]:
            self.tickets.remove(ticket)
            ticket.lane, ticket.since = "slow", now
            try:
                self._admit(ticket)
                self.tickets.append(ticket)
            except QueryRefused as refusal:
                ticket.refusal = refusal
                refused.append(ticket)
        return refused

    def numbers(self) -> dict[str, int]:
        """How many tickets wait and run in each lane, for the people who run the site."""
        found = Counter(f"{'running' if ticket.called else 'waiting'}_{ticket.lane}" for ticket in self.tickets)
        return {f"{state}_{lane}": found[f"{state}_{lane}"] for state in ("running", "waiting") for lane in LANES}

    def _admit(self, ticket: Ticket) -> None:
        places = self.places[ticket.lane]
        lane = [other for other in self.tickets if other.lane == ticket.lane]
        own = sum(other.client == ticket.client for other in lane)
        if own >= places.share:
            raise TooManyQueries(most=places.share, seconds=self.wait_seconds)
        if len(lane) >= places.running + places.waiting:
            raise EndpointBusy(seconds=self.wait_seconds)

    def _next(self, lane: Lane, now: float) -> Ticket | None:
        running = Counter(ticket.client for ticket in self.tickets if ticket.lane == lane and ticket.called)
        free = self.places[lane].running - running.total()
        if free <= 0:
            return None
        waiting = [ticket for ticket in self.tickets if ticket.lane == lane and not ticket.called]
        used = {ticket.client: self._lately(ticket.client, now) for ticket in waiting}
        if lane == "quick" and free == 1 and self.places[lane].running > 1:
            waiting = [one for one in waiting if one.query in self._quick or one.client in self._good]
        rank = {ticket: (running[ticket.client], used[ticket.client], ticket.since) for ticket in waiting}
        return min(waiting, key=rank.__getitem__, default=None)

    def _lately(self, client: str, now: float) -> float:
        seconds, then = self._used.get(client, (0.0, now))
        return float(seconds * 0.5 ** ((now - then) / HALF_LIFE_SECONDS))

    def _use(self, client: str, seconds: float, now: float) -> None:
        self._used[client] = self._lately(client, now) + seconds, now
        self._used.move_to_end(client)
        if len(self._used) > _REMEMBERED:
            self._used.popitem(last=False)
