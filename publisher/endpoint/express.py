"""The express lane: a worker of one page process's own, for queries that take no time at all.

No turn is waited for and one connection is kept, so a small query costs little more than itself. Whatever is not
answered in a moment, or would have to wait for one, goes to the waiting line as if it had never been here. Connections
of visitors who ask one such query after the other are lent to the worker (``loans.py``), which then answers itself.
"""

import asyncio
import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from publisher.endpoint import frames
from publisher.endpoint.borrowed import LOANS, WORK_SECONDS
from publisher.endpoint.line import Memory
from publisher.endpoint.loans import Lender, Loans
from publisher.endpoint.request import QueryRequest
from publisher.endpoint.slip import Slip
from publisher.endpoint.wire import LONGEST_SECONDS, Asked, Wire

WAIT_SECONDS = 0.25
"""A query that would wait longer here, judged by the last ones, goes to the line."""
CLOSED_SECONDS = 0.25
"""How long nothing is sent after the worker died: another must be born first."""
REMEMBERED_SECONDS = 60.0
"""How long whoever sent a query that outran this lane is sent to the line."""

_MOST = 64
_LOOK_SECONDS = 0.01


class Express:
    """The page process's side of the worker at the socket ``path``."""

    def __init__(self, path: Path, slip: Slip) -> None:
        self._path, self._slip = path, slip
        self._loans, self._lending = Loans(), True
        self._wire: Wire | None = None
        self._opening = False
        self._closed_until = 0.0
        self._slow_queries, self._blamed = Memory(), Memory()
        self._slow_clients: dict[str, float] = {}
        """Who sent them, and until when that is remembered."""

    async def ask(self, request: QueryRequest, key: str, client: str) -> bytes | None:
        """The answer to ``request``, which ``key`` tells from others; None when it is not to be had here.

        Raises QuerySyntax or ResultTooLarge.
        """
        if key in self._blamed:
            self._blamed.drop(key)
            self._remember(key, client)
        if request.calls or key in self._slow_queries or self._was_slow(client):
            return None
        wire = await self._open()
        if wire is None or wire.length >= _MOST or self._is_long(wire.length):
            return None
        return await wire.ask(key, client, request.encode(WORK_SECONDS))

    def lend(self, lender: Lender, descriptor: int, peer: str, client: str) -> bool:
        """Lends the connection of ``lender`` at ``descriptor``, which leads to ``peer``; whether it could.

        ``client`` is who asked on it last.
        """
        wire = self._wire
        if wire is None or not wire.alive or not self._lending or len(self._loans) >= LOANS or self._was_slow(client):
            return False
        if self._is_long(wire.length + 1):
            return False
        number = self._loans.lend(lender)
        lent = wire.lend(descriptor, frames.lent(number, peer))
        if not lent:
            self._loans.forget(number)
        return lent

    async def recall(self) -> None:
        """Takes back all that is lent, and lends nothing any more."""
        self._lending = False
        if len(self._loans) and self._wire and self._wire.alive:
            self._wire.tell(frames.RECALL)
        deadline = time.monotonic() + LONGEST_SECONDS
        while len(self._loans):
            await asyncio.sleep(_LOOK_SECONDS)
            if time.monotonic() > deadline:
                self.give_up()

    def close(self) -> None:
        """Gives up the connection."""
        if self._wire:
            self._wire.close()

    def _is_long(self, asked: int) -> bool:
        """Whether somebody would wait too long behind ``asked`` queries, and one of each that is on loan."""
        return (asked + len(self._loans)) * self._slip.pace > WAIT_SECONDS

    def _was_slow(self, client: str) -> bool:
        until = self._slow_clients.get(client)
        if until is not None and until < time.monotonic():
            del self._slow_clients[client]
            return False
        return until is not None

    async def _open(self) -> Wire | None:
        if self._wire and not self._wire.gone:
            # Until the end of the old one is known, nobody can say what its worker was doing.
            return self._wire if self._wire.alive else None
        if self._opening or time.monotonic() < self._closed_until:
            return None
        self._opening = True
        try:
            loop = asyncio.get_running_loop()
            _, self._wire = await loop.create_unix_connection(lambda: Wire(self), str(self._path))
        except OSError:
            self._closed_until = time.monotonic() + CLOSED_SECONDS
            return None
        finally:
            self._opening = False
        now = time.monotonic()
        clients = {name: until - now for name, until in self._slow_clients.items() if until > now}
        self._wire.tell(frames.AVOID, frames.avoided(self._slow_queries, clients))
        return self._wire

    def back(self, loan: int, read: bytes, unsent: bytes) -> None:
        """The worker gives a loan back."""
        self._loans.back(loan, read, unsent)

    def give_up(self) -> None:
        """Ends the connection to the worker, and first the worker where it might still answer for others."""
        if len(self._loans) and self._slip.worker:
            with suppress(ProcessLookupError):
                os.kill(self._slip.worker, signal.SIGKILL)
        else:
            self.close()

    def lost(self, culprit: Asked | None) -> None:
        """The worker is gone, because of a loan or of ``culprit`` where it was at work."""
        self._closed_until = time.monotonic() + CLOSED_SECONDS
        work = self._slip.read()
        self._slip.end()
        if work:
            # Whose it was shows when it is asked again.
            self._blamed.add(work.key.hex())
        elif culprit:
            self._remember(culprit.key, culprit.client)
        self._loans.fall_back(work)

    def _remember(self, key: str, client: str) -> None:
        """The query ``key`` of ``client`` outran this lane."""
        now = time.monotonic()
        self._slow_queries.add(key)
        self._slow_clients = {name: until for name, until in self._slow_clients.items() if until > now}
        self._slow_clients[client] = now + REMEMBERED_SECONDS
