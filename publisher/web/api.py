"""Questions for programs: /api/v1/<name> answers as JSON, SPARQL JSON, CSV or workbook; a wrong value is a problem.

Every representation has its own tag; all of them are of one release, which the header names.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from publisher.core.errors import KreisgraphError
from publisher.core.refusals import AnswerTooLarge, BadRequest, EndpointBusy, TooManyQueries, UnknownParameter
from publisher.endpoint.client import Endpoint
from publisher.endpoint.request import QueryRequest
from publisher.views.answered import Answered, plain
from publisher.views.form import Asked, Form, ask, form
from publisher.views.site import Site
from publisher.web import negotiation, problems, takeaway
from publisher.web.caching import CACHE_CONTROL, etag, unchanged
from publisher.web.frame import Frame
from publisher.web.links import DEFAULT_LANGUAGE, LANGUAGES
from publisher.web.questions import LARGEST, Desk, taken
from publisher.web.questions import PATH as PAGES
from publisher.web.sheets import Cell, Sheet
from publisher.web.sparql import Gone, answered, client_of, while_waited_for
from publisher.web.sparql_refusal import limit_of
from publisher.web.sparql_sent import Sent
from publisher.web.workbook import csv_plain

PATH = "/api/v1"
ROWS, MOST = 1000, 10_000
"""How many rows JSON has at once, and how many may be asked for."""
FORMATS = {
    "json": "application/json",
    "srj": "application/sparql-results+json",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""The formats by the name that ``format`` takes; the first one is the usual."""
OTHERS = ("format", "lang", "limit", "offset")
"""The parameters that every question takes besides its own."""


@dataclass(frozen=True)
class Wanted:
    """How the answer is wanted: format, language of labels, which rows of JSON."""

    format: str
    language: str
    limit: int
    offset: int


def router(site: Site, endpoint: Endpoint) -> APIRouter:
    """The routes of every question."""
    routes, desk = APIRouter(), Desk(site.once(Frame.of), endpoint)
    routes.add_route(f"{PATH}/{{name}}", partial(_serve, desk), methods=["GET", "HEAD"], include_in_schema=False)
    return routes


def shared(frame: Frame) -> dict[str, str]:
    """The headers of every answer of the interface; ``Link`` leads to the description and the licence."""
    links = frame.links
    description, licence = (links.absolute(links.href(path)) for path in ("/api/openapi.json", "/lizenz"))
    return {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "Content-Disposition, ETag, Link, Retry-After, X-Kreisgraph-Release",
        "Link": f'<{description}>; rel="service-desc", <{licence}>; rel="license"',
        "X-Kreisgraph-Release": frame.site.release.manifest.version,
    }


async def _serve(desk: Desk, request: Request) -> Response:
    site = desk.frame.site
    headers = shared(desk.frame) | {"Vary": "Accept, Accept-Encoding"}
    try:
        found = form(site, request.path_params["name"])
        wanted = _wanted(request, found)
        asked = ask(site, found, {field.name: request.query_params.getlist(field.name) for field in found.fields})
        tag = etag(desk.frame.stamp, PATH, found.name, repr(sorted(asked.state.items())), repr(wanted))
        headers |= {"ETag": tag, "Cache-Control": CACHE_CONTROL}
        if unchanged(request, tag):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        return await _ANSWERS[wanted.format](desk, request, asked, wanted, headers)
    except Gone:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    except KreisgraphError as error:
        return refusal(desk.frame, request, error)


def _wanted(request: Request, found: Form) -> Wanted:
    """Raises BadRequest or NotAcceptable."""
    query = request.query_params
    names = [*(field.name for field in found.fields), *OTHERS]
    for name in query:
        if name not in names:
            raise UnknownParameter(name=name[:100], allowed=", ".join(names))
    chosen = _one(query, "format", FORMATS)
    if not chosen:
        media = negotiation.negotiate(request.headers.get("accept"), list(FORMATS.values()))
        chosen = next(name for name, offered in FORMATS.items() if offered == media)
    language = _one(query, "lang", dict.fromkeys(LANGUAGES, "")) or DEFAULT_LANGUAGE
    return Wanted(chosen, language, _number(query, "limit", 1, MOST, ROWS), _number(query, "offset", 0, 10 * MOST, 0))


def _one(query: Mapping[str, str], name: str, allowed: Mapping[str, str]) -> str:
    value = query.get(name, "").strip()
    if value and value not in allowed:
        raise BadRequest(name=name, value=value[:100], allowed=", ".join(allowed))
    return value


def _number(query: Mapping[str, str], name: str, least: int, most: int, usual: int) -> int:
    value = query.get(name, "").strip()
    if not value:
        return usual
    if not (value.isascii() and value.isdecimal() and len(value) < 10 and least <= int(value) <= most):
        raise BadRequest(name=name, value=value[:100], allowed=f"{least}–{most}")
    return int(value)


async def _json(desk: Desk, request: Request, asked: Asked, wanted: Wanted, headers: dict[str, str]) -> Response:
    found = await desk.answer(request, asked, wanted.limit, wanted.offset)
    body = plain(desk.frame.site, found, wanted.language)
    if found.more:
        state = asked.state | {"lang": wanted.language, "limit": f"{wanted.limit}"}
        links = desk.frame.links
        state |= {"offset": f"{wanted.offset + wanted.limit}"}
        following = links.whole(links.href(f"{PATH}/{asked.form.name}", **state))
        body["next"] = following
        headers["Link"] += f', <{following}>; rel="next"'
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":")) + "\n"
    return Response(text, headers=headers, media_type=FORMATS["json"])


async def _results(desk: Desk, request: Request, asked: Asked, wanted: Wanted, headers: dict[str, str]) -> Response:
    query = QueryRequest(asked.text, "json")
    answer = await while_waited_for(request, answered(request, desk.endpoint, query, client_of(request)))
    return Sent(answer, headers | {"Content-Type": FORMATS["srj"]})


async def _csv(desk: Desk, request: Request, asked: Asked, wanted: Wanted, headers: dict[str, str]) -> Response:
    found = await desk.whole(request, asked, desk.endpoint.limits.rows)
    body = await asyncio.to_thread(lambda: csv_plain(sheet(desk.frame.site, found, wanted.language)))
    headers |= {"Content-Disposition": f'attachment; filename="{asked.form.name}.csv"'}
    return Response(body, headers=headers, media_type="text/csv; charset=utf-8")


async def _xlsx(desk: Desk, request: Request, asked: Asked, wanted: Wanted, headers: dict[str, str]) -> Response:
    found = await desk.whole(request, asked, LARGEST)
    visit = desk.frame.visit(request, wanted.language, f"{PAGES}/{asked.form.name}")
    response = await asyncio.to_thread(takeaway.xlsx, desk.frame, visit, taken(visit, found))
    response.headers.update(headers)
    return response


_ANSWERS = {"json": _json, "srj": _results, "csv": _csv, "xlsx": _xlsx}


def sheet(site: Site, found: Answered, language: str) -> Sheet:
    """The answer as a table for programs: a thing has two columns, its IRI and (``…_label``) its name."""
    things = {place for place, _ in enumerate(found.columns) if any(row[place].kind == "iri" for row in found.rows)}
    head: list[Cell] = []
    for place, name in enumerate(found.columns):
        head += [Cell(name), Cell(f"{name}_label")] if place in things else [Cell(name)]
    rows = []
    for row in found.rows:
        cells: list[Cell] = []
        for place, term in enumerate(row):
            cells.append(Cell(term.text))
            if place in things:
                cells.append(Cell(site.label(term.text, language).value if term.kind == "iri" else ""))
        rows.append(tuple(cells))
    return Sheet(found.asked.form.name, (tuple(head),), tuple(rows))


def refusal(frame: Frame, request: Request, error: KreisgraphError) -> Response:
    """Why there is no answer, as https://www.rfc-editor.org/rfc/rfc9457#section-3 in both languages."""
    status = HTTPStatus(problems.status_of(error))
    wanted = request.query_params.get("lang", "")
    language = wanted or negotiation.language(request.headers.get("accept-language"), LANGUAGES)
    links = frame.links
    body: dict[str, object] = {
        "type": links.absolute(links.href("/methode")) + f"#{problems.name_of(error)}",
        "title": status.phrase,
        "status": int(status),
        "detail": error.text(language if language in LANGUAGES else DEFAULT_LANGUAGE),
        "details": {name: error.text(name) for name in LANGUAGES},
        "instance": request.url.path,
    }
    if isinstance(error, BadRequest):
        body["parameter"] = error.facts["name"]
    if "keys" in error.facts:
        body |= {"allowed": error.facts["keys"], "allowedCount": error.facts["count"]}
    headers = shared(frame) | {"Vary": "Accept, Accept-Language", "Cache-Control": "no-store"}
    struck = limit_of(frame.site.settings, error)
    body |= {"limit": {"name": "rows", "value": error.facts["rows"]}} if isinstance(error, AnswerTooLarge) else struck
    if isinstance(error, EndpointBusy | TooManyQueries):
        headers["Retry-After"] = "5"
    text = json.dumps(body, ensure_ascii=False) + "\n"
    return Response(text, status, headers, "application/problem+json")
