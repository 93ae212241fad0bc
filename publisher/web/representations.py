"""The list of all descriptions of a thing: a page for people, JSON and RDF for programs.

https://www.w3.org/TR/dx-prof-conneg/#listprofiles
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple
from starlette.responses import RedirectResponse, Response

from publisher.core.terms import DCT, RDF
from publisher.graph.formats import DOCUMENT_FORMATS
from publisher.graph.write import write
from publisher.release.catalogue.distributions import CATALOG
from publisher.views import profiles as view
from publisher.views.offered import listed
from publisher.views.site import Text
from publisher.web import negotiation, profiles
from publisher.web.caching import cached, etag
from publisher.web.frame import Frame, Page, Visit
from publisher.web.profiles import ALL, HTML, Representation, Wish

JSON = "application/json"
TEMPLATE = "representations.html"
ALTR = "http://www.w3.org/ns/dx/connegp/altr#"
_BY_QUERY = "http://www.w3.org/ns/dx/connegp/profile/qsa"
"""What the list itself follows."""
_OFFERED = (JSON, HTML, *(fmt.media for fmt in DOCUMENT_FORMATS))
_NAMES = {fmt.media: fmt.name for fmt in DOCUMENT_FORMATS} | {HTML: "HTML"}


@dataclass(frozen=True)
class Row:
    """The descriptions by one profile: what it is called, its IRI, and name and address in each format."""

    iri: str
    token: str
    documents: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Listing:
    """All descriptions of ``iri``; the first row is what one gets without asking."""

    iri: str
    title: Text
    pages: tuple[Representation, ...]
    rows: tuple[Row, ...]


def of_page(visit: Visit, iri: str) -> Page | Response:
    """For a page asked for by ``_profile`` or ``_mediatype``: the list, or to what fits; raises NotAcceptable."""
    wanted = profiles.wish(visit)
    headers = {"Vary": profiles.VARY, "Link": _link(visit, iri)}
    if wanted.everything:
        return Page(TEMPLATE, _rows(visit, iri), (view.QUERY,), section="/daten", headers=headers)
    found = profiles.chosen(visit.site, visit.links, iri, wanted, visit.language)
    return RedirectResponse(visit.links.absolute(found.path), 303, headers)


def listing(frame: Frame, visit: Visit, iri: str, wanted: Wish, language: str) -> Response:
    """The list for whoever asks for it at the address of the thing; raises NotAcceptable."""
    media = negotiation.negotiate(wanted.accept, _OFFERED)
    request, headers = visit.request, {"Vary": profiles.VARY, "Link": _link(visit, iri)}
    if media == HTML:
        found = profiles.representations(visit.site, visit.links, iri)
        page = next(one for one in found if one.language == language)
        target = frame.links.absolute(frame.links.profiled(page.path, ALL))
        return RedirectResponse(target, 303, headers)

    def make() -> Response:
        if media == JSON:
            text = json.dumps(_as_json(visit, iri), ensure_ascii=False, indent=1) + "\n"
            return Response(text, headers={**headers, "Content-Type": JSON})
        fmt = next(fmt for fmt in DOCUMENT_FORMATS if fmt.media == media)
        prefixes = {**visit.site.dataset.prefixes, "altr": ALTR}
        body = write(_triples(visit, iri), fmt, prefixes, {**prefixes})
        return Response(body, headers={**headers, "Content-Type": fmt.content_type})

    tag = etag(frame.stamp, request.url.path, request.url.query, media)
    return cached(request, tag, make, vary=profiles.VARY)


def _link(visit: Visit, iri: str) -> str:
    entries = profiles.link_entries(visit.site, visit.links, iri, visit.language, None)
    return ", ".join((f'<{_BY_QUERY}>; rel="profile"', *entries))


def _rows(visit: Visit, iri: str) -> Listing:
    found = profiles.representations(visit.site, visit.links, iri)
    rows = []
    for each in view.of(visit.site, iri):
        ways = tuple((_NAMES[one.media], one.path) for one in found if one.profile == each)
        rows.append(Row(each.iri, each.token, ways))
    return Listing(iri, _title(visit, iri), tuple(one for one in found if one.media == HTML), tuple(rows))


def _title(visit: Visit, iri: str) -> Text:
    """What to call ``iri``: data sets and the catalogue have their names there."""
    named = view.offer(visit.site, iri) or (listed(visit.site) if iri == visit.site.base + CATALOG else None)
    return Text(named.title[visit.language], visit.language) if named else visit.label(iri)


def _as_json(visit: Visit, iri: str) -> dict[str, Any]:
    found = profiles.representations(visit.site, visit.links, iri)
    return {
        "resource": iri,
        "profiles": [
            {
                "token": each.token,
                "uri": each.iri,
                "profile_of": list(each.general),
                "media_types": [one.media for one in found if one.profile == each],
                "representations": {one.media: visit.links.whole(one.path) for one in found if one.profile == each},
            }
            for each in view.of(visit.site, iri)
        ],
    }


def _triples(visit: Visit, iri: str) -> list[Triple]:
    return list(_said(visit, iri))


def _said(visit: Visit, iri: str) -> Iterator[Triple]:
    """The list as https://www.w3.org/TR/dx-prof-conneg/#altr says it."""
    thing = NamedNode(iri)
    for place, one in enumerate(profiles.representations(visit.site, visit.links, iri)):
        node = NamedNode(visit.links.whole(one.path))
        yield Triple(thing, NamedNode(ALTR + ("hasDefaultRepresentation" if place == 0 else "hasRepresentation")), node)
        yield Triple(node, NamedNode(RDF + "type"), NamedNode(ALTR + "Representation"))
        yield Triple(node, NamedNode(DCT + "format"), Literal(one.media))
        if one.language:
            yield Triple(node, NamedNode(DCT + "language"), Literal(one.language))
        for name in (one.profile.iri, *one.profile.general) if one.profile else ():
            yield Triple(node, NamedNode(DCT + "conformsTo"), NamedNode(name))
