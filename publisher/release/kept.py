"""Files made in earlier builds, by the hash of everything they follow from: what did not change is not made again.

The name of a kept file holds the hash of its bytes, and what goes into a release is hashed on the way: a file that was
changed since is not taken. It is copied, never linked, so that nothing reaches into a release from outside. Only what
the last release holds already is linked from there: releases do not change. Where that cannot be, it is copied.
"""

import hashlib
import os
import time
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

import publisher.graph
from publisher.core.hashed import hashed
from publisher.core.memory import Memory
from publisher.release.notes import Notes

Thing = TypeVar("Thing")
_PIECE = 1 << 20
_LEAST = 500_000_000
"""So many bytes may always lie here: builds of a few counties with different settings beside each other."""
_ROUNDS = 2
"""Of more, so many builds' worth: that of the release in force, and the next one."""
_LIBRARIES = ("pyoxigraph", "rdflib", "zstandard", "XlsxWriter")


@dataclass(frozen=True)
class Written:
    """A file as it was written: its size in bytes and its SHA-256 in hex."""

    bytes: int
    sha256: str


class Gone(Exception):
    """What a build counted on is not there any more, or not as it was: it begins again, with nothing kept."""


class Kept:
    """A folder of files made in earlier builds; what cannot be read or written there is made again."""

    def __init__(
        self,
        folder: Path,
        last: Mapping[str, tuple[Path, int]] | None = None,
        forget: bool = False,
        memory: Memory | None = None,
    ) -> None:
        """``folder`` is that of the settings for what can be computed again.

        ``last`` tells of the files of the last release by their SHA-256 where each lies, and its size in bytes. Where
        it is to ``forget``, nothing of earlier builds is taken. ``memory`` is what earlier builds of this process left.
        """
        self.memory = Memory() if memory is None else memory
        self._folder = folder / "files"
        self._notes = Notes(folder / "notes", forget, self.memory)
        self._last = last or {}
        self._by_path = {"/".join(path.parts[-2:]): sha256 for sha256, (path, _) in self._last.items()}
        self._held: dict[str, list[Path]] | None = {} if forget else None
        # Times of files lag behind the clock by some thousandths of a second.
        self._begun = time.time_ns() - 50_000_000

    def write(self, target: Path, key: str, make: Callable[[], bytes]) -> Written:
        """Puts into ``target`` what is kept under ``key``, else what ``make`` gives, which is kept then."""
        return self.fill(target, key, lambda path: path.write_bytes(make()))

    def fill(self, target: Path, key: str, make: Callable[[Path], object]) -> Written:
        """As ``write``; ``make`` writes into the file itself."""
        written = self.take(target, key)
        if written is None:
            make(target)
            written = _digest(target)
            with suppress(OSError):
                self.keep(key, target, written.bytes, written.sha256)
        return written

    def take(self, target: Path, key: str) -> Written | None:
        """Puts into ``target`` what is kept under ``key``; None where nothing is."""
        return self._linked(key, target) or self._taken(key, target)

    def link(self, target: Path, sha256: str) -> Written | None:
        """Makes ``target`` the file of the last release with this checksum; None where there is none."""
        source, size = self._last.get(sha256, (None, 0))
        if source is None:
            return None
        try:
            if source.stat().st_size != size:
                return None
            os.link(source, target)
        except OSError:
            # Another file system, or one without links.
            return None
        return Written(size, sha256)

    def last(self, path: str) -> tuple[Path | None, str]:
        """Where the file ``path`` of the last release lies, and its SHA-256; None and "" where it has none."""
        found = self._by_path.get(path)
        return (self._last[found][0], found) if found else (None, "")

    def note(self, key: str, body: bytes) -> None:
        """Keeps ``body``, which is no file of a release, under ``key``; where that cannot be, nothing is kept."""
        self._notes.put(key, body)

    def noted(self, key: str) -> bytes | None:
        """What ``note`` kept under ``key``; None when there is nothing, or not what was put there."""
        return self._notes.get(key)

    def known(self, key: str, parse: Callable[[bytes], Thing]) -> Thing | None:
        """What ``parse`` makes of what ``note`` kept under ``key``, or made of it in an earlier build of this process.

        None where there is nothing.
        """
        if not self._notes.has(key):
            return None

        def read() -> Thing | None:
            body = self._notes.get(key)
            return None if body is None else parse(body)

        return self.memory.get((parse, key), read)

    def notes(self, *keys: str) -> bool:
        """Whether there is a note under each of ``keys``; these stay then, as if they had been asked for."""
        return not [key for key in keys if not self._notes.has(key)]

    def use(self, key: str) -> bool:
        """Whether something is kept under ``key``, which is then of use to this build though it is not read."""
        found = self._found(key)
        for path in found:
            with suppress(OSError):
                os.utime(path)
        return bool(found) or self.notes(key)

    def _linked(self, key: str, target: Path) -> Written | None:
        for path in self._found(key):
            if written := self.link(target, path.name.rpartition("-")[2]):
                with suppress(OSError):
                    os.utime(path)
                return written
        return None

    def tidy(self) -> None:
        """Removes what was not used for longest, while more lies here than the builds of late have use for."""
        self._notes.tidy()
        found = []
        for path in self._folder.glob("*/*"):
            with suppress(OSError):
                found.append((path.stat().st_mtime_ns, path.stat().st_size, path))
        # Whichever process took or put it: what this build used is what was touched since it began.
        most = max(_LEAST, _ROUNDS * sum(size for touched, size, _ in found if touched >= self._begun))
        for _, size, path in sorted(found, reverse=True):
            most -= size
            if most < 0:
                path.unlink(missing_ok=True)

    def _taken(self, key: str, target: Path) -> Written | None:
        """``target`` filled with what is kept under ``key``; None when there is nothing, or not what was put there."""
        for path in self._found(key):
            with suppress(OSError):
                written = _copy(path, target)
                if path.name == f"{key}-{written.sha256}":
                    os.utime(path)
                    return written
                path.unlink()
        return None

    def _place(self, key: str) -> Path:
        # With 400 counties thousands of files lie here, and a folder is read whole to find one.
        return self._folder / key[:2]

    def _found(self, key: str) -> list[Path]:
        """What is kept under ``key``; the folders are read once, what other processes add meanwhile is not seen."""
        if self._held is None:
            self._held = {}
            for path in self._folder.glob("*/*"):
                self._held.setdefault(path.name.partition("-")[0], []).append(path)
        return list(self._held.get(key, ()))

    def _put(self, key: str, aside: Path, sha256: str) -> None:
        target = self._place(key) / f"{key}-{sha256}"
        aside.replace(target)
        if self._held is not None and target not in self._held.setdefault(key, []):
            self._held[key].append(target)

    def keep(self, key: str, source: Path, size: int, sha256: str) -> None:
        """Keeps ``source`` under ``key``. Raises OSError."""
        written = Written(size, sha256)
        place = self._place(key)
        place.mkdir(parents=True, exist_ok=True)
        aside = place / f"{key}.{os.getpid()}"
        try:
            if _copy(source, aside) == written:
                self._put(key, aside, written.sha256)
        finally:
            aside.unlink(missing_ok=True)


def key(*parts: bytes, code: Iterable[Path] = ()) -> str:
    """A hash over ``parts``, the code that writes RDF, the files ``code``, and the libraries that write with them.

    A ``Hash`` among ``parts`` stands for what it is the hash of.
    """
    digest = hashlib.sha256(_writers())
    for part in parts:
        digest.update(hashed(part))
    for path in code:
        digest.update(_hash(path))
    return digest.hexdigest()[:32]


@cache
def _hash(path: Path) -> bytes:
    """A hash of a file of the program, which does not change while it runs."""
    return hashlib.sha256(path.read_bytes()).digest()


@cache
def _writers() -> bytes:
    code = sorted(Path(publisher.graph.__file__).parent.glob("*.py"))
    named = " ".join(f"{name}={version(name)}" for name in _LIBRARIES)
    said = f"{named} zlib={zlib.ZLIB_RUNTIME_VERSION}".encode() + b"".join(path.read_bytes() for path in code)
    # Hashed here once: each key begins with it.
    return hashlib.sha256(said).digest()


def _copy(source: Path, target: Path) -> Written:
    """Copies a file; what was written."""
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as old, target.open("wb") as new:
        while piece := old.read(_PIECE):
            digest.update(piece)
            new.write(piece)
            size += len(piece)
    return Written(size, digest.hexdigest())


def _digest(path: Path) -> Written:
    with path.open("rb") as file:
        return Written(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
