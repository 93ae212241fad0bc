"""Looks up a few lines of a sorted N-Quads file without reading all of it."""

from collections.abc import Iterator
from mmap import ACCESS_READ, mmap
from pathlib import Path


def lines_about(path: Path, subject: str, predicate: str) -> Iterator[bytes]:
    """The lines of the sorted N-Quads file ``path`` that say ``predicate`` of ``subject``."""
    start = f"<{subject}> <{predicate}> ".encode()
    if not path.stat().st_size:
        return
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as held:
        place = 0 if held[: len(start)] == start else held.find(b"\n" + start) + 1
        while held[place : place + len(start)] == start:
            end = held.find(b"\n", place) + 1
            yield held[place:end]
            place = end
