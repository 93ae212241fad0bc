"""Files that survive a sudden end: written through to the disk, put in place by one rename."""

import fcntl
import filecmp
import os
import shutil
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from publisher.core.errors import BuildRunning
from publisher.release.manifest import Manifest
from publisher.release.reader import CURRENT

_FLUSHES = 8
"""So many files are written through at once: the disk gathers what waits."""
ASIDE = ".building-"
_LOCK = ".lock"


@contextmanager
def alone(releases: Path) -> Iterator[None]:
    """Only one build at a time in ``releases``; the kernel frees the lock however a build ends.

    Raises BuildRunning.
    """
    releases.mkdir(parents=True, exist_ok=True)
    with (releases / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BuildRunning(folder=releases) from None
        yield


@contextmanager
def fresh(releases: Path) -> Iterator[Path]:
    """A new folder beside the releases to build in, removed when building in it fails.

    What builds that were killed left behind is removed first.
    """
    for left in releases.glob(f"{ASIDE}*"):
        left.unlink() if left.is_symlink() else shutil.rmtree(left, ignore_errors=True)
    folder = releases / f"{ASIDE}{uuid.uuid4().hex}"
    folder.mkdir()
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def keep_times(folder: Path, manifest: Manifest, previous: Path, before: Manifest) -> None:
    """A file whose bytes are those of the release ``previous`` keeps its time: it did not change by that."""
    held = {file.path: file.sha256 for file in before.files}
    for file in manifest.files:
        new = f"{folder}/{file.path}"
        # What is linked is that very file.
        if held.get(file.path) == file.sha256 and os.stat(new).st_nlink == 1:
            with suppress(FileNotFoundError):
                then = os.stat(f"{previous}/{file.path}").st_mtime_ns
                os.utime(new, ns=(then, then))


def sync(folder: Path) -> None:
    """Every file and folder below ``folder`` is on the disk when this returns.

    What is linked from the release in force was written through with that; folders come after what is in them.
    """
    folders, new = [str(folder)], []
    # Grows while it is walked.
    for path in folders:
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                elif not entry.is_symlink() and entry.stat().st_nlink == 1:
                    new.append(entry.path)
    with ThreadPoolExecutor(_FLUSHES) as pool:
        list(pool.map(_fsync, new))
        list(pool.map(_fsync, reversed(folders)))


def put_in_force(built: Path, releases: Path, version: str) -> Path:
    """Make ``built`` the release ``version`` and switch to it; the last step is one atomic rename.

    A release of that version that is already there stays when it holds the same bytes; a damaged one stays too,
    since a server may still read it, and the new one gets a name with a full stop and a number: it is the same release.
    """
    names = (version if number == 1 else f"{version}.{number}" for number in count(1))
    target = next(path for path in map(releases.joinpath, names) if not path.exists() or _same(built, path))
    if target.exists():
        shutil.rmtree(built)
    else:
        built.rename(target)
        _fsync(releases)
    link = releases / f"{ASIDE}{uuid.uuid4().hex}.link"
    link.symlink_to(target.name)
    os.replace(link, releases / CURRENT)
    _fsync(releases)
    return target


def _same(built: Path, target: Path) -> bool:
    """Whether ``target`` holds every file of ``built`` with the same bytes."""
    files = (path for path in built.rglob("*") if path.is_file())
    return all(_equal(path, target / path.relative_to(built)) for path in files)


def _equal(new: Path, old: Path) -> bool:
    try:
        # Most of what is there already is linked from there.
        return new.samefile(old) or filecmp.cmp(new, old, shallow=False)
    except OSError:
        return False


def _fsync(path: str | Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
