"""Compression on the way out: only where it is asked for, and with headers that stay true.

https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3
"""

from collections.abc import Callable, Sequence
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette_compress import CompressMiddleware, add_compress_type

from publisher.graph.formats import DOCUMENT_FORMATS, SELECT_FORMATS
from publisher.web import negotiation

MINIMUM = 1000
"""Bodies below this many bytes go out as they are."""
_GZIP = 3
"""How hard gzip tries: the next step makes pages a twentieth smaller and takes half as long again."""
CODINGS = ("zstd", "br", "gzip")
"""The codings on offer, the preferred one first."""
_TEXTS = ("text/html", "text/css", "text/javascript", "text/plain", "image/svg+xml")
_DATA = ("application/n-quads", "application/trig", "application/rdf-patch", "application/json")
_JSON = ("application/problem+json", "application/linkset+json", "application/csvm+json")
_XML = ("application/atom+xml", "application/xml", "text/xml")
_WORTH_IT = {*_TEXTS, *_DATA, *_JSON, *_XML, *(fmt.media for fmt in (*SELECT_FORMATS, *DOCUMENT_FORMATS))}
"""The media types of ours that become smaller."""


PAST = "kreisgraph.past"
"""Where in the scope the way out stands that passes the compression by, for what lies there compressed already."""
_ASKED = "kreisgraph.accept-encoding"


class Compression:
    """ASGI middleware: zstd, Brotli or gzip for those who accept it.

    A compressed body never carries the strong tag of the plain one, nor its digest, and HEAD says what GET would.
    """

    def __init__(self, app: ASGIApp) -> None:
        for media in _WORTH_IT:
            add_compress_type(media)
        self.app = CompressMiddleware(app, minimum_size=MINIMUM, gzip_level=_GZIP)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        header = Headers(scope=scope).get("accept-encoding")
        coding = accepted(header)
        encoding = [(b"accept-encoding", coding.encode())] if coding else []
        others = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        finish = _finish(coding, scope["method"] == "HEAD")
        told = {PAST: _telling(send, lambda _, headers: _once(headers)), _ASKED: header}
        await self.app({**scope, **told, "headers": others + encoding}, receive, _telling(send, finish))


def accepted(header: str | None, offered: Sequence[str] = CODINGS) -> str:
    """The coding of ``offered`` that a reader likes best, named or by ``*``; the first among equals, "" for none."""
    asked = {entry.value: entry.quality for entry in negotiation.ranges(header or "")}
    liking = {coding: asked.get(coding, asked.get("*", 0.0)) for coding in offered}
    best = max(offered, key=liking.__getitem__, default="")
    return best if best and liking[best] > 0 else ""


def wanted(request: Request) -> str | None:
    """The header by which the reader says which codings it accepts, as it came."""
    header: str | None = request.scope.get(_ASKED, request.headers.get("accept-encoding"))
    return header


def _telling(send: Send, finish: Callable[[int, MutableHeaders], None]) -> Send:
    async def forward(message: Message) -> None:
        if message["type"] == "http.response.start":
            finish(message["status"], MutableHeaders(scope=message))
        await send(message)

    return forward


def _finish(wanted: str, head: bool) -> Callable[[int, MutableHeaders], None]:
    """What is put right in the headers of every answer: ``wanted`` is the coding, ``head`` says that it is a HEAD."""

    def finish(status: int, headers: MutableHeaders) -> None:
        if head and wanted:
            _unsent(headers, wanted)
        _once(headers)
        compressed = wanted and (headers.get("content-encoding") == wanted or status == HTTPStatus.NOT_MODIFIED)
        tag = headers.get("etag", "")
        if compressed and tag.startswith('"'):
            headers["etag"] = f"W/{tag}"
        if compressed:
            del headers["repr-digest"], headers["content-digest"]

    return finish


def _once(headers: MutableHeaders) -> None:
    """Names every header in Vary once."""
    if "vary" in headers:
        names = (name.strip() for line in headers.getlist("vary") for name in line.split(","))
        headers["vary"] = ", ".join(dict.fromkeys(names))


def _unsent(headers: MutableHeaders, coding: str) -> None:
    """The headers of a HEAD whose body was never made: those of the compressed GET, its length unknown."""
    media = headers.get("content-type", "").partition(";")[0]
    if "content-encoding" in headers or "content-range" in headers or media not in _WORTH_IT:
        return
    if int(headers.get("content-length", MINIMUM)) >= MINIMUM:
        headers["content-encoding"] = coding
        headers.add_vary_header("Accept-Encoding")
        del headers["content-length"]
