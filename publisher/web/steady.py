"""No page goes out unless the store held its release when the page was done: where another server holds the data."""

import asyncio

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from publisher.core.refusals import EngineTrouble
from publisher.graph.remote import Remote
from publisher.web.frame import Frame
from publisher.web.problems import refusal


class Steady:
    """Asks the store, after a page that it was asked for, whether it still holds the release; else there is no page."""

    def __init__(self, app: ASGIApp, frame: Frame, dataset: Remote) -> None:
        self.app, self.frame, self.dataset = app, frame, dataset

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked, stopped = self.dataset.wire.asked, False

        async def checked(message: Message) -> None:
            nonlocal stopped
            if message["type"] == "http.response.start" and message["status"] < 500 and self._asked_since(asked):
                try:
                    await asyncio.to_thread(self.dataset.confirm)
                except EngineTrouble as error:
                    stopped = True
                    await refusal(self.frame, Request(scope), error)(scope, receive, send)
            if not stopped:
                await send(message)

        await self.app(scope, receive, checked)

    def _asked_since(self, number: int) -> bool:
        # Others ask at the same time: what they ask is checked once more than needed.
        return self.dataset.wire.asked != number
