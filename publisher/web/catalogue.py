"""The catalogue for data portals, served from the files of the release, and the IRIs of its data sets.

Whoever names no format gets RDF: harvesters ask with HEAD first, then with GET, and send no Accept.
"""

from functools import partial

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from publisher.core.errors import NotFound
from publisher.release.catalogue import FOLDER, FORMATS
from publisher.release.offers import WHOLE
from publisher.views.offered import offered
from publisher.views.releases import withdrawn
from publisher.web import negotiation, resources
from publisher.web.downloads import stored
from publisher.web.frame import Frame
from publisher.web.links import DEFAULT_LANGUAGE, LANGUAGES

PATH = "/catalog"
HTML = "text/html"
OFFERED = (*(fmt.media for fmt in FORMATS), HTML)
_BY_MEDIA = {fmt.media: fmt for fmt in FORMATS}


def router(frame: Frame) -> APIRouter:
    """The routes of the catalogue and of the IRIs of its data sets."""
    routes = APIRouter()
    add = partial(routes.add_route, methods=["GET", "HEAD"], include_in_schema=False)
    add(PATH, partial(_negotiated, frame))
    for fmt in FORMATS:
        add(f"{PATH}.{fmt.ending}", partial(_catalogue, frame, fmt.ending))
    add("/id/datensatz/{name}", partial(_dataset, frame))
    return routes


def alternates(frame: Frame) -> str:
    """The entries of a Link header that name the formats of the catalogue."""
    site = frame.links
    return ", ".join(
        f'<{site.absolute(site.href(f"{PATH}.{fmt.ending}"))}>; rel="alternate"; type="{fmt.media}"' for fmt in FORMATS
    )


def _negotiated(frame: Frame, request: Request) -> Response:
    media = negotiation.negotiate(request.headers.get("accept"), OFFERED)
    if media == HTML:
        language = negotiation.language(request.headers.get("accept-language"), LANGUAGES)
        target = frame.links.absolute(frame.links.href("/daten", language))
        return RedirectResponse(target, 303, {"Vary": "Accept, Accept-Language", "Link": alternates(frame)})
    ending = _BY_MEDIA[media].ending
    place = frame.links.absolute(frame.links.href(f"{PATH}.{ending}"))
    headers = {"Content-Location": place, "Link": alternates(frame)}
    return stored(frame, request, f"{FOLDER}/catalog.{ending}", vary="Accept, Accept-Language", headers=headers)


def _catalogue(frame: Frame, ending: str, request: Request) -> Response:
    return stored(frame, request, f"{FOLDER}/catalog.{ending}", headers={"Link": alternates(frame)})


def _dataset(frame: Frame, request: Request) -> Response:
    """From the IRI of a data set to its page, or to the catalogue, which describes it, in the wanted format."""
    name = request.path_params["name"]
    iri = frame.site.id(f"datensatz/{name}")
    if withdrawn(frame.site, name):
        language = negotiation.language(request.headers.get("accept-language"), LANGUAGES)
        target = frame.links.absolute(frame.links.href(f"/datensatz/{name}", language))
        return RedirectResponse(target, 303, {"Vary": "Accept, Accept-Language"})
    if name == WHOLE or name not in offered(frame.site):
        # The parts of the description (VoID) have such IRIs, too.
        if not frame.site.known(iri):
            raise NotFound(what=iri)
        return resources.redirect(frame, request, iri)
    media = negotiation.negotiate(request.headers.get("accept"), (HTML, *_BY_MEDIA))
    language = negotiation.language(request.headers.get("accept-language"), LANGUAGES)
    path = f"/datensatz/{name}" if media == HTML else f"{PATH}.{_BY_MEDIA[media].ending}"
    target = frame.links.absolute(frame.links.href(path, language if media == HTML else DEFAULT_LANGUAGE))
    return RedirectResponse(target, 303, {"Vary": "Accept, Accept-Language"})
