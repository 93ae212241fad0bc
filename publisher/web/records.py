"""What is kept of each request: counted always, written to the log where configured.

Stands around the whole application, so that it sees what visitors see.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from publisher.endpoint.course import COURSES, Course
from publisher.web.counts import Counts, kind_of


@dataclass
class Record:
    """One request and its answer."""

    method: str
    path: str
    query: str
    client: str
    kind: str = ""
    status: int = 0
    """0 when no answer was begun."""
    size: int = 0
    """Bytes of the answer's body as sent, compressed where it is."""
    whole: bool = False
    """Whether the answer was sent to its end."""
    seconds: float = 0.0
    courses: list[Course] = field(default_factory=list)
    """The queries run for it."""


Write = Callable[[Record], None]


class Records:
    """ASGI middleware that counts in ``row`` of ``counts`` and hands each record to ``write``."""

    def __init__(self, app: ASGIApp, counts: Counts, row: int, write: Write | None = None) -> None:
        self.app, self.counts, self.row, self.write = app, counts, row, write

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start = time.perf_counter()
        record = _begun(scope)
        if self.write:
            COURSES.set(record.courses)
        try:
            await self.app(scope, receive, _noting(record, send))
        except BaseException:
            record.status = record.status or 500
            raise
        finally:
            record.seconds = time.perf_counter() - start
            kind = kind_of(record.path)
            record.kind = kind
            self.counts.ended(self.row, kind, record.status, record.seconds, record.size)
            if self.write:
                self.write(record)


def _begun(scope: Scope) -> Record:
    client = scope.get("client")
    query = scope.get("query_string", b"").decode("latin-1")
    return Record(scope["method"], scope["path"], query, client[0] if client else "")


def _noting(record: Record, send: Send) -> Send:
    head = record.method == "HEAD"

    async def forward(message: Message) -> None:
        if message["type"] == "http.response.start":
            record.status = message["status"]
        elif message["type"] == "http.response.body":
            record.size += 0 if head else len(message.get("body", b""))
            record.whole = not message.get("more_body", False)
        await send(message)

    return forward
