"""The lines of a large N-Quads file in pieces, those with blank nodes apart."""

from typing import IO

_PIECE = 1 << 20
_BLANK = b"_:"


class NamedLines:
    """A file to read from: the lines of ``file`` without a blank node. The others are in ``blank`` once it is read.

    A line whose literal looks as if it had a blank node is among the others too, which does no harm.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self.blank: list[bytes] = []
        self._file = file
        self._rest = memoryview(b"")

    def read(self, size: int = -1) -> bytes:
        """The next ``size`` bytes at most, empty at the end; everything when ``size`` is negative."""
        if size < 0:
            return b"".join(iter(lambda: self.read(_PIECE), b""))
        while not self._rest:
            lines = self._file.read(_PIECE) + self._file.readline()
            if not lines:
                return b""
            self._rest = memoryview(self._named(lines) if _BLANK in lines else lines)
        piece, self._rest = self._rest[:size], self._rest[size:]
        return bytes(piece)

    def _named(self, lines: bytes) -> bytes:
        parts = lines.splitlines(keepends=True)
        self.blank += [line for line in parts if _BLANK in line]
        return b"".join(line for line in parts if _BLANK not in line)
