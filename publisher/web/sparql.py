"""The endpoint: /sparql for programs by the SPARQL 1.1 Protocol, for people as a page (/sparql, /en/sparql).

A query never runs here: it is checked as text and handed to a worker. A small answer goes out when it is whole.
"""

import asyncio
import re
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import replace
from functools import lru_cache, partial
from http import HTTPStatus
from typing import Any, TypeVar

from fastapi import APIRouter
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from publisher.core.errors import KreisgraphError
from publisher.core.messages import phrase
from publisher.core.refusals import QueryRefused, QuerySyntax, UnknownGraph
from publisher.core.terms import prefixes
from publisher.endpoint import tokens
from publisher.endpoint.client import Endpoint
from publisher.endpoint.held import Answer
from publisher.endpoint.request import TABLE, Limits, QueryRequest
from publisher.graph.formats import Format
from publisher.graph.remote import Remote
from publisher.graph.write import write
from publisher.views.site import Site
from publisher.web import negotiation, service_description, sparql_asked, sparql_page
from publisher.web.caching import CACHE_CONTROL, etag, unchanged
from publisher.web.frame import Frame
from publisher.web.links import DEFAULT_LANGUAGE, LANGUAGES
from publisher.web.sparql_desk import PATH, Desk
from publisher.web.sparql_files import Scribe
from publisher.web.sparql_protocol import HTML, SPREADSHEETS, Operation, choose, operation
from publisher.web.sparql_refusal import refuse
from publisher.web.sparql_sent import Sent, gone_away
from publisher.web.sparql_table import ROWS

LONG = 5000
"""Queries of more characters are read aside."""

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
    frame = site.once(Frame.of)
    scribe = Scribe(frame, endpoint)
    paths = {language: PATH if language == DEFAULT_LANGUAGE else f"/{language}{PATH}" for language in LANGUAGES}
    return {path: partial(_serve, Desk(frame, endpoint, scribe, language)) for language, path in paths.items()}


async def _serve(desk: Desk, request: Request) -> Response:
    meant = NOTHING
    try:
        meant = _with_example(desk, await operation(request, desk.endpoint.limits.length))
        return await _answer(desk, request, meant)
    except (Gone, ClientDisconnect):
        return Response(status_code=HTTPStatus.NO_CONTENT)
    except KreisgraphError as error:
        return refuse(desk, request, meant, error)


def _with_example(desk: Desk, meant: Operation) -> Operation:
    """``meant`` with the text of the example it names in place of a query of its own."""
    if meant.query is not None or not meant.example:
        return meant
    query = desk.frame.site.queries.get(sparql_asked.FOLDER + meant.example)
    return replace(meant, query=sparql_asked.example_text(query))


async def _answer(desk: Desk, request: Request, meant: Operation) -> Response:
    accept = request.headers.get("accept")
    if meant.query is None:
        fmt = choose(accept, meant.format, None)
        return _start(desk, request, meant) if fmt is HTML else _description(desk, fmt)
    limits = desk.endpoint.limits
    outline = await _checked(meant.query, limits)
    if outline.form is None:
        raise QuerySyntax(detail=", ".join(tokens.FORMS) + "?")
    _known(desk.frame.site, (*meant.default_graphs, *meant.named_graphs) or outline.graphs)
    if isinstance(desk.frame.site.dataset, Remote) and outline.abridged:
        # Only what is written out can be told from the graphs of others in the same store.
        raise QueryRefused(what=phrase("from-in-full"))
    fmt = choose(accept, meant.format, outline)
    headers = desk.headers | {"Content-Type": fmt.content_type}
    if outline.steady and not outline.services and request.method != "POST":
        tag = etag(desk.frame.stamp, desk.language, fmt.ending, repr(meant))
        headers |= {"ETag": tag, "Cache-Control": CACHE_CONTROL}
        if unchanged(request, tag):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    else:
        headers["Cache-Control"] = "no-store"
    asked = QueryRequest(
        meant.query,
        TABLE if fmt is HTML else fmt.ending,
        meant.default_graphs,
        meant.named_graphs,
        ROWS,
        bool(outline.services),
    )
    return await _run(desk, request, meant, asked, fmt, headers)


def _known(site: Site, graphs: Iterable[str]) -> None:
    """Raises UnknownGraph when one of ``graphs`` is not ours: no answer would look like one about the counties.

    A relative name depends on a BASE that only the engine reads, and is left to it.
    """
    for graph in graphs:
        if ":" in graph and not site.dataset.has_graph(graph):
            known = site.dataset.graphs()
            raise UnknownGraph(graph=graph, count=len(known), known=", ".join(known[:3]))


async def _checked(query: str, limits: Limits) -> tokens.Outline:
    """The outline of ``query``; a long one is read in a thread, so that others get their turn meanwhile."""
    arguments = (query, limits.length, limits.nesting, limits.services)
    return await asyncio.to_thread(tokens.check, *arguments) if len(query) > LONG else _read(*arguments)


_read = lru_cache(maxsize=256)(tokens.check)


async def _run(
    desk: Desk, request: Request, meant: Operation, asked: QueryRequest, fmt: Format, headers: dict[str, str]
) -> Response:
    client = client_of(request)
    if fmt not in (HTML, *SPREADSHEETS) and (soon := await desk.endpoint.soon(asked, client)):
        return _sent(request, meant, soon, fmt, headers)
    if fmt is HTML:
        table = await while_waited_for(request, desk.endpoint.table(asked, client))
        visit = desk.visit(request)
        page = sparql_page.page(visit, meant, table, headers=headers)
        return desk.frame.render(visit, page)
    if fmt in SPREADSHEETS:
        visit = desk.visit(request)
        origin = sparql_asked.Asked.of(visit, meant).origin
        body = await while_waited_for(request, desk.scribe.write(visit, origin, asked, fmt, client))
        return Response(body, headers=headers | {"Content-Disposition": _attached(meant, fmt)})
    answer = await while_waited_for(request, answered(request, desk.endpoint, asked, client))
    return _sent(request, meant, answer, fmt, headers)


def _sent(request: Request, meant: Operation, answer: Answer, fmt: Format, headers: dict[str, str]) -> Response:
    if meant.format and negotiation.prefers_html(request.headers.get("accept")):
        headers["Content-Disposition"] = _attached(meant, fmt)
    return Sent(answer, headers)


def _attached(meant: Operation, fmt: Format) -> str:
    # What stands beside a query of its own is no example that was looked up, and could be anything.
    name = meant.example if re.fullmatch(r"\w+", meant.example, re.ASCII) else "abfrage"
    return f'attachment; filename="{name}.{fmt.ending.partition("-")[0]}"'


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
