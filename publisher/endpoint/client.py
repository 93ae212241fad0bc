"""The side of a page process: hands a query to a worker and holds the whole answer before anybody sees it.

So every failure is known before the first byte goes out, a slow reader never holds a worker, and no answer is cut.
"""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Any

from publisher.core.errors import (
    EndpointBusy,
    QueryRefused,
    QuerySyntax,
    QueryTimeout,
    ResultTooLarge,
)
from publisher.endpoint import frames
from publisher.endpoint.request import Limits, QueryRequest

GRACE_SECONDS = 0.5
"""How long after its deadline a worker may take to die."""

_IN_MEMORY = 1 << 20
_PIECE = 1 << 16
_ANSWERS_HELD = 8
"""How many answers of the largest size a page process holds at the same time."""
_ERRORS: dict[str, type[QueryRefused]] = {"QuerySyntax": QuerySyntax, "ResultTooLarge": ResultTooLarge}


@dataclass(frozen=True)
class Cell:
    """One value of a table: kind is iri, literal, blank, triple or none."""

    kind: str
    text: str
    language: str = ""
    datatype: str = ""


@dataclass(frozen=True)
class Table:
    """The first rows of an answer; ``boolean`` is set for ASK, ``more`` says that there are further rows."""

    variables: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    more: bool = False
    boolean: bool | None = None

    @classmethod
    def parse(cls, raw: bytes) -> "Table":
        """The table that a worker wrote."""
        fields: dict[str, Any] = json.loads(raw)
        if "boolean" in fields:
            return cls(boolean=fields["boolean"])
        rows = tuple(tuple(Cell(*cell) for cell in row) for row in fields["rows"])
        return cls(tuple(fields["variables"]), rows, fields["more"])


class Answer:
    """A whole answer: in memory when small, else in a file that is gone when closed."""

    def __init__(self, endpoint: "Endpoint") -> None:
        self._endpoint = endpoint
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
        self.size = 0

    def add(self, piece: bytes) -> None:
        """Takes the next bytes; raises EndpointBusy when there is no room for them."""
        self._endpoint.hold(len(piece))
        self.size += len(piece)
        try:
            self._file.write(piece)
        except OSError:
            raise self._endpoint.busy() from None

    def pieces(self) -> Iterator[bytes]:
        """The bytes, from the start."""
        self._file.seek(0)
        while piece := self._file.read(_PIECE):
            yield piece

    def read(self) -> bytes:
        """All bytes at once."""
        return b"".join(self.pieces())

    def close(self) -> None:
        """Gives the room free; may be called more than once."""
        self._file.close()
        self._endpoint.hold(-self.size)
        self.size = 0


class Endpoint:
    """The query workers behind the socket at ``path``."""

    def __init__(self, path: str, limits: Limits) -> None:
        self.path = path
        self.limits = limits
        self._held = 0

    def hold(self, size: int) -> None:
        """Counts ``size`` more bytes as held; raises EndpointBusy when they are too many."""
        if size > 0 and self._held + size > _ANSWERS_HELD * self.limits.bytes:
            raise self.busy()
        self._held += size

    def busy(self) -> EndpointBusy:
        """The error for a query that finds no place."""
        return EndpointBusy(seconds=self.limits.wait_seconds)

    async def run(self, request: QueryRequest) -> Answer:
        """The whole answer to ``request``; the caller closes it.

        Raises EndpointBusy, QueryTimeout, ResultTooLarge or QuerySyntax. Cancelling it frees the worker.
        """
        try:
            reader, writer = await asyncio.open_unix_connection(self.path)
        except OSError:
            raise self.busy() from None
        try:
            writer.write(frames.pack(frames.QUERY, request.encode()))
            await self._taken(reader)
            async with asyncio.timeout(self.limits.seconds + GRACE_SECONDS):
                return await self._collect(reader)
        except (TimeoutError, EOFError, ConnectionError):
            raise QueryTimeout(seconds=self.limits.seconds) from None
        finally:
            writer.transport.abort()

    async def table(self, request: QueryRequest) -> Table:
        """The answer to a TABLE request; raises as ``run``."""
        answer = await self.run(request)
        try:
            return Table.parse(answer.read())
        finally:
            answer.close()

    async def _taken(self, reader: asyncio.StreamReader) -> None:
        try:
            async with asyncio.timeout(self.limits.wait_seconds):
                await frames.read(reader)
        except (TimeoutError, EOFError, ConnectionError):
            raise self.busy() from None

    async def _collect(self, reader: asyncio.StreamReader) -> Answer:
        answer = Answer(self)
        try:
            while True:
                kind, payload = await frames.read(reader)
                if kind == frames.DATA:
                    answer.add(payload)
                elif kind == frames.END:
                    return answer
                else:
                    failure = json.loads(payload)
                    raise _ERRORS[failure["error"]](**failure["facts"])
        except BaseException:
            answer.close()
            raise
