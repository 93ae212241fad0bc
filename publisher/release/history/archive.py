"""The releases that were ever built and are still known: each keeps its address, also after its files were removed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from publisher.core.errors import ReleaseError
from publisher.release.manifest import Manifest
from publisher.release.reader import CURRENT, MANIFEST, current_folder, read_manifest

REMOVED = "removed.json"
"""Stands in the folder of a release whose files were removed."""
KEPT = ("changes", "feeds", "citation")
"""The folders that a release keeps for ever."""
_FEEDS = "feeds/"
_REPAIR = re.compile(r"\.(\d+)$")


@dataclass(frozen=True)
class Past:
    """One release, as far as its address and its place among the others need it."""

    version: str
    """Its address."""
    folder: Path
    date: str
    number: int
    """Its place in the order of building, counted from 1; 0 for one of an earlier version of the program."""
    previous: str
    """The version before; "" where there is none, or it is not known."""
    published: str
    """Its moment in feeds, as xsd:dateTime; "" for one of an earlier version of the program."""
    triples: int
    counties: int
    """How many counties it holds statements of."""
    pages: tuple[str, ...] = ()
    """The paths of the pages that it adds to feeds."""

    @property
    def removed(self) -> bool:
        """Whether its files were removed, or are being removed right now; asked of the disk each time."""
        return (self.folder / REMOVED).is_file()

    def manifest(self) -> Manifest:
        """All that is known of it. Raises DamagedRelease."""
        return manifest_of(self.folder)


def manifest_of(folder: Path) -> Manifest:
    """The manifest in ``folder``, known by when it was written: with many counties it takes a while to read.

    Raises DamagedRelease.
    """
    return _manifest(folder, *_written(folder))


@lru_cache(maxsize=4)
def _manifest(folder: Path, *_written: int) -> Manifest:
    return read_manifest(folder)


def _written(folder: Path) -> tuple[int, ...]:
    """What stands for when the manifest in ``folder`` was written; nothing where there is none."""
    try:
        about = (folder / MANIFEST).stat()
    except OSError:
        return ()
    return about.st_ino, about.st_mtime_ns, about.st_size


def archive(releases: Path) -> tuple[Past, ...]:
    """Every release in ``releases`` that can be read, newest first."""
    found: dict[str, Past] = {}
    # A folder written again because the first one was damaged has the same name with a full stop and a number.
    for folder in sorted(_folders(releases), key=lambda path: (_REPAIR.sub("", path.name), _repair(path))):
        past = _past(folder)
        if past:
            found[past.version] = past
    return tuple(sorted(found.values(), key=lambda past: _place(releases, past), reverse=True))


def last(releases: Path) -> Past | None:
    """The release that was built last; None when there is none."""
    return next(iter(archive(releases)), None)


def _folders(releases: Path) -> Iterator[Path]:
    if releases.is_dir():
        named = (path for path in releases.iterdir() if path.name != CURRENT and not path.name.startswith("."))
        yield from (path for path in named if (path / MANIFEST).is_file())


def _repair(folder: Path) -> int:
    found = _REPAIR.search(folder.name)
    return int(found.group(1)) if found else 1


def _past(folder: Path) -> Past | None:
    try:
        return _read(folder, *_written(folder))
    except ReleaseError:
        return None


@lru_cache(maxsize=1024)
def _read(folder: Path, *_written: int) -> Past:
    """The release in ``folder``, whose manifest is known by when it was written, since reading it takes a while."""
    # An earlier version of the program gave a release whose content came back a number in its folder's name only.
    return past_of(folder, manifest_of(folder), _REPAIR.sub("", folder.name))


def past_of(folder: Path, manifest: Manifest, version: str) -> Past:
    """The release in ``folder``, whose address is ``version``."""
    return Past(
        version=version,
        folder=folder,
        date=manifest.date,
        number=manifest.number,
        previous=manifest.previous,
        published=manifest.published,
        triples=manifest.triples,
        counties=sum(county.state != "left_out" for county in manifest.counties),
        pages=tuple(file.path for file in manifest.files if file.path.startswith(_FEEDS)),
    )


def _place(releases: Path, past: Past) -> tuple[int, bool, str, int, str]:
    """Where a release stands in the order of building; those without a number by what else is known of them."""
    try:
        in_force = not past.number and current_folder(releases) == past.folder.resolve()
    except ReleaseError:
        in_force = False
    return past.number, in_force, past.date, (past.folder / MANIFEST).stat().st_mtime_ns, past.version
