"""Texts of a few counties on one topic side by side, and what can be taken away from there."""

from dataclasses import dataclass, replace

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from publisher.core.refusals import BadRequest, OnlyOne
from publisher.graph.queries import Call
from publisher.views import beside, columns, compare, texts, topics
from publisher.views.beside import Beside
from publisher.views.site import Site
from publisher.views.topics import Dimension, Topic
from publisher.web import takeaway
from publisher.web.frame import Frame, Page, Visit
from publisher.web.takeaway import Takeaway

PATH = "/gegenueber"


@dataclass(frozen=True)
class Choice:
    """A list of topics to choose from."""

    dimension: Dimension
    topics: tuple[Topic, ...]


@dataclass(frozen=True)
class Shown:
    """What the page shows: the texts, itself as parameters of an address, the topics to choose from."""

    found: Beside
    values: dict[str, str]
    choices: tuple[Choice, ...]
    compared: dict[str, str]
    """The parameters of the matrix for the same counties and list of topics."""
    gaps: dict[str, str]
    """The parameters of the gap view of the first county with the others."""

    @property
    def names(self) -> dict[str, str]:
        """What each county shown is called, by IRI."""
        return {column.iri: column.name for column in self.found.columns}

    def at(self, **changed: str) -> dict[str, str]:
        """The parameters of this page with some ``changed``, or left out when empty."""
        return {name: value for name, value in {**self.values, **changed}.items() if value}

    def on(self, topic: Topic) -> dict[str, str]:
        """The parameters of this page on another topic of the same list."""
        return self.at(**{self.found.request.dimension.parameter: topic.notation})


@dataclass(frozen=True)
class Tables(texts.Tables):
    """What the files hold: the matrix of the topic, the texts side by side, every text with its proof."""

    beside: Beside


def router(frame: Frame) -> APIRouter:
    """The routes of the page and its files."""
    routes = APIRouter()
    frame.register(routes, PATH, _page)
    takeaway.register(frame, routes, PATH, _takeaway)
    return routes


def request(visit: Visit) -> beside.Request:
    """What the query string asks for; raises BadRequest for a value that is not allowed."""
    dimension, topic = _topic(visit)
    return beside.Request(
        counties=visit.several("kreis"),
        dimension=dimension,
        topic=topic,
        kind=visit.one("art"),
        difference=visit.one("unterschied", {"0": False, "1": True}) == "1",
    )


def values(found: Beside) -> dict[str, str]:
    """The page as parameters of its short and lasting address."""
    asked = {
        "kreis": found.asked,
        found.request.dimension.parameter: found.request.topic,
        "art": found.request.kind,
        "unterschied": "1" if found.request.difference else "",
    }
    return {name: value for name, value in asked.items() if value}


def _topic(visit: Visit) -> tuple[Dimension, str]:
    """The list and the short name of the topic asked for; a form sends it as ``thema``, whatever list it is of."""
    wanted = visit.one("thema")
    if wanted:
        return _list_of(visit.site, wanted), wanted
    asked = ((dimension, visit.one(dimension.parameter)) for dimension in topics.DIMENSIONS)
    given = [(dimension, value) for dimension, value in asked if value]
    if len(given) > 1:
        raise OnlyOne(given=", ".join(dimension.parameter for dimension, _ in given))
    return given[0] if given else (topics.FIELDS, "")


def _list_of(site: Site, notation: str) -> Dimension:
    for dimension in topics.DIMENSIONS:
        if any(notation in (top.notation, *(low.notation for low in top.narrower)) for top in _top(site, dimension)):
            return dimension
    raise BadRequest(name="thema", value=notation, allowed=", ".join(top.notation for top in _top(site, topics.FIELDS)))


def _top(site: Site, dimension: Dimension) -> tuple[Topic, ...]:
    return topics.topics(site, dimension)


def _page(visit: Visit) -> Page | Response:
    found = beside.beside(visit.site, request(visit))
    short = values(found)
    written = visit.query.getlist("kreis")
    if not found.doubts and not found.dropped and (written not in ([], [found.asked]) or "thema" in visit.query):
        # What a form sends is long and may hold names; the address to hand on is short and lasts.
        return RedirectResponse(visit.href(PATH, **short), 303)
    choices = tuple(Choice(dimension, _top(visit.site, dimension)) for dimension in topics.DIMENSIONS)
    shown = Shown(found, short, choices, _compared(found), _gaps(found))
    return Page("beside.html", shown, (*found.calls, Call(columns.COUNTIES)), "/vergleich")


def _compared(found: Beside) -> dict[str, str]:
    return _given(kreis=found.asked, zeilen=_rows(found))


def _gaps(found: Beside) -> dict[str, str]:
    first, *others = found.columns or (None,)
    with_ = ",".join(column.ags for column in others if column)
    return _given(kreis=first.ags if first else "", mit=with_, zeilen=_rows(found))


def _rows(found: Beside) -> str:
    """The list of topics as the matrix names it; "" for its first one."""
    key = found.request.dimension.key
    return key if key != compare.CHOICES[0] else ""


def _given(**asked: str) -> dict[str, str]:
    return {name: value for name, value in asked.items() if value}


def _takeaway(visit: Visit) -> Takeaway:
    found = beside.beside(visit.site, request(visit))
    tables = Tables(_matrix(visit.site, found), texts.lines(found.columns, found.texts, found.topic), found)
    things = tuple(text.iri for county in found.texts for text in county)
    address = visit.address(PATH, **values(found))
    calls = (*found.calls, *tables.matrix.calls[:1])
    return Takeaway("tables/beside.html", "gegenueberstellung", tables, address, calls, things)


def _matrix(site: Site, found: Beside) -> compare.Comparison:
    """The rows of the matrix for the topic and what is narrower."""
    ags = tuple(column.ags for column in found.columns)
    opened = frozenset(topic.notation for topic in (found.way.broader, found.topic) if topic)
    whole = compare.comparison(site, compare.Request(ags, found.request.dimension.key, opened=opened))
    concepts = found.topic.concepts if found.topic else frozenset()
    return replace(whole, lines=tuple(line for line in whole.lines if line.topic.iri in concepts))
