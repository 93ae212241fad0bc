"""The endpoint: /sparql for programs by the SPARQL 1.1 Protocol, for people as a page (/sparql, /en/sparql).

A query never runs here: it is checked as text and handed to a worker, and its answer goes out only when it is whole.
"""

import asyncio
import json
import logging
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus
from typing import Any, TypeVar

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from publisher.core.errors import EndpointBusy, KreisgraphError, QueryRefused, QuerySyntax, TooManyQueries
from publisher.core.terms import prefixes
from publisher.endpoint import tokens
from publisher.endpoint.client import Endpoint
from publisher.endpoint.held import Answer
from publisher.endpoint.request import TABLE, QueryRequest
from publisher.graph.formats import Format
from publisher.graph.write import write
from publisher.views.site import Site
from publisher.web import negotiation, problems, service_description, sparql_page
from publisher.web.caching import CACHE_CONTROL, etag, unchanged
from publisher.web.frame import Frame, Visit
from publisher.web.links import DEFAULT_LANGUAGE, LANGUAGES
from publisher.web.sparql_protocol import HTML, Operation, WrongBody, choose, operation

PATH = "/sparql"
SEND_SECONDS = 600.0
"""How long a reader may take to fetch an answer."""

_EXPOSED = "Content-Disposition, ETag, Link, Location, Retry-After, X-Kreisgraph-Release"
_T = TypeVar("_T")
_log = logging.getLogger(__name__)
NOTHING = Operation(None, "", (), (), "")


class Gone(Exception):
    """The visitor has closed the connection; nobody waits for an answer."""


@dataclass(frozen=True)
class Desk:
    """What answering takes: the frame of pages and the workers; ``language`` is that of the page."""

    frame: Frame
    endpoint: Endpoint
    language: str

    @property
    def headers(self) -> dict[str, str]:
        """The headers of every answer."""
        return {
            "Vary": "Accept",
            "X-Kreisgraph-Release": self.frame.site.release.manifest.version,
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": _EXPOSED,
        }

    def visit(self, request: Request) -> Visit:
        """The visit of the page."""
        return self.frame.visit(request, self.language, PATH)


def router(site: Site, endpoint: Endpoint) -> APIRouter:
    """The routes of the endpoint."""
    routes, frame = APIRouter(), Frame.of(site)
    for language in LANGUAGES:
        path = PATH if language == DEFAULT_LANGUAGE else f"/{language}{PATH}"
        serve = partial(_serve, Desk(frame, endpoint, language))
        routes.add_route(path, serve, methods=["GET", "HEAD", "POST"], include_in_schema=False)
    return routes


async def _serve(desk: Desk, request: Request) -> Response:
    meant = NOTHING
    try:
        meant = _with_example(desk, await operation(request, desk.endpoint.limits.length))
        return await _answer(desk, request, meant)
    except Gone:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    except KreisgraphError as error:
        return _refusal(desk, request, meant, error)


def _with_example(desk: Desk, meant: Operation) -> Operation:
    """``meant`` with the text of the example it names in place of a query of its own."""
    if meant.query is not None or not meant.example:
        return meant
    query = desk.frame.site.queries.get(sparql_page.FOLDER + meant.example)
    return replace(meant, query=sparql_page.example_text(query))


async def _answer(desk: Desk, request: Request, meant: Operation) -> Response:
    accept = request.headers.get("accept")
    if meant.query is None:
        fmt = choose(accept, meant.format, None)
        return _start(desk, request, meant) if fmt is HTML else _description(desk, fmt)
    limits = desk.endpoint.limits
    outline = tokens.check(meant.query, limits.length, limits.nesting)
    if outline.form is None:
        raise QuerySyntax(detail=", ".join(tokens.FORMS) + "?")
    fmt = choose(accept, meant.format, outline)
    headers = desk.headers | {"Content-Type": fmt.content_type}
    if outline.steady and request.method != "POST":
        tag = etag(desk.frame.stamp, desk.language, fmt.ending, repr(meant))
        headers |= {"ETag": tag, "Cache-Control": CACHE_CONTROL}
        if unchanged(request, tag):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    else:
        headers["Cache-Control"] = "no-store"
    return await _run(desk, request, meant, fmt, headers)


async def _run(desk: Desk, request: Request, meant: Operation, fmt: Format, headers: dict[str, str]) -> Response:
    ending, client = TABLE if fmt is HTML else fmt.ending, client_of(request)
    asked = QueryRequest(meant.query or "", ending, meant.default_graphs, meant.named_graphs, sparql_page.ROWS)
    if fmt is HTML:
        table = await _while_waited_for(request, desk.endpoint.table(asked, client))
        visit = desk.visit(request)
        page = sparql_page.page(visit, meant, table, headers=headers)
        return desk.frame.render(visit, page)
    answer = await _while_waited_for(request, _answered(request, desk.endpoint, asked, client))
    if meant.format and negotiation.prefers_html(request.headers.get("accept")):
        headers["Content-Disposition"] = f'attachment; filename="{meant.example or "abfrage"}.{fmt.ending}"'
    return Sent(answer, headers)


async def _answered(request: Request, endpoint: Endpoint, asked: QueryRequest, client: str) -> Answer:
    answer = await endpoint.run(asked, client)
    if request.scope["http_version"] == "1.0":
        # There, the end of the connection is the end of the answer: a broken one would look whole.
        try:
            await answer.whole()
        except BaseException:
            answer.close()
            raise
    return answer


def client_of(request: Request) -> str:
    """Whose query this is, for fairness: the address, of IPv6 the network that one subscriber has."""
    host = request.client.host if request.client else ""
    return ":".join(host.split(":")[:4]) if ":" in host else host


async def _while_waited_for(request: Request, work: Coroutine[Any, Any, _T]) -> _T:
    """The result of ``work``, given up as soon as the visitor goes away; raises Gone then."""
    task = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_gone(request.receive))
    try:
        await asyncio.wait((task, gone), return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise Gone
        return task.result()
    finally:
        task.cancel()
        gone.cancel()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


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
        gone = asyncio.ensure_future(_gone(receive))
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
        if method != "HEAD":
            async for piece in self.answer.pieces():
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                # Compressing a piece takes a while; other visitors get their turn in between.
                await asyncio.sleep(0)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _start(desk: Desk, request: Request, meant: Operation) -> Response:
    visit = desk.visit(request)
    tag = etag(desk.frame.stamp, desk.language, "start")
    headers = desk.headers | {"ETag": tag, "Cache-Control": CACHE_CONTROL}
    if unchanged(request, tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return desk.frame.render(visit, sparql_page.page(visit, meant, headers=headers))


def _description(desk: Desk, fmt: Format) -> Response:
    site, links = desk.frame.site, desk.frame.links
    endpoint = links.whole(links.href(PATH))
    names = prefixes(site.base) | service_description.PREFIXES
    body = write(service_description.triples(site, endpoint), fmt, names, names)
    return Response(body, headers=desk.headers | {"Content-Type": fmt.content_type, "Cache-Control": CACHE_CONTROL})


def _refusal(desk: Desk, request: Request, meant: Operation, error: KreisgraphError) -> Response:
    """Why there is no answer: in the page for browsers, as problem details for programs."""
    wrong_body = isinstance(error, WrongBody)
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE if wrong_body else HTTPStatus(problems.status_of(error))
    headers = desk.headers | {"Vary": "Accept, Accept-Language", "Cache-Control": "no-store"}
    if isinstance(error, EndpointBusy | TooManyQueries):
        headers["Retry-After"] = f"{max(1, round(desk.endpoint.limits.wait_seconds))}"
    if negotiation.prefers_html(request.headers.get("accept")):
        visit = desk.visit(request)
        page = sparql_page.page(visit, meant, error=error, status=status, headers=headers)
        return desk.frame.render(visit, page)
    return Response(_details(desk, request, status, error), status, headers, "application/problem+json")


def _details(desk: Desk, request: Request, status: HTTPStatus, error: KreisgraphError) -> str:
    """https://www.rfc-editor.org/rfc/rfc9457#section-3"""
    links = desk.frame.links
    language = negotiation.language(request.headers.get("accept-language"), LANGUAGES)
    position: dict[str, object] = {name: error.facts[name] for name in ("line", "column") if name in error.facts}
    shown = next(kind for kind in type(error).__mro__ if kind.__module__ == KreisgraphError.__module__)
    body: dict[str, object] = {
        "type": links.absolute(links.href("/methode")) + f"#{shown.__name__}",
        "title": status.phrase,
        "status": int(status),
        "detail": sparql_page.message(error, language),
        "details": {name: sparql_page.message(error, name) for name in LANGUAGES},
        "instance": request.url.path,
        **position,
    }
    return json.dumps(body, ensure_ascii=False) + "\n"
