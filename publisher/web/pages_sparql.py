"""What the editor of the SPARQL page asks for: the words of the data, so that it can complete them."""

import json
from dataclasses import astuple

from fastapi import APIRouter
from starlette.responses import Response

from publisher.views.terms import Word, words
from publisher.web.frame import Frame, Visit

TERMS = "/sparql/terms.json"


def router(frame: Frame) -> APIRouter:
    """The route of the words."""
    routes = APIRouter()
    frame.register(routes, TERMS, _terms)
    return routes


def _terms(visit: Visit) -> Response:
    found = words(visit.site, visit.language)
    body = {
        "prefixes": found.prefixes,
        "classes": _pairs(found.classes),
        "properties": _pairs(found.properties),
        "graphs": _pairs(found.graphs),
        "functions": _pairs(found.functions),
    }
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text, media_type="application/json", headers={"Content-Language": visit.language})


def _pairs(found: tuple[Word, ...]) -> list[tuple[str, ...]]:
    return [astuple(word) for word in found]
