"""Compression on the way out: only where it is asked for, and with headers that stay true.

https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3
"""

from collections.abc import Callable
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from publisher.web import negotiation

MINIMUM = 1000
"""Bodies below this many bytes go out as they are."""
_GZIP = "gzip"


class Compression:
    """ASGI middleware: gzip for those who accept it.

    A compressed body never carries the strong tag of the plain one, and HEAD says what GET would.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = GZipMiddleware(app, minimum_size=MINIMUM)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        wanted = accepted(Headers(scope=scope).get("accept-encoding"))
        encoding = [(b"accept-encoding", _GZIP.encode())] if wanted else []
        others = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        finish = _finish(wanted, wanted and scope["method"] == "HEAD")
        await self.app({**scope, "headers": others + encoding}, receive, _telling(send, finish))


def accepted(header: str | None) -> bool:
    """Whether a reader takes gzip: named, or meant by ``*``, and not refused with ``q=0``."""
    wanted = {entry.value: entry.quality for entry in negotiation.ranges(header or "")}
    return wanted.get(_GZIP, wanted.get("*", 0.0)) > 0


def _telling(send: Send, finish: Callable[[int, MutableHeaders], None]) -> Send:
    async def forward(message: Message) -> None:
        if message["type"] == "http.response.start":
            finish(message["status"], MutableHeaders(scope=message))
        await send(message)

    return forward


def _finish(wanted: bool, head: bool) -> Callable[[int, MutableHeaders], None]:
    """What is put right in the headers of every answer: ``wanted`` is gzip, ``head`` a HEAD that takes it."""

    def finish(status: int, headers: MutableHeaders) -> None:
        if head:
            _unsent(headers)
        _once(headers)
        compressed = headers.get("content-encoding") == _GZIP or (wanted and status == HTTPStatus.NOT_MODIFIED)
        tag = headers.get("etag", "")
        if compressed and tag.startswith('"'):
            headers["etag"] = f"W/{tag}"

    return finish


def _once(headers: MutableHeaders) -> None:
    """Names every header in Vary once."""
    if "vary" in headers:
        names = (name.strip() for line in headers.getlist("vary") for name in line.split(","))
        headers["vary"] = ", ".join(dict.fromkeys(names))


def _unsent(headers: MutableHeaders) -> None:
    """The headers of a HEAD whose body was never made: those of the compressed GET, its length unknown."""
    media = headers.get("content-type", "").partition(";")[0]
    if "content-encoding" in headers or "content-range" in headers or media in DEFAULT_EXCLUDED_CONTENT_TYPES:
        return
    if int(headers.get("content-length", "0")) >= MINIMUM:
        headers["content-encoding"] = _GZIP
        headers.add_vary_header("Accept-Encoding")
        del headers["content-length"]
