"""Numbers in memory that a parent and its forked processes share: written by one, read by all, lost by none.

A cell has one writer at a time, so nothing is locked; it outlives the process that wrote it.
"""

import mmap
from collections.abc import Hashable, Sequence


class Shared:
    """A table of numbers, all 0 at first. Made before the fork."""

    def __init__(self, rows: int, columns: Sequence[Hashable]) -> None:
        self.rows = rows
        self._place = {column: number for number, column in enumerate(columns)}
        self._width = len(self._place)
        self._cells = memoryview(mmap.mmap(-1, max(1, rows * self._width) * 8)).cast("d")

    def add(self, row: int, column: Hashable, amount: float = 1.0) -> None:
        """Adds ``amount`` to a cell; only its one writer does."""
        self._cells[row * self._width + self._place[column]] += amount

    def set(self, row: int, column: Hashable, value: float) -> None:
        """Puts ``value`` into a cell."""
        self._cells[row * self._width + self._place[column]] = value

    def get(self, row: int, column: Hashable) -> float:
        """The number in a cell."""
        return float(self._cells[row * self._width + self._place[column]])

    def total(self, column: Hashable) -> float:
        """The sum over all rows."""
        return sum(self.get(row, column) for row in range(self.rows))
