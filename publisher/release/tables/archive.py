"""An archive (ZIP) of files that lie there as gzip: both hold the same kind of stream, which is copied, not made again.

https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
"""

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import IO

_PIECE = 1 << 20
_GZIP_HEAD, _GZIP_END = 10, 8
_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_DEFLATED, _VERSION, _UNIX = 8, 20, 3
_DAY = 1 << 5 | 1
"""The first of January 1980, the earliest day there is, so that the same files give the same bytes."""
_MODE = 0o644 << 16


def write_archive(target: Path, members: Mapping[str, Path]) -> None:
    """Writes into ``target`` the ``members``: name in the archive → gzip file of one member as ours are, below 4 GB."""
    directory = b""
    with target.open("wb") as out:
        for name, source in members.items():
            directory += _member(out, name.encode("ascii"), source)
        place = out.tell()
        out.write(directory)
        count = len(members)
        out.write(_END + struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), place, 0))


def _member(out: IO[bytes], name: bytes, source: Path) -> bytes:
    """Writes one member; its entry in the directory."""
    place = out.tell()
    with source.open("rb") as file:
        length = source.stat().st_size - _GZIP_HEAD - _GZIP_END
        file.seek(-_GZIP_END, 2)
        crc, size = struct.unpack("<II", file.read())
        about = struct.pack("<HHHHIII", 0, _DEFLATED, 0, _DAY, crc, length, size) + struct.pack("<HH", len(name), 0)
        out.write(_LOCAL + struct.pack("<H", _VERSION) + about + name)
        file.seek(_GZIP_HEAD)
        while length:
            piece = file.read(min(_PIECE, length))
            out.write(piece)
            length -= len(piece)
    made = struct.pack("<BBH", _VERSION, _UNIX, _VERSION)
    return _CENTRAL + made + about + struct.pack("<HHHII", 0, 0, 0, _MODE, place) + name
