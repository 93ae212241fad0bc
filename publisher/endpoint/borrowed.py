"""Visitors' connections that a page process has lent: the worker reads their requests and answers them itself.

Answered is a query in an address of the endpoint, which came in one piece and alone. Whatever else comes is given back
together with the connection, as if it had never been here.
"""

import os
import re
import select
import signal
import socket
import time
from collections import deque
from dataclasses import dataclass

from publisher.endpoint import frames
from publisher.endpoint.answers import whole
from publisher.endpoint.direct import Direct, Prepared
from publisher.endpoint.held import FIRST
from publisher.endpoint.line import Memory
from publisher.endpoint.request import Limits
from publisher.endpoint.seats import Seats
from publisher.endpoint.slip import LONGEST, Slip
from publisher.graph.store import Dataset

LOANS = 64
"""So many connections a worker has on loan at most."""
WORK_SECONDS = 0.05
"""Most of a processor's time that a query takes (on a busy machine the clock would tell nothing)."""
LONG_SECONDS = 0.01
"""Whose query takes more of a processor is given back with the answer, so that nobody waits for the next one here."""
IDLE_SECONDS = 4.0
"""A connection that is silent for so long is given back: to close it is up to who lent it."""

_VERSION, _END = b" HTTP/1.1\r\n", b"\r\n\r\n"
_TARGET = re.compile(rb"[!-\"$-~]*")
"""A query string as it may stand in a request: https://www.rfc-editor.org/rfc/rfc3986#section-3.4"""


@dataclass(eq=False)
class _Loan:
    """One connection."""

    number: int
    seat: int
    peer: str
    used: float


class Borrowed:
    """The connections that this worker has on loan."""

    def __init__(self, dataset: Dataset, limits: Limits, direct: Direct, slip: Slip) -> None:
        self._dataset, self._limits, self._direct, self._slip = dataset, limits, direct, slip
        self._seats = Seats(LOANS)
        self._came: deque[int] = deque()
        self._loans: dict[int, _Loan] = {}
        self._poller = select.poll()
        self._home: socket.socket | None = None
        self._avoided: frozenset[bytes] = frozenset()
        self._slow_clients: dict[str, float] = {}
        self._answered = Memory()
        self._spent = 0.0

    def begin(self, home: socket.socket) -> None:
        """From now on connections come from the page process at ``home``."""
        self._home = home
        self._slip.sign(os.getpid())
        self._poller.register(home, select.POLLIN)

    def wait(self, seconds: float) -> tuple[int, bool]:
        """Answers those who ask, waiting ``seconds`` for the first; how many asked, and whether home says something."""
        asked, home = 0, False
        for descriptor, _ in self._poller.poll(seconds * 1000):
            loan = self._loans.get(descriptor)
            if loan:
                asked += 1
                self._serve(loan)
            else:
                home = True
        return asked, home

    def took(self, seconds: float) -> None:
        """Another query, which came from home, took ``seconds``."""
        self._slip.took(seconds)

    def receive(self) -> bytes:
        """The next bytes from home; a connection that comes with them waits to be taken. Raises OSError."""
        assert self._home
        raw, seat = self._seats.receive(self._home)
        if seat is not None:
            # It comes with the first byte of its frame, the rest perhaps later.
            self._came.append(seat)
        return raw

    def take(self, payload: bytes) -> None:
        """Takes the connection that came first of those nobody asked for yet, as the ``payload`` of LEND says."""
        number, peer = frames.read_lent(payload)
        seat = self._came.popleft()
        self._loans[seat] = _Loan(number, seat, peer, time.perf_counter())
        self._poller.register(seat, select.POLLIN)

    def avoid(self, payload: bytes) -> None:
        """Answers none of the queries and clients in the ``payload`` of an AVOID frame."""
        queries, clients = frames.read_avoided(payload)
        now = time.monotonic()
        self._avoided = frozenset(map(bytes.fromhex, queries))
        self._slow_clients = {client: now + seconds for client, seconds in clients.items()}

    def give_back(self, idle_seconds: float = 0.0) -> None:
        """Gives back what was not used for ``idle_seconds``."""
        limit = time.perf_counter() - idle_seconds
        for loan in [loan for loan in self._loans.values() if loan.used <= limit]:
            self._back(loan)

    def end(self) -> None:
        """Home has gone: nobody takes anything back."""
        for loan in self._loans.values():
            self._let_go(loan)
        self._loans.clear()
        while self._came:
            self._seats.leave(self._came.popleft())
        if self._home:
            self._poller.unregister(self._home)
            self._home = None

    def _serve(self, loan: _Loan) -> None:
        """Answers the request that comes on ``loan``, or gives it back."""
        start = time.perf_counter()
        raw = _receive(loan.seat)
        self._slip.begin(loan.number, raw)
        answer = self._answer(loan, raw)
        if answer is None:
            self._back(loan, raw)
        else:
            message, size = answer
            self._slip.sending()
            sent = _send(loan.seat, message)
            loan.used = time.perf_counter()
            self._direct.ended(loan.used - start, size)
            self._slip.took(loan.used - start)
            if sent < len(message) or self._spent > LONG_SECONDS:
                self._back(loan, unsent=message[sent:])
        self._slip.end()

    def _answer(self, loan: _Loan, raw: bytes) -> tuple[bytes, int] | None:
        """The message that answers ``raw``, with the size of its body; or the process ends: of its time or memory."""
        signal.setitimer(signal.ITIMER_PROF, WORK_SECONDS)
        try:
            prepared = self._prepared(loan, raw)
            if prepared is None:
                return None
            self._slip.name(prepared.key)
            body = whole(self._dataset, prepared.request, self._limits, FIRST)
            return None if body is None else prepared.message(body)
        except MemoryError:
            os._exit(1)
        finally:
            # The kernel counts in steps of some milliseconds; for what is long that is fine enough.
            left, _ = signal.setitimer(signal.ITIMER_PROF, 0)
            self._spent = WORK_SECONDS - left

    def _prepared(self, loan: _Loan, raw: bytes) -> Prepared | None:
        """The request in ``raw``; None unless it is exactly one that may be answered here."""
        start, place = self._direct.start, raw.find(_VERSION)
        target, tail = raw[len(start) : place], raw[place:]
        whole_one = place > 0 and raw.startswith(start) and tail.find(_END) == len(tail) - len(_END)
        if not whole_one or not _TARGET.fullmatch(target):
            return None
        head = self._direct.read(tail, loan.peer)
        if head is None or self._is_slow(head.client):
            return None
        prepared = self._direct.prepare(target, head)
        if prepared is None or prepared.key in self._avoided or self._was_answered(prepared):
            return None
        return prepared

    def _is_slow(self, client: str) -> bool:
        return self._slow_clients.get(client, 0.0) > time.monotonic()

    def _was_answered(self, prepared: Prepared) -> bool:
        """Whether the page process should have the query this time, which then keeps the answer."""
        name = prepared.key.hex() if self._direct.keeps else ""
        before = name in self._answered
        if name:
            self._answered.add(name)
        return before

    def _back(self, loan: _Loan, read: bytes = b"", unsent: bytes = b"") -> None:
        assert self._home
        del self._loans[loan.seat]
        self._let_go(loan)
        frames.send(self._home, frames.BACK, frames.returned(loan.number, read, unsent))

    def _let_go(self, loan: _Loan) -> None:
        self._poller.unregister(loan.seat)
        self._seats.leave(loan.seat)


def _receive(descriptor: int) -> bytes:
    """What has come; nothing when the visitor has gone."""
    try:
        return os.read(descriptor, LONGEST)
    except OSError:
        return b""


def _send(descriptor: int, message: bytes) -> int:
    """How much of ``message`` the kernel takes at once."""
    try:
        return os.write(descriptor, message)
    except OSError:
        return 0
