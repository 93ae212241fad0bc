"""Compressed files beside the plain ones: written once when a release is built, the same bytes for the same input."""

import gzip
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import zstandard

from publisher.release.kept import Kept, key
from publisher.release.manifest import File
from publisher.release.packings import GZIP, PACKINGS, Packing, is_large

_LEVELS = {"gzip": 6, "zstd": 9}
_PIECE = 1 << 20


def pack(folder: Path, files: Iterable[File], kept: Kept) -> list[File]:
    """Compresses those of ``files`` in ``folder`` that are large, or takes what is ``kept``; the new files.

    What is among ``files`` as gzip stays as it is.
    """
    held = list(files)
    done = {file.path for file in held}
    large = [file for file in held if is_large(file) and file.path + GZIP.ending not in done]
    jobs = [(file, packing) for file in large for packing in PACKINGS]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda job: _packed(folder, job[0], job[1], kept), jobs))


def _packed(folder: Path, file: File, packing: Packing, kept: Kept) -> File:
    path = file.path + packing.ending
    level = _LEVELS[packing.coding]
    make = partial({"gzip": _gzip, "zstd": _zstd}[packing.coding], folder / file.path, level=level)
    written = kept.fill(folder / path, key(f"{packing.coding} {level} {file.sha256}".encode()), make)
    return replace(file, path=path, media=packing.media, bytes=written.bytes, sha256=written.sha256)


def _gzip(source: Path, target: Path, level: int) -> None:
    # Neither name nor time: they would be other bytes for the same content.
    with (
        source.open("rb") as old,
        target.open("wb") as file,
        gzip.GzipFile("", "wb", level, file, mtime=0) as new,
    ):
        while piece := old.read(_PIECE):
            new.write(piece)


def _zstd(source: Path, target: Path, level: int) -> None:
    compressor = zstandard.ZstdCompressor(level, write_checksum=True)
    with source.open("rb") as old, target.open("wb") as new:
        compressor.copy_stream(old, new, size=source.stat().st_size)
