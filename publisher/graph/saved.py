"""Notices when something was saved in the input folders."""

import time
from collections.abc import Callable
from pathlib import Path

from publisher.graph.files import Place, places

FOLDERS = ("data", "ontology", "shapes", "sparql")
"""What a release is made of, below the input."""
_PAUSE, _MOST = 0.1, 2.0
"""Seconds between two looks, at least and at most."""
_SHARE = 20
"""While nothing happens a pause lasts so many times as long as a look: a twentieth of a processor at the most."""


class Saved:
    """The input in ``root`` as it was when it was looked at last."""

    def __init__(self, root: Path) -> None:
        self._folders = [root / name for name in FOLDERS]
        self._known: frozenset[Place] = frozenset()
        self._cost = 0.0

    def look(self) -> bool:
        """Whether something is other than at the last look."""
        begun = time.perf_counter()
        before, self._known = self._known, places(self._folders)
        self._cost = time.perf_counter() - begun
        return self._known != before

    def wait(self, pause: Callable[[float], object] = time.sleep) -> None:
        """Returns once something was saved since the last look and then nothing more: no file is saved by half.

        ``pause`` waits so many seconds, and may raise.
        """
        while not self.look():
            pause(self._length)
        self.settle(pause)

    def settle(self, pause: Callable[[float], object] = time.sleep) -> None:
        """Returns once nothing is saved any more."""
        pause(_PAUSE)
        while self.look():
            pause(_PAUSE)

    @property
    def _length(self) -> float:
        return min(_MOST, max(_PAUSE, _SHARE * self._cost))
