"""Long lists in portions: which entries a page shows of how many, and where the others are."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from publisher.core.refusals import BadRequest

_T = TypeVar("_T")
_AROUND = 1


@dataclass(frozen=True)
class Portion:
    """Portion ``number`` (from 1) of a list of ``total`` entries, ``size`` a portion."""

    number: int
    size: int
    total: int

    @property
    def count(self) -> int:
        """The number of portions; one even for an empty list."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """The place of the first entry shown, from 1; 0 when there is none."""
        return min(self.total, (self.number - 1) * self.size + 1)

    @property
    def last(self) -> int:
        """The place of the last entry shown."""
        return min(self.total, self.number * self.size)

    @property
    def numbers(self) -> tuple[int, ...]:
        """The portions to offer links to: the ends and those around this one, 0 where some are left out between."""
        near = range(self.number - _AROUND, self.number + _AROUND + 1)
        shown = sorted({1, self.count, *(number for number in near if 1 <= number <= self.count)})
        gaps = {number for number, after in pairwise(shown) if after > number + 1}
        return tuple(entry for number in shown for entry in ((number, 0) if number in gaps else (number,)))

    def of(self, entries: Sequence[_T]) -> tuple[_T, ...]:
        """The entries of the portion."""
        return tuple(entries[max(0, self.first - 1) : self.last])


def portion(total: int, size: int, name: str, value: str = "") -> Portion:
    """The portion that ``value`` asks for, the first when it is empty.

    Raises BadRequest, naming the parameter ``name``, when there is no such portion.
    """
    wanted = Portion(int(value) if value.isascii() and value.isdecimal() else 1, size, total)
    if value and (str(wanted.number) != value or not 1 <= wanted.number <= wanted.count):
        raise BadRequest(name=name, value=value, allowed=f"1–{wanted.count}" if wanted.count > 1 else "1")
    return wanted
