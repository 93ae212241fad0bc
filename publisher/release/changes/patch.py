"""RDF Patch: what leads from one N-Quads file to another, as rows that programs apply.

https://afs.github.io/rdf-delta/rdf-patch.html. Blank nodes have the canonical labels of our files, so a patch fits
those files and no others; the header says which, by their checksums.
"""

import gzip
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from publisher.core.errors import BrokenPatch, PatchMisfit
from publisher.release.changes.merge import difference

ENDING, MEDIA = "rdfp", "application/rdf-patch"
_HEADER = (b"id", b"prev", b"old-sha256", b"new-sha256")
_CONTROL = (b"TX .", b"TC .")


@dataclass(frozen=True)
class Header:
    """What a patch says of itself: IRIs of both releases, checksums (SHA-256, hex) of both files; "" is left out."""

    id: str = ""
    prev: str = ""
    old: str = ""
    new: str = ""

    def rows(self) -> Iterator[bytes]:
        """The rows of the header."""
        terms = (f"<{self.id}>", f"<{self.prev}>", f'"{self.old}"', f'"{self.new}"')
        for name, term, value in zip(_HEADER, terms, (self.id, self.prev, self.old, self.new), strict=True):
            if value:
                yield b"H %s %s .\n" % (name, term.encode())


@dataclass(frozen=True)
class Patch:
    """A patch as it was read, its lines sorted."""

    file: str
    header: Header
    removed: list[bytes]
    added: list[bytes]


def rows(header: Header, removed: Iterable[bytes], added: Iterable[bytes]) -> Iterator[bytes]:
    """The rows of a patch that takes the lines ``removed`` (N-Quads) away and puts ``added`` in."""
    yield from header.rows()
    yield b"TX .\n"
    yield from (b"D " + line for line in removed)
    yield from (b"A " + line for line in added)
    yield b"TC .\n"


def read(path: Path) -> Patch:
    """The patch in ``path``, which may be gzip. Raises BrokenPatch, OSError."""
    header: dict[bytes, str] = {}
    lines: dict[bytes, list[bytes]] = {b"D ": [], b"A ": []}
    with opened(path) as file:
        for number, line in enumerate(_rows(file, path), 1):
            if line[:2] in lines and line.endswith(b" .\n"):
                lines[line[:2]].append(line[2:])
            elif line.startswith(b"H ") and line.endswith(b" .\n"):
                name, _, value = line[2:-3].partition(b" ")
                header[name] = value.strip(b'<>"').decode()
            elif line.strip() and line.strip() not in _CONTROL:
                raise BrokenPatch(file=str(path), line=number)
    known = (header.get(name, "") for name in _HEADER)
    return Patch(str(path), Header(*known), sorted(lines[b"D "]), sorted(lines[b"A "]))


def _rows(file: IO[bytes], path: Path) -> Iterator[bytes]:
    try:
        yield from file
    except (EOFError, gzip.BadGzipFile):
        raise BrokenPatch(file=str(path), line=0) from None


def apply(patch: Patch, old: Path, out: IO[bytes], back: bool = False) -> None:
    """Writes to ``out`` what ``patch`` makes of the N-Quads file ``old``, byte for byte the file of the other release.

    With ``back`` it goes from the newer file to the older one. Raises PatchMisfit when the file is not the one that
    the patch is for, in which case ``out`` holds something of no use; OSError.
    """
    header = patch.header
    wanted, made = (header.new, header.old) if back else (header.old, header.new)
    gone, come = (patch.added, patch.removed) if back else (patch.removed, patch.added)
    read_digest, written_digest = hashlib.sha256(), hashlib.sha256()
    with opened(old) as file:
        for line in _changed(_counted(file, read_digest), gone, come, patch.file):
            written_digest.update(line)
            out.write(line)
    for expected, digest in ((wanted, read_digest), (made, written_digest)):
        if expected and expected != digest.hexdigest():
            raise PatchMisfit(file=patch.file, detail=f"SHA-256 {digest.hexdigest()} ≠ {expected}")


def _changed(old: Iterable[bytes], gone: list[bytes], come: list[bytes], name: str) -> Iterator[bytes]:
    waiting = iter(come)
    new = next(waiting, None)
    for is_gone, line in _marked(old, gone, name):
        while new is not None and new < line:
            yield new
            new = next(waiting, None)
        if new == line:
            raise PatchMisfit(file=name, detail=f"A {line.decode(errors='replace').strip()}")
        if not is_gone:
            yield line
    while new is not None:
        yield new
        new = next(waiting, None)


def _marked(old: Iterable[bytes], gone: list[bytes], name: str) -> Iterator[tuple[bool, bytes]]:
    """The lines of ``old``, each with whether it is among ``gone``."""
    places = iter(gone)
    wanted = next(places, None)
    for line in old:
        if wanted is not None and wanted < line:
            raise PatchMisfit(file=name, detail=f"D {wanted.decode(errors='replace').strip()}")
        yield line == wanted, line
        if line == wanted:
            wanted = next(places, None)
    if wanted is not None:
        raise PatchMisfit(file=name, detail=f"D {wanted.decode(errors='replace').strip()}")


def _counted(file: IO[bytes], digest: "hashlib._Hash") -> Iterator[bytes]:
    for line in file:
        digest.update(line)
        yield line


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The bytes of ``path``, unpacked where it is gzip."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        if not packed:
            yield file
            return
        with gzip.open(file) as unpacked:
            yield cast(IO[bytes], unpacked)


def between(old: Path, new: Path, header: Header) -> Iterator[bytes]:
    """The rows of the patch from one sorted N-Quads file to another. Raises OSError."""
    removed: list[bytes] = []
    added: list[bytes] = []
    with opened(old) as left, opened(new) as right:
        for is_new, line in difference(left, right):
            (added if is_new else removed).append(line)
    return rows(header, removed, added)
