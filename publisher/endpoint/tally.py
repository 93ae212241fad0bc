"""The numbers of the express lanes: a row for each page process, in memory that all of them share."""

from bisect import bisect_left
from collections.abc import Mapping
from typing import Any

from publisher.endpoint.shared import Shared
from publisher.endpoint.usher import SECONDS

_BOUNDS = (*SECONDS, float("inf"))
_CLASSES = tuple(map(str, _BOUNDS))
_OUTCOMES = ("answered", "QuerySyntax", "ResultTooLarge")
_SUM = "seconds"


class Tally:
    """How many queries ended in which way and how long they took; made before the fork."""

    def __init__(self, rows: int) -> None:
        self._shared = Shared(rows, [*_OUTCOMES, *_CLASSES, _SUM])

    def ended(self, row: int, outcome: str, seconds: float) -> None:
        """Counts a query of the process of ``row``."""
        self._shared.add(row, outcome)
        self._shared.add(row, _CLASSES[bisect_left(_BOUNDS, seconds)])
        self._shared.add(row, _SUM, seconds)

    def added_to(self, stats: Mapping[str, Any]) -> dict[str, Any]:
        """``stats`` of the waiting line (``Usher.stats``) with these numbers added."""
        outcomes = dict(stats["outcomes"])
        for name in _OUTCOMES:
            if number := int(self._shared.total(name)):
                outcomes[name] = outcomes.get(name, 0) + number
        durations = [[bound, number + int(self._shared.total(bound))] for bound, number in stats["durations"]]
        seconds = stats["seconds"] + self._shared.total(_SUM)
        return {**stats, "outcomes": outcomes, "durations": durations, "seconds": seconds}
