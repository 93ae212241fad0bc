"""A gzip file put together from pieces that are compressed one by one: where one changed, only that one is done again.

It is a single member, since some readers stop after the first one. Each piece ends on a whole byte and looks back at
nothing before it (a full flush), so pieces of earlier builds are copied as they are; the checksum of the whole follows
from theirs. https://www.rfc-editor.org/rfc/rfc1951#section-3.2.3, https://www.rfc-editor.org/rfc/rfc1952
"""

import hashlib
import json
import os
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import NamedTuple

from publisher.release.kept import Kept, key

LEVEL = 6
_BUFFER = 1 << 20
"""So many bytes are written at once: most pieces are small."""
_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
"""Neither name nor time: they would be other bytes for the same content."""
_END = b"\x03\x00"
"""An empty last block."""
_POLYNOMIAL, _ONE = 0xEDB88320, 1 << 31


@dataclass(frozen=True)
class Piece:
    """A part of the unpacked file."""

    stamp: str
    """Stands for its bytes."""
    make: Callable[[], bytes]
    """Gives its bytes; asked only where they were not compressed before."""


@dataclass(frozen=True)
class Gathered:
    """A file as it was written: its size in bytes, its SHA-256 in hex, how many lines it holds when unpacked."""

    bytes: int
    sha256: str
    lines: int


class _Place(NamedTuple):
    """Where a piece lies in a file: from which byte on, how many; what zlib.crc32 gives for these."""

    offset: int
    length: int
    check: int
    crc: int
    """The checksum of the unpacked bytes."""
    size: int
    """How many these are."""
    lines: int
    shift: int
    """What as many bytes do to the checksum of what comes before them: reckoning it takes longer than copying them."""


def gather(folder: Path, path: str, pieces: Sequence[Piece], kept: Kept) -> Gathered:
    """Writes the file ``path`` below ``folder`` from ``pieces``; those of the last release are taken from its file."""
    places: dict[str, _Place] = {}
    digest, crc, size, lines = hashlib.sha256(), 0, 0, 0
    with _earlier(path, kept) as taken, (folder / path).open("wb", _BUFFER) as out:

        def put(body: bytes) -> None:
            out.write(body)
            digest.update(body)

        put(_HEAD)
        place = len(_HEAD)
        for piece in pieces:
            found, body = taken(piece.stamp) or _made(piece.make())
            places[piece.stamp] = _Place(place, *found[1:])
            # The CRC-32 of two stretches of bytes from theirs.
            crc, size, lines = _times(found.shift, crc) ^ found.crc, size + found.size, lines + found.lines
            place += len(body)
            put(body)
        put(_END + struct.pack("<II", crc, size & 0xFFFFFFFF))
        written = Gathered(out.tell(), digest.hexdigest(), lines)
    kept.note(_key(path, written.sha256), json.dumps(places).encode())
    return written


def known(path: str, sha256: str, kept: Kept) -> bool:
    """Whether the pieces of the file ``path`` with this checksum are known, and so stay for the next build."""
    return kept.use(_key(path, sha256))


@contextmanager
def _earlier(path: str, kept: Kept) -> Iterator[Callable[[str], tuple[_Place, bytes] | None]]:
    """Gives a piece as it lies in the file of the last release; None for one that is not there, or not as it was."""
    source, sha256 = kept.last(path)
    noted = kept.noted(_key(path, sha256)) if source else None
    if source is None or noted is None:
        yield lambda stamp: None
        return
    places: dict[str, list[int]] = json.loads(noted)
    with source.open("rb") as file:
        handle = file.fileno()

        def taken(stamp: str) -> tuple[_Place, bytes] | None:
            known = places.get(stamp)
            if known is None:
                return None
            place = _Place(*known)
            body = os.pread(handle, place.length, place.offset)
            return (place, body) if zlib.crc32(body) == place.check and len(body) == place.length else None

        with suppress(OSError):
            yield taken
            return


def _made(body: bytes) -> tuple[_Place, bytes]:
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(body) + packer.flush(zlib.Z_FULL_FLUSH)
    return _Place(
        0, len(packed), zlib.crc32(packed), zlib.crc32(body), len(body), body.count(b"\n"), _shift(len(body))
    ), packed


def _key(path: str, sha256: str) -> str:
    return key(f"gathered {path} {sha256}".encode(), code=(Path(__file__),))


def _shift(length: int) -> int:
    """What ``length`` bytes that follow do to a CRC-32: a power of x modulo the polynomial, as zlib reckons it."""
    found, place = _ONE, 3
    while length:
        if length & 1:
            found = _times(_POWERS[place % 32], found)
        length, place = length >> 1, place + 1
    return found


def _times(one: int, other: int) -> int:
    """The product of two polynomials modulo that of CRC-32, bits reversed."""
    found, bit = 0, _ONE
    while bit:
        if one & bit:
            found ^= other
        bit, other = bit >> 1, other >> 1 ^ (_POLYNOMIAL if other & 1 else 0)
    return found


_POWERS: list[int] = reduce(lambda found, _: [*found, _times(found[-1], found[-1])], range(31), [1 << 30])
