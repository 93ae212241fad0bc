"""The ways in which files of a release are compressed."""

from dataclasses import dataclass
from typing import Literal

from publisher.release.manifest import File
from publisher.release.reader import WHOLE

LARGE = 1_000_000
"""From so many bytes on a file lies there compressed as well: a smaller one is compressed on its way in hundredths of
a second, and twice as many files in each release would help nobody."""
_TEXTUAL = ("text/", "application/n-", "application/trig", "application/ld+json", "application/rdf+xml")
_EVERYTHING = WHOLE.rpartition(".")[0]


@dataclass(frozen=True)
class Packing:
    """One way to compress."""

    coding: Literal["zstd", "gzip"]
    """Its name in HTTP."""
    ending: str
    media: str


ZSTD, GZIP = Packing("zstd", ".zst", "application/zstd"), Packing("gzip", ".gz", "application/gzip")
PACKINGS = (ZSTD, GZIP)
"""Both ways: gzip is read everywhere, zstd is smaller and quicker to unpack. The preferred one first."""


def is_packed(path: str) -> bool:
    """Whether the file ``path`` is a compressed one."""
    return path.endswith(tuple(packing.ending for packing in PACKINGS))


def is_large(file: File) -> bool:
    """Whether ``file`` lies there compressed, too; everything in one file always does, since VoID names it."""
    return file.media.startswith(_TEXTUAL) and (file.bytes >= LARGE or file.path.startswith(f"{_EVERYTHING}."))
