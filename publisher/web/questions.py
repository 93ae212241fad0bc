"""Questions: each query of sparql/forms/ as a page with a form (/fragen/<name>), its answer as a table and as files.

The query runs in a worker like any visitor's, since with many counties some are not small.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from publisher.core.refusals import AnswerTooLarge, BadRequest, QueryTimeout, QuestionTimeout
from publisher.endpoint.client import Endpoint
from publisher.endpoint.request import TABLE, QueryRequest
from publisher.views.answered import Answered, answered
from publisher.views.form import Asked, Form, ask, form
from publisher.views.portions import Portion, portion
from publisher.views.silence import told
from publisher.views.site import Site
from publisher.views.values import Value
from publisher.web import takeaway
from publisher.web.caching import CACHE_CONTROL, etag, unchanged
from publisher.web.frame import Frame, Page, Visit
from publisher.web.links import DEFAULT_LANGUAGE, LANGUAGES
from publisher.web.sparql import Gone, client_of, while_waited_for
from publisher.web.takeaway import Takeaway

PATH = "/fragen"
SIZE, HEAD = 50, 1000
"""So many rows a page shows at once, so many it leads through; the files hold all."""
LARGEST = 10_000
"""So many rows a workbook or a file for Excel may have: more take long to write, and nobody reads them there."""
PORTION = "seite"


@dataclass(frozen=True)
class Desk:
    """What answering takes: the frame of pages and the workers."""

    frame: Frame
    endpoint: Endpoint

    async def answer(self, request: Request, asked: Asked, most: int, first: int = 0) -> Answered:
        """At most ``most`` rows of the answer to ``asked`` from the place ``first`` on.

        Raises what the endpoint raises, QuestionTimeout, and Gone.
        """
        query = QueryRequest(asked.text, TABLE, head=first + most)
        try:
            table = await while_waited_for(request, self.endpoint.table(query, client_of(request)))
        except QueryTimeout as error:
            raise QuestionTimeout(**error.facts) from None
        return answered(self.frame.site, asked, table.variables, table.rows, table.more, first)

    async def whole(self, request: Request, asked: Asked, most: int) -> Answered:
        """The whole answer of at most ``most`` rows; raises AnswerTooLarge rather than to cut it."""
        most = min(most, self.endpoint.limits.rows)
        found = await self.answer(request, asked, most)
        if found.more:
            raise AnswerTooLarge(rows=most)
        return found


@dataclass(frozen=True)
class Shown:
    """What the page of a question shows: the form as it was filled in, the answer or what is wrong with a field."""

    form: Form
    given: Mapping[str, list[str]]
    asked: Asked | None = None
    answer: Answered | None = None
    portion: Portion | None = None
    reasons: tuple[str, ...] = ()
    problem: BadRequest | None = None

    def chosen(self, name: str) -> frozenset[str]:
        """The keys chosen in the field ``name``."""
        return frozenset(value.key for value in self.asked.values(name)) if self.asked else frozenset()


def router(site: Site, endpoint: Endpoint) -> APIRouter:
    """The routes of every question, in every language."""
    routes, desk = APIRouter(), Desk(site.once(Frame.of), endpoint)
    for language in LANGUAGES:
        start = PATH if language == DEFAULT_LANGUAGE else f"/{language}{PATH}"
        for ending, handler in (("/{name}.csv", _csv), ("/{name}.xlsx", _xlsx), ("/{name}", _page)):
            serve = partial(_serve, desk, language, handler)
            routes.add_route(start + ending, serve, methods=["GET", "HEAD"], include_in_schema=False)
    return routes


Handler = Callable[[Desk, Visit], Awaitable[Response]]


async def _serve(desk: Desk, language: str, handler: Handler, request: Request) -> Response:
    prefix = "" if language == DEFAULT_LANGUAGE else f"/{language}"
    visit = desk.frame.visit(request, language, request.scope["path"].removeprefix(prefix))
    tag = etag(desk.frame.stamp, visit.path, request.url.query, language)
    headers = {"ETag": tag, "Cache-Control": CACHE_CONTROL, "Vary": "Accept-Encoding"}
    if unchanged(request, tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    try:
        response = await handler(desk, visit)
    except Gone:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    if response.status_code == HTTPStatus.OK:
        response.headers.update(headers)
    return response


async def _page(desk: Desk, visit: Visit) -> Response:
    found = form(visit.site, visit.request.path_params["name"])
    given = _given(visit, found)
    if not given:
        return desk.frame.render(visit, _shown(visit, Shown(found, given)))
    try:
        asked = ask(visit.site, found, given)
    except BadRequest as problem:
        rest = _as_far_as(visit, found, given)
        return desk.frame.render(visit, _shown(visit, Shown(found, given, rest, problem=problem)))
    if given != {name: [value] for name, value in asked.state.items()}:
        return RedirectResponse(visit.href(visit.path, **asked.state), HTTPStatus.SEE_OTHER)
    whole = await desk.answer(visit.request, asked, HEAD)
    shown = portion(len(whole.rows), SIZE, PORTION, visit.one(PORTION))
    answer = replace(whole, rows=shown.of(whole.rows))
    reasons = tuple(told(visit.site, one, visit.language) for one in whole.silences)
    return desk.frame.render(visit, _shown(visit, Shown(found, given, asked, answer, shown, reasons)))


def _shown(visit: Visit, data: Shown) -> Page:
    status = HTTPStatus.BAD_REQUEST if data.problem else HTTPStatus.OK
    queries = (data.asked.call,) if data.answer and data.asked else (data.form.query.name,)
    headers = {"Cache-Control": "no-store"} if data.problem else None
    return Page("question.html", data, queries, section=PATH, status=status, headers=headers)


def _given(visit: Visit, found: Form) -> dict[str, list[str]]:
    """What was written into the fields, without those left empty."""
    written = {field.name: [text for text in visit.query.getlist(field.name) if text.strip()] for field in found.fields}
    return {name: texts for name, texts in written.items() if texts}


def _as_far_as(visit: Visit, found: Form, given: Mapping[str, list[str]]) -> Asked:
    """The fields that are filled in well, so that nobody has to fill them in again."""
    chosen: dict[str, tuple[Value | str, ...]] = {}
    for field in found.fields:
        try:
            alone = replace(found, fields=(field,))
            chosen.update(ask(visit.site, alone, {field.name: given.get(field.name, [])}).chosen)
        except BadRequest:
            continue
    return Asked(found, chosen)


async def _csv(desk: Desk, visit: Visit) -> Response:
    found = await _taken(desk, visit)
    return await asyncio.to_thread(takeaway.csv, desk.frame, visit, found)


async def _xlsx(desk: Desk, visit: Visit) -> Response:
    found = await _taken(desk, visit)
    return await asyncio.to_thread(takeaway.xlsx, desk.frame, visit, found)


async def _taken(desk: Desk, visit: Visit) -> Takeaway:
    found = form(visit.site, visit.request.path_params["name"])
    asked = ask(visit.site, found, _given(visit, found))
    return taken(visit, await desk.whole(visit.request, asked, LARGEST))


def taken(visit: Visit, found: Answered) -> Takeaway:
    """The whole answer to take along."""
    asked = found.asked
    address = visit.address(f"{PATH}/{asked.form.name}", **asked.state)
    return Takeaway("tables/question.html", asked.form.name, found, address, (asked.call,))
