"""How long each step of a command takes, what it costs, and for how many counties it had to be done."""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

_MIB = 1 << 10


@dataclass
class Step:
    """One step: seconds on the clock, seconds of processors, MiB of memory, counties."""

    name: str
    wall: float = 0.0
    processor: float = 0.0
    memory: int = 0
    """The most that the process itself, or one of those it started, held in this step, in MiB."""
    done: int = 0
    kept: int = 0
    """Counties for which the step took what an earlier run had made."""

    def count(self, kept: bool) -> None:
        """Notes that the step went over a county."""
        if kept:
            self.kept += 1
        else:
            self.done += 1


@dataclass
class Timings:
    """The steps of one run in their order."""

    steps: list[Step] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Measures what happens inside as the step ``name``; what waits inside for processes counts them, too."""
        found = Step(name)
        self.steps.append(found)
        _forget_peak()
        wall, processor = time.perf_counter(), _processor()
        try:
            yield found
        finally:
            found.wall = time.perf_counter() - wall
            found.processor = _processor() - processor
            found.memory = _peak()

    @property
    def whole(self) -> Step:
        """All steps together."""
        return Step(
            "",
            sum(step.wall for step in self.steps),
            sum(step.processor for step in self.steps),
            max((step.memory for step in self.steps), default=0),
        )


def _processor() -> float:
    """Seconds of processors that this process and those it waited for have used."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def _forget_peak() -> None:
    """Lets the kernel note the peak of this process anew (proc_pid_clear_refs(5)); else the old one stays."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def _peak() -> int:
    with suppress(OSError, StopIteration, ValueError):
        lines = Path("/proc/self/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) // _MIB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // _MIB
