"""Files that survive a sudden end: written through to the disk, put in place by one rename."""

import os
import shutil
import uuid
from pathlib import Path

from publisher.release.reader import CURRENT

ASIDE = ".building-"


def fresh(releases: Path) -> Path:
    """A new folder beside the releases to build in; what earlier builds left behind is removed."""
    releases.mkdir(parents=True, exist_ok=True)
    for left in releases.glob(f"{ASIDE}*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = releases / f"{ASIDE}{uuid.uuid4().hex}"
    folder.mkdir()
    return folder


def sync(folder: Path) -> None:
    """Every file and folder below ``folder`` is on the disk when this returns."""
    for path in [*sorted(folder.rglob("*")), folder]:
        _fsync(path)


def put_in_force(built: Path, releases: Path, version: str) -> Path:
    """Make ``built`` the release ``version`` and switch to it; the last step is one atomic rename.

    A release of that version that is already there holds the same bytes and stays.
    """
    target = releases / version
    if target.exists():
        shutil.rmtree(built)
    else:
        built.rename(target)
        _fsync(releases)
    link = releases / f"{ASIDE}{uuid.uuid4().hex}.link"
    link.symlink_to(version)
    os.replace(link, releases / CURRENT)
    _fsync(releases)
    return target


def _fsync(path: Path) -> None:
    if path.is_symlink():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
