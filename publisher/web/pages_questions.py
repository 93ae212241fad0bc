"""The list of questions, the page about the interface, its description, and the values that fields take."""

import json
from functools import partial
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from publisher.core.errors import KreisgraphError
from publisher.core.refusals import NotFound
from publisher.views.answered import release
from publisher.views.form import Field, Form, forms
from publisher.views.site import Site
from publisher.web.api import FORMATS, MOST, PATH, ROWS, refusal, shared
from publisher.web.caching import cached, etag
from publisher.web.frame import Frame, Page, Visit
from publisher.web.links import LANGUAGES
from publisher.web.openapi import openapi
from publisher.web.questions import PATH as PAGES


def router(frame: Frame) -> APIRouter:
    """The routes."""
    routes = APIRouter()
    frame.register(routes, PAGES, _index)
    frame.register(routes, "/api", _about)
    add = partial(routes.add_route, methods=["GET", "HEAD"], include_in_schema=False)
    add("/api/openapi.json", partial(_json, frame, _openapi))
    add(PATH, partial(_json, frame, _questions))
    add(PATH + "/values/{kind}", partial(_json, frame, _values))
    return routes


def _index(visit: Visit) -> Page:
    return Page("questions.html", forms(visit.site), section=PAGES)


def _about(visit: Visit) -> Page:
    data = {"forms": forms(visit.site), "formats": FORMATS, "path": PATH, "rows": ROWS, "most": MOST}
    return Page("api.html", data, section=PAGES)


def _json(frame: Frame, make: Any, request: Request) -> Response:
    """What ``make`` makes, with all that lets it be read from anywhere and kept."""
    wanted = request.query_params.get("lang", "")
    language = wanted if wanted in LANGUAGES else LANGUAGES[0]
    tag = etag(frame.stamp, request.url.path, language)
    try:
        body = make(frame, request, language)
    except KreisgraphError as error:
        return refusal(frame, request, error)
    media = "application/vnd.oai.openapi+json;version=3.1" if make is _openapi else "application/json"
    text = json.dumps(body, ensure_ascii=False, indent=1) + "\n"
    return cached(request, tag, lambda: Response(text, headers=shared(frame), media_type=media))


def _openapi(frame: Frame, request: Request, language: str) -> dict[str, Any]:
    return openapi(frame.site, frame.links, language)


def _questions(frame: Frame, request: Request, language: str) -> dict[str, Any]:
    links = frame.links
    return {
        "release": release(frame.site),
        "description": links.whole(links.href("/api/openapi.json")),
        "questions": [_question(frame, form, language) for form in forms(frame.site)],
    }


def _question(frame: Frame, form: Form, language: str) -> dict[str, Any]:
    links = frame.links
    return {
        "name": form.name,
        "title": form.query.title[language],
        "text": form.query.text[language],
        "address": links.whole(links.href(f"{PATH}/{form.name}")),
        "page": links.whole(links.href(f"{PAGES}/{form.name}", language)),
        "example": links.whole(links.href(f"{PATH}/{form.name}", LANGUAGES[0], **form.example)),
        "fields": [_field(field, language) for field in form.fields],
    }


def _field(field: Field, language: str) -> dict[str, Any]:
    parameter = field.parameter
    return {
        "name": field.name,
        "label": field.label[language],
        "kind": parameter.kind,
        "several": parameter.several,
        "required": not parameter.optional,
    }


def _values(frame: Frame, request: Request, language: str) -> dict[str, Any]:
    kind = request.path_params["kind"]
    field = _fields(frame.site).get(kind)
    if field is None:
        raise NotFound(what=f"{PATH}/values/{kind}")
    values = [{"key": value.key, "label": value.label[language], "iri": value.iri} for value in field.values]
    return {"release": release(frame.site), "kind": kind, "values": values}


def _fields(site: Site) -> dict[str, Field]:
    """Every field whose values come from a list, by its kind."""
    return {field.parameter.kind: field for form in forms(site) for field in form.fields if field.parameter.listed}
