"""The endpoint: /sparql for programs by the SPARQL 1.1 Protocol, for people as a page (/sparql, /en/sparql).

A query never runs here: it is checked as text and handed to a worker. A small answer goes out when it is whole.
"""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from http import HTTPStatus
from typing import Any, TypeVar

from fastapi import APIRouter
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from publisher.core.errors import KreisgraphError
from publisher.core.terms import prefixes
from publisher.endpoint import tokens
from publisher.endpoint.client import Endpoint
from publisher.endpoint.held import Answer
from publisher.endpoint.request import Limits, QueryRequest
from publisher.graph.formats import Format
from publisher.graph.write import write
from publisher.views.site import Site
from publisher.web import service_description, sparql_asked, sparql_page
from publisher.web.caching import CACHE_CONTROL, etag, unchanged
from publisher.web.frame import Frame
from publisher.web.lent import SMALL
from publisher.web.links import DEFAULT_LANGUAGE, LANGUAGES
from publisher.web.sparql_desk import PATH, Desk
from publisher.web.sparql_files import Scribe
from publisher.web.sparql_protocol import HTML, SPREADSHEETS, Operation, choose, operation
from publisher.web.sparql_ready import LONG, Ready, check, read, ready, with_example
from publisher.web.sparql_refusal import refuse
from publisher.web.sparql_sent import Sent, gone_away

_T = TypeVar("_T")
NOTHING = Operation(None, "", (), (), "")


class Gone(Exception):
    """The visitor has closed the connection; nobody waits for an answer."""


def router(site: Site, endpoint: Endpoint) -> APIRouter:
    """The routes of the endpoint."""
    routes = APIRouter()
    for path, serve in handlers(site, endpoint).items():
        routes.add_route(path, serve, methods=["GET", "HEAD", "POST"], include_in_schema=False)
    return routes


def handlers(site: Site, endpoint: Endpoint) -> dict[str, Callable[[Request], Coroutine[Any, Any, Response]]]:
    """What answers at which path: the endpoint, with its page in every language."""
    paths = {language: PATH if language == DEFAULT_LANGUAGE else f"/{language}{PATH}" for language in LANGUAGES}
    return {path: partial(_serve, desk(site, endpoint, language)) for language, path in paths.items()}


def desk(site: Site, endpoint: Endpoint, language: str = DEFAULT_LANGUAGE) -> Desk:
    """What answering queries about ``site`` takes."""
    frame = site.once(Frame.of)
    return Desk(frame, endpoint, Scribe(frame, endpoint), language)


async def _serve(desk: Desk, request: Request) -> Response:
    meant = NOTHING
    try:
        meant = with_example(desk, await operation(request, desk.endpoint.limits.length))
        return await _answer(desk, request, meant)
    except (Gone, ClientDisconnect):
        return Response(status_code=HTTPStatus.NO_CONTENT)
    except KreisgraphError as error:
        return refuse(desk, request, meant, error)


async def _answer(desk: Desk, request: Request, meant: Operation) -> Response:
    accept = request.headers.get("accept")
    if meant.query is None:
        fmt = choose(accept, meant.format, None)
        return _start(desk, request, meant) if fmt is HTML else _description(desk, fmt)
    outline = await _checked(meant.query, desk.endpoint.limits)
    one = ready(desk, accept, meant, outline, steady=request.method != "POST")
    if one.tag and unchanged(request, one.tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=one.headers)
    return await _run(desk, request, meant, one)


async def _checked(query: str, limits: Limits) -> tokens.Outline:
    """The outline of ``query``; a long one is read in a thread, so that others get their turn meanwhile."""
    return await asyncio.to_thread(check, query, limits) if len(query) > LONG else read(query, limits)


async def _run(desk: Desk, request: Request, meant: Operation, one: Ready) -> Response:
    client = client_of(request)
    if one.fmt not in (HTML, *SPREADSHEETS) and (soon := await desk.endpoint.soon(one.asked, client)):
        # Whoever goes on like this may be answered by the worker itself.
        request.scope.setdefault("state", {})[SMALL] = client
        return Sent(soon, one.headers)
    if one.fmt is HTML:
        table = await while_waited_for(request, desk.endpoint.table(one.asked, client))
        visit = desk.visit(request)
        page = sparql_page.page(visit, meant, table, headers=one.headers)
        return desk.frame.render(visit, page)
    if one.fmt in SPREADSHEETS:
        visit = desk.visit(request)
        origin = sparql_asked.Asked.of(visit, meant).origin
        body = await while_waited_for(request, desk.scribe.write(visit, origin, one.asked, one.fmt, client))
        return Response(body, headers=one.headers)
    answer = await while_waited_for(request, answered(request, desk.endpoint, one.asked, client))
    request.scope.setdefault("state", {})[SMALL] = client if answer.light else ""
    return Sent(answer, one.headers)


async def answered(request: Request, endpoint: Endpoint, asked: QueryRequest, client: str) -> Answer:
    """The answer ready to be sent to who asked, raising as ``Endpoint.run``; the caller closes it."""
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


async def while_waited_for(request: Request, work: Coroutine[Any, Any, _T]) -> _T:
    """The result of ``work``, given up as soon as the visitor goes away; raises Gone then."""
    task = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(gone_away(request.receive))
    try:
        await asyncio.wait((task, gone), return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise Gone
        return task.result()
    finally:
        task.cancel()
        gone.cancel()


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
