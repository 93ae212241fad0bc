"""Why there is no answer: in the page for browsers, as problem details for programs.

https://www.rfc-editor.org/rfc/rfc9457#section-3
"""

import json
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from publisher.core.errors import KreisgraphError
from publisher.core.refusals import (
    EndpointBusy,
    EngineDown,
    OtherRelease,
    QueryTimeout,
    QueryTooCostly,
    QueryTooLarge,
    ResultTooLarge,
    TooManyQueries,
)
from publisher.core.settings import Settings
from publisher.web import negotiation, problems, sparql_page
from publisher.web.links import LANGUAGES
from publisher.web.sparql_desk import Desk
from publisher.web.sparql_mistake import message
from publisher.web.sparql_protocol import Operation, WrongBody

LIMITS: dict[type[KreisgraphError], str] = {
    QueryTimeout: "query_seconds",
    QueryTooCostly: "query_memory_mb",
    TooManyQueries: "query_share",
    EndpointBusy: "query_wait_seconds",
}
"""The setting behind each error; those of a result or a query that is too large say themselves which it is."""


def refuse(desk: Desk, request: Request, meant: Operation, error: KreisgraphError) -> Response:
    """The answer that says why there is none."""
    wrong_body = isinstance(error, WrongBody)
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE if wrong_body else HTTPStatus(problems.status_of(error))
    headers = desk.headers | {"Vary": "Accept, Accept-Language", "Cache-Control": "no-store"}
    if isinstance(error, EndpointBusy | TooManyQueries | EngineDown | OtherRelease):
        headers["Retry-After"] = f"{max(1, round(desk.endpoint.limits.wait_seconds))}"
    if negotiation.prefers_html(request.headers.get("accept")):
        visit = desk.visit(request)
        page = sparql_page.page(visit, meant, error=error, status=status, headers=headers)
        return desk.frame.render(visit, page)
    return Response(_details(desk, request, status, error), status, headers, "application/problem+json")


def _details(desk: Desk, request: Request, status: HTTPStatus, error: KreisgraphError) -> str:
    """The problem details of ``error``."""
    links = desk.frame.links
    language = negotiation.language(request.headers.get("accept-language"), LANGUAGES)
    body: dict[str, object] = {
        "type": links.absolute(links.href("/methode")) + f"#{problems.name_of(error)}",
        "title": status.phrase,
        "status": int(status),
        "detail": message(error, language),
        "details": {name: message(error, name) for name in LANGUAGES},
        "instance": request.url.path,
        **{name: error.facts[name] for name in ("line", "column") if name in error.facts},
        **limit_of(desk.frame.site.settings, error),
    }
    return json.dumps(body, ensure_ascii=False) + "\n"


def limit_of(settings: Settings, error: KreisgraphError) -> dict[str, object]:
    """Which limit struck, by the name of its setting, and how many bytes of the answer were there by then."""
    name = next((LIMITS[kind] for kind in type(error).__mro__ if kind in LIMITS), "")
    if isinstance(error, ResultTooLarge) and not {"columns", "cell"} & error.facts.keys():
        name = "query_rows" if "rows" in error.facts else "query_bytes"
    elif isinstance(error, QueryTooLarge):
        name = "query_nesting" if error.facts["allowed"] == settings.query_nesting else "query_length"
    reached = {"reached": {"bytes": error.facts["bytes"]}} if "bytes" in error.facts else {}
    return {"limit": {"name": name, "value": getattr(settings, name)} | reached} if name else {}
