"""Which processes a parent has, and how many began and ended in which way; kept by the parent, read by its children."""

import os
import signal
from collections.abc import Iterator, Sequence
from typing import Literal, get_args

from publisher.endpoint.shared import Shared

Cause = Literal["ended", "deadline", "aborted", "killed", "other"]
"""How a process ended: by itself or asked to, by its deadline, out of memory or of stack, killed, otherwise."""
CAUSES: tuple[Cause, ...] = get_args(Cause)

_SIGNALS: dict[int, Cause] = {
    signal.SIGTERM: "ended",
    signal.SIGALRM: "deadline",
    signal.SIGPROF: "deadline",
    signal.SIGABRT: "aborted",
    signal.SIGSEGV: "aborted",
    signal.SIGBUS: "aborted",
    signal.SIGKILL: "killed",
}
_STARTED, _PID = "started", "pid"


class Roll:
    """The processes of the crews ``names``, of each at most as many as in ``sizes``."""

    def __init__(self, names: Sequence[str], sizes: Sequence[int]) -> None:
        self.names = tuple(dict.fromkeys(names))
        self._seats = tuple(name for name, size in zip(names, sizes, strict=True) for _ in range(size))
        self._counts = Shared(len(self.names), (_STARTED, *CAUSES))
        self._pids = Shared(len(self._seats), (_PID,))

    def born(self, name: str, pid: int) -> None:
        """Notes that a process of the crew ``name`` began."""
        self._counts.add(self.names.index(name), _STARTED)
        for seat, crew in enumerate(self._seats):
            if crew == name and not self._pids.get(seat, _PID):
                self._pids.set(seat, _PID, pid)
                return

    def gone(self, name: str, pid: int, status: int) -> None:
        """Notes that a process of the crew ``name`` ended with the wait status ``status``."""
        self._counts.add(self.names.index(name), cause(status))
        for seat in range(len(self._seats)):
            if self._pids.get(seat, _PID) == pid:
                self._pids.set(seat, _PID, 0)

    def living(self) -> Iterator[tuple[str, int]]:
        """Each living process: its crew and its number."""
        for seat, name in enumerate(self._seats):
            pid = int(self._pids.get(seat, _PID))
            if pid:
                yield name, pid

    def started(self, name: str) -> int:
        """How many processes of the crew ``name`` began so far."""
        return int(self._counts.get(self.names.index(name), _STARTED))

    def ended(self, name: str, how: Cause) -> int:
        """How many processes of the crew ``name`` ended so far by the cause ``how``."""
        return int(self._counts.get(self.names.index(name), how))


def cause(status: int) -> Cause:
    """How a process with the wait status ``status`` ended."""
    if os.WIFSIGNALED(status):
        return _SIGNALS.get(os.WTERMSIG(status), "other")
    # A worker that runs out of memory in Python ends with 1.
    return "ended" if os.WEXITSTATUS(status) == 0 else "aborted"
