"""What visitors meet while the first release is being loaded: 503 and when to come again."""

import json
from http import HTTPStatus

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from publisher.web import negotiation
from publisher.web.environment import TEMPLATES
from publisher.web.headers import secure
from publisher.web.links import DEFAULT_LANGUAGE, LANGUAGES
from publisher.web.locale import translations
from publisher.web.operations import HEALTH, NO_STORE, RETRY_SECONDS, state

_TEMPLATE = "loading.html"


class WaitingRoom:
    """The application of that time; it knows no release."""

    def __init__(self) -> None:
        self._pages = {language: _page(language) for language in LANGUAGES}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] == "http":
            response = self._answer(Request(scope))
            # The next request is to reach the site as soon as it is there.
            response.headers["Connection"] = "close"
            secure(response.headers)
            await response(scope, receive, send)

    def _answer(self, request: Request) -> Response:
        if request.url.path in (HEALTH, "/ready"):
            alive = request.url.path == HEALTH
            return state("loading", HTTPStatus.OK if alive else HTTPStatus.SERVICE_UNAVAILABLE)
        status = HTTPStatus.SERVICE_UNAVAILABLE
        headers = {**NO_STORE, "Retry-After": str(RETRY_SECONDS), "Vary": "Accept"}
        if negotiation.prefers_html(request.headers.get("accept")):
            first = request.url.path.split("/")[1]
            return HTMLResponse(self._pages[first if first in LANGUAGES else DEFAULT_LANGUAGE], status, headers)
        problem = {"type": "about:blank", "title": status.phrase, "status": int(status), "detail": "loading"}
        return Response(json.dumps(problem) + "\n", status, headers, "application/problem+json")


def _page(language: str) -> str:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(default=True), extensions=["jinja2.ext.i18n"]
    )
    environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    environment.policies["ext.i18n.trimmed"] = True
    return environment.get_template(_TEMPLATE).render(language=language, seconds=RETRY_SECONDS)
