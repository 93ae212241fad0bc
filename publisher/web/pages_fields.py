"""The common fields of action: the list of all, and the page of one."""

from fastapi import APIRouter

from publisher.core.terms import FIELD
from publisher.views import counties, field, fields
from publisher.web.frame import Crumb, Frame, Page, Visit
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
    title = visit.gettext("Gemeinsame Handlungsfelder")
    crumbs = (Crumb(visit.gettext("Start"), visit.href("/")), Crumb(visit.gettext("Handlungsfelder")))
    data = visit.site.once(fields.overview)
    return Page("fields.html", title, data, (fields.CONCEPTS, fields.LOCAL), crumbs, section=PATH)


def _field(visit: Visit, iri: str) -> Page:
    state = visit.one("land", counties.states(visit.site, visit.language))
    data = field.field_page(visit.site, iri, state, visit.one(field.PART))
    label = visit.label(iri)
    crumbs = [Crumb(visit.gettext("Start"), visit.href("/")), Crumb(visit.gettext("Handlungsfelder"), visit.href(PATH))]
    if data.broader:
        crumbs.append(Crumb(visit.label(data.broader), visit.page(data.broader)))
    return Page("field.html", label, data, data.queries, (*crumbs, Crumb(label)), section=PATH)
