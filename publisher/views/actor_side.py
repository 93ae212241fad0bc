"""Actors and their tasks side by side: by common field, so that like stands beside like, or actor by actor."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from publisher.core.refusals import BadRequest
from publisher.graph.queries import Call
from publisher.views import topics
from publisher.views.actor_choice import Chosen, chosen
from publisher.views.actor_kinds import PARAMETER, Kind, classes, kinds
from publisher.views.actor_work import Actor, Found, Profile, profiles, with_parts
from publisher.views.columns import COUNTIES, Column
from publisher.views.passages import Passage
from publisher.views.site import Site
from publisher.views.topics import FIELDS, Topic

MOST = 4
"""How many counties fit side by side."""
PER_PAGE = 24
"""How many actors one page shows in full, of all counties together."""
PER_CELL, PER_BANDS = 8, 48
"""How many texts of one field a county shows, and after how many texts the next field goes to a new page."""
LISTED = 8
"""How many names the list of those with tasks shows."""
ORDERS = ("feld", "akteur")


@dataclass(frozen=True)
class Request:
    """What a reader wants to see: counties by key or name, a kind, a common field, the order, which page."""

    counties: tuple[str, ...] = ()
    kind: str = ""
    field: str = ""
    order: str = ""
    page: int = 1


@dataclass(frozen=True)
class Assigned:
    """A text with the actor it is a task or an offer of."""

    actor: Actor
    text: Passage


@dataclass(frozen=True)
class BandCell:
    """What one county assigns in one common field; ``more`` texts do not fit."""

    column: Column
    texts: tuple[Assigned, ...]
    more: int = 0


@dataclass(frozen=True)
class Band:
    """One common field across the counties; without a topic, the texts that belong to none."""

    topic: Topic | None
    top: str
    """The number of the wider field, for its heading; "" for texts that belong to none."""
    cells: tuple[BandCell, ...]

    @property
    def size(self) -> int:
        """How many texts it shows."""
        return sum(len(cell.texts) for cell in self.cells)

    @property
    def rank(self) -> int:
        """Where it stands: 0 where several counties have texts, 1 where one has, 2 for texts that belong to none."""
        if self.topic is None:
            return 2
        return 0 if sum(bool(cell.texts) for cell in self.cells) > 1 else 1


@dataclass(frozen=True)
class Share:
    """One county: its actors on this page, how many there are, who of them has tasks or offers."""

    column: Column
    profiles: tuple[Profile, ...]
    total: int
    busy: tuple[Profile, ...]

    @property
    def listed(self) -> tuple[Profile, ...]:
        """The first of those with tasks or offers."""
        return self.busy[:LISTED]

    @property
    def unlisted(self) -> int:
        """How many more there are."""
        return len(self.busy) - len(self.listed)


@dataclass(frozen=True)
class Side:
    """Everything the page and its files show."""

    request: Request
    order: str
    chosen: Chosen
    shares: tuple[Share, ...]
    bands: tuple[Band, ...]
    """The bands of this page, when the order is by field."""
    pages: int
    kind: Kind | None
    field: Topic | None
    calls: tuple[Call, ...]


def side(site: Site, request: Request, whole: bool = False) -> Side:
    """The actors that ``request`` asks for; ``whole`` for files, which have no pages.

    Raises BadRequest for a value that is not allowed.
    """
    kind, field = _kind(site, request.kind), topics.chosen(site, FIELDS, request.field) if request.field else None
    counties = chosen(site, request.counties, MOST)
    shown = counties.columns
    order = request.order or ("feld" if len(shown) > 1 else "akteur")
    found, calls = _found(site, shown, kind, field)
    bands = _paged(_bands(site, shown, found, field), whole) if order == "feld" and shown else ()
    size = PER_PAGE // max(len(shown), 1)
    longest = max(map(len, found.values()), default=0)
    pages = max(1, len(bands) if order == "feld" else -(-longest // size))
    if not 1 <= request.page <= pages:
        raise BadRequest(name="seite", value=str(request.page), allowed=f"1–{pages}")
    part = slice(None) if whole else slice((request.page - 1) * size, request.page * size)
    shares = tuple(_share(column, found.get(column.iri, []), part if order != "feld" else slice(0)) for column in shown)
    if any(share.profiles for share in shares) and not field:
        shares, more = _completed(site, shares, whole)
        calls = (*calls, *more)
    page = bands[request.page - 1] if bands else ()
    return Side(request, order, counties, shares, page, pages, kind, field, calls)


def _found(
    site: Site, shown: tuple[Column, ...], kind: Kind | None, field: Topic | None
) -> tuple[Found, tuple[Call, ...]]:
    """The actors of ``shown`` with their tasks and offers, and the queries; only those of a kind, and in a field."""
    if not shown:
        return {}, ()
    found, calls = profiles(site, shown, (kind,) if kind else classes(site))
    if field:
        found = {county: _within(known, field.concepts) for county, known in found.items()}
    return found, (*calls, Call(COUNTIES))


def _kind(site: Site, key: str) -> Kind | None:
    if not key:
        return None
    allowed = {kind.key: kind for top in kinds(site) if not top.worded for kind in (top, *top.narrower)}
    if key not in allowed:
        raise BadRequest(name=PARAMETER, value=key, allowed=", ".join(allowed))
    return allowed[key]


def _within(known: list[Profile], concepts: frozenset[str]) -> list[Profile]:
    """The actors with tasks or offers in ``concepts``, with only these."""

    def fitting(texts: tuple[Passage, ...]) -> tuple[Passage, ...]:
        kept = ((text, tuple(place for place in text.placements if place.concept in concepts)) for text in texts)
        return tuple(replace(text, placements=places) for text, places in kept if places)

    cut = [Profile(one.actor, fitting(one.tasks), fitting(one.offers)) for one in known]
    return [one for one in cut if one.texts]


def _share(column: Column, known: list[Profile], part: slice) -> Share:
    return Share(column, tuple(known[part]), len(known), tuple(one for one in known if one.texts))


def _completed(site: Site, shares: tuple[Share, ...], whole: bool) -> tuple[tuple[Share, ...], tuple[Call, ...]]:
    """``shares`` with all that their actors are part of."""
    found, calls = with_parts(site, [one for share in shares for one in share.profiles], whole)
    return tuple(
        replace(share, profiles=tuple(found[share.column.iri, one.actor.iri] for one in share.profiles))
        for share in shares
    ), calls


def _bands(
    site: Site, shown: tuple[Column, ...], found: Mapping[str, list[Profile]], field: Topic | None
) -> list[Band]:
    """One band for each common field that somebody has a task or an offer in: those of several counties first."""
    return sorted(_each_band(site, shown, found, field), key=lambda band: band.rank)


def _each_band(
    site: Site, shown: tuple[Column, ...], found: Mapping[str, list[Profile]], field: Topic | None
) -> Iterator[Band]:
    placed: dict[tuple[str, str], list[Assigned]] = defaultdict(list)
    for column in shown:
        for one in found.get(column.iri, []):
            for text in one.texts:
                for concept in dict.fromkeys(place.concept for place in text.placements) or ("",):
                    placed[concept, column.iri].append(Assigned(one.actor, text))
    for top in topics.fields(site):
        for topic in (top, *top.narrower):
            if field is None or topic.iri in field.concepts:
                yield from _band(topic, top.notation, shown, placed)
    if field is None:
        yield from _band(None, "", shown, placed)


def _band(
    topic: Topic | None, top: str, shown: tuple[Column, ...], placed: Mapping[tuple[str, str], list[Assigned]]
) -> Iterator[Band]:
    texts = [placed.get((topic.iri if topic else "", column.iri), []) for column in shown]
    if any(texts):
        cells = (BandCell(column, tuple(found)) for column, found in zip(shown, texts, strict=True))
        yield Band(topic, top, tuple(cells))


def _paged(bands: Iterable[Band], whole: bool) -> tuple[tuple[Band, ...], ...]:
    """The bands as pages: whole fields, as many as fit; of a long field each county shows its first texts."""
    if whole:
        return (tuple(bands),)
    pages: list[list[Band]] = [[]]
    for band in map(_cut, bands):
        if pages[-1] and sum(known.size for known in pages[-1]) + band.size > PER_BANDS:
            pages.append([])
        pages[-1].append(band)
    return tuple(tuple(page) for page in pages)


def _cut(band: Band) -> Band:
    cells = (BandCell(cell.column, cell.texts[:PER_CELL], len(cell.texts[PER_CELL:])) for cell in band.cells)
    return Band(band.topic, band.top, tuple(cells))
