"""The catalogue for data portals, served from the files of the release, and the IRIs of its data sets.

Whoever names no format gets RDF: harvesters ask with HEAD first, then with GET, and send no Accept.
"""

from functools import partial

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from publisher.core.refusals import NotFound
from publisher.graph.formats import DOCUMENT_FORMATS, Format
from publisher.release.catalogue.catalogue import FOLDER
from publisher.release.catalogue.distributions import CATALOG
from publisher.release.catalogue.fragments import FORMATS
from publisher.release.datasets import dataset
from publisher.views.offered import offered
from publisher.views.profiles import DCAT, Profile
from publisher.views.releases import withdrawn
from publisher.web import negotiation, profiles, resources
from publisher.web.downloads import stored
from publisher.web.frame import Frame
from publisher.web.links import LANGUAGES

PATH = f"/{CATALOG}"


def router(frame: Frame) -> APIRouter:
    """The routes of the catalogue, and of the IRIs and descriptions of its data sets."""
    routes = APIRouter()
    add = partial(routes.add_route, methods=["GET", "HEAD"], include_in_schema=False)
    add(PATH, partial(_negotiated, frame))
    for fmt in FORMATS:
        add(f"{PATH}.{fmt.ending}", partial(_catalogue, frame, fmt))
    for fmt in DOCUMENT_FORMATS:
        add(f"/datensatz/{{name}}.{fmt.ending}", partial(_description, frame, fmt))
    add("/id/datensatz/{name}", partial(_dataset, frame))
    return routes


def _negotiated(frame: Frame, request: Request) -> Response:
    iri, wanted = frame.site.base + CATALOG, profiles.wish(frame.visit(request))
    language = negotiation.language(request.headers.get("accept-language"), LANGUAGES)
    found = None if wanted.everything else profiles.chosen(frame.site, frame.links, iri, wanted, language)
    fmt = next((fmt for fmt in FORMATS if found and fmt.media == found.media), None)
    if found and fmt and (found.profile is None or found.profile.token == DCAT):
        # Sent at once: harvesters stop at a redirect.
        headers = {"Content-Location": frame.links.absolute(found.path), "Link": _link(frame, found.profile)}
        return stored(frame, request, f"{FOLDER}/catalog.{fmt.ending}", vary=profiles.VARY, headers=headers)
    return resources.redirect(frame, request, iri)


def _catalogue(frame: Frame, fmt: Format, request: Request) -> Response:
    """The file of the catalogue, or what the query string asks for."""
    iri = frame.site.base + CATALOG
    profile = profiles.of_document(frame.visit(request), iri, DCAT)
    if request.query_params.get(profiles.MEDIA) or request.query_params.get(profiles.PROFILE) == profiles.ALL:
        return resources.redirect(frame, request, iri)
    if profile and profile.token != DCAT:
        return resources.document(frame, request, iri, fmt, DCAT)
    return stored(frame, request, f"{FOLDER}/catalog.{fmt.ending}", headers={"Link": _link(frame, profile)})


def _link(frame: Frame, profile: Profile | None) -> str:
    site, links = frame.site, frame.links
    return ", ".join(profiles.link_entries(site, links, site.base + CATALOG, "", profile))


def _description(frame: Frame, fmt: Format, request: Request) -> Response:
    """A data set as a portal takes it; raises NotFound."""
    offer = offered(frame.site).get(request.path_params["name"])
    if withdrawn(frame.site, request.path_params["name"]):
        return _gone(frame, request, request.path_params["name"])
    if offer is None:
        raise NotFound(what=request.url.path)
    return resources.document(frame, request, offer.iri, fmt, DCAT)


def _gone(frame: Frame, request: Request, name: str) -> Response:
    """To the page that says what became of a data set that was here once."""
    language = negotiation.language(request.headers.get("accept-language"), LANGUAGES)
    target = frame.links.absolute(frame.links.href(f"/datensatz/{name}", language))
    return RedirectResponse(target, 303, {"Vary": "Accept, Accept-Language"})


def _dataset(frame: Frame, request: Request) -> Response:
    """From the IRI of a data set to what fits of its page and its descriptions; raises NotFound."""
    name = request.path_params["name"]
    if withdrawn(frame.site, name):
        return _gone(frame, request, name)
    iri = dataset(name, frame.site.base)
    # The parts of the description (VoID) have such IRIs, too.
    if name not in offered(frame.site) and not frame.site.known(iri):
        raise NotFound(what=iri)
    return resources.redirect(frame, request, iri)
