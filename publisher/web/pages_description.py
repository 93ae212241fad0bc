"""What the release says of itself: the page, and the address at which programs look for it."""

from functools import partial

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from publisher.core.refusals import NotFound
from publisher.core.terms import SH
from publisher.release.description import DESCRIPTION
from publisher.release.executables import EXAMPLE, FOLDER
from publisher.views import description
from publisher.web import resources
from publisher.web.frame import Frame, Page, Visit
from publisher.web.resources import DocumentPage

PATH = "/daten/beschreibung"
WELL_KNOWN = "/.well-known/void"


def router(frame: Frame) -> APIRouter:
    """The routes."""
    routes = APIRouter()
    frame.register(routes, PATH, _page)
    routes.add_route(WELL_KNOWN, partial(_well_known, frame), methods=["GET", "HEAD"], include_in_schema=False)
    return routes


def documents(frame: Frame) -> dict[str, DocumentPage]:
    """The pages of the examples."""
    return {SH + "SPARQLExecutable": _example}


def _example(visit: Visit, iri: str) -> Page:
    name = FOLDER + iri.removeprefix(visit.site.dataset.own(EXAMPLE))
    return Page("example_query.html", visit.site.queries.get(name), section="/sparql")


def _page(visit: Visit) -> Page:
    if not description.is_described(visit.site):
        raise NotFound(what=PATH)
    data = description.description(visit.site, visit.one(description.PART))
    return Page("description.html", data, description.QUERIES, section="/daten")


def _well_known(frame: Frame, request: Request) -> Response:
    """To the document that describes the data; https://www.w3.org/TR/void/#well-known."""
    if not description.is_described(frame.site):
        raise NotFound(what=WELL_KNOWN)
    return resources.redirect(frame, request, frame.site.dataset.own(DESCRIPTION))
