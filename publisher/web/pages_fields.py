"""The common fields of action: the list of all, and the page of one."""

from fastapi import APIRouter

from publisher.core.terms import FIELD
from publisher.views import counties, field, fields
from publisher.web.frame import Frame, Page, Visit
from publisher.web.resources import DocumentPage

PATH = "/felder"


def router(frame: Frame) -> APIRouter:
    """The route of the list."""
    routes = APIRouter()
    frame.register(routes, PATH, _list)
    return routes


def documents(frame: Frame) -> dict[str, DocumentPage]:
    """The pages of common fields."""
    return {frame.site.dataset.own(FIELD): _field}


def _list(visit: Visit) -> Page:
    return Page("fields.html", visit.site.once(fields.overview), (fields.CONCEPTS, fields.LOCAL), PATH)


def _field(visit: Visit, iri: str) -> Page:
    state = visit.one("land", counties.states(visit.site, visit.language))
    data = field.field_page(visit.site, iri, state, visit.one(field.PART))
    return Page("field.html", data, data.queries, PATH)
