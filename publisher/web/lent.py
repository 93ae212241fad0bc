"""A visitor's connection that can be lent to the express worker, which then answers small queries itself.

Lent is who asked several small queries by GET, one after the other. While it is lent, nothing is read here; it comes
back as it is with the first request that is anything else.
"""

from functools import partial
from typing import Any, Protocol

from publisher.endpoint.loans import Lender
from publisher.web.connections import Bounds, Connection

SMALL = "kreisgraph.small"
"""Where in the state of a request the handler notes whose small query it answered (any name that tells clients apart);
empty for a query that took more than a moment."""

_BEFORE, _MOST_BEFORE = 1, 64
"""So many small queries in a row were answered here before; more where a loan came to nothing."""


class Lane(Protocol):
    """To whom connections are lent."""

    def lend(self, lender: Lender, descriptor: int, peer: str, client: str) -> bool:
        """Lends the connection at ``descriptor``, which leads to ``peer``; whether it is lent."""

    async def recall(self) -> None:
        """Takes back all that is lent, and lends nothing any more."""


class Nobody:
    """A lane that takes nothing."""

    def lend(self, lender: Lender, descriptor: int, peer: str, client: str) -> bool:
        """Lends nothing."""
        return False

    async def recall(self) -> None:
        """Nothing is lent."""


class Lendable(Connection):
    """A connection within ``bounds`` that may be lent to ``lane``."""

    def __init__(self, *args: Any, bounds: Bounds, lane: Lane, **named: Any) -> None:
        super().__init__(*args, bounds=bounds, **named)
        self._lane = lane
        self._in_a_row, self._before = 0, _BEFORE
        self._lent = False

    def on_response_complete(self) -> None:
        """An answer was sent, at least as far as this process goes."""
        super().on_response_complete()
        client = self.scope["state"].get(SMALL)
        if client is None or not self.cycle.keep_alive:
            self._in_a_row = 0
        elif client:
            self._in_a_row += 1
            if self._in_a_row > self._before:
                # The answer leaves when the event loop gets to it.
                self.loop.call_soon(self._lend, client)

    def taken_back(self, read: bytes, unsent: bytes) -> None:
        """The connection is back: goes on with ``unsent`` of an answer and ``read`` of a request."""
        if not self._returned():
            return
        if unsent:
            self.transport.write(unsent)
        self.transport.resume_reading()
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)
        if read:
            self._before = min(2 * self._before, _MOST_BEFORE)
            self.data_received(read)

    def broken(self) -> None:
        """The connection is back, but of an answer only a part was sent."""
        if self._returned():
            self.transport.abort()

    def _returned(self) -> bool:
        """Whether there still is a connection."""
        self._lent, self._in_a_row = False, 0
        return not self.transport.is_closing()

    def _lend(self, client: str) -> None:
        idle = self._state == "idle" and not self.pipeline and self.cycle.response_complete and not self._lent
        if not idle or self.transport.is_closing() or self.transport.get_write_buffer_size():
            return
        self.transport.pause_reading()
        descriptor = self.transport.get_extra_info("socket").fileno()
        self._lent = self._lane.lend(self, descriptor, self.client[0] if self.client else "", client)
        if self._lent:
            self._rest()
            self._unset_keepalive_if_required()
        else:
            self.transport.resume_reading()


def within(bounds: Bounds, lane: Lane) -> Any:
    """What makes connections within ``bounds`` for ``lane``, in the form that the server takes."""
    return partial(Lendable, bounds=bounds, lane=lane)
