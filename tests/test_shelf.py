"""Answers that are kept: the same bytes for the same request, never for another one, within a bound."""

import asyncio
from collections.abc import Mapping

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from publisher.web.shelf import LARGEST, Shelf

KEPT = {"Cache-Control": "public, max-age=300", "Vary": "Accept-Language, Accept-Encoding"}


class Site:
    """Answers with what it was asked, and counts how often; ``?status=``, ``?size=``, ``?control=`` say how."""

    def __init__(self) -> None:
        self.asked = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked += 1
        request = Request(scope)
        query = request.query_params
        body = f"{request.url.path} {request.headers.get('accept-language')} ".ljust(int(query.get("size", 0)), "x")
        headers = {**KEPT, "Cache-Control": query.get("control", KEPT["Cache-Control"])}
        headers["Vary"] = query.get("vary", KEPT["Vary"])
        made: Response = PlainTextResponse(body, int(query.get("status", 200)), headers)
        if "pieces" in query:
            made = StreamingResponse(iter([body, "…"]), headers=headers)
        await made(scope, receive, send)


def ask(shelf: Shelf, target: str, headers: Mapping[str, str] | None = None, method: str = "GET") -> tuple[int, bytes]:
    """Status and body of one request."""
    path, _, query = target.partition("?")
    raw = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    scope: Scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "headers": raw}
    scope |= {"query_string": query.encode(), "scheme": "http", "server": ("x", 80), "root_path": ""}
    sent: list[Message] = []

    async def receive() -> Message:
        # The visitor says nothing more, and stays.
        return await asyncio.get_running_loop().create_future()

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(shelf(scope, receive, send))
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


GERMAN, ENGLISH = {"accept-language": "de"}, {"accept-language": "en"}
CASES = [
    ("/a", GERMAN, "/a", GERMAN, 1),
    ("/a?pieces", GERMAN, "/a?pieces", GERMAN, 1),
    ("/a", GERMAN, "/b", GERMAN, 2),
    ("/a", GERMAN, "/a?x=1", GERMAN, 2),
    ("/a", GERMAN, "/a", ENGLISH, 2),
    ("/a", {"accept-encoding": "gzip"}, "/a", {"accept-encoding": "gzip, deflate"}, 1),
    ("/a", {"accept-encoding": "gzip"}, "/a", {"accept-encoding": "br"}, 2),
    ("/a", {"accept": "text/html"}, "/a", {"accept": "text/turtle"}, 1),
    ("/a?vary=Accept", {"accept": "text/html"}, "/a?vary=Accept", {"accept": "text/turtle"}, 2),
    ("/a?vary=*", {}, "/a?vary=*", {}, 2),
    ("/a?status=404", {}, "/a?status=404", {}, 2),
    ("/a?control=no-store", {}, "/a?control=no-store", {}, 2),
    ("/a?control=private", {}, "/a?control=private", {}, 2),
    (f"/a?size={LARGEST + 1}", {}, f"/a?size={LARGEST + 1}", {}, 2),
    ("/a", {"range": "bytes=0-1"}, "/a", {"range": "bytes=0-1"}, 2),
    ("/a", {"if-none-match": '"x"'}, "/a", {"if-none-match": '"x"'}, 2),
    ("/sparql?query=ASK", {}, "/sparql?query=ASK", {}, 1),
]


@pytest.mark.parametrize(("first", "said", "second", "then", "asked"), CASES)
def test_an_answer_is_kept_for_the_same_request_only(
    first: str, said: dict[str, str], second: str, then: dict[str, str], asked: int
) -> None:
    site = Site()
    shelf = Shelf(site, 1 << 23, 1 << 20)
    one, two = ask(shelf, first, said), ask(shelf, second, then)
    assert site.asked == asked
    assert two == ask(Shelf(Site(), 0, 0), second, then)
    assert asked == 2 or one == two


def test_nothing_else_than_a_get_is_kept() -> None:
    site = Site()
    shelf = Shelf(site, 1 << 20, 1 << 20)
    for method in ("POST", "HEAD", "GET", "POST", "HEAD"):
        ask(shelf, "/a", method=method)
    assert site.asked == 5


@pytest.mark.parametrize(("path", "pages", "queries"), [("/a", 0, 1 << 20), ("/sparql", 1 << 20, 0)])
def test_no_room_keeps_nothing(path: str, pages: int, queries: int) -> None:
    site = Site()
    shelf = Shelf(site, pages, queries)
    ask(shelf, path)
    ask(shelf, path)
    assert site.asked == 2


def test_what_was_asked_for_least_lately_goes_first_and_queries_push_no_page_out() -> None:
    site = Site()
    shelf = Shelf(site, 300_000, 300_000)
    for target in ("/a?size=100000", "/b?size=100000", "/a?size=100000", "/c?size=100000"):
        ask(shelf, target)
    for number in range(9):
        ask(shelf, f"/sparql?size=100000&n={number}")
    before = site.asked
    ask(shelf, "/a?size=100000")
    ask(shelf, "/c?size=100000")
    assert site.asked == before
    ask(shelf, "/b?size=100000")
    assert site.asked == before + 1
