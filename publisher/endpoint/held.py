"""An answer on its way: what the worker has sent so far, kept apart from how fast the visitor reads it."""

import asyncio
from collections.abc import AsyncIterator
from tempfile import SpooledTemporaryFile

from publisher.core.errors import KreisgraphError
from publisher.core.refusals import EndpointBusy

FIRST = 1 << 20
"""Answers up to so many bytes are whole before the first one goes out."""
_PIECE = 1 << 16


class Room:
    """How many bytes of answers one page process holds at the same time."""

    def __init__(self, most: int, busy: EndpointBusy) -> None:
        self.busy = busy
        self._left = most

    def take(self, size: int) -> None:
        """Counts ``size`` more bytes as held; raises EndpointBusy when there is no room for them."""
        if size > self._left:
            raise self.busy
        self._left -= size

    def free(self, size: int) -> None:
        """Counts ``size`` bytes as gone."""
        self._left += size


class Answer:
    """The bytes of one answer: in memory while few, else in a file that is gone when closed."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._file = SpooledTemporaryFile(max_size=FIRST)  # noqa: SIM115
        self._news = asyncio.Event()
        self._work: asyncio.Task[None] | None = None
        self._failure: KreisgraphError | None = None
        self.size = 0
        self.complete = False
        self.light = False
        """Whether it took so little that the express lane might have had it."""
        self.lasting = False
        """Whether what is here stays: a query that is run again from the start takes it back."""

    def work(self, task: "asyncio.Task[None]") -> None:
        """From now on ``task`` fills the answer; it ends with it."""
        self._work = task

    def add(self, piece: bytes) -> None:
        """Takes the next bytes; raises EndpointBusy when there is no room for them."""
        self._room.take(len(piece))
        self.size += len(piece)
        try:
            self._file.seek(self.size - len(piece))
            self._file.write(piece)
        except OSError:
            raise self._room.busy from None
        self._news.set()

    def restart(self) -> None:
        """Drops everything; what comes from now on stays."""
        self._room.free(self.size)
        self.size = 0
        self._file.seek(0)
        self._file.truncate()
        self.lasting = True

    def finish(self, failure: KreisgraphError | None = None) -> None:
        """Nothing more comes: the answer is whole, or ``failure`` says why it will never be."""
        self.complete, self._failure = failure is None, failure
        self._news.set()

    async def started(self) -> None:
        """Waits until sending may begin: the answer is whole, or large. Raises what stopped it before."""
        while not (self.complete or (self.lasting and self.size >= FIRST)):
            await self._more()

    async def whole(self) -> bytes:
        """All bytes; raises what stopped the answer."""
        while not self.complete:
            await self._more()
        self._file.seek(0)
        return self._file.read()

    async def pieces(self) -> AsyncIterator[bytes]:
        """The bytes from the start, as they come; raises what stops the answer on the way."""
        place = 0
        while True:
            self._file.seek(place)
            piece = self._file.read(min(_PIECE, self.size - place))
            if piece:
                place += len(piece)
                yield piece
            elif self.complete:
                return
            else:
                await self._more()

    async def _more(self) -> None:
        if self._failure:
            raise self._failure
        self._news.clear()
        await self._news.wait()
        if self._failure:
            raise self._failure

    def close(self) -> None:
        """Ends the work and gives the room free; may be called more than once."""
        if self._work:
            self._work.cancel()
        self._file.close()
        self._room.free(self.size)
        self.size = 0
