"""What a process that stays knows from one run to the next: each thing under all that it follows from.

A process that runs once has one as well, which is empty then: both go the same way.
"""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

Thing = TypeVar("Thing")


class Memory:
    """Things by what they follow from; what two runs in a row have no use for is forgotten."""

    def __init__(self) -> None:
        self._held: dict[Hashable, Any] = {}
        self._used: dict[Hashable, Any] = {}

    @property
    def count(self) -> int:
        """How many things are held."""
        return len(self._held.keys() | self._used.keys())

    def get(self, key: Hashable, make: Callable[[], Thing]) -> Thing:
        """What is held under ``key``, else what ``make`` gives, which is held then unless it is None.

        Nobody may change it. What a forked process remembers, it remembers alone.
        """
        found: Thing | None = self._used.get(key)
        if found is None:
            found = self._held.get(key)
            if found is None:
                made = make()
                if made is not None:
                    self._used[key] = made
                return made
            self._used[key] = found
        return found

    def find(self, key: Hashable) -> Any:
        """What is held under ``key``; None where nothing is."""
        return self.get(key, lambda: None)

    def turn(self) -> None:
        """Says that a run is over: what it did not ask for is forgotten."""
        self._held, self._used = self._used, {}
