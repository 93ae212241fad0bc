"""The express lane: a worker of one page process's own, for queries that take no time at all.

No turn is waited for and one connection is kept, so a small query costs little more than itself. Whatever is not
answered in a moment, or would have to wait for one, goes to the waiting line as if it had never been here.
"""

import asyncio
import time
from pathlib import Path

from publisher.endpoint.line import Memory
from publisher.endpoint.request import QueryRequest
from publisher.endpoint.wire import Asked, Wire

WORK_SECONDS = 0.05
"""Most of a processor's time that a query takes here: on a busy machine the clock would tell nothing."""
WAIT_SECONDS = 0.25
"""A query that would wait longer here, judged by the last ones, goes to the line."""
CLOSED_SECONDS = 0.25
"""How long nothing is sent after the worker died: another must be born first."""
REMEMBERED_SECONDS = 60.0
"""How long whoever sent a query that outran this lane is sent to the line."""

_MOST = 64
_WEIGHT = 0.1
"""How much the time of one query counts in the average."""
_FIRST_GUESS = 0.001


class Express:
    """The page process's side of the worker at the socket ``path``."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._wire: Wire | None = None
        self._opening = False
        self._closed_until = 0.0
        self._average = _FIRST_GUESS
        self._slow_queries = Memory()
        self._slow_clients: dict[str, float] = {}
        """Who sent them, and until when that is remembered."""

    async def ask(self, request: QueryRequest, key: str, client: str) -> bytes | None:
        """The answer to ``request``, which ``key`` tells from others; None when it is not to be had here.

        Raises QuerySyntax or ResultTooLarge.
        """
        if request.calls or key in self._slow_queries or self._was_slow(client):
            return None
        wire = await self._open()
        if wire is None or wire.length >= _MOST or wire.length * self._average > WAIT_SECONDS:
            return None
        return await wire.ask(key, client, request.encode(WORK_SECONDS))

    def close(self) -> None:
        """Gives up the connection."""
        if self._wire:
            self._wire.close()

    def _was_slow(self, client: str) -> bool:
        until = self._slow_clients.get(client)
        if until is not None and until < time.monotonic():
            del self._slow_clients[client]
            return False
        return until is not None

    async def _open(self) -> Wire | None:
        if self._wire and self._wire.alive:
            return self._wire
        if self._opening or time.monotonic() < self._closed_until:
            return None
        self._opening = True
        try:
            loop = asyncio.get_running_loop()
            _, self._wire = await loop.create_unix_connection(lambda: Wire(self._took, self._lost), str(self._path))
        except OSError:
            self._closed_until = time.monotonic() + CLOSED_SECONDS
            return None
        finally:
            self._opening = False
        return self._wire

    def _took(self, seconds: float) -> None:
        self._average += _WEIGHT * (seconds - self._average)

    def _lost(self, culprit: Asked | None) -> None:
        """The worker is gone, because of ``culprit`` where it was at work."""
        now = time.monotonic()
        self._closed_until = now + CLOSED_SECONDS
        if culprit:
            self._slow_queries.add(culprit.key)
            self._slow_clients = {name: until for name, until in self._slow_clients.items() if until > now}
            self._slow_clients[culprit.client] = now + REMEMBERED_SECONDS
