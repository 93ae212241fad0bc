"""Errors at the edge: one table from error to status, one body shape for programs, one page for people.

Programs get problem details: https://www.rfc-editor.org/rfc/rfc9457
"""

import json
import logging
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match

from publisher.core import refusals
from publisher.core.errors import KreisgraphError
from publisher.core.messages import phrase
from publisher.web import negotiation
from publisher.web.frame import Frame, Page
from publisher.web.headers import RELEASE, secure
from publisher.web.links import DEFAULT_LANGUAGE, LANGUAGES

STATUS: dict[type[KreisgraphError], int] = {
    refusals.NotFound: 404,
    refusals.Gone: 410,
    refusals.BadRequest: 400,
    refusals.NotAcceptable: 406,
    refusals.QuerySyntax: 400,
    refusals.QueryForbidden: 400,
    refusals.UnknownGraph: 400,
    refusals.QueryTooLarge: 413,
    refusals.QueryTimeout: 503,
    refusals.QueryTooCostly: 413,
    refusals.ResultTooLarge: 413,
    refusals.TooManyQueries: 429,
    refusals.EndpointBusy: 503,
    refusals.EngineTrouble: 503,
    refusals.EngineCannot: 501,
    refusals.QueryRefused: 400,
    KreisgraphError: 500,
}
"""The status of each error; a class that is not listed has that of its nearest parent."""

_log = logging.getLogger(__name__)
_TREE = (KreisgraphError.__module__, refusals.__name__)


@dataclass(frozen=True)
class Kind:
    """One kind of error that a program may meet; its name is the anchor that ``type`` points to."""

    name: str
    status: int


def kinds() -> list[Kind]:
    """All kinds of errors in the order of the table, for the method page."""
    return [Kind(error.__name__, status) for error, status in STATUS.items()]


@dataclass(frozen=True)
class Problem:
    """What went wrong, for the page of an error."""

    status: int
    detail: str


def name_of(error: KreisgraphError) -> str:
    """The name under which the method page explains ``error``: that of its nearest class in the tree of errors."""
    return next(kind.__name__ for kind in type(error).__mro__ if kind.__module__ in _TREE)


def status_of(error: KreisgraphError) -> int:
    """The HTTP status of ``error``."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def language_of(request: Request) -> str:
    """The language of a request that may match no route: the path's, else the reader's."""
    first = request.url.path.split("/")[1]
    if first in LANGUAGES:
        return first
    if negotiation.prefers_html(request.headers.get("accept")):
        return DEFAULT_LANGUAGE
    return negotiation.language(request.headers.get("accept-language"), LANGUAGES)


def answer(frame: Frame, request: Request, status: int, detail: str, kind: str = "") -> Response:
    """The answer to a request that failed: a page in the frame for browsers, problem details for programs."""
    language = language_of(request)
    if negotiation.prefers_html(request.headers.get("accept")):
        response = _page(frame, request, language, Problem(status, detail))
    else:
        response = _details(frame, request, status, detail, kind)
    response.headers["Vary"] = "Accept, Accept-Language"
    response.headers["Cache-Control"] = "no-store"
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = "5"
    secure(response.headers)
    response.headers[RELEASE] = frame.site.release.manifest.version
    return response


def refusal(frame: Frame, request: Request, error: KreisgraphError) -> Response:
    """The answer to a request that ``error`` stopped."""
    return answer(frame, request, status_of(error), error.text(language_of(request)), type(error).__name__)


def _page(frame: Frame, request: Request, language: str, problem: Problem) -> Response:
    path = request.url.path.removeprefix(f"/{language}") or "/"
    visit = frame.visit(request, language, path)
    return frame.render(visit, Page("problem.html", problem, status=problem.status))


def _details(frame: Frame, request: Request, status: int, detail: str, kind: str) -> Response:
    body = {
        "type": frame.links.absolute(frame.links.href("/methode")) + f"#{kind}" if kind else "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": request.url.path,
    }
    return Response(json.dumps(body, ensure_ascii=False) + "\n", status, media_type="application/problem+json")


def _slash(app: FastAPI, frame: Frame, request: Request) -> Response | None:
    """To the same address without the slash at its end, or to a start page that lacks its slash; else None.

    The address is built from the settings: what a visitor calls our host must not come back in a link.
    """
    path: str = request.scope["path"]
    other = path + "/" if path in ("", *(f"/{language}" for language in LANGUAGES)) else path.rstrip("/")
    if other == path or not other.startswith("/") or other.startswith("//"):
        return None
    if all(route.matches({**request.scope, "path": other})[0] is not Match.FULL for route in app.router.routes):
        return None
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(frame.links.absolute(frame.links.href(other)) + query, HTTPStatus.PERMANENT_REDIRECT)


def install(app: FastAPI, frame: Frame) -> None:
    """Lets ``app`` answer every error in the frame, and the method page list the kinds."""
    for environment in frame.environments.values():
        environment.globals["problem_kinds"] = kinds()

    def expected(request: Request, error: Exception) -> Response:
        assert isinstance(error, KreisgraphError)
        status = status_of(error)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR and not isinstance(error, refusals.QueryRefused):
            _log.error("%s %s: %s", request.method, request.url.path, error)
        return refusal(frame, request, error)

    def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == HTTPStatus.NOT_FOUND:
            moved = _slash(app, frame, request)
            return moved or expected(request, refusals.NotFound(what=request.url.path))
        response = answer(frame, request, error.status_code, str(error.detail))
        for name, value in (error.headers or {}).items():
            response.headers[name] = value
        return response

    def unexpected(request: Request, error: Exception) -> Response:
        return answer(frame, request, 500, phrase("server-error").text(language_of(request)))

    app.add_exception_handler(KreisgraphError, expected)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, unexpected)
