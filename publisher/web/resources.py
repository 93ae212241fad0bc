"""Dereferencing: the IRI of a thing leads by 303 to its document in the wanted format and language.

https://www.w3.org/TR/cooluris/#r303gendocument
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from fastapi import APIRouter
from pyoxigraph import Triple
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from publisher.core.errors import NotFound
from publisher.graph.formats import DOCUMENT_FORMATS, Format
from publisher.graph.queries import Call
from publisher.graph.write import write
from publisher.views import chain
from publisher.views import resource as view
from publisher.views.site import Site
from publisher.web import negotiation
from publisher.web.caching import cached, etag
from publisher.web.frame import Frame, Page, Visit
from publisher.web.links import DEFAULT_LANGUAGE, LANGUAGES, Links

HTML = "text/html"
VARY = "Accept, Accept-Language"
OFFERED = (HTML, *(fmt.media for fmt in DOCUMENT_FORMATS))
_BY_ENDING: Mapping[str, Format] = {fmt.ending: fmt for fmt in DOCUMENT_FORMATS}
_BY_MEDIA: Mapping[str, Format] = {fmt.media: fmt for fmt in DOCUMENT_FORMATS}

DocumentPage = Callable[[Visit, str], Page]
"""Makes the page about a thing from its IRI."""


@dataclass(frozen=True)
class Kinds:
    """Which page shows which thing: by class IRI, or by the start of the thing's IRI (a key that ends with "/").

    The first key that fits wins, so that special kinds stand before general ones; ``fallback`` shows the rest.
    """

    pages: Mapping[str, DocumentPage]
    fallback: DocumentPage

    def find(self, iri: str, types: tuple[str, ...]) -> DocumentPage:
        """The page that shows ``iri``, a thing of the classes ``types``."""
        for key, page in self.pages.items():
            if key in types or (key.endswith("/") and iri.startswith(key)):
                return page
        return self.fallback


def redirect(frame: Frame, request: Request, iri: str, language: str = "") -> Response:
    """303 to the document about ``iri`` that fits the request, in ``language`` if given; raises NotAcceptable."""
    media = negotiation.negotiate(request.headers.get("accept"), OFFERED)
    language = language or negotiation.language(request.headers.get("accept-language"), LANGUAGES)
    ending = "html" if media == HTML else _BY_MEDIA[media].ending
    target = frame.links.absolute(frame.links.document(iri, ending, language))
    headers = {"Vary": VARY, "Link": link_header(frame.links, iri), "Cache-Control": "public, max-age=300"}
    return RedirectResponse(target, 303, headers)


def link_header(links: Links, iri: str, language: str = DEFAULT_LANGUAGE) -> str:
    """The Link header of everything about ``iri``: its formats, its thing, the vocabulary, the licence.

    ``language`` is that of the page; the canonical document of the other formats is the German page.
    """
    pages = [(links.document(iri, "html", tongue), HTML, tongue) for tongue in LANGUAGES]
    formats = [(links.document(iri, fmt.ending), fmt.media, "") for fmt in DOCUMENT_FORMATS]
    entries = [
        f'<{links.absolute(path).partition("#")[0]}>; rel="alternate"; type="{media}"'
        + (f'; hreflang="{tongue}"' if tongue else "")
        for path, media, tongue in (*pages, *formats)
    ]
    canonical = links.absolute(links.document(iri, "html", language)).partition("#")[0]
    entries.append(f'<{canonical}>; rel="canonical"')
    entries.append(f'<{iri}>; rel="describes"')
    entries.append(f'<{links.absolute(links.href("/ns"))}>; rel="describedby"')
    entries.append(f'<{links.absolute(links.href("/lizenz"))}>; rel="license"')
    return ", ".join(entries)


def data(frame: Frame, request: Request, iri: str, fmt: Format, triples: Callable[[], list[Triple]]) -> Response:
    """The document about ``iri`` in ``fmt``, its statements asked for only when the visitor lacks them."""
    site = frame.site

    def make() -> Response:
        body = write(triples(), fmt, site.dataset.prefixes, site.context)
        return Response(body, media_type=fmt.content_type, headers={"Link": link_header(frame.links, iri)})

    tag = etag(frame.stamp, request.url.path, request.url.query, fmt.media)
    return cached(request, tag, make)


def page(frame: Frame, kinds: Kinds, visit: Visit, iri: str) -> Page:
    """The page about ``iri`` with all its statements; raises NotFound."""
    found = view.resource(frame.site, iri, visit.one(view.STATEMENTS_PART), visit.one(view.REFERENCES_PART))
    made = kinds.find(iri, found.types)(visit, iri)
    headers = {"Link": link_header(frame.links, iri, visit.language)}
    behind = (chain.call(frame.site.county_of(iri)),) if found.standing else ()
    asked = (*made.queries, *behind, *view.QUERIES)
    queries = [_about(frame.site, iri, query) for query in asked]
    # A call holds a mapping and so has no hash.
    once = tuple(query for place, query in enumerate(queries) if query not in queries[:place])
    return replace(made, resource=found, headers=headers, queries=once)


def _about(site: Site, iri: str, query: str | Call) -> str | Call:
    """``query`` asked about ``iri``, when that is all it wants to know."""
    if isinstance(query, str) and set(site.queries.get(query).parameters) == {"iri"}:
        return Call(query, {"iri": iri})
    return query


def router(frame: Frame, kinds: Kinds) -> APIRouter:
    """The routes of things (/id/…) and their documents (/doc/….html, .ttl, …)."""
    routes = APIRouter()
    add = partial(routes.add_route, methods=["GET", "HEAD"], include_in_schema=False)
    add("/id/{name:path}", partial(_thing, frame, ""))
    for language in LANGUAGES:
        prefix = "" if language == DEFAULT_LANGUAGE else f"/{language}"
        add(prefix + "/doc/{name:path}", partial(_document, frame, kinds, language))
        if prefix:
            add(prefix + "/id/{name:path}", partial(_thing, frame, language))
    return routes


def _thing(frame: Frame, language: str, request: Request) -> Response:
    return redirect(frame, request, _known(frame, request.path_params["name"]), language)


def _document(frame: Frame, kinds: Kinds, language: str, request: Request) -> Response:
    name, _, ending = request.path_params["name"].rpartition(".")
    if ending == "html":
        visit = frame.visit(request, language, f"/doc/{name}.html")
        return frame.answer(visit, lambda visit: page(frame, kinds, visit, _known(frame, name)))
    if ending in _BY_ENDING and language == DEFAULT_LANGUAGE:
        iri = _known(frame, name)
        if dump := _dump(frame, iri, ending):
            return RedirectResponse(dump, 303, {"Link": link_header(frame.links, iri)})
        return data(frame, request, iri, _BY_ENDING[ending], lambda: view.statements(frame.site, iri))
    language = "" if language == DEFAULT_LANGUAGE else language
    return redirect(frame, request, _known(frame, request.path_params["name"]), language)


def _dump(frame: Frame, iri: str, ending: str) -> str:
    """The address of the file with all statements of a large graph; "" for all else, whose documents are made."""
    if not view.is_large(frame.site, iri):
        return ""
    paths = (file.path for file in frame.site.release.manifest.files if file.graph == iri)
    path = next((path for path in paths if path.endswith(f".{ending}")), "")
    return frame.links.absolute(frame.links.href(f"/{path}")) if path else ""


def _known(frame: Frame, name: str) -> str:
    iri = frame.links.iri(name)
    if not frame.site.known(iri):
        raise NotFound(what=iri)
    return iri
