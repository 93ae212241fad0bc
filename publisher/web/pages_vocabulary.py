"""The vocabulary at /ns: a page for people, the same statements in every format for programs."""

from functools import partial

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from publisher.core.refusals import NotFound
from publisher.graph.formats import DOCUMENT_FORMATS, Format
from publisher.views import vocabulary as view
from publisher.views.portions import Portion
from publisher.views.resource import STATEMENTS_PART, References, Resource, in_portions
from publisher.web import profiles, representations, resources
from publisher.web.frame import Frame, Page, Visit


def router(frame: Frame) -> APIRouter:
    """The routes of the vocabulary."""
    routes = APIRouter()
    frame.register(routes, "/ns.html", _page)
    for path, language in (("/ns", ""), ("/en/ns", "en")):
        endpoint = partial(_redirect, frame, language)
        routes.add_route(path, endpoint, methods=["GET", "HEAD"], include_in_schema=False)
        version = partial(_version, frame, language)
        routes.add_route(path + "/{version}", version, methods=["GET", "HEAD"], include_in_schema=False)
    for fmt in DOCUMENT_FORMATS:
        document = partial(_data, frame, fmt)
        routes.add_route(f"/ns.{fmt.ending}", document, methods=["GET", "HEAD"], include_in_schema=False)
    return routes


def _redirect(frame: Frame, language: str, request: Request) -> Response:
    return resources.redirect(frame, request, frame.site.base + "ns", language)


def _version(frame: Frame, language: str, request: Request) -> Response:
    """A version of the vocabulary that the data names leads to the vocabulary; raises NotFound for any other."""
    iri = f"{frame.site.base}ns/{request.path_params['version']}"
    if not frame.site.known(iri):
        raise NotFound(what=iri)
    return resources.redirect(frame, request, iri, language)


def _data(frame: Frame, fmt: Format, request: Request) -> Response:
    return resources.document(frame, request, frame.site.base + "ns", fmt)


def _page(visit: Visit) -> Page | Response:
    if profiles.is_asked(visit.request):
        return representations.of_page(visit, visit.site.base + "ns")
    found = view.vocabulary(visit.site, visit.language)
    said = in_portions(view.statements(visit.site), found.iri, visit.one(STATEMENTS_PART))
    everything = Resource(found.iri, (), said, References((), Portion(1, 1, 0)))
    headers = {"Link": resources.link_header(visit.site, visit.links, found.iri, visit.language)}
    return Page("vocabulary.html", found, view.QUERIES, resource=everything, headers=headers)
