"""Content negotiation by profile: which descriptions of a thing there are, and which of them fits a request.

By the header Accept-Profile and, before it, by ``_profile`` and ``_mediatype`` in the query string; a profile that is
not to be had leads to the usual description. https://www.w3.org/TR/dx-prof-conneg/
"""

from collections.abc import Iterator
from dataclasses import dataclass

from starlette.requests import Request

from publisher.graph.formats import DOCUMENT_FORMATS, N_TRIPLES, Format
from publisher.graph.write import write
from publisher.release.catalogue.distributions import CATALOG
from publisher.release.catalogue.listing import USED
from publisher.views import profiles as view
from publisher.views.offered import listed, offered
from publisher.views.profiles import DCAT, SCHEMA_ORG, Profile
from publisher.views.site import Site
from publisher.web import negotiation, structured
from publisher.web.frame import Visit
from publisher.web.links import DEFAULT_LANGUAGE, LANGUAGES, Links

HTML = "text/html"
VARY = "Accept, Accept-Profile, Accept-Language"
PROFILE, MEDIA = "_profile", "_mediatype"
"""The parameters of the query string."""
ALL = "alt"
"""The name that asks for the list of all descriptions."""
_IS_PROFILE = "http://www.w3.org/ns/dx/prof/Profile"


@dataclass(frozen=True)
class Representation:
    """One description of a thing: a page, or a document in a format and by a profile."""

    media: str
    path: str
    profile: Profile | None = None
    """None for pages, and where the release knows no profiles."""
    language: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """All that its profile can be asked for by."""
        return (self.profile.token, self.profile.iri, *self.profile.general) if self.profile else ()


@dataclass(frozen=True)
class Wish:
    """What a request asks for, the query string before the headers."""

    profiles: tuple[str, ...]
    accept: str | None
    everything: bool
    """Whether it asks for the list."""


def wish(visit: Visit) -> Wish:
    """What ``visit`` asks for; raises TooLong."""
    asked, media, headers = visit.one(PROFILE), visit.one(MEDIA), visit.request.headers
    named = negotiation.profiles(asked or headers.get("accept-profile", ""))
    # A plus sign in an address means a blank to whoever reads it, and stands in no media type.
    medias = [part.strip().replace(" ", "+") for part in media.split(",") if part.strip()]
    # In the order in which they are listed.
    ordered = ", ".join(f"{name};q={1 - place / 1000}" for place, name in enumerate(medias))
    return Wish(tuple(named), ordered or headers.get("accept"), asked == ALL)


def is_asked(request: Request) -> bool:
    """Whether the query string asks for a profile or a media type."""
    return bool(request.query_params.get(PROFILE) or request.query_params.get(MEDIA))


def representations(site: Site, links: Links, iri: str) -> tuple[Representation, ...]:
    """All descriptions of ``iri``: what is sent when nothing else is asked first, pages in every language."""
    pages = [Representation(HTML, _page(site, links, iri, tongue), None, tongue) for tongue in LANGUAGES]
    documents = list(_documents(site, links, iri))
    # Portals name no format and must get one that they can read.
    return tuple((*documents, *pages) if iri == site.base + CATALOG else (*pages, *documents))


def _documents(site: Site, links: Links, iri: str) -> Iterator[Representation]:
    for place, profile in enumerate(view.of(site, iri) or (None,)):
        for fmt in formats(site, iri):
            path, usual = _document(site, links, iri, fmt, profile)
            needed = profile and (place > 0 if usual is None else profile.token != usual)
            yield Representation(
                fmt.media, links.profiled(path, profile.token) if profile and needed else path, profile
            )


def formats(site: Site, iri: str) -> tuple[Format, ...]:
    """The formats in which ``iri`` is described."""
    return tuple(fmt for fmt in DOCUMENT_FORMATS if iri != site.base + CATALOG or fmt != N_TRIPLES)


def _page(site: Site, links: Links, iri: str, language: str) -> str:
    if iri == site.base + CATALOG:
        return links.href("/daten", language)
    if offer := view.offer(site, iri):
        return links.href(f"/datensatz/{offer.name}", language)
    return links.document(iri, "html", language).partition("#")[0]


def _document(site: Site, links: Links, iri: str, fmt: Format, profile: Profile | None) -> tuple[str, str | None]:
    """Where the document is, and the token of the profile that is usual there; None for that of the thing."""
    if iri == site.base + CATALOG:
        return links.href(f"/{CATALOG}.{fmt.ending}"), DCAT
    offer = view.offer(site, iri)
    if offer and profile and profile.token != view.MODEL:
        return links.href(f"/datensatz/{offer.name}.{fmt.ending}"), DCAT
    return links.document(iri, fmt.ending).partition("#")[0], None


def chosen(site: Site, links: Links, iri: str, wanted: Wish, tongue: str) -> Representation:
    """The description of ``iri`` that fits ``wanted``, a page in the language ``tongue``; raises NotAcceptable."""
    found = [one for one in representations(site, links, iri) if one.language in ("", tongue)]
    place = negotiation.by_profile(wanted.accept, wanted.profiles, [(one.media, one.names) for one in found])
    if place is not None:
        return found[place]
    usual = next((one.profile for one in found if one.profile), None)
    plain = [one for one in found if one.profile in (None, usual)]
    media = negotiation.negotiate(wanted.accept, [one.media for one in plain])
    return next(one for one in plain if one.media == media)


def of_document(visit: Visit, iri: str, usual: str = "") -> Profile | None:
    """The profile that the query string of ``visit`` names for a document of ``iri``, else the ``usual`` one.

    A document has one address for each profile, whatever the headers are.
    """
    known = view.of(visit.site, iri)
    names = negotiation.profiles(visit.one(PROFILE))
    offered = [(HTML, (one.token, one.iri, *one.general)) for one in known]
    place = negotiation.by_profile(None, names, offered)
    if place is not None:
        return known[place]
    return next((one for one in known if one.token == usual), next(iter(known), None))


def body(site: Site, links: Links, iri: str, profile: Profile, fmt: Format) -> bytes:
    """The description of ``iri`` by ``profile`` in ``fmt``; raises NotFound."""
    found = _structured(site, links, iri) if profile.token == SCHEMA_ORG else None
    if found is None:
        said = view.statements(site, iri, profile.token)
        words = (USED, USED) if profile.token == DCAT else (site.dataset.prefixes, site.context)
        return write(said, fmt, *words)
    if fmt.ending == "jsonld":
        return structured.text(structured.document(found))
    return write(structured.triples(found), fmt, site.dataset.prefixes)


def _structured(site: Site, links: Links, iri: str) -> dict[str, object] | None:
    """A data set or the catalogue as pages describe it to search engines; None for all else."""
    about, offer = listed(site), view.offer(site, iri)
    if about and offer:
        return structured.dataset(offer, about, links, DEFAULT_LANGUAGE)
    is_catalogue = about and iri == site.base + CATALOG
    return structured.data_catalog(about, offered(site), links, DEFAULT_LANGUAGE) if about and is_catalogue else None


def link_entries(site: Site, links: Links, iri: str, language: str, profile: Profile | None) -> Iterator[str]:
    """The entries of a Link header: all descriptions of ``iri``, and which profiles the one sent follows.

    ``language`` is that of the page that is sent; of other descriptions the German page is the main one.
    """
    found = representations(site, links, iri)
    main = next((one for one in found if one.language == language), found[0])
    main = found[0] if not found[0].language else main
    yield from (alternate(links, one) for one in found)
    yield f'<{links.absolute(main.path)}>; rel="canonical"; type="{main.media}"'
    for name in (profile.iri, *profile.general) if profile else ():
        yield f'<{name}>; rel="profile"'
    known = view.of(site, iri)
    for each in known if len(known) > 1 else ():
        yield f'<{_IS_PROFILE}>; rel="type"; token="{each.token}"; anchor="{each.iri}"'


def alternate(links: Links, one: Representation) -> str:
    """The entry of a Link header for one description."""
    shown = f'<{links.absolute(one.path)}>; rel="alternate"; type="{one.media}"'
    shown += f'; hreflang="{one.language}"' if one.language else ""
    return shown + (f'; formats="{one.profile.iri}"' if one.profile else "")
