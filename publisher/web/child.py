"""A process that the supervisor forks: how it is born, and the pipe by which it tells what became of it."""

import json
import os
import select
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from publisher.core import errors, refusals
from publisher.core.errors import KreisgraphError
from publisher.core.settings import Settings
from publisher.endpoint.confine import die_with, lead_nowhere
from publisher.endpoint.pool import CALL

WATCHED = (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
"""The signals that the supervisor waits for."""
_PIECE = 65536
_CLEARED_SECONDS = 10.0
"""How long it may take until the waiting room is gone."""
_ADOPTED_SECONDS = 10.0
"""How long it may take until the supervisor is the parent of what its grandchild left behind."""


@dataclass(frozen=True)
class Ties:
    """What connects a child with the supervisor."""

    tell: int
    """The end of its pipe that is written to."""
    orders: socket.socket
    supervisor: int

    def announce(self) -> None:
        """Tells that all is loaded, and waits until nobody else answers at the door."""
        _write(self.tell, {"loaded": True})
        if select.select([self.orders], [], [], _CLEARED_SECONDS)[0]:
            self.orders.recv(1)

    def report(self, release: str) -> None:
        """Tells that the child is at work, and with which release."""
        _write(self.tell, {"release": release})


@dataclass(frozen=True)
class Heir:
    """What a process does that a child forked to go on in its place."""

    life: "Life"
    ties: Ties


Life = Callable[[Ties], Heir | None]
"""What a child does. It returns to end, or, in a process that it forked, how that goes on."""


@dataclass
class Child:
    """A living process, and what it told so far."""

    pid: int
    news: int
    """The end of its pipe that is read; -1 when it is closed."""
    place: str = ""
    """Where the link to the release in force led when it began to load."""
    folder: Path | None = None
    """Where the sockets of its processes lie."""
    raw: bytes = b""
    gone: bool = False
    deadline: float = float("inf")
    """When it is killed, on the monotonic clock."""
    facts: dict[str, Any] = field(default_factory=dict)
    orders: socket.socket | None = None
    """By it the child hears that another is to take its place."""
    welcome: bool = False
    """Whether it knows that nobody answers in its place any more."""
    settings: Settings | None = None
    """What it was begun with."""
    age: int = 0
    """How many releases its statements went through in memory since they were loaded."""
    since: float = field(default_factory=time.monotonic)

    def hear(self) -> None:
        """Reads what it told; closes the pipe when there is nothing more to come."""
        piece = os.read(self.news, _PIECE)
        self.raw += piece
        if not piece:
            self.close()
        *lines, self.raw = self.raw.split(b"\n")
        for line in lines:
            self.facts |= json.loads(line)
        self.pid = self.pid or int(self.facts.get("pid", 0))
        # Whoever ends before it had a name is heard of no more.
        self.gone = self.gone or not (piece or self.pid)

    def close(self) -> None:
        """Closes the pipe."""
        if self.news >= 0:
            os.close(self.news)
            self.news = -1

    def forget(self) -> None:
        """Closes what connects it."""
        self.close()
        if self.orders:
            self.orders.close()

    def succeed(self, folder: Path) -> "Child":
        """The process that takes its place: a copy of it that goes over to the release in force.

        Its sockets lie in ``folder``; its number is known as soon as it tells.
        """
        assert self.orders
        news, tell = os.pipe()
        ours, theirs = _pair()
        with theirs:
            # A child that has just ended takes no order: the pipe then closes without a word.
            with suppress(OSError):
                socket.send_fds(self.orders, [os.fsencode(folder)], [tell, theirs.fileno()])
            self.end(CALL)
            os.close(tell)
        return Child(0, news, folder=folder, orders=ours, settings=self.settings, age=self.age + 1)

    @property
    def release(self) -> str:
        """The version it serves; "" while it does not serve."""
        return str(self.facts.get("release", ""))

    def admit(self) -> None:
        """Lets it begin: nobody answers in its place any more."""
        assert self.orders
        self.welcome = True
        with suppress(OSError):
            self.orders.send(b"\n")

    @property
    def waits(self) -> bool:
        """Whether it has loaded all and waits to begin."""
        return bool(self.facts.get("loaded")) and not self.welcome

    def failure(self) -> KreisgraphError:
        """Why it ended before it served."""
        name = str(self.facts.get("error"))
        kind = getattr(errors, name, None) or getattr(refusals, name, None)
        if kind is None:
            return KreisgraphError(what=self.facts.get("what", "process ended"))
        found: KreisgraphError = kind(**self.facts["facts"])
        return found

    def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Asks it to end."""
        with suppress(ProcessLookupError):
            if self.pid:
                os.kill(self.pid, number)


def fork(life: Life, close: Sequence[int]) -> Child:
    """A child that leads ``life`` and ends; it closes the descriptors ``close`` first. It dies with its parent."""
    news, tell = os.pipe()
    ours, theirs = _pair()
    parent = os.getpid()
    held = signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
    pid = os.fork()
    if pid == 0:
        ours.close()
        _become(life, Ties(tell, theirs, parent), [*close, news])
    signal.pthread_sigmask(signal.SIG_SETMASK, held)
    os.close(tell)
    theirs.close()
    return Child(pid, news, orders=ours)


def _pair() -> tuple[socket.socket, socket.socket]:
    """The supervisor's end of what orders go by, and the child's, which is never waited at."""
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    return ours, theirs


def bequeath(ties: Ties, keep: Sequence[int]) -> tuple[Ties, Path] | None:
    """Called in a child that has an order: forks the process that is to take its place.

    In that process, whose parent is the supervisor, its ties and the folder for its sockets; None in the child itself.
    Of the open descriptors only ``keep`` lead anywhere in it.
    """
    try:
        raw, (tell, orders), _, _ = socket.recv_fds(ties.orders, _PIECE, 2)
    except (BlockingIOError, ValueError):
        # Somebody else sent the signal.
        return None
    try:
        between = os.fork()
    except OSError:
        os.close(tell)
        os.close(orders)
        return None
    if between:
        os.close(tell)
        os.close(orders)
        os.waitpid(between, 0)
        return None
    try:
        # The supervisor becomes the parent of what a process leaves behind that ends at once.
        if os.fork():
            os._exit(0)
    except OSError:
        os._exit(1)
    deadline = time.monotonic() + _ADOPTED_SECONDS
    while os.getppid() != ties.supervisor and time.monotonic() < deadline:
        time.sleep(0.001)
    die_with(ties.supervisor, signal.SIGTERM)
    lead_nowhere({tell, orders, *keep})
    os.close(ties.tell)
    ties.orders.close()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {*WATCHED, CALL})
    _write(tell, {"pid": os.getpid()})
    return Ties(tell, socket.socket(fileno=orders), ties.supervisor), Path(os.fsdecode(raw))


def _become(life: Life, ties: Ties, close: Sequence[int]) -> None:
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        for number in WATCHED:
            # A hang-up means the supervisor, also when it is sent to all.
            signal.signal(number, signal.SIG_IGN if number == signal.SIGHUP else signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, WATCHED)
        for descriptor in close:
            os.close(descriptor)
        die_with(ties.supervisor, signal.SIGTERM)
        while heir := life(ties):
            life, ties = heir.life, heir.ties
            del heir
        status = 0
    except KreisgraphError as error:
        facts = {"error": type(error).__name__, "facts": error.facts}
        _write(ties.tell, facts)
    except BaseException as error:
        traceback.print_exc()
        _write(ties.tell, {"what": repr(error)})
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _write(tell: int, facts: dict[str, Any]) -> None:
    os.write(tell, json.dumps(facts, default=str).encode() + b"\n")
