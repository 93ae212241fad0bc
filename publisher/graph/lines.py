"""A large N-Quads file in pieces of whole lines, those with blank nodes apart."""

from collections.abc import Iterator
from typing import IO

_PIECE = 1 << 22
_BLANK = b"_:"


def pieces(file: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """The lines of ``file`` piece by piece: those without a blank node, and the others.

    A line whose literal looks as if it had a blank node is among the others too, which does no harm.
    """
    while lines := file.read(_PIECE) + file.readline():
        yield _parted(lines) if _BLANK in lines else (lines, b"")


def _parted(lines: bytes) -> tuple[bytes, bytes]:
    parts = lines.splitlines(keepends=True)
    return b"".join(line for line in parts if _BLANK not in line), b"".join(line for line in parts if _BLANK in line)
