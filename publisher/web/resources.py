"""Dereferencing: the IRI of a thing leads by 303 to its document in the wanted format and language.

https://www.w3.org/TR/cooluris/#r303gendocument
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from publisher.core.refusals import GoneDataset, NotFound
from publisher.graph.formats import DOCUMENT_FORMATS, Format
from publisher.graph.queries import Call
from publisher.graph.write import write
from publisher.release.packings import GZIP
from publisher.views import chain
from publisher.views import resource as view
from publisher.views.profiles import MODEL, Profile, statements
from publisher.views.releases import last_with
from publisher.views.site import Site
from publisher.web import negotiation, profiles, representations
from publisher.web.caching import cached, etag
from publisher.web.frame import Frame, Page, Visit
from publisher.web.links import DEFAULT_LANGUAGE, LANGUAGES, Links

_OF_COUNTY = re.compile(r"(?:kreis|graph)/(\d{5})\b")
_BY_ENDING: Mapping[str, Format] = {fmt.ending: fmt for fmt in DOCUMENT_FORMATS}

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
    """303 to the document about ``iri`` that fits the request, in ``language`` if given; raises NotAcceptable.

    The list of all documents where the request asks for it.
    """
    visit = frame.visit(request, language or DEFAULT_LANGUAGE)
    wanted = profiles.wish(visit)
    language = language or negotiation.language(request.headers.get("accept-language"), LANGUAGES)
    if wanted.everything:
        return representations.listing(frame, visit, iri, wanted, language)
    found = profiles.chosen(frame.site, frame.links, iri, wanted, language)
    headers = {
        "Vary": profiles.VARY,
        "Link": link_header(frame.site, frame.links, iri, profile=found.profile),
        "Cache-Control": "public, max-age=300",
    }
    return RedirectResponse(frame.links.absolute(found.path), 303, headers)


def link_header(
    site: Site, links: Links, iri: str, language: str = DEFAULT_LANGUAGE, profile: Profile | None = None
) -> str:
    """The Link header of everything about ``iri``: its formats and profiles, its thing, the vocabulary, the licence.

    ``language`` is that of the page; the canonical document of the other formats is the German page. ``profile`` is
    what the document follows.
    """
    entries = list(profiles.link_entries(site, links, iri, language, profile))
    entries.append(f'<{iri}>; rel="describes"')
    entries.append(f'<{links.absolute(links.href("/ns"))}>; rel="describedby"')
    entries.append(f'<{links.absolute(links.href("/lizenz"))}>; rel="license"')
    return ", ".join(entries)


def data(frame: Frame, request: Request, iri: str, fmt: Format, usual: str = "") -> Response:
    """The document about ``iri`` in ``fmt``, by the profile that the address names, else the ``usual`` one.

    What it says is asked for only when the visitor lacks it.
    """
    site, links = frame.site, frame.links
    profile = profiles.of_document(frame.visit(request), iri, usual)

    def make() -> Response:
        if profile:
            body = profiles.body(site, links, iri, profile, fmt)
        else:
            body = write(statements(site, iri, MODEL), fmt, site.dataset.prefixes, site.context)
        link = link_header(site, links, iri, profile=profile)
        return Response(body, media_type=fmt.content_type, headers={"Link": link})

    return cached(request, etag(frame.stamp, request.url.path, request.url.query, fmt.media), make)


def document(frame: Frame, request: Request, iri: str, fmt: Format, usual: str = "") -> Response:
    """The document at an address that names the format ``fmt``; to another one where the query string asks for it."""
    elsewhere = request.query_params.get(profiles.MEDIA) or request.query_params.get(profiles.PROFILE) == profiles.ALL
    return redirect(frame, request, iri) if elsewhere else data(frame, request, iri, fmt, usual)


def page(frame: Frame, kinds: Kinds, visit: Visit, iri: str) -> Page:
    """The page about ``iri`` with all its statements; raises NotFound."""
    parts = visit.one(view.STATEMENTS_PART), visit.one(view.REFERENCES_PART)
    found = frame.site.lately(view.resource, iri, *parts)
    made = kinds.find(iri, found.types)(visit, iri)
    headers = {"Link": link_header(frame.site, frame.links, iri, visit.language)}
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
        asked = profiles.is_asked(request)
        make = representations.of_page if asked else partial(page, frame, kinds)
        return frame.answer(visit, lambda visit: make(visit, _known(frame, name)))
    if ending in _BY_ENDING and language == DEFAULT_LANGUAGE:
        iri = _known(frame, name)
        if dump := _dump(frame, iri, ending):
            return RedirectResponse(dump, 303, {"Link": link_header(frame.site, frame.links, iri)})
        return document(frame, request, iri, _BY_ENDING[ending])
    language = "" if language == DEFAULT_LANGUAGE else language
    return redirect(frame, request, _known(frame, request.path_params["name"]), language)


def _dump(frame: Frame, iri: str, ending: str) -> str:
    """The address of the file with all statements of a large graph; "" for all else, whose documents are made."""
    if not view.is_large(frame.site, iri):
        return ""
    paths = [file.path for file in frame.site.release.manifest.files if file.graph == iri]
    # Of much there is only a packed one.
    path = next((path for end in (ending, ending + GZIP.ending) for path in paths if path.endswith(f".{end}")), "")
    return frame.links.absolute(frame.links.href(f"/{path}")) if path else ""


def _known(frame: Frame, name: str) -> str:
    """The IRI of the thing ``name``; raises GoneDataset for what went with its county's data, else NotFound."""
    iri = frame.links.iri(name)
    if frame.site.known(iri):
        return iri
    county = _OF_COUNTY.match(name)
    if county and (last := last_with(frame.site, county[1])):
        address = frame.links.absolute(frame.links.href(f"/release/{last.version}/datensatz/{county[1]}"))
        raise GoneDataset(name=county[1], version=last.version, address=address)
    raise NotFound(what=iri)
