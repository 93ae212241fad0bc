"""An answer of the endpoint on its way to the visitor."""

import asyncio
import logging
from http import HTTPStatus

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from publisher.core.refusals import QueryRefused
from publisher.endpoint.held import Answer

SMALL = 1 << 16
"""Answers up to so many bytes go out in one piece."""
SEND_SECONDS = 600.0
"""How long a reader may take to fetch an answer."""

_log = logging.getLogger(__name__)


class Sent(Response):
    """An answer on its way: with its length when it is whole, else in pieces, and never ended as if it were whole."""

    def __init__(self, answer: Answer, headers: dict[str, str]) -> None:
        length = {"Content-Length": str(answer.size)} if answer.complete else {}
        super().__init__(status_code=HTTPStatus.OK, headers=headers | length)
        if not answer.complete:
            del self.headers["Content-Length"]
        self.answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends it until the reader goes away or takes too long, and gives its room free in any case."""
        if self.answer.complete and self.answer.size <= SMALL:
            # It leaves at once, whoever reads it.
            try:
                await self._send(scope["method"], send)
            finally:
                self.answer.close()
            return
        gone = asyncio.ensure_future(gone_away(receive))
        work = asyncio.ensure_future(self._send(scope["method"], send))
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await asyncio.wait((work, gone), return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                work.result()
        except (QueryRefused, TimeoutError) as error:
            # Without the last piece the server breaks the connection off: the reader sees that something is missing.
            _log.warning("answer broken off after %d bytes: %s", self.answer.size, error)
        finally:
            gone.cancel()
            work.cancel()
            self.answer.close()

    async def _send(self, method: str, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        if method != "HEAD" and self.answer.complete and self.answer.size <= SMALL:
            await send({"type": "http.response.body", "body": await self.answer.whole(), "more_body": False})
            return
        if method != "HEAD":
            async for piece in self.answer.pieces():
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                # Compressing a piece takes a while; other visitors get their turn in between.
                await asyncio.sleep(0)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def gone_away(receive: Receive) -> None:
    """Waits until the visitor has closed the connection."""
    while (await receive())["type"] != "http.disconnect":
        pass
