"""The process that keeps the waiting line for all page processes, and the numbers of the endpoint.

A page process holds one connection for each query (``turn.py``): JOIN goes in, CALLED comes back when it is its turn.
When the connection ends, the place is free again, whatever has become of the page process.
"""

import asyncio
import json
import os
import signal
import socket
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from publisher.core.errors import KreisgraphError
from publisher.core.refusals import EndpointBusy
from publisher.endpoint import confine, frames
from publisher.endpoint.line import LANES, Line, Places, Ticket
from publisher.endpoint.request import Limits

SECONDS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
"""Upper bounds of the classes in which the time of queries is counted."""
MANY_QUICK = 8
"""So many times more queries of one client may be in the quick lane than in the slow one."""
QUICK_TOO = ("answered", "QuerySyntax")
"""Outcomes of a query that cost no more than its time."""
_LOOK_FOR_PARENT_SECONDS = 2.0


@dataclass
class Numbers:
    """What has happened since the process began."""

    outcomes: Counter[str] = field(default_factory=Counter)
    """How many queries ended in which way (``answered``, or the name of the error)."""
    moved: int = 0
    """Queries that went on in the slow lane."""
    waited: float = 0.0
    """Seconds that queries waited, all together."""
    durations: Counter[float] = field(default_factory=Counter)
    """Queries by the upper bound of their time, from joining to the end; inf for longer ones."""
    seconds: float = 0.0
    longest: float = 0.0
    """Seconds that a query held a place, at the most."""

    def ended(self, outcome: str, seconds: float) -> None:
        """Counts a query that ended with ``outcome`` after ``seconds``."""
        self.outcomes[outcome] += 1
        self.seconds += seconds
        self.durations[next((bound for bound in SECONDS if seconds <= bound), float("inf"))] += 1


class Usher:
    """The waiting line behind a socket."""

    def __init__(self, limits: Limits) -> None:
        share = {"quick": limits.share * MANY_QUICK, "slow": limits.share}
        size = {"quick": limits.quick_workers, "slow": limits.workers}
        places = {lane: Places(size[lane], limits.waiting, share[lane]) for lane in LANES}
        self.line = Line(places, limits.wait_seconds)
        self.limits = limits
        self.numbers = Numbers()
        self._calls: dict[Ticket, asyncio.Event] = {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serves one connection until it ends."""
        try:
            kind, payload = await frames.read(reader)
            if kind == frames.STATS:
                writer.write(frames.pack(frames.STATS, self.stats()))
                await writer.drain()
            else:
                await self._turn(reader, writer, json.loads(payload))
        except (EOFError, ConnectionError):
            pass  # The page process has gone or has seen enough.
        finally:
            writer.close()

    def stats(self) -> bytes:
        """The numbers as JSON: places now, outcomes, durations."""
        numbers = self.numbers
        bounds = [*SECONDS, float("inf")]
        found: dict[str, Any] = {
            **self.line.numbers(),
            "outcomes": dict(numbers.outcomes),
            "moved": numbers.moved,
            "waited_seconds": numbers.waited,
            "seconds": numbers.seconds,
            "longest_seconds": numbers.longest,
            "durations": [[str(bound), numbers.durations[bound]] for bound in bounds],
        }
        return json.dumps(found).encode()

    async def _turn(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: dict[str, Any]) -> None:
        start, outcome, ticket = time.monotonic(), "Gone", None
        said = asyncio.ensure_future(frames.read(reader))
        try:
            ticket = self.line.join(asked["client"], asked["query"], start, bool(asked["slow"]))
            await self._call(ticket, said, writer)
            while True:
                kind, payload = await said
                said = asyncio.ensure_future(frames.read(reader))
                if kind == frames.SLOWER:
                    self.numbers.moved += 1
                    self.line.slower(ticket, time.monotonic())
                    await self._call(ticket, said, writer)
                else:
                    outcome = payload.decode()
                    self._done(ticket, outcome)
        except KreisgraphError as error:
            outcome = type(error).__name__
            writer.write(frames.pack(frames.ERROR, frames.failure(outcome, error.facts)))
        finally:
            said.cancel()
            if ticket:
                self._leave(ticket)
            self.numbers.ended(outcome, time.monotonic() - start)
            self._go_on()

    def _done(self, ticket: Ticket, outcome: str) -> None:
        now = time.monotonic()
        if outcome in QUICK_TOO and now - ticket.since < self.limits.quick_seconds / 2:
            self.line.quick(ticket)
        self._leave(ticket)
        self._go_on()

    def _leave(self, ticket: Ticket) -> None:
        now = time.monotonic()
        if ticket.called and ticket in self.line.tickets:
            self.numbers.longest = max(self.numbers.longest, now - ticket.since)
        self.line.leave(ticket, now)

    async def _call(self, ticket: Ticket, said: "asyncio.Future[Any]", writer: asyncio.StreamWriter) -> None:
        """Tells the page process when it is the turn of ``ticket``.

        Raises EndpointBusy when that takes too long, EOFError when ``said`` shows that nobody waits any more.
        """
        joined, event = ticket.since, asyncio.Event()
        self._calls[ticket] = event
        waiting = asyncio.ensure_future(event.wait())
        try:
            self._go_on()
            seconds = self.limits.wait_seconds
            await asyncio.wait((waiting, said), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if ticket.refusal:
                raise ticket.refusal
            if not event.is_set():
                raise EOFError if said.done() else EndpointBusy(seconds=seconds)
            writer.write(frames.pack(frames.CALLED, ticket.lane.encode()))
        finally:
            waiting.cancel()
            del self._calls[ticket]
            self.numbers.waited += time.monotonic() - joined

    def _go_on(self) -> None:
        for ticket in self.line.call(time.monotonic()):
            self._calls[ticket].set()


def usher(listener: socket.socket, limits: Limits, parent: int) -> None:
    """Keeps the line at ``listener`` until the process or its parent ends. Called in a forked process."""
    confine.die_with(parent, signal.SIGTERM)
    asyncio.run(_keep(listener, Usher(limits), parent))


async def _keep(listener: socket.socket, one: Usher, parent: int) -> None:
    listener.setblocking(False)
    async with await asyncio.start_unix_server(one.serve, sock=listener):
        while os.getppid() == parent:
            await asyncio.sleep(_LOOK_FOR_PARENT_SECONDS)
