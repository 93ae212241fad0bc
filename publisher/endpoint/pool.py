"""The parent of all processes: forks them, puts new ones in the place of dead ones, ends them.

It has no threads and no event loop, and it never reads a request: what it holds in memory its children share.
"""

import gc
import os
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from publisher.endpoint.roll import Roll

BACKLOG = 64
"""Queries that may wait for a free worker."""

CALL = signal.SIGUSR1
"""The signal by which the parent is asked for something else than to end."""
_WATCHED = {signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, CALL}
_BIRTHS_PER_SECOND = 40
_PAUSE_SECONDS = 0.2
_GRACE_SECONDS = 5.0


@dataclass(frozen=True)
class Crew:
    """Processes of one kind: how many, and what each does (it returns only to end)."""

    name: str
    size: int
    run: Callable[[], None]
    first: bool = False
    """Whether its processes end before all others: what they have begun needs the others."""


@dataclass
class Pool:
    """The living processes of several crews."""

    crews: Sequence[Crew]
    roll: Roll | None = None
    grace_seconds: float = 0.0
    """How long the crews that end first may take to finish what they have begun."""
    members: dict[int, Crew] = field(default_factory=dict)
    births: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Forks all of them. From now on the signals of interest wait for ``watch``."""
        signal.pthread_sigmask(signal.SIG_BLOCK, _WATCHED)
        gc.collect()
        for crew in self.crews:
            for _ in range(crew.size):
                self._fork(crew)

    def watch(self, called: Callable[[], bool] = lambda: False) -> bool:
        """Refills the crews until SIGTERM or SIGINT comes, then ends them all, each kind in its turn.

        ``called`` is done when CALL comes. It may fork a process that goes another way: there it says True, and so
        does this, with the crews left to whom they belong.
        """
        try:
            while (number := signal.sigwait(_WATCHED)) in (signal.SIGCHLD, CALL):
                if number == signal.SIGCHLD:
                    self._refill()
                elif called():
                    self.members.clear()
                    return True
            self._finish()
        finally:
            self.stop()
        return False

    def _refill(self, but: Sequence[Crew] = ()) -> None:
        for crew in self._reap():
            if crew not in but:
                self._pace()
                self._fork(crew)

    def _finish(self) -> None:
        """Lets the crews that end first finish what they have begun, with the others in full strength."""
        first = [crew for crew in self.crews if crew.first]
        for pid, crew in self.members.items():
            if crew.first:
                os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + self.grace_seconds
        while any(crew.first for crew in self.members.values()) and time.monotonic() < deadline:
            self._refill(but=first)
            time.sleep(0.02)

    def stop(self) -> None:
        """Ends every process: asked first, made to a little later."""
        self._signal(signal.SIGTERM)
        deadline = time.monotonic() + _GRACE_SECONDS
        while self.members and time.monotonic() < deadline:
            self._reap()
            time.sleep(0.01)
        self._signal(signal.SIGKILL)
        while self.members:
            self._reap()
            time.sleep(0.01)

    def _signal(self, number: signal.Signals) -> None:
        for pid in self.members:
            os.kill(pid, number)

    def _fork(self, crew: Crew) -> None:
        pid = os.fork()
        if pid == 0:
            _become(crew)
        self.members[pid] = crew
        if self.roll:
            self.roll.born(crew.name, pid)

    def _reap(self) -> list[Crew]:
        """The crews that lost a member, once for each."""
        lost = []
        while self.members:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                break
            crew = self.members.pop(pid, None)
            if crew:
                lost.append(crew)
                if self.roll:
                    self.roll.gone(crew.name, pid, status)
        return lost

    def _pace(self) -> None:
        """Waits a little when processes die as fast as they are made: a fault of ours, or an attack."""
        now = time.monotonic()
        self.births = [born for born in self.births if now - born < 1] + [now]
        if len(self.births) > _BIRTHS_PER_SECOND:
            time.sleep(_PAUSE_SECONDS)


def _become(crew: Crew) -> None:
    """The life of a forked process."""
    status = 1
    try:
        for number in _WATCHED:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _WATCHED)
        # What was made before the fork stays; to look through it would copy it.
        gc.freeze()
        gc.enable()
        crew.run()
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def listen(path: Path, look_for_parent_seconds: float) -> socket.socket:
    """The socket at ``path`` at which query workers take connections; only this user may connect."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    path.unlink(missing_ok=True)
    old = os.umask(0o177)
    try:
        listener.bind(str(path))
    finally:
        os.umask(old)
    listener.listen(BACKLOG)
    listener.settimeout(look_for_parent_seconds)
    return listener
