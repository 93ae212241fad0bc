"""How time, memory and files grow with the number of counties, and what follows from it for more than were measured."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.measured import Measured
from benchmarks.results import Found
from benchmarks.written import number

OURS = "kreisgraph"
BEYOND = 10_000
"""So many counties are reckoned only: a straight line through the two largest sizes that were measured."""


@dataclass(frozen=True)
class Column:
    """One figure of ours by size: where it stands, and how much of it one county is (1: not told)."""

    title: str
    figure: str
    value: Callable[[Found], float]
    each: float = 0.0

    def cell(self, value: float | None, counties: int) -> str:
        """``value`` as it is written, with what it comes to for each county."""
        if value is None:
            return ""
        return number(value) + (f" ({number(value * self.each / counties)})" if self.each else "")


COLUMNS = (
    Column("validated, processor s (ms a county)", "validation", lambda said: float(said["whole"]["processor"]), 1000),
    Column("whole build, processor s (ms a county)", "build", lambda said: float(said["processor"]), 1000),
    Column("largest process of the build, MB", "build", lambda said: float(said["largest"])),
    Column("start, s", "loading", lambda said: float(said["seconds"])),
    Column("memory then, GB (MB a county)", "loading", lambda said: float(said["memory"]) / 1000, 1000),
)


def table(measured: Measured) -> tuple[list[str], list[tuple[str, ...]]]:
    """Head and rows; the last row is reckoned. No rows where fewer than two sizes were measured whole."""
    found = {size: [_value(measured, column, size) for column in COLUMNS] for size in measured.sizes}
    whole = [size for size, values in found.items() if None not in values]
    head = ["counties", "statements", *(column.title for column in COLUMNS)]
    if len(whole) < 2:
        return head, []
    rows = [
        (f"{size:,}", f"{measured.triples(size):,}", *_cells(found[size], size))
        for size in measured.sizes
        if any(value is not None for value in found[size])
    ]
    small, large = whole[-2:]
    statements = _line(small, large, measured.triples(small), measured.triples(large))
    pairs = zip(found[small], found[large], strict=True)
    reckoned = [None if a is None or b is None else _line(small, large, a, b) for a, b in pairs]
    rows.append((f"{BEYOND:,}, reckoned", f"{statements:,.0f}", *_cells(reckoned, BEYOND)))
    return head, rows


def _value(measured: Measured, column: Column, size: int) -> float | None:
    said = measured.servers(column.figure, size).get(OURS, {})
    try:
        return column.value(said)
    except KeyError:
        return None


def _cells(values: Sequence[float | None], size: int) -> list[str]:
    return [column.cell(value, size) for column, value in zip(COLUMNS, values, strict=True)]


def _line(small: int, large: int, low: float, high: float) -> float:
    """The value at ``BEYOND`` of the line through what was measured at two sizes."""
    return high + (BEYOND - large) * (high - low) / (large - small)
