"""A page process's place in the waiting line: one connection to the usher for as long as a query waits and runs."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from publisher.core.refusals import EndpointBusy
from publisher.endpoint import frames
from publisher.endpoint.failures import refusal
from publisher.endpoint.line import Lane


class Turn:
    """One query's place; ``lane`` is the one it was called to."""

    lane: Lane

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, busy: EndpointBusy) -> None:
        self._reader, self._writer, self._busy = reader, writer, busy
        self.outcome = ""
        """What became of the query; said when the place is given up. Empty: nobody waited for it any more."""

    async def slower(self) -> None:
        """Waits for a place in the slow lane; raises EndpointBusy or TooManyQueries."""
        self._writer.write(frames.pack(frames.SLOWER))
        await self.called()

    async def called(self) -> None:
        """Waits until it is this query's turn; raises EndpointBusy or TooManyQueries."""
        try:
            kind, payload = await frames.read(self._reader)
        except (EOFError, ConnectionError):
            raise self._busy from None
        if kind == frames.ERROR:
            raise refusal(payload)
        self.lane = "slow" if payload == b"slow" else "quick"


@asynccontextmanager
async def turn(path: str, client: str, query: str, busy: EndpointBusy, slow: bool = False) -> AsyncIterator[Turn]:
    """The turn of ``query`` (any text that tells queries apart) of ``client`` in the line at ``path``.

    ``slow`` says that it has no time in the quick lane.

    Raises EndpointBusy (``busy`` when there is no line) or TooManyQueries.
    """
    try:
        reader, writer = await asyncio.open_unix_connection(path)
    except OSError:
        raise busy from None
    one = Turn(reader, writer, busy)
    try:
        writer.write(frames.pack(frames.JOIN, json.dumps({"client": client, "query": query, "slow": slow}).encode()))
        await one.called()
        yield one
    finally:
        if one.outcome:
            writer.write(frames.pack(frames.END, one.outcome.encode()))
        writer.close()


async def stats(path: str) -> dict[str, Any]:
    """The numbers of the line at ``path``; raises OSError or EOFError when it does not answer."""
    reader, writer = await asyncio.open_unix_connection(path)
    try:
        writer.write(frames.pack(frames.STATS))
        _, payload = await frames.read(reader)
        found: dict[str, Any] = json.loads(payload)
        return found
    finally:
        writer.close()
