"""What builds note for later ones, all in one file: of thousands of small ones each would be looked for and opened.

A record is a line that tells its key and the SHA-256 and length of what follows, and that; the last one of a key
counts. A line with neither says that the note was used. Processes of one build write to the end of the same file, each
record at once, so that none is torn by another.
"""

import hashlib
import mmap
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from publisher.core.memory import Memory

LEAST = 100_000_000
"""So many bytes may always lie here."""
_ROUNDS = 2
"""Of more, so many builds' worth."""
_HEAD = re.compile(rb"(?:note ([0-9a-f]{32}) ([0-9a-f]{64})|used) (\d+)\n")


class _Place(NamedTuple):
    """Where a note lies in the file, and the SHA-256 of its bytes in hex."""

    start: int
    length: int
    sha256: str

    def head(self, key: str) -> bytes:
        """The line before it."""
        return f"note {key} {self.sha256} {self.length}\n".encode()


class Notes:
    """The file of notes ``path``; what cannot be read or written there is not kept."""

    def __init__(self, path: Path, forget: bool = False, memory: Memory | None = None) -> None:
        """Where it is to ``forget``, what is there is not looked at; ``memory`` knows what was before."""
        self._path, self._memory = path, Memory() if memory is None else memory
        self._held: bytes | mmap.mmap = b""
        self._known: _Index | None = _Index() if forget else None
        self._begun = 0
        self._fresh: dict[str, bytes] = {}
        self._used: dict[str, None] = {}

    def get(self, key: str) -> bytes | None:
        """What was noted under ``key``; None when there is nothing, or not what was put there."""
        if not self.has(key):
            return None
        if key in self._fresh:
            return self._fresh[key]
        place = self._index().places[key]
        body = self._held[place.start : place.start + place.length]
        return body if hashlib.sha256(body).hexdigest() == place.sha256 else None

    def has(self, key: str) -> bool:
        """Whether something is noted under ``key``, which stays then as what was asked for does."""
        if key in self._fresh:
            return True
        found = key in self._index().places
        if found:
            self._used[key] = None
        return found

    def put(self, key: str, body: bytes) -> None:
        """Notes ``body`` under ``key``."""
        place = _Place(0, len(body), hashlib.sha256(body).hexdigest())
        self._index()
        with suppress(OSError):
            self._append(place.head(key) + body + b"\n")
            self._fresh[key] = body

    def tidy(self) -> None:
        """Writes the file anew without what was not used since it was opened, where that has become the most of it."""
        if self._known is None:
            return
        with suppress(OSError):
            self._append(b"")
            if self._path.stat().st_size > LEAST:
                self._tidied()

    def _tidied(self) -> None:
        self._read()
        index, used = self._index(), set[str]()
        index.grow(self._held)
        for at, head, _ in _records(self._held, self._begun):
            used |= {head[1].decode()} if head[1] else set(self._held[at : at + int(head[3])].decode().split())
        places = {key: place for key, place in index.places.items() if key in used}
        if len(self._held) <= _ROUNDS * sum(place.length for place in places.values()):
            return
        aside = self._path.with_suffix(f".{os.getpid()}")
        with aside.open("wb") as out:
            for key, place in places.items():
                out.write(place.head(key) + self._held[place.start : place.start + place.length] + b"\n")
        aside.replace(self._path)

    def _append(self, record: bytes) -> None:
        """Writes ``record`` to the end, before it what was used. Raises OSError."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
        try:
            used = "\n".join(self._used).encode()
            os.write(file, (b"used %d\n%s\n" % (len(used), used) if used else b"") + record)
            self._used.clear()
        finally:
            os.close(file)

    def _index(self) -> "_Index":
        """Where the notes lie that were there when they were first asked for."""
        if self._known is None:
            inode = self._read()
            self._known = self._memory.get(("notes", self._path, inode), _Index)
            self._known.grow(self._held)
            self._begun = len(self._held)
        return self._known

    def _read(self) -> int:
        """Maps the file as it is now; its inode."""
        self._held = b""
        with suppress(OSError, ValueError), self._path.open("rb") as file:
            self._held = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            return os.fstat(file.fileno()).st_ino
        return 0


@dataclass
class _Index:
    """Where notes lie in a file that grows only at its end, as far as it was looked through."""

    places: dict[str, _Place] = field(default_factory=dict)
    end: int = 0

    def grow(self, held: bytes | mmap.mmap) -> None:
        """Looks through what was added since; all of it where ``held`` is not what it was."""
        if len(held) < self.end:
            self.places, self.end = {}, 0
        for at, head, end in _records(held, self.end):
            if head[1]:
                self.places[head[1].decode()] = _Place(at, int(head[3]), head[2].decode())
            self.end = end


def _records(held: bytes | mmap.mmap, at: int = 0) -> Iterator[tuple[int, re.Match[bytes], int]]:
    """The records in ``held`` from ``at`` on: where the body begins, the line before it, where to look for the next."""
    while head := _HEAD.match(held, at) or _HEAD.search(held, at):
        start = head.end()
        end = start + int(head[3])
        # What is torn ends where it begins.
        at = end + 1 if held[end : end + 1] == b"\n" else start
        yield start, head, at
