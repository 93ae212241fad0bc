"""The folder of an export: what lies in it is ours only as far as its list says so.

Files are written aside and renamed, so that a web server never sees half a file; the list comes last. What a run that
was broken off has written stands in a journal, so that the next one knows it for ours.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from publisher.core.errors import ExportRunning, ForeignFolder, UnsafeName

LIST, JOURNAL, ASIDE, LOCK = (f".kreisgraph-export{ending}" for ending in ("", ".new", ".aside", ".lock"))
_OWN = (LIST, JOURNAL, ASIDE, LOCK)


@dataclass(frozen=True)
class Entry:
    """What the list says of a file: the start of the SHA-256 of its bytes, their number, what it was made from."""

    digest: str
    size: int
    source: str = ""
    """A hash of everything the file depends on, where that is known without making it."""
    more: str = ""
    """The addresses with a query string that the page leads to, with blanks between: known without reading it again."""


@dataclass(frozen=True)
class Folder:
    """A folder that is written to; ``before`` is what its list said."""

    path: Path
    before: Mapping[str, Entry]
    left: frozenset[str] = frozenset()
    """What a run that was broken off may have left."""

    @classmethod
    @contextmanager
    def opened(cls, path: Path) -> Iterator[Self]:
        """``path``, created where it is missing, for one run alone.

        Raises ForeignFolder when it holds anything and is no earlier export, ExportRunning.
        """
        if path.exists() and not path.is_dir():
            raise ForeignFolder(folder=path)
        if path.is_dir() and not (path / LIST).is_file() and any(one.name not in _OWN for one in path.iterdir()):
            raise ForeignFolder(folder=path)
        path.mkdir(parents=True, exist_ok=True)
        with (path / LOCK).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ExportRunning(folder=path) from None
            shutil.rmtree(path / ASIDE, ignore_errors=True)
            (path / ASIDE).mkdir()
            journal = path / JOURNAL
            left = frozenset(journal.read_text(encoding="utf-8").splitlines()) if journal.is_file() else frozenset()
            if not (path / LIST).is_file():
                (path / LIST).write_text("", encoding="utf-8")
            yield cls(path, _read(path / LIST), left)
            shutil.rmtree(path / ASIDE, ignore_errors=True)

    def announce(self, files: Iterable[str]) -> None:
        """Notes new ``files`` in the journal before they are written."""
        lines = "".join(f"{file}\n" for file in files if file not in self.before)
        if lines:
            with (self.path / JOURNAL).open("ab") as journal:
                journal.write(lines.encode())

    def put(self, file: str, body: bytes, source: str = "", more: str = "") -> tuple[Entry, bool]:
        """Writes ``body`` to ``file`` unless it is there already; its entry, and whether it was written."""
        entry = Entry(hashlib.sha256(body).hexdigest()[:32], len(body), source, more)
        if self.holds(file, entry):
            return entry, False
        aside = self.path / ASIDE / f"{os.getpid()}"
        aside.write_bytes(body)
        self._move(aside, file)
        return entry, True

    def copy(self, file: str, source: Path, digest: str, size: int) -> tuple[Entry, bool]:
        """As ``put``, with the bytes of ``source``, whose SHA-256 and size are known."""
        entry = Entry(digest[:32], size)
        if self.holds(file, entry):
            return entry, False
        aside = self.path / ASIDE / f"{os.getpid()}"
        shutil.copyfile(source, aside)
        self._move(aside, file)
        return entry, True

    def holds(self, file: str, entry: Entry) -> bool:
        """Whether ``file`` is there with the bytes of ``entry``, as far as its list and its size tell."""
        held = self.before.get(file)
        if held is None or (held.digest, held.size) != (entry.digest, entry.size):
            return False
        try:
            return os.stat(self.path / file).st_size == entry.size
        except OSError:
            return False

    def kept(self, file: str, source: str) -> Entry | None:
        """The entry of ``file`` when it was made from ``source`` and is still there."""
        held = self.before.get(file)
        return held if held and source and held.source == source and self.holds(file, held) else None

    def finish(self, now: Mapping[str, Entry]) -> list[str]:
        """Removes what is no longer made, writes the list; the files removed."""
        gone = sorted((set(self.before) | self.left) - set(now))
        removed = [file for file in gone if self._remove(file)]
        lines = (f"{one.digest}\t{one.size}\t{one.source}\t{one.more}\t{file}\n" for file, one in sorted(now.items()))
        aside = self.path / ASIDE / "list"
        aside.write_text("".join(lines), encoding="utf-8")
        aside.replace(self.path / LIST)
        (self.path / JOURNAL).unlink(missing_ok=True)
        return removed

    def _move(self, aside: Path, file: str) -> None:
        target = self.path / file
        try:
            aside.replace(target)
        except FileNotFoundError:
            target.parent.mkdir(parents=True, exist_ok=True)
            aside.replace(target)

    def _remove(self, file: str) -> bool:
        path = self.path / check_name(file)
        try:
            path.unlink()
        except OSError:
            return False
        for folder in path.parents:
            if folder == self.path or any(folder.iterdir()):
                break
            folder.rmdir()
        return True


def check_name(file: str) -> str:
    """``file`` when it is a name below the folder; raises UnsafeName."""
    parts = file.split("/")
    if file.startswith("/") or any(part in ("", ".", "..") or len(part.encode()) > 255 for part in parts):
        raise UnsafeName(file=file)
    return file


def _read(path: Path) -> dict[str, Entry]:
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        digest, size, source, more, file = line.split("\t", 4)
        found[file] = Entry(digest, int(size), source, more)
    return found
