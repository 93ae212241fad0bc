"""The gap view: what other counties address that one's own does not, and what can be taken away from there."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from publisher.graph.queries import Call
from publisher.views import gaps, passages, texts, topics
from publisher.views.columns import COUNTIES
from publisher.views.gaps import Gaps
from publisher.views.site import Site
from publisher.views.topics import Topic
from publisher.web import takeaway
from publisher.web.frame import Frame, Page, Visit
from publisher.web.takeaway import Takeaway

PATH = "/luecken"
_LISTS = {dimension.key: dimension for dimension in topics.DIMENSIONS}


@dataclass(frozen=True)
class Shown:
    """What the page shows: the gaps, and itself as parameters of an address."""

    found: Gaps
    values: dict[str, str]
    choices: tuple[str, ...] = tuple(_LISTS)

    @property
    def names(self) -> dict[str, str]:
        """What each county shown is called, by IRI."""
        shown = (*((self.found.own,) if self.found.own else ()), *(other.column for other in self.found.others))
        return {column.iri: column.name for column in shown}

    def at(self, **changed: str) -> dict[str, str]:
        """The parameters of this page with some ``changed``, or left out when empty."""
        return {name: value for name, value in {**self.values, **changed}.items() if value}

    def beside(self, topic: Topic) -> dict[str, str]:
        """The parameters of the texts side by side: of one's own county and of those others that say something."""
        own = self.found.own
        ags = [own.ags] if own else []
        ags += [other.column.ags for other in self.found.others if other.column.modelled]
        return {"kreis": ",".join(ags[: gaps.MOST]), self.found.request.dimension.parameter: topic.notation}


@dataclass(frozen=True)
class Tables:
    """What the files hold: every topic with who addresses it, and the texts that only one side has."""

    gaps: Gaps
    lines: tuple[texts.Line, ...]


def router(frame: Frame) -> APIRouter:
    """The routes of the page and its files; counts once in how many counties each topic is addressed."""
    routes = APIRouter()
    frame.register(routes, PATH, _page)
    takeaway.register(frame, routes, PATH, _takeaway)
    for dimension in topics.DIMENSIONS:
        gaps.spread(frame.site, dimension)
    return routes


def request(visit: Visit) -> gaps.Request:
    """What the query string asks for; raises BadRequest for a value that is not allowed."""
    own, *more = visit.several("kreis") or ("",)
    key = visit.one("zeilen", _LISTS) or topics.FIELDS.key
    return gaps.Request(own, tuple(dict.fromkeys((*more, *visit.several("mit")))), _LISTS[key])


def values(found: Gaps) -> dict[str, str]:
    """The page as parameters of its short and lasting address."""
    key = found.request.dimension.key
    asked = {
        "kreis": found.own.ags if found.own else "",
        "mit": found.asked,
        "zeilen": key if key != topics.FIELDS.key else "",
    }
    return {name: value for name, value in asked.items() if value}


def _page(visit: Visit) -> Page | Response:
    found = gaps.gaps(visit.site, request(visit))
    short = values(found)
    written = {name: visit.query.getlist(name) for name in ("kreis", "mit") if name in visit.query}
    clear = not (found.doubts or found.own_doubts or found.dropped)
    if clear and any(given != [short.get(name)] for name, given in written.items()):
        # What a form sends is long and may hold names; the address to hand on is short and lasts.
        return RedirectResponse(visit.href(PATH, **short), 303)
    return Page("gaps.html", Shown(found, short), (*found.calls, Call(COUNTIES)), "/vergleich")


def _takeaway(visit: Visit) -> Takeaway:
    found = gaps.gaps(visit.site, request(visit))
    lines, calls = _texts(visit.site, found)
    things = tuple(dict.fromkeys(line.text.iri for line in lines))
    address = visit.address(PATH, **values(found))
    tables = Tables(found, lines)
    return Takeaway("tables/gaps.html", "luecken", tables, address, (*found.calls, *calls), things)


def _texts(site: Site, found: Gaps) -> tuple[tuple[texts.Line, ...], tuple[Call, ...]]:
    """The texts that only the others have, then those that only one's own county has, and the queries for both."""
    others = tuple(other.column for other in found.others)
    sides = ((others, _topics(found, "missing")), ((found.own,) if found.own else (), _topics(found, "only")))
    lines: tuple[texts.Line, ...] = ()
    calls: tuple[Call, ...] = ()
    for columns, about in sides:
        if columns and about:
            asked = tuple(column.iri for column in columns)
            said = passages.passages(site, asked, about)
            lines += texts.lines(columns, [said[iri] for iri in asked], *about)
            calls += passages.calls(asked, about)
    return lines, calls


def _topics(found: Gaps, standing: gaps.Standing) -> tuple[Topic, ...]:
    """The topics of that standing, and the narrower ones of it below shared topics."""
    finer = (low for point in found.finer(standing) for low in point.narrower(standing))
    return tuple(point.topic for point in (*found.standing(standing), *finer))
