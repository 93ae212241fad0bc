"""Notices when something was saved in the input folders."""

import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import watchfiles

from publisher.graph.files import Place, places

_FOLDERS = ("data", "ontology", "shapes", "sparql")
_PAUSE = 0.1
"""Seconds that files must lie still."""
_GATHERED, _STEP, _SILENT = 50, 10, 2000
"""Milliseconds: what the system tells within the first is one change; when it tells nothing, there is a look all the
same after the last."""


class Saved:
    """The input in ``root`` as it was when it was looked at last."""

    def __init__(self, root: Path) -> None:
        self._folders = [root / name for name in _FOLDERS]
        self._known: frozenset[Place] = frozenset()

    def look(self) -> bool:
        """Whether something is other than at the last look."""
        before, self._known = self._known, places(self._folders)
        return self._known != before

    def wait(self, idle: Callable[[], object] = lambda: None) -> None:
        """Returns once something was saved since the last look and then nothing more: no file is saved by half.

        The system says when to look; what it does not tell, as of files that other machines write, is seen a little
        later. ``idle`` is called when nothing has happened for a while. Raises KeyboardInterrupt at a signal.
        """
        watched = (folder for folder in self._folders if folder.is_dir())
        events = watchfiles.watch(*watched, debounce=_GATHERED, step=_STEP, rust_timeout=_SILENT, yield_on_timeout=True)
        # It has a thread of its own, which is gone when the caller goes on to fork.
        with closing(events):
            while not self.look():
                if not next(events):
                    idle()
        self.settle()

    def settle(self) -> None:
        """Returns once nothing is saved any more."""
        time.sleep(_PAUSE)
        while self.look():
            time.sleep(_PAUSE)
