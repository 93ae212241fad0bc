"""One kept connection to a worker: queries go out one behind the other, answers come back in the same order."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

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


class Wire(asyncio.Protocol):
    """The connection. ``took`` hears the time of each answer, ``lost`` once, at the end, of which query it came."""

    def __init__(self, took: Callable[[float], None], lost: Callable[[Asked | None], None]) -> None:
        self._took, self._lost = took, lost
        self._transport: asyncio.Transport | None = None
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
        if self._timer:
            self._timer.cancel()
        culprit = self._asked[0] if self._asked and not self._leaving else None
        for one in self._asked:
            if not one.answer.done():
                one.answer.set_result(None)
        self._asked.clear()
        self._lost(culprit)

    def _look(self) -> None:
        self._timer = None
        if not self._asked or self._transport is None:
            return
        left = self._asked[0].since + LONGEST_SECONDS - time.monotonic()
        if left <= 0:
            self._transport.abort()
        else:
            self._timer = asyncio.get_running_loop().call_later(left, self._look)

    def _take(self, kind: bytes, payload: bytes) -> None:
        if kind == frames.LEAVING:
            self._leaving = True
        elif kind == frames.DATA:
            self._asked[0].body += payload
            if len(self._asked[0].body) > FIRST and self._transport:
                # No small answer: the line has room for it.
                self._transport.abort()
        else:
            self._end(self._asked.popleft(), kind, payload)

    def _end(self, one: Asked, kind: bytes, payload: bytes) -> None:
        now = time.monotonic()
        self._took(now - one.since)
        if self._asked:
            # The next one is at work from now on.
            self._asked[0].since = now
        if one.answer.done():
            return
        if kind == frames.END:
            one.answer.set_result(bytes(one.body))
        else:
            one.answer.set_exception(refusal(payload))
