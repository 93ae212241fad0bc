"""The common fields of action: the list of all, and the page of one."""

from fastapi import APIRouter

from publisher.core.terms import FIELD
from publisher.views import columns, fields, passages
from publisher.web.frame import Crumb, Frame, Page, Visit
from publisher.web.resources import DocumentPage

PATH = "/felder"
_QUERIES = (fields.CONCEPTS, fields.DETAILS, columns.COUNTIES, *passages.QUERIES)


def router(frame: Frame) -> APIRouter:
    """The route of the list."""
    routes = APIRouter()
    frame.register(routes, PATH, _list)
    return routes


def documents(frame: Frame) -> dict[str, DocumentPage]:
    """The pages of common fields."""
    return {frame.site.dataset.own(FIELD): _field}


def _list(visit: Visit) -> Page:
    title = visit.gettext("Gemeinsame Handlungsfelder")
    crumbs = (Crumb(visit.gettext("Start"), visit.href("/")), Crumb(visit.gettext("Handlungsfelder")))
    data = visit.site.once(fields.overview)
    return Page("fields.html", title, data, (fields.CONCEPTS, fields.LOCAL), crumbs, section=PATH)


def _field(visit: Visit, iri: str) -> Page:
    data = fields.field_page(visit.site, iri)
    label = visit.label(iri)
    crumbs = [Crumb(visit.gettext("Start"), visit.href("/")), Crumb(visit.gettext("Handlungsfelder"), visit.href(PATH))]
    if data.broader:
        crumbs.append(Crumb(visit.label(data.broader), visit.page(data.broader)))
    return Page("field.html", label, data, _QUERIES, (*crumbs, Crumb(label)), section=PATH)
