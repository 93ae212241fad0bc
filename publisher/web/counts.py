"""How many requests of which kind ended in which way, how long they took; one row of numbers for each page process."""

from bisect import bisect_left
from collections.abc import Iterator
from typing import Literal, get_args

from publisher.endpoint.shared import Shared

Kind = Literal["page", "data", "thing", "sparql", "question", "static", "operations"]
KINDS: tuple[Kind, ...] = get_args(Kind)
STATUSES = (0, 200, 204, 206, 301, 303, 304, 307, 308, 400, 404, 405, 406, 408, 413, 414, 415, 416, 429, 500, 501, 503)
"""The statuses counted one by one; others count as 0."""
SECONDS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, float("inf"))
"""Upper bounds of the classes in which the time of requests is counted."""

_DATA = (".csv", ".json", ".jsonld", ".nq", ".nt", ".rdf", ".rq", ".trig", ".ttl", ".txt", ".xlsx", ".xml")
_PREFIXES: tuple[tuple[str, Kind], ...] = (
    ("/fragen", "question"),
    ("/api/", "question"),
    ("/mcp", "question"),
    ("/static/", "static"),
    ("/favicon.ico", "static"),
    ("/id/", "thing"),
    ("/ns", "thing"),
    ("/health", "operations"),
    ("/ready", "operations"),
    ("/metrics", "operations"),
)
_BYTES, _SUM = "bytes", "seconds"


class Counts:
    """The numbers of ``rows`` processes; made before the fork."""

    def __init__(self, rows: int) -> None:
        statuses = [(kind, status) for kind in KINDS for status in STATUSES]
        classes = [(kind, bound) for kind in KINDS for bound in map(str, SECONDS)]
        sums = [(kind, name) for kind in KINDS for name in (_BYTES, _SUM)]
        self._shared = Shared(rows, [*statuses, *classes, *sums])

    def ended(self, row: int, kind: Kind, status: int, seconds: float, size: int) -> None:
        """Counts a request in the row of the process at hand."""
        add = self._shared.add
        add(row, (kind, status if status in STATUSES else 0))
        add(row, (kind, _CLASSES[bisect_left(SECONDS, seconds)]))
        add(row, (kind, _SUM), seconds)
        add(row, (kind, _BYTES), size)

    def statuses(self) -> Iterator[tuple[Kind, int, int]]:
        """Kind, status, number of requests; only those that occurred."""
        for kind in KINDS:
            for status in STATUSES:
                number = int(self._shared.total((kind, status)))
                if number:
                    yield kind, status, number

    def classes(self, kind: Kind) -> list[tuple[float, int]]:
        """The number of requests of ``kind`` in each class of time, by its upper bound."""
        return [(bound, int(self._shared.total((kind, str(bound))))) for bound in SECONDS]

    def seconds(self, kind: Kind) -> float:
        """The time that requests of ``kind`` took, all together."""
        return self._shared.total((kind, _SUM))

    def bytes(self, kind: Kind) -> int:
        """The bytes sent as bodies of answers of ``kind``, before the server's own framing."""
        return int(self._shared.total((kind, _BYTES)))


_CLASSES = tuple(map(str, SECONDS))


def kind_of(path: str) -> Kind:
    """What is asked for at ``path``."""
    path = path.removeprefix("/en") if path.startswith("/en/") else path
    if path.startswith("/sparql"):
        return "sparql"
    data: Kind = "data" if path.endswith(_DATA) else "page"
    return next((kind for prefix, kind in _PREFIXES if path.startswith(prefix)), data)
