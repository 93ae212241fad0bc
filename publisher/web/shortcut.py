"""A way past the search for a route, for the one address that programs ask thousands of times: /sparql.

The same function answers there as behind the route, and the same headers and compression are put around it.
"""

from collections.abc import Awaitable, Callable, Mapping

from starlette.applications import Starlette
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from publisher.web.compression import Compression
from publisher.web.headers import Headers

Handler = Callable[[Request], Awaitable[Response]]
_METHODS = ("GET", "POST")


class Shortcut:
    """ASGI application: paths in ``handlers`` are answered at once, everything else by ``app``."""

    def __init__(self, app: Starlette, handlers: Mapping[str, Handler], release: str) -> None:
        self.app, self._handlers = app, handlers
        # What nobody expected is answered as behind the routes.
        answer = ServerErrorMiddleware(self._plain, app.exception_handlers.get(Exception))
        self._answer, self._compressed = Headers(answer, release), Headers(Compression(answer), release)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if scope["type"] != "http" or scope["path"] not in self._handlers or scope["method"] not in _METHODS:
            await self.app(scope, receive, send)
        elif any(name == b"accept-encoding" for name, _ in scope["headers"]):
            await self._compressed(scope, receive, send)
        else:
            await self._answer(scope, receive, send)

    async def _plain(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._handlers[scope["path"]](Request(scope, receive))
        await response(scope, receive, send)
