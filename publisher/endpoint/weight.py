"""How much of its parent's memory a process has made its own by reading it.

The store counts readers of a statement beside the statement, so whoever reads a page of memory writes to it, and the
kernel copies it for him: a query over everything costs as much memory as the release, until its worker ends.
"""

import resource
from pathlib import Path

from publisher.endpoint.confine import LINUX, peak_memory

AT_REST, AT_WORK = 1 << 26, 1 << 28
"""So many bytes of its parent's memory an idle process keeps for itself, and a busy worker of the quick lane."""
_PAGE = resource.getpagesize()


class Weight:
    """What this process has taken since ``Weight()``; a new one in its place begins with nothing.

    It may grow by ``room`` bytes, and it keeps what it has copied while it is at work (``keeping``): a slow query reads
    everything again, and is quicker where that is its own already.
    """

    def __init__(self, room: int, keeping: bool) -> None:
        self._most, self._keeping, self._before = peak_memory() + room, keeping, _faults()

    def spent(self) -> bool:
        """Whether it has taken so much that it should end, though there may be work."""
        return peak_memory() >= self._most or (not self._keeping and self._copied(AT_WORK))

    def idle(self) -> bool:
        """Whether it has copied so much that it should end, since there is no work."""
        return self._copied(AT_REST)

    def _copied(self, limit: int) -> bool:
        """Whether it may have copied ``limit`` bytes: each page was one fault of the kernel's count.

        Those of memory that was taken and given back count as well, so it is the most that it can be.
        """
        return LINUX and (_faults() - self._before) * _PAGE > limit


def own_memory() -> int:
    """The bytes of memory that this process shares with nobody; 0 where the system does not tell.

    The kernel looks at every page for it, which takes some milliseconds.
    """
    if not LINUX:
        return 0
    lines = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()
    return sum(int(line.split()[1]) << 10 for line in lines if line.startswith("Private_Dirty:"))


def _faults() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
