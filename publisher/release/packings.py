"""The ways in which files of a release are compressed."""

from dataclasses import dataclass
from typing import Literal


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
