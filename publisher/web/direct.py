"""Answers of /sparql that a worker gives by itself: the same headers and bytes as behind the routes, made once.

The worker knows requests and answers as bytes; what they mean is worked out here, and remembered.
"""

import time
from collections.abc import Coroutine
from dataclasses import dataclass
from email.utils import formatdate
from functools import lru_cache
from typing import Any

import httptools
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from publisher.core.errors import KreisgraphError
from publisher.endpoint.client import ANSWERED
from publisher.endpoint.request import QueryRequest, key_of
from publisher.endpoint.tally import Tally
from publisher.web.compression import MINIMUM, Compression, accepted
from publisher.web.counts import Counts
from publisher.web.headers import Headers, readable
from publisher.web.sparql import client_of
from publisher.web.sparql_desk import PATH, Desk
from publisher.web.sparql_protocol import HTML, SPREADSHEETS, addressed
from publisher.web.sparql_ready import LONG, check, ready, with_example

_REMEMBERED, _HEADS, _SHORT = 256, 1024, 1024
"""So many requests and heads are remembered, heads of at most so many bytes."""
_LENGTH = b"content-length"
_SAY = (b"accept", b"accept-encoding")
"""What the answer depends on, as ``Vary`` says."""
_MORE = {b"if-none-match", b"if-match", b"if-modified-since", b"if-unmodified-since", b"if-range", b"range", b"expect"}
_MORE |= {b"upgrade", b"content-length", b"transfer-encoding"}
"""Headers of requests that take more than an answer with status 200."""


class DirectAnswers:
    """What the express worker at ``row`` of the counts needs of ``desk``.

    ``keeps`` says that page processes keep answers.
    """

    def __init__(self, desk: Desk, counts: Counts, tally: Tally, row: int, keeps: bool) -> None:
        self._desk, self._counts, self._tally, self._row = desk, counts, tally, row
        self.start = f"GET {PATH}?".encode()
        self.keeps = keeps
        self._prepared = lru_cache(_REMEMBERED)(self._prepare)
        self._heads = lru_cache(_HEADS)(self._read)
        trusted = desk.frame.site.settings.trusted_proxies
        self._proxied = ProxyHeadersMiddleware(_nowhere, trusted)  # type: ignore[arg-type]

    def ended(self, seconds: float, size: int) -> None:
        """Counts an answer of ``size`` bytes that took ``seconds``."""
        self._counts.ended(self._row, "sparql", 200, seconds, size)
        self._tally.ended(self._row, ANSWERED, seconds)

    def read(self, tail: bytes, peer: str) -> "Head | None":
        """What stands in ``tail`` of a request from ``peer``; None for more than a query that is answered with 200."""
        return self._heads(tail, peer) if len(tail) <= _SHORT else self._read(tail, peer)

    def prepare(self, target: bytes, head: "Head") -> "PreparedAnswer | None":
        """The request for the query string ``target``; None where the answer is no small one with status 200."""
        return self._prepared(target, head.lists)

    def _read(self, tail: bytes, peer: str) -> "Head | None":
        headers = _parsed(tail)
        if headers is None or any(name in _MORE for name, _ in headers):
            return None
        scope: Scope = {"type": "http", "scheme": "http", "client": (peer, 0), "headers": headers}
        _at_once(self._proxied(scope, _nothing, _unsent))  # type: ignore[arg-type]
        lists = tuple(pair for pair in readable(scope)["headers"] if pair[0] in _SAY)
        return Head(client_of(Request(scope)), lists)

    def _prepare(self, target: bytes, lists: tuple[tuple[bytes, bytes], ...]) -> "PreparedAnswer | None":
        scope = readable(
            {"type": "http", "method": "GET", "path": PATH, "query_string": target, "headers": list(lists)}
        )
        given = dict(lists)
        accept = given[b"accept"].decode("latin-1") if b"accept" in given else None
        try:
            meant = with_example(self._desk, addressed(scope["query_string"].decode("latin-1")))
            if meant.query is None or len(meant.query) > LONG:
                return None
            one = ready(self._desk, accept, meant, check(meant.query, self._desk.endpoint.limits), steady=True)
        except KreisgraphError:
            return None
        if one.fmt in (HTML, *SPREADSHEETS) or one.asked.calls:
            return None
        release = self._desk.frame.site.release.manifest.version
        return PreparedAnswer(one.asked, one.headers, release, scope)


@dataclass(frozen=True)
class Head:
    """What a request says beside its address (``endpoint.direct.Head``)."""

    client: str
    lists: tuple[tuple[bytes, bytes], ...]
    """The headers on which the answer depends."""


class PreparedAnswer:
    """One request, and how it is answered (``endpoint.direct.Prepared``)."""

    def __init__(self, request: QueryRequest, headers: dict[str, str], release: str, scope: Scope) -> None:
        self.request, self.key = request, bytes.fromhex(key_of(request))
        self._headers, self._release, self._scope = headers, release, scope
        coded = any(name == b"accept-encoding" for name, _ in scope["headers"])
        self._coding = accepted(dict(scope["headers"])[b"accept-encoding"].decode("latin-1")) if coded else ""
        self._wrapped = Headers(Compression(self._plain) if coded else self._plain, release)
        self._head = _lines(self._sent(b"")[0])
        self._body = b""

    def message(self, body: bytes) -> tuple[bytes, int]:
        """The whole message that answers with ``body``, and the size of its own."""
        head = self._head
        if self._coding and len(body) >= MINIMUM:
            headers, body = self._sent(body)
            head = _lines(headers)
        size = len(body)
        return _MESSAGE % (_STATUS, _date(int(time.time())), head, size, body), size

    def _sent(self, body: bytes) -> tuple[list[tuple[bytes, bytes]], bytes]:
        """Headers and body as they leave the application."""
        self._body = body
        messages: list[Message] = []

        async def send(message: Message) -> None:
            messages.append(message)

        _at_once(self._wrapped(self._scope, _nothing, send))
        return messages[0]["headers"], b"".join(message["body"] for message in messages[1:])

    async def _plain(self, scope: Scope, receive: Receive, send: Send) -> None:
        await Response(self._body, headers=self._headers)(scope, receive, send)


_STATUS, _MESSAGE = b"HTTP/1.1 200 OK\r\n", b"%b%b%bcontent-length: %d\r\n\r\n%b"


@lru_cache(1)
def _date(second: int) -> bytes:
    return f"date: {formatdate(second, usegmt=True)}\r\n".encode()


def _lines(headers: list[tuple[bytes, bytes]]) -> bytes:
    return b"".join(b"%b: %b\r\n" % pair for pair in headers if pair[0] != _LENGTH)


def _parsed(tail: bytes) -> list[tuple[bytes, bytes]] | None:
    """The headers in ``tail``, as the server's own parser reads them; None where something else comes or ends."""
    reader = _Reader()
    parser = httptools.HttpRequestParser(reader)
    try:
        parser.feed_data(b"GET /" + tail)
    except (httptools.HttpParserError, httptools.HttpParserUpgrade):
        return None
    return reader.headers if reader.complete == 1 and parser.should_keep_alive() else None


class _Reader:
    """What the parser tells of."""

    def __init__(self) -> None:
        self.headers: list[tuple[bytes, bytes]] = []
        self.complete = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name.lower(), value))

    def on_message_complete(self) -> None:
        self.complete += 1


async def _nowhere(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers nothing."""


async def _unsent(message: Message) -> None:
    """Sends nothing."""


async def _nothing() -> Message:
    raise EOFError


def _at_once(work: Coroutine[Any, Any, None]) -> None:
    """Runs what waits for nothing to its end."""
    try:
        work.send(None)
    except StopIteration:
        return
    work.close()
    raise RuntimeError("an answer in one piece waits for nobody")
