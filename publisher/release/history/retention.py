"""Which releases keep their files. Of the others the manifest, the changes, the feeds and the citation stay.

A server holds a lock on the release it serves, so its files are not taken away from it.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import IO

from publisher.core.errors import ReleaseError
from publisher.release.history.archive import KEPT, REMOVED, Past, archive
from publisher.release.reader import MANIFEST, current_folder


def hold(folder: Path) -> IO[bytes]:
    """Says that ``folder`` is in use, until what is returned is closed in every process that has it."""
    held = (folder / MANIFEST).open("rb")
    fcntl.flock(held, fcntl.LOCK_SH)
    return held


def retire(releases: Path, keep: int, tell: Callable[[str], None] = lambda version: None) -> None:
    """Removes the files of all but the newest ``keep`` releases (0: of none); ``tell`` hears of each version.

    The release in force, the one before it, and every one that a server holds keep theirs; what a county with errors
    is served from is in the one in force. Stopped half-way, the next call goes on. Raises OSError.
    """
    past = archive(releases)
    unfinished = [one for one in past if one.removed]
    try:
        in_force = current_folder(releases)
    except ReleaseError:
        in_force = releases
    # A server that was not told of the newest release yet serves the one before.
    beyond = [one for one in past[max(keep, 2) :] if one.folder.resolve() != in_force] if keep else []
    for one in dict.fromkeys([*unfinished, *beyond]):
        if _retire(one):
            tell(one.version)


def _retire(past: Past) -> bool:
    """Removes the files of ``past``; whether there were any. Nothing is removed while somebody holds it."""
    with (past.folder / MANIFEST).open("rb") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        # The mark comes first: whoever asks for a file half-way is told that it was removed.
        if not past.removed:
            _mark(past)
        stay = {MANIFEST, REMOVED, *KEPT}
        found = [path for path in past.folder.iterdir() if path.name not in stay]
        for path in found:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        return bool(found)


def _mark(past: Past) -> None:
    aside = past.folder / f".{REMOVED}"
    with aside.open("w", encoding="utf-8") as file:
        file.write(json.dumps({"version": past.version, "date": past.date}) + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(aside, past.folder / REMOVED)
