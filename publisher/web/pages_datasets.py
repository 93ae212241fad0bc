"""The page of each data set of the catalogue, to which portals send their readers."""

import json
from dataclasses import dataclass
from functools import partial

from fastapi import APIRouter
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from publisher.core.errors import NotFound
from publisher.release.licenses import license_address
from publisher.views.offered import Offered, listed, offered
from publisher.web import signposts, structured
from publisher.web.caching import cached, etag
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
    linkset = partial(_linkset, frame)
    routes.add_route(signposts.path("{name}"), linkset, methods=["GET", "HEAD"], include_in_schema=False)
    return routes


def _linkset(frame: Frame, request: Request) -> Response:
    """The linkset of a data set; raises NotFound."""
    offer = offered(frame.site).get(request.path_params["name"])
    if offer is None:
        raise NotFound(what=request.url.path)

    def make() -> Response:
        text = json.dumps(signposts.linkset(offer, frame.links), ensure_ascii=False, indent=1) + "\n"
        return Response(text, media_type=signposts.MEDIA)

    return cached(request, etag(frame.stamp, request.url.path), make)


def _page(visit: Visit) -> Page:
    """The page of a data set; raises NotFound."""
    catalog, offer = listed(visit.site), offered(visit.site).get(visit.request.path_params["name"])
    if catalog is None or offer is None:
        raise NotFound(what=visit.path)
    found = structured.dataset(offer, catalog, visit.links, visit.language)
    data = DatasetPage(offer, license_address(offer.license), structured.block(found))
    headers = {"Link": signposts.header(offer, visit.links)}
    return Page("dataset.html", data, section="/daten", headers=headers)
