"""What stands for the bytes of input files, without reading again those that did not change.

A file is the same while the file system says the same of it: inode, size, times of its content and of what is said of
it. The last is set by the kernel alone, with each write, rename or change of the other time, so no program can save
other bytes unnoticed. Times come in steps, though, on some file systems of two seconds: of a file that was saved less
long ago than that nothing is remembered.
"""

import os
import stat
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from publisher.core.errors import UnreadableSource
from publisher.core.hashed import Hash
from publisher.core.memory import Memory
from publisher.graph.sources import read_bytes

READ = (".ttl", ".txt")
"""The endings of the files that are read of a county's folder."""
_NOTHING = Hash(sha256(b"").digest())
_REST = 2_500_000_000
"""Nanoseconds that a file must have lain still to be known by what is said of it."""
Place = tuple[str, int, int, int, int]
"""A file and what the file system says of it: inode, size, both times."""


@dataclass(frozen=True)
class Files:
    """Hashes of files during one run, as far as ``memory`` goes without reading them."""

    memory: Memory = field(default_factory=Memory)
    _contents: dict[Path, list[bytes]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def hash(self, path: Path | str) -> Hash:
        """What stands for the bytes of ``path``. Raises MissingSource or UnreadableSource."""
        try:
            said = os.stat(path)
        except OSError:
            return _hash(path)
        return self._hash(str(path), said)

    def hashes(self, paths: Iterable[Path | str]) -> list[Hash]:
        """As ``hash``, for each of ``paths``."""
        return [self.hash(path) for path in paths]

    def contents(self, county: Path) -> list[bytes]:
        """What stands for all that is read of a county's folder, as it was when it was asked for first.

        Name and hash of every Turtle and text file, sorted; a folder of such a name counts as an empty file. Raises
        MissingSource or UnreadableSource.
        """
        if county not in self._contents:
            self._contents[county] = self._read(county)
        return self._contents[county]

    def texts(self, county: Path) -> list[tuple[str, str]]:
        """Name and SHA-256 in hex of every text file among ``contents``. Raises as these."""
        held = self.contents(county)
        pairs = zip(held[::2], held[1::2], strict=True)
        return [(name.decode(), sha256.hex()) for name, sha256 in pairs if name.endswith(b".txt")]

    def same(self, county: Path) -> bool:
        """Whether ``contents`` are still the same. Raises MissingSource or UnreadableSource."""
        return self._read(county) == self.contents(county)

    def _read(self, county: Path) -> list[bytes]:
        try:
            names = sorted(name for name in os.listdir(county) if name.endswith(READ))
        except OSError as error:
            raise UnreadableSource(file=str(county), reason=error.strerror) from None
        return [part for name in names for part in (name.encode(), self._inside(f"{county}/{name}"))]

    def _inside(self, path: str) -> Hash:
        try:
            said = os.stat(path)
        except OSError:
            return _hash(path)
        return _NOTHING if stat.S_ISDIR(said.st_mode) else self._hash(path, said)

    def _hash(self, path: str, said: os.stat_result) -> Hash:
        if max(said.st_mtime_ns, said.st_ctime_ns) > time.time_ns() - _REST:
            return _hash(path)
        return self.memory.get(("file", *_place(path, said)), lambda: _hash(path))


def places(folders: Iterable[Path]) -> frozenset[Place]:
    """Every file below ``folders`` with what the file system says of it, but for hidden ones and copies of editors."""
    waiting, found = [str(folder) for folder in folders], set[Place]()
    # Grows while it is walked.
    for folder in waiting:
        try:
            entries = [one for one in os.scandir(folder) if not one.name.startswith(".") and not one.name.endswith("~")]
        except OSError:
            continue
        for entry in entries:
            if entry.is_dir():
                waiting.append(entry.path)
            else:
                found |= _seen(entry.path)
    return frozenset(found)


def _seen(path: str) -> set[Place]:
    try:
        said = os.stat(path)
    except OSError:
        # Gone, or a link that leads nowhere.
        return set()
    return {_place(path, said)} if stat.S_ISREG(said.st_mode) else set()


def _place(path: str, said: os.stat_result) -> Place:
    return path, said.st_ino, said.st_size, said.st_mtime_ns, said.st_ctime_ns


def _hash(path: Path | str) -> Hash:
    return Hash(sha256(read_bytes(Path(path))).digest())
