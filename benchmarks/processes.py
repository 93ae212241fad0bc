"""What a process and those it started hold and use, as the kernel counts it (Linux)."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def tree(pid: int) -> list[int]:
    """``pid`` and every process below it; those that have ended are left out."""
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
        children = [child for thread in threads for child in (thread / "children").read_text().split()]
    except OSError:
        return []
    return [pid, *(found for child in children for found in tree(int(child)))]


def memory(pid: int) -> float:
    """Megabytes (PSS) that ``pid`` and all below it hold: what they share is counted once."""
    return sum(map(_pss, tree(pid))) / 1000


def processor_seconds(pid: int) -> float:
    """Seconds of processor time that ``pid`` and all below it have used, with those they waited for."""
    return sum(map(_seconds, tree(pid)))


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _seconds(pid: int) -> float:
    try:
        # The name stands in brackets and may hold blanks; after it come the fields from the third on.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(map(int, fields[11:15])) / _TICKS
