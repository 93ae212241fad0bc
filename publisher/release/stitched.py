"""A plain file put together from parts that follow each other: what did not change is copied from the last release.

Of each part its checksum and its length are known, so those that the last release holds are never made again, and a
file all of whose parts are the same is that of the last release.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from publisher.release.gathered import Piece
from publisher.release.kept import Kept, Written, key


@dataclass(frozen=True)
class Part:
    """A stretch of a file."""

    sha256: str
    size: int
    read: Callable[[], bytes]
    """Gives its bytes; asked only where the last release has none, or damaged ones."""

    @classmethod
    def of(cls, body: bytes) -> "Part":
        """The part that is ``body``."""
        return cls(hashlib.sha256(body).hexdigest(), len(body), lambda: body)


def stitch(folder: Path, path: str, parts: Sequence[Part], kept: Kept) -> Written:
    """Writes the file ``path`` below ``folder``: ``parts``, one after the other."""
    wanted = [(part.sha256, part.size) for part in parts]
    source, before, sha256 = _earlier(path, kept)
    if source and wanted == before and (linked := kept.link(folder / path, sha256)):
        return linked
    digest = hashlib.sha256()
    with _opened(source, before) as held, (folder / path).open("wb") as out:
        for part in parts:
            body = held(part) or part.read()
            digest.update(body)
            out.write(body)
        written = Written(out.tell(), digest.hexdigest())
    kept.note(_key(path, written.sha256), json.dumps(wanted).encode())
    return written


def pieces(file: Path, parts: Sequence[Part]) -> list[Piece]:
    """The ``parts`` of the ``file`` that was put together from them, for one that is packed."""
    found, place = [], 0
    for part in parts:
        found.append(Piece(part.sha256, _Reader(file, place, part.size)))
        place += part.size
    return found


@dataclass(frozen=True)
class _Reader:
    """Reads a stretch of a file."""

    file: Path
    place: int
    size: int

    def __call__(self) -> bytes:
        with self.file.open("rb") as opened:
            opened.seek(self.place)
            return opened.read(self.size)


def _earlier(path: str, kept: Kept) -> tuple[Path | None, list[tuple[str, int]], str]:
    """The file ``path`` of the last release, its parts, its checksum; no file where its parts are not known."""
    source, sha256 = kept.last(path)
    noted = kept.noted(_key(path, sha256)) if source else None
    if noted is None:
        return None, [], ""
    return source, [(name, size) for name, size in json.loads(noted)], sha256


@contextmanager
def _opened(source: Path | None, parts: Sequence[tuple[str, int]]) -> Iterator[Callable[[Part], bytes | None]]:
    """Gives a part as it lies in ``source``, which has ``parts``; None for one that is not there, or not as it was."""
    if source is None or not source.is_file():
        yield lambda part: None
        return
    places: Mapping[str, int] = dict(_places(parts))
    with source.open("rb") as file:

        def taken(part: Part) -> bytes | None:
            place = places.get(part.sha256)
            if place is None:
                return None
            body = os.pread(file.fileno(), part.size, place)
            return body if hashlib.sha256(body).hexdigest() == part.sha256 else None

        yield taken


def _places(parts: Sequence[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    place = 0
    for sha256, size in parts:
        yield sha256, place
        place += size


def _key(path: str, sha256: str) -> str:
    return key(f"stitched {path} {sha256}".encode())
