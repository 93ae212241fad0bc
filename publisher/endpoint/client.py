"""The side of a page process: waits for the turn of a query, hands it to a worker and holds what comes back.

A slow reader never holds a worker, and small answers are whole before anybody sees them: their failures have a
status of their own. Of larger ones the first part goes out while the rest comes; one that fails then ends visibly.
"""

import asyncio
import json
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from publisher.core.refusals import (
    EndpointBusy,
    QueryRefused,
    QueryTimeout,
    QueryTooCostly,
)
from publisher.endpoint import frames
from publisher.endpoint.borrowed import WORK_SECONDS
from publisher.endpoint.course import Course, begin
from publisher.endpoint.express import Express
from publisher.endpoint.failures import refusal
from publisher.endpoint.held import Answer, Room
from publisher.endpoint.loans import Lender
from publisher.endpoint.request import Limits, QueryRequest, armed, key_of
from publisher.endpoint.slip import Slip
from publisher.endpoint.tally import Tally
from publisher.endpoint.turn import Turn, stats, turn

GRACE_SECONDS = 0.5
"""How long after its deadline a worker may take to die."""
ANSWERED = "answered"

_KEY = 16
"""How much of the hash of a query goes into the log."""
_ANSWERS_HELD = 8
"""How many answers of the largest size a page process holds at the same time."""
_EARLY_SECONDS = 0.1
"""A worker that dies so much before its deadline did not die of it."""


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


class Endpoint:
    """The query workers and the waiting line whose sockets are in ``folder``."""

    def __init__(self, folder: Path, limits: Limits, tally: Tally | None = None) -> None:
        self.folder, self.limits, self._tally = folder, limits, tally
        self._room = Room(_ANSWERS_HELD * limits.bytes, self.busy())
        self._express: Express | None = None
        self._row = 0

    def hurry(self, row: int, slip: Slip) -> None:
        """From now on small queries go to the express worker of the page process ``row``, which this one is."""
        self._express, self._row = Express(self.folder / frames.express(row), slip), row

    def lend(self, lender: Lender, descriptor: int, peer: str, client: str) -> bool:
        """Lends a connection whose small queries were answered in the express lane so far (``Express.lend``)."""
        return self._express is not None and self._express.lend(lender, descriptor, peer, client)

    async def recall(self) -> None:
        """Takes back all connections that are lent."""
        if self._express:
            await self._express.recall()

    def close(self) -> None:
        """Gives up the connection to the express worker."""
        if self._express:
            self._express.close()

    def busy(self) -> EndpointBusy:
        """The error for a query that finds no place."""
        return EndpointBusy(seconds=self.limits.wait_seconds)

    async def run(self, request: QueryRequest, client: str = "") -> Answer:
        """The answer to ``request`` of ``client`` (any name that tells clients apart), ready to be sent.

        The caller closes it. Raises EndpointBusy, TooManyQueries, QueryTimeout, QueryTooCostly, ResultTooLarge or
        QuerySyntax; an answer that is not complete may still raise them while it is read. Cancelling frees the worker.
        """
        if answer := await self.soon(request, client):
            return answer
        answer = Answer(self._room)
        answer.work(asyncio.create_task(self._fill(answer, request, client)))
        try:
            await answer.started()
        except BaseException:
            answer.close()
            raise
        return answer

    async def soon(self, request: QueryRequest, client: str = "") -> Answer | None:
        """The answer of the express lane, whole; None where it has none, which is known in a moment.

        Raises QuerySyntax or ResultTooLarge.
        """
        if self._express is None:
            return None
        key, start, outcome = key_of(request), time.monotonic(), ""
        try:
            body = await self._express.ask(request, key, client)
            outcome = ANSWERED if body is not None else ""
        except QueryRefused as error:
            outcome = type(error).__name__
            raise
        finally:
            if outcome:
                course = begin(request.query, key[:_KEY])
                course.lane, course.outcome = "express", outcome
                self._count(outcome, time.monotonic() - start)
        if body is None:
            return None
        answer = Answer(self._room)
        answer.add(body)
        answer.finish()
        return answer

    def _count(self, outcome: str, seconds: float) -> None:
        if self._tally:
            self._tally.ended(self._row, outcome, seconds)

    async def whole(self, request: QueryRequest, client: str = "") -> bytes:
        """All bytes of the answer; raises as ``run``."""
        answer = await self.run(request, client)
        try:
            return await answer.whole()
        finally:
            answer.close()

    async def table(self, request: QueryRequest, client: str = "") -> Table:
        """The answer to a TABLE request; raises as ``run``."""
        return Table.parse(await self.whole(request, client))

    async def stats(self) -> dict[str, Any]:
        """The numbers of the waiting line; raises OSError or EOFError when nobody keeps it."""
        found = await stats(str(self.folder / frames.LINE))
        return self._tally.added_to(found) if self._tally else found

    async def _fill(self, answer: Answer, request: QueryRequest, client: str) -> None:
        key, start = key_of(request), time.monotonic()
        course = begin(request.query, key[:_KEY])
        try:
            async with turn(str(self.folder / frames.LINE), client, key, self.busy(), request.calls) as one:
                course.waited = time.monotonic() - start
                await self._in_turn(one, answer, request, course)
        except QueryRefused as error:
            course.outcome = type(error).__name__
            answer.finish(error)
        except OSError:
            course.outcome = EndpointBusy.__name__
            answer.finish(self.busy())

    async def _in_turn(self, one: Turn, answer: Answer, request: QueryRequest, course: Course) -> None:
        course.lane = one.lane
        try:
            if one.lane == "slow" or not await self._quickly(answer, request):
                if one.lane == "quick":
                    await one.slower()
                course.lane = one.lane
                answer.restart()
                await self._slowly(answer, request)
            one.outcome = course.outcome = ANSWERED
        except QueryRefused as error:
            one.outcome = type(error).__name__
            raise
        answer.finish()

    async def _quickly(self, answer: Answer, request: QueryRequest) -> bool:
        """Whether the query was answered in the quick lane."""
        start = time.monotonic()
        try:
            await self._ask("quick", answer, request, self.limits.quick_seconds)
        except (TimeoutError, EOFError, ConnectionError):
            return False
        answer.light = time.monotonic() - start < WORK_SECONDS
        return True

    async def _slowly(self, answer: Answer, request: QueryRequest) -> None:
        loop, seconds = asyncio.get_running_loop(), self.limits.seconds
        start = loop.time()
        try:
            await self._ask(frames.CALLING if request.calls else "slow", answer, request, seconds)
        except (TimeoutError, EOFError, ConnectionError):
            if loop.time() - start > armed(seconds) - _EARLY_SECONDS:
                raise QueryTimeout(seconds=seconds, bytes=answer.size) from None
            raise QueryTooCostly(memory=self.limits.memory_mb, bytes=answer.size) from None

    async def _ask(self, crew: str, answer: Answer, request: QueryRequest, seconds: float) -> None:
        """Lets a worker of ``crew`` fill ``answer``.

        Raises TimeoutError, EOFError or ConnectionError when the worker dies of it, EndpointBusy when there is none.
        """
        try:
            reader, writer = await asyncio.open_unix_connection(self.folder / crew)
        except OSError:
            raise self.busy() from None
        try:
            writer.write(frames.pack(frames.QUERY, replace(request, seconds=seconds).encode()))
            await self._taken(reader)
            async with asyncio.timeout(seconds + GRACE_SECONDS):
                await _collect(reader, answer)
        finally:
            writer.transport.abort()

    async def _taken(self, reader: asyncio.StreamReader) -> None:
        try:
            async with asyncio.timeout(self.limits.wait_seconds):
                await frames.read(reader)
        except (TimeoutError, EOFError, ConnectionError):
            raise self.busy() from None


async def _collect(reader: asyncio.StreamReader, answer: Answer) -> None:
    while True:
        kind, payload = await frames.read(reader)
        if kind == frames.DATA:
            answer.add(payload)
        elif kind == frames.END:
            return
        else:
            raise refusal(payload)
