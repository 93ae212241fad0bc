"""The page of each data set of the catalogue, to which portals send their readers."""

from dataclasses import dataclass

from fastapi import APIRouter
from markupsafe import Markup

from publisher.core.errors import NotFound
from publisher.views.offered import Offered, listed, offered
from publisher.web import structured
from publisher.web.frame import Frame, Page, Visit

PATH = "/datensatz"


@dataclass(frozen=True)
class DatasetPage:
    """A data set, where the text of its licence stands, and what search engines read."""

    offer: Offered
    license: str
    structured: Markup


def router(frame: Frame) -> APIRouter:
    """The routes."""
    routes = APIRouter()
    frame.register(routes, PATH + "/{name}", _page)
    return routes


def _page(visit: Visit) -> Page:
    """The page of a data set; raises NotFound."""
    catalog, offer = listed(visit.site), offered(visit.site).get(visit.request.path_params["name"])
    if catalog is None or offer is None:
        raise NotFound(what=visit.path)
    found = structured.dataset(offer, catalog, visit.links, visit.language)
    data = DatasetPage(offer, structured.license_address(offer.license), structured.block(found))
    return Page("dataset.html", data, section="/daten")
