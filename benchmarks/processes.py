"""What a process and those it started hold and use, as the kernel counts it (Linux)."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def tree(pid: int) -> list[int]:
    """``pid`` and every process below it; those that have ended are left out."""
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
    except OSError:
        return []
    children = [child for thread in threads for child in _read(thread / "children").split()]
    return [pid, *(found for child in children for found in tree(int(child)))]


def memory(pid: int) -> float:
    """Megabytes (PSS) that ``pid`` and all below it hold: what they share is counted once."""
    return sum(map(_pss, tree(pid))) / 1000


def processor_seconds(pid: int) -> float:
    """Seconds of processor time that ``pid`` and all below it have used, with those they waited for."""
    return sum(map(_seconds, tree(pid)))


def _pss(pid: int) -> int:
    lines = _read(Path(f"/proc/{pid}/smaps_rollup")).splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _seconds(pid: int) -> float:
    # The name stands in brackets and may hold blanks; after it come the fields from the third on.
    fields = _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _TICKS


def _read(path: Path) -> str:
    """What a file of the kernel says; nothing when its process or thread has just ended."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
