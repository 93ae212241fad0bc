"""Query after query on one kept connection, and on those of visitors that came over it: the express lane's worker.

Each query has a bound on the processor's time that it takes, which the kernel keeps; nobody watches whether the visitor
still waits, since the little that is granted here is soon over.
"""

import os
import signal
import socket
import time
from collections.abc import Callable

from publisher.endpoint import frames
from publisher.endpoint.borrowed import IDLE_SECONDS, Borrowed
from publisher.endpoint.reply import reply
from publisher.endpoint.request import Limits, QueryRequest
from publisher.graph.store import Dataset

_LOOK_SECONDS = 2.0
"""How often an idle worker makes sure that it is still needed."""
_QUERIES_BETWEEN = 16
"""How many small queries are answered before the memory is looked at again."""


class Keeping:
    """One connection to a page process, and the visitors' that are on loan from there."""

    def __init__(self, home: socket.socket, dataset: Dataset, limits: Limits, borrowed: Borrowed) -> None:
        self._home, self._dataset, self._limits, self._borrowed = home, dataset, limits, borrowed
        self._raw = bytearray()

    def serve(self, spent: Callable[[], bool], unneeded: Callable[[], bool]) -> None:
        """Answers until the other side goes; says that it is leaving when ``spent``, or when idle and ``unneeded``."""
        self._borrowed.begin(self._home)
        answered = 0
        try:
            # To ask the kernel each time would cost a tenth of a small query.
            while answered < _QUERIES_BETWEEN or not spent():
                answered %= _QUERIES_BETWEEN
                asked, home = self._borrowed.wait(_LOOK_SECONDS)
                answered += asked + (self._read() if home else 0)
                idle = not asked and not home
                if idle or answered >= _QUERIES_BETWEEN:
                    self._borrowed.give_back(IDLE_SECONDS)
                if idle and unneeded():
                    break
            self._borrowed.give_back()
            frames.send(self._home, frames.LEAVING)
        except (BrokenPipeError, ConnectionResetError, EOFError):
            pass
        finally:
            self._borrowed.end()
            self._home.close()

    def _read(self) -> int:
        """Takes what the page process sends; how many queries of it were answered."""
        raw = self._borrowed.receive()
        if not raw:
            raise EOFError
        self._raw += raw
        answered, place = 0, 0
        while (frame := frames.unpack(self._raw, place)) is not None:
            kind, payload, place = frame
            answered += self._take(kind, payload)
        del self._raw[:place]
        return answered

    def _take(self, kind: bytes, payload: bytes) -> int:
        if kind == frames.QUERY:
            start = time.perf_counter()
            self._home.sendall(self._timed(payload))
            self._borrowed.took(time.perf_counter() - start)
            return 1
        if kind == frames.LEND:
            self._borrowed.take(payload)
        elif kind == frames.AVOID:
            self._borrowed.avoid(payload)
        elif kind == frames.RECALL:
            self._borrowed.give_back()
        return 0

    def _timed(self, raw: bytes) -> bytes:
        """What ends the answer to the query in ``raw``, or the process ends: of its time, or of its memory."""
        try:
            request = QueryRequest.decode(raw)
            signal.setitimer(signal.ITIMER_PROF, request.work)
            try:
                return reply(self._home, self._dataset, request, self._limits)
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)
        except MemoryError:
            os._exit(1)
