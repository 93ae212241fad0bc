"""The page of each data set of the catalogue, to which portals send their readers."""

import json
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus

from fastapi import APIRouter
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from publisher.core.refusals import NotFound
from publisher.release.datasets import WHOLE
from publisher.release.history.archive import Past
from publisher.release.licenses import license_address
from publisher.release.reader import WHOLE as DUMP
from publisher.views import releases
from publisher.views.offered import Offered, Way, listed, offered
from publisher.views.releases import Step
from publisher.web import profiles, representations, signposts, structured
from publisher.web.caching import cached, etag
from publisher.web.frame import Frame, Page, Visit

PATH = "/datensatz"


@dataclass(frozen=True)
class DatasetPage:
    """A data set, where the text of its licence stands, and what search engines read."""

    offer: Offered
    license: str
    structured: Markup
    steps: tuple[Step, ...] = ()
    """In which releases it changed."""
    canonical: tuple[Way, ...] = ()
    """Its N-Quads files: their checksums are those of the canonical form."""


@dataclass(frozen=True)
class Withdrawn:
    """A data set that is no longer there: its name, where it was withdrawn, the last release that held it."""

    name: str
    step: Step
    last: Past | None


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


def _page(visit: Visit) -> Page | Response:
    """The page of a data set, or what the query string asks for instead; raises NotFound."""
    catalog, offer = listed(visit.site), offered(visit.site).get(visit.request.path_params["name"])
    if catalog is None or offer is None:
        return _withdrawn(visit)
    if profiles.is_asked(visit.request):
        return representations.of_page(visit, offer.iri)
    found = structured.dataset(offer, catalog, visit.links, visit.language)
    data = DatasetPage(
        offer,
        license_address(offer.license),
        structured.block(found),
        releases.history(visit.site).get(offer.name, ()),
        _canonical(offer),
    )
    headers = {"Link": signposts.header(offer, visit.links)}
    return Page("dataset.html", data, section="/daten", headers=headers)


def _canonical(offer: Offered) -> tuple[Way, ...]:
    """The files in canonical form; of everything only the one that holds all of it."""
    found = (way for way in offer.files if way.path.endswith(".nq"))
    return tuple(way for way in found if offer.name != WHOLE or way.path == f"/{DUMP}")


def _withdrawn(visit: Visit) -> Page:
    """What is said of a data set that was here once (410); raises NotFound for one that never was."""
    name = visit.request.path_params["name"]
    step = releases.withdrawn(visit.site, name)
    if step is None:
        raise NotFound(what=visit.path)
    data = Withdrawn(name, step, releases.last_with(visit.site, name))
    return Page("dataset_withdrawn.html", data, section="/daten", status=HTTPStatus.GONE)
