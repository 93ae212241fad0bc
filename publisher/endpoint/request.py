"""What a page process asks a query worker, and within which limits."""

import hashlib
import json
from dataclasses import dataclass
from typing import Self

from publisher.core.settings import Settings
from publisher.graph.formats import DOCUMENT_FORMATS, SELECT_FORMATS, Format

TABLE = "table"
"""The format of the page: the first rows as cells, for a template."""

FORMATS: dict[str, Format] = {fmt.ending: fmt for fmt in (*SELECT_FORMATS, *DOCUMENT_FORMATS)}
"""The other formats by their file ending."""


@dataclass(frozen=True)
class Limits:
    """How much one query may take."""

    seconds: float = 10.0
    wait_seconds: float = 5.0
    memory_mb: int = 1024
    rows: int = 100_000
    bytes: int = 50_000_000
    length: int = 100_000
    nesting: int = 100
    quick_seconds: float = 0.2
    workers: int = 2
    quick_workers: int = 3
    waiting: int = 200
    share: int = 4
    services: tuple[str, ...] = ()

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The limits that ``settings`` set."""
        return cls(
            settings.query_seconds,
            settings.query_wait_seconds,
            settings.query_memory_mb,
            settings.query_rows,
            settings.query_bytes,
            settings.query_length,
            settings.query_nesting,
            settings.query_quick_seconds,
            settings.query_workers,
            settings.query_quick_workers,
            settings.query_waiting,
            settings.query_share,
            settings.query_services,
        )


@dataclass(frozen=True)
class QueryRequest:
    """One query: its text, the format of the answer, the dataset the protocol names.

    With no graph named, the query's own FROM counts, else the union of all graphs is the default graph.
    """

    query: str
    format: str = "json"
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    head: int = 0
    """Number of rows of a TABLE answer."""
    calls: bool = False
    """Whether it calls one of the services that are allowed."""
    seconds: float = 0.0
    """How long it may run in its lane; never longer than the limit."""
    work: float = 0.0
    """How much time of a processor it may take; 0: what it likes."""

    def encode(self, work: float | None = None) -> bytes:
        """The request as it goes over the socket; with ``work`` seconds of a processor where that is given."""
        return json.dumps(vars(self) if work is None else vars(self) | {"work": work}).encode()

    @classmethod
    def decode(cls, raw: bytes) -> Self:
        """The request in ``raw``."""
        fields = json.loads(raw)
        for name in ("default_graphs", "named_graphs"):
            fields[name] = tuple(fields[name])
        return cls(**fields)


def armed(seconds: float) -> float:
    """When the timer of a query that may run ``seconds`` goes off: a bit before, since a large process dies slowly."""
    return seconds - min(0.2, seconds / 10)


def key_of(request: QueryRequest) -> str:
    """Tells queries apart, whatever the format of their answers: 64 hexadecimal digits."""
    return hashlib.sha256(repr((request.query, request.default_graphs, request.named_graphs)).encode()).hexdigest()
