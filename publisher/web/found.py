"""How machines find their way: robots.txt, site maps, the list of interfaces, and what language models read first.

https://www.rfc-editor.org/rfc/rfc9309 (robots), https://www.sitemaps.org/protocol.html,
https://www.rfc-editor.org/rfc/rfc9727 (api-catalog), https://www.rfc-editor.org/rfc/rfc9264 (linkset).
"""

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from publisher.core.refusals import NotFound
from publisher.views.addresses import Address, Part, part, parts
from publisher.views.offered import offered
from publisher.web.caching import cached, etag
from publisher.web.frame import Frame
from publisher.web.links import LANGUAGES

LINKSET = "application/linkset+json"
PROFILE = "https://www.rfc-editor.org/info/rfc9727"
SITEMAP = "/sitemap.xml"
API_CATALOG = "/.well-known/api-catalog"
FEEDS = ("/feed/atom.xml", "/feed/dcat-ap.trig", "/feed/elements.trig")
"""What changed: for people, for data portals, thing by thing."""


def router(frame: Frame) -> APIRouter:
    """The routes."""
    routes = APIRouter()
    add = partial(routes.add_route, methods=["GET", "HEAD"], include_in_schema=False)
    add("/robots.txt", partial(_text, frame, "robots.txt", "text/plain; charset=utf-8"))
    add("/llms.txt", partial(_text, frame, "llms.txt", "text/plain; charset=utf-8"))
    add(SITEMAP, partial(_index, frame))
    add("/sitemap/{name}.xml", partial(_part, frame))
    add(API_CATALOG, partial(_api_catalog, frame))
    return routes


def _text(frame: Frame, template: str, media: str, request: Request) -> Response:
    visit = frame.visit(request)
    data = tuple(offered(frame.site).values())
    return _answer(frame, request, media, lambda: frame.text(visit, f"machines/{template}", data))


def _index(frame: Frame, request: Request) -> Response:
    def make() -> str:
        return frame.text(frame.visit(request), "machines/sitemap_index.xml", parts(frame.site))

    return _answer(frame, request, "application/xml", make)


def _part(frame: Frame, request: Request) -> Response:
    """One of the site maps; raises NotFound."""
    name = request.path_params["name"]
    found = {one.name: one for one in parts(frame.site)}.get(name)
    if found is None:
        raise NotFound(what=f"/sitemap/{name}.xml")

    def make() -> str:
        data = list(_pages(frame, found))
        return frame.text(frame.visit(request), "machines/sitemap.xml", data)

    return _answer(frame, request, "application/xml", make)


def _pages(frame: Frame, found: Part) -> Iterator[tuple[str, Address]]:
    """Every page of a part in every language, with its address."""
    for address in part(frame.site, found):
        for language in LANGUAGES:
            path = (
                frame.links.document(address.iri, "html", language)
                if address.iri
                else frame.links.href(address.path, language)
            )
            yield frame.links.whole(path), address


def _api_catalog(frame: Frame, request: Request) -> Response:
    def make() -> str:
        return json.dumps(api_catalog(frame), ensure_ascii=False, indent=1) + "\n"

    media = f'{LINKSET}; profile="{PROFILE}"'
    response = _answer(frame, request, media, make)
    response.headers["Link"] = f'<{_whole(frame, API_CATALOG)}>; rel="api-catalog"'
    return response


def api_catalog(frame: Frame) -> dict[str, Any]:
    """The interfaces of the site as a linkset."""

    def link(path: str, media: str) -> dict[str, str]:
        return {"href": _whole(frame, path), "type": media}

    questions = {
        "anchor": _whole(frame, "/api/v1"),
        "service-desc": [link("/api/openapi.json", "application/vnd.oai.openapi+json;version=3.1")],
        "service-doc": [link("/api", "text/html")],
    }
    sparql = {
        "anchor": _whole(frame, "/sparql"),
        "service-desc": [{"href": _whole(frame, "/sparql") + "?format=ttl", "type": "text/turtle"}],
        "service-doc": [link("/sparql", "text/html")],
        "service-meta": [link("/.well-known/void", "text/turtle")],
    }
    agents = {"anchor": _whole(frame, "/mcp"), "service-doc": [link("/api", "text/html")]}
    data = {"anchor": _whole(frame, "/catalog"), "service-doc": [link("/daten", "text/html")]}
    feeds = [
        {"anchor": _whole(frame, path), "service-doc": [link("/release", "text/html")]}
        for path in FEEDS
        if frame.site.release.manifest.number
    ]
    known = [questions, sparql, agents, data, *feeds]
    items = [{"href": entry["anchor"]} for entry in known]
    return {"linkset": [{"anchor": _whole(frame, API_CATALOG), "item": items}, *known]}


def _whole(frame: Frame, path: str) -> str:
    return frame.links.whole(frame.links.href(path))


def _answer(frame: Frame, request: Request, media: str, make: Callable[[], str]) -> Response:
    tag = etag(frame.stamp, request.url.path)
    return cached(request, tag, lambda: Response(make(), headers={"Content-Type": media}))
