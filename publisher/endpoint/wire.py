"""One kept connection to a worker: queries go out one behind the other, answers come back in the same order.

Visitors' connections can be sent along, and come back when the worker likes.
"""

import asyncio
import os
import socket
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Protocol, cast

from publisher.endpoint import frames
from publisher.endpoint.failures import refusal
from publisher.endpoint.held import FIRST

LONGEST_SECONDS = 0.5
"""A worker that is silent for so long, by the clock, is given up, though it may not have had its processor's time."""


@dataclass(eq=False)
class Asked:
    """One query on its way: what tells it from others, who asked, its answer so far."""

    key: str
    client: str
    since: float
    answer: "asyncio.Future[bytes | None]"
    body: bytearray = field(default_factory=bytearray)


class Lane(Protocol):
    """Whose connection it is."""

    def back(self, loan: int, read: bytes, unsent: bytes) -> None:
        """The worker gives a loan back: ``Loans.back``."""

    def give_up(self) -> None:
        """Nothing good is to be had from this worker: the connection is to be lost."""

    def lost(self, culprit: Asked | None) -> None:
        """The connection is lost, once, and of which query it came."""


class Wire(asyncio.Protocol):
    """The connection of ``lane``."""

    def __init__(self, lane: Lane) -> None:
        self._lane = lane
        self._transport: asyncio.Transport | None = None
        self._socket: socket.socket | None = None
        self.gone = False
        """Whether it is lost."""
        self._asked: deque[Asked] = deque()
        self._raw = bytearray()
        self._leaving = False
        self._timer: asyncio.TimerHandle | None = None

    @property
    def alive(self) -> bool:
        """Whether queries may be sent."""
        return self._transport is not None and not self._transport.is_closing() and not self._leaving

    @property
    def length(self) -> int:
        """How many queries are on their way."""
        return len(self._asked)

    def tell(self, kind: bytes, payload: bytes = b"") -> None:
        """Sends a frame that nobody answers."""
        assert self._transport is not None
        self._transport.write(frames.pack(kind, payload))

    def lend(self, descriptor: int, payload: bytes) -> bool:
        """Sends a LEND frame with the connection at ``descriptor``; whether that was possible."""
        if self._transport is None or self._socket is None or self._transport.get_write_buffer_size():
            return False
        raw = frames.pack(frames.LEND, payload)
        try:
            sent = socket.send_fds(self._socket, [raw], [descriptor])
        except OSError:
            return False
        if sent < len(raw):
            self._transport.write(raw[sent:])
        return True

    async def ask(self, key: str, client: str, request: bytes) -> bytes | None:
        """The answer to ``request``; None when the worker dies of it or of another, or the answer is large.

        Raises QuerySyntax or ResultTooLarge.
        """
        assert self._transport is not None
        loop = asyncio.get_running_loop()
        one = Asked(key, client, time.monotonic(), loop.create_future())
        self._asked.append(one)
        if self._timer is None:
            self._timer = loop.call_later(LONGEST_SECONDS, self._look)
        self._transport.write(frames.pack(frames.QUERY, request))
        return await one.answer

    def close(self) -> None:
        """Ends the connection; who still waits gets nothing."""
        if self._transport:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The worker has taken the connection, or will."""
        self._transport = cast(asyncio.Transport, transport)
        # The event loop has no way to send a descriptor.
        self._socket = socket.socket(fileno=os.dup(transport.get_extra_info("socket").fileno()))

    def data_received(self, data: bytes) -> None:
        """Takes the next bytes of answers."""
        self._raw += data
        place = 0
        while (frame := frames.unpack(self._raw, place)) is not None:
            kind, payload, place = frame
            self._take(kind, payload)
        del self._raw[:place]

    def connection_lost(self, exc: Exception | None) -> None:
        """Tells everybody who waits."""
        self.gone = True
        if self._socket:
            self._socket.close()
        if self._timer:
            self._timer.cancel()
        culprit = self._asked[0] if self._asked and not self._leaving else None
        for one in self._asked:
            if not one.answer.done():
                one.answer.set_result(None)
        self._asked.clear()
        self._lane.lost(culprit)

    def _look(self) -> None:
        self._timer = None
        if not self._asked or self._transport is None:
            return
        left = self._asked[0].since + LONGEST_SECONDS - time.monotonic()
        if left <= 0:
            self._lane.give_up()
        else:
            self._timer = asyncio.get_running_loop().call_later(left, self._look)

    def _take(self, kind: bytes, payload: bytes) -> None:
        if kind == frames.LEAVING:
            self._leaving = True
        elif kind == frames.BACK:
            self._lane.back(*frames.read_returned(payload))
        elif kind == frames.DATA:
            self._asked[0].body += payload
            if len(self._asked[0].body) > FIRST:
                # No small answer: the line has room for it.
                self._lane.give_up()
        else:
            self._end(self._asked.popleft(), kind, payload)

    def _end(self, one: Asked, kind: bytes, payload: bytes) -> None:
        now = time.monotonic()
        if self._asked:
            # The next one is at work from now on.
            self._asked[0].since = now
        if one.answer.done():
            return
        if kind == frames.END:
            one.answer.set_result(bytes(one.body))
        else:
            one.answer.set_exception(refusal(payload))
