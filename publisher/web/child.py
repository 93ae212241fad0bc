"""A process that the supervisor forks: how it is born, and the pipe by which it tells what became of it."""

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from publisher.core import errors, refusals
from publisher.core.errors import KreisgraphError
from publisher.endpoint.confine import die_with

WATCHED = (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
"""The signals that the supervisor waits for."""
Report = Callable[[str], None]
"""Tells the supervisor that the child is at work, and with which release."""
_PIECE = 65536


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

    def hear(self) -> None:
        """Reads what it told; closes the pipe when there is nothing more to come."""
        piece = os.read(self.news, _PIECE)
        self.raw += piece
        if not piece:
            self.close()
        if self.raw.endswith(b"\n"):
            self.facts = json.loads(self.raw)

    def close(self) -> None:
        """Closes the pipe."""
        if self.news >= 0:
            os.close(self.news)
            self.news = -1

    @property
    def release(self) -> str:
        """The version it serves; "" while it does not serve."""
        return str(self.facts.get("release", ""))

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
            os.kill(self.pid, number)


def fork(life: Callable[[Report], None], close: Sequence[int]) -> Child:
    """A child that leads ``life`` and ends; it closes the descriptors ``close`` first. It dies with its parent."""
    news, tell = os.pipe()
    parent = os.getpid()
    held = signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
    pid = os.fork()
    if pid == 0:
        _become(life, tell, [*close, news], parent)
    signal.pthread_sigmask(signal.SIG_SETMASK, held)
    os.close(tell)
    return Child(pid, news)


def _become(life: Callable[[Report], None], tell: int, close: Sequence[int], parent: int) -> None:
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        for number in WATCHED:
            # A hang-up means the supervisor, also when it is sent to all.
            signal.signal(number, signal.SIG_IGN if number == signal.SIGHUP else signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, WATCHED)
        for descriptor in close:
            os.close(descriptor)
        die_with(parent, signal.SIGTERM)
        life(lambda release: _write(tell, {"release": release}))
        status = 0
    except KreisgraphError as error:
        facts = {"error": type(error).__name__, "facts": error.facts}
        _write(tell, facts)
    except BaseException as error:
        traceback.print_exc()
        _write(tell, {"what": repr(error)})
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _write(tell: int, facts: dict[str, Any]) -> None:
    os.write(tell, json.dumps(facts, default=str).encode() + b"\n")
