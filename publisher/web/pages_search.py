"""The search page. Everything it shows is in its address: query, county, common field, kind, page."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from fastapi import APIRouter

from publisher.core.refusals import BadRequest
from publisher.graph.queries import Call
from publisher.language.wanted import LONGEST
from publisher.views import places, search_help, topics
from publisher.views.search import FEW, PAGE, Found, Group, Request, count, search
from publisher.views.search_entries import Entry
from publisher.views.search_help import Instead, Related
from publisher.views.search_index import Index
from publisher.views.site import Site
from publisher.views.topics import Topic
from publisher.web import takeaway
from publisher.web.frame import Frame, Page, Visit
from publisher.web.takeaway import Takeaway

PATH = "/suche"
HITS, HITS_IN_FIELD = "pages/search_hits", "pages/search_hits_in_field"
MOST_TAKEN = 5000
"""How many hits a file takes along; it says so when there are more."""


@dataclass(frozen=True)
class Asked:
    """What the address asks for, as written there, and what it means."""

    query: str
    county: str
    matches: tuple[places.Match, ...]
    """The districts that ``county`` may mean; one for a clear answer."""
    field: Topic | None
    kind: str
    """The German name of the kind; "" for all."""
    request: Request

    @property
    def place(self) -> places.Place | None:
        """The county the search is confined to."""
        clear = len(self.matches) == 1 and self.matches[0].how is not places.How.SIMILAR
        return self.matches[0].place if clear else None

    @property
    def unclear(self) -> bool:
        """Whether a county was written that is none, or may be several."""
        return bool(self.county) and self.place is None


@dataclass(frozen=True)
class Results:
    """What the search page shows."""

    asked: Asked
    shown: Found | None
    """What is shown: what was asked for, else what was probably meant; None when nothing was looked for."""
    groups: tuple[Group, ...] = ()
    fields: tuple[tuple[Topic, int], ...] = ()
    """The common fields by which the hits can be narrowed, with their numbers."""
    counties: tuple[tuple[places.Place, int], ...] = ()
    all_fields: tuple[Topic, ...] = ()
    kinds: tuple[tuple[str, str], ...] = ()
    """The classes of all that can be found, with their German names."""
    meant: tuple[Instead, ...] = ()
    """Where nothing was found: what was probably meant; the first one is shown."""
    narrower: Instead | None = None
    related: Related | None = None
    alone: tuple[tuple[str, int], ...] = ()
    unconfined: int = 0
    """How many things are found without county and field, where nothing was found within them."""
    few: int = FEW
    size: int = PAGE

    @property
    def total(self) -> int:
        """How many things fit what was asked for."""
        return 0 if self.meant or not self.shown else self.shown.number

    def state(self, **changes: str) -> dict[str, str]:
        """The parameters of this page's address with ``changes``; a value "" leaves one out."""
        asked = self.asked
        now = {
            "q": asked.query,
            "kreis": asked.place.ags if asked.place else asked.county,
            "feld": asked.field.notation if asked.field else "",
            "art": asked.kind,
        }
        return {name: value for name, value in (now | changes).items() if value}


def router(frame: Frame) -> APIRouter:
    """The routes of the search; builds the index, unless the site has it already."""
    frame.site.once(Index.of)
    routes = APIRouter()
    frame.register(routes, PATH, _page)
    takeaway.register(frame, routes, PATH, _takeaway)
    return routes


def _asked(visit: Visit, index: Index) -> Asked:
    """What the address asks for; raises BadRequest for a field, kind or page that there is not."""
    site = visit.site
    notation = visit.one("feld")
    field = topics.chosen(site, topics.FIELDS, notation) if notation else None
    kinds = {name: iri for iri, name in _kinds(site, index)}
    kind, county, page = visit.one("art", kinds), visit.one("kreis")[: places.LONGEST], visit.one("seite") or "1"
    if not (page.isascii() and page.isdigit() and 0 < int(page) < 100_000):
        raise BadRequest(name="seite", value=page, allowed="1, 2, 3 …")
    matches = places.find(site, county) if county else ()
    query = visit.one("q")[:LONGEST]
    asked = Asked(query, county, matches, field, kind, Request(query))
    within = asked.place.iri if asked.place else ""
    request = Request(query, within, field.iri if field else "", kinds.get(kind, ""), int(page))
    return Asked(query, county, matches, field, kind, request)


def _kinds(site: Site, index: Index) -> tuple[tuple[str, str], ...]:
    return tuple((kind.iri, site.label(kind.iri, "de").value) for kind in index.kinds)


def _page(visit: Visit) -> Page:
    index = visit.site.once(Index.of)
    asked = _asked(visit, index)
    data = _results(visit, index, asked)
    status = 400 if asked.unclear and not asked.matches else 200
    return Page("search.html", data, (_call(data.shown.request),) if data.shown else (), status=status)


def _results(visit: Visit, index: Index, asked: Asked) -> Results:
    site = visit.site
    known = {"all_fields": topics.fields(site), "kinds": _kinds(site, index)}
    if asked.unclear or not asked.request.wanted.words:
        return Results(asked, None, **known)  # type: ignore[arg-type]
    found = search(index, asked.request)
    meant = search_help.instead(index, asked.request) if not found.total else ()
    narrower = search_help.narrower(site, index, asked.request) if not meant else None
    if narrower and not found.total:
        meant, narrower = (narrower,), None
    shown = search(index, meant[0].request) if meant else found
    pages = next((group.pages for group in shown.groups()), 1)
    if shown.request.kind and shown.request.page > max(pages, 1):
        raise BadRequest(name="seite", value=shown.request.page, allowed=f"1–{pages}")
    return Results(
        asked,
        shown,
        shown.groups(),
        _by_field(site, asked, shown),
        _by_county(site, shown),
        meant=meant,
        narrower=narrower,
        related=search_help.related(site, shown, visit.language) if found.total else None,
        alone=search_help.alone(index, asked.request) if not found.total else (),
        unconfined=0 if shown.total or not asked.request.filtered else count(index, asked.query),
        **known,  # type: ignore[arg-type]
    )


def _by_field(site: Site, asked: Asked, found: Found) -> tuple[tuple[Topic, int], ...]:
    """The fields below the chosen one, or all top ones, that hold some of the hits."""
    counts = found.by_field()
    offered = asked.field.narrower if asked.field else topics.fields(site)
    return tuple((field, counts[field.iri]) for field in offered if field.iri in counts)


def _by_county(site: Site, found: Found) -> tuple[tuple[places.Place, int], ...]:
    counts = found.by_county() if not found.request.county else {}
    return tuple((place, counts[place.iri]) for place in places.places(site) if place.iri in counts)


def _call(request: Request) -> Call:
    """The query that gives the same hits, for readers who want to go on with them."""
    values: Mapping[str, object] = {
        "wanted": request.query,
        "county": [request.county] if request.county else None,
        "kind": [request.kind] if request.kind else None,
    }
    return Call(HITS_IN_FIELD, {**values, "field": [request.field]}) if request.field else Call(HITS, values)


@dataclass(frozen=True)
class Taken:
    """The hits that a file takes along, and how many there are in all."""

    entries: tuple[Entry, ...]
    total: int
    asked: Asked


def _takeaway(visit: Visit) -> Takeaway:
    index = visit.site.once(Index.of)
    asked = _asked(visit, index)
    if asked.unclear:
        raise BadRequest(name="kreis", value=asked.county, allowed=", ".join(m.place.ags for m in asked.matches))
    found = search(index, asked.request)
    entries = tuple(islice(found.hits(), MOST_TAKEN))
    values = Results(asked, found).state()
    return Takeaway(
        "tables/search.html",
        "suche",
        Taken(entries, found.number, asked),
        visit.address(PATH, **values),
        (_call(asked.request),),
        tuple(entry.iri for entry in entries),
    )
