"""The data page, the method page, and the reports of the validation."""

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import partial

from fastapi import APIRouter
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from publisher.core.messages import phrase
from publisher.core.refusals import BadRequest, NotFound
from publisher.views import catalog, method
from publisher.views.offered import listed
from publisher.web import structured
from publisher.web.caching import cached
from publisher.web.frame import Frame, Page, Visit
from publisher.web.headers import SECURITY

PATH = "/daten"
NOTHING = Markup()
_POLICY = "Content-Security-Policy"
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


@dataclass(frozen=True)
class DataPage(catalog.Catalog):
    """What the page lists, and what search engines read."""

    structured: Markup = NOTHING


def router(frame: Frame) -> APIRouter:
    """The routes of the data, the method and the validation reports."""
    routes = APIRouter()
    frame.register(routes, PATH, _data)
    frame.register(routes, "/methode", _method)
    report = partial(_report, frame)
    routes.add_route("/validation/{name}", report, methods=["GET", "HEAD"], include_in_schema=False)
    return routes


def _data(visit: Visit) -> Page:
    key = visit.one("kreis")
    county = visit.site.id(f"kreis/{key}") if key else ""
    if county and not catalog.has_files(visit.site, county):
        raise BadRequest(name="kreis", value=key, allowed=phrase("a-recorded-county"))
    data = catalog.catalog(visit.site, county, visit.one(catalog.STANDING_PART))
    about = listed(visit.site)
    # Search engines read the data sets that the page shows; of many counties each has a page of its own.
    shown = {offer.name: offer for offer in data.datasets}
    found = about and structured.block(structured.data_catalog(about, shown, visit.links, visit.language))
    return Page("data.html", DataPage(**vars(data), structured=found or NOTHING), section=PATH)


def _method(visit: Visit) -> Page:
    return Page("method.html", method.method_page(visit.site, visit.one(method.PART)), method.QUERIES)


def _report(frame: Frame, request: Request) -> Response:
    """A validation report that the manifest lists; raises NotFound."""
    path = catalog.REPORTS + request.path_params["name"]
    release = frame.site.release
    file = {entry.path: entry for entry in release.manifest.files}.get(path)
    if file is None or not (release.folder / path).is_file():
        raise NotFound(what="/" + path)

    def make() -> Response:
        text = (release.folder / path).read_text(encoding="utf-8")
        headers = {_POLICY: _with_styles(text)} if file.media == "text/html" else None
        return Response(text, media_type=file.media, headers=headers)

    return cached(request, f'"{file.sha256}"', make)


def _with_styles(html: str) -> str:
    """The usual policy, plus exactly the style sheets that stand in ``html``."""
    hashes = (hashlib.sha256(style.encode()).digest() for style in _STYLE.findall(html))
    sources = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in hashes)
    return SECURITY[_POLICY].replace("style-src 'self'", f"style-src 'self' {sources}")
