"""The pages about actors: who occurs where, one kind over all counties, tasks side by side; and what to take along."""

from dataclasses import dataclass, replace

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from publisher.core.refusals import BadRequest
from publisher.views import actor_list, actor_side, actors, topics
from publisher.views.actor_choice import Chosen
from publisher.views.actor_kinds import PARAMETER, Kind, classes, kinds
from publisher.views.topics import Topic
from publisher.web import takeaway
from publisher.web.frame import Frame, Page, Visit
from publisher.web.takeaway import Takeaway

PATH = "/akteure"
SIDE = f"{PATH}/aufgaben"


@dataclass(frozen=True)
class OverviewPage:
    """The overview, and itself as parameters of an address."""

    found: actors.Overview
    values: dict[str, str]
    kinds: tuple[Kind, ...]


@dataclass(frozen=True)
class ListPage:
    """One kind over all counties, and itself as parameters of an address, without the number of the page."""

    found: actor_list.KindList
    values: dict[str, str]
    kinds: tuple[Kind, ...]


@dataclass(frozen=True)
class SidePage:
    """Tasks side by side, and themselves as parameters of an address, without the number of the page."""

    found: actor_side.Side
    values: dict[str, str]
    kinds: tuple[Kind, ...]
    fields: tuple[Topic, ...]


def router(frame: Frame) -> APIRouter:
    """The routes of these pages and their files."""
    routes = APIRouter()
    frame.register(routes, PATH, _page)
    frame.register(routes, SIDE, _side)
    takeaway.register(frame, routes, PATH, _take_overview)
    takeaway.register(frame, routes, SIDE, _take_side)
    return routes


def _number(visit: Visit) -> int:
    """The number of the page that is asked for; raises BadRequest when it is none."""
    written = visit.one("seite")
    if written and not (written.isascii() and written.isdigit() and len(written) < 6):
        raise BadRequest(name="seite", value=written, allowed="1, 2, 3 …")
    return int(written or 1)


def _given(**values: str) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}


def _is_long(visit: Visit, found: Chosen) -> bool:
    """Whether the address could be shorter: what a form sends is long and may hold names, keys with commas last."""
    clear = not found.doubts and not found.dropped
    return clear and visit.query.getlist("kreis") not in ([], [found.asked])


def _page(visit: Visit) -> Page | Response:
    return _list(visit) if visit.one(PARAMETER) else _overview(visit)


def _overview(visit: Visit) -> Page | Response:
    data = actors.overview(visit.site, visit.several("kreis"))
    values = _given(kreis=data.chosen.asked if visit.several("kreis") else "")
    if _is_long(visit, data.chosen):
        return RedirectResponse(visit.href(PATH, **values), 303)
    shown = OverviewPage(data, values, kinds(visit.site))
    return Page("actors.html", shown, data.calls, PATH)


def _list(visit: Visit) -> Page | Response:
    asked = actor_list.Request(visit.one(PARAMETER), visit.several("kreis"), visit.one("land"), _number(visit))
    data = actor_list.kind_list(visit.site, asked, visit.language)
    values = _given(art=data.kind.key, kreis=data.chosen.asked, land=asked.state)
    if _is_long(visit, data.chosen):
        return RedirectResponse(visit.href(PATH, **values), 303)
    shown = ListPage(data, values, kinds(visit.site))
    return Page("actors_list.html", shown, data.calls, PATH)


def _asked(visit: Visit) -> actor_side.Request:
    order = visit.one("ordnung", dict.fromkeys(actor_side.ORDERS))
    return actor_side.Request(visit.several("kreis"), visit.one(PARAMETER), visit.one("feld"), order, _number(visit))


def _side_values(data: actor_side.Side) -> dict[str, str]:
    asked = data.request
    return _given(kreis=data.chosen.asked, art=asked.kind, feld=asked.field, ordnung=asked.order)


def _side(visit: Visit) -> Page | Response:
    data = actor_side.side(visit.site, _asked(visit))
    if _is_long(visit, data.chosen):
        return RedirectResponse(visit.href(SIDE, **_side_values(data)), 303)
    shown = SidePage(data, _side_values(data), classes(visit.site), topics.fields(visit.site))
    return Page("actors_side.html", shown, data.calls, PATH)


def _take_overview(visit: Visit) -> Takeaway:
    data = actors.overview(visit.site, visit.several("kreis"))
    values = _given(kreis=data.chosen.asked if visit.several("kreis") else "")
    things = {thing for line in data.lines for cell in line.cells for entry in cell.entries for thing in entry.things}
    return Takeaway(
        "tables/actors.html",
        "akteure",
        data,
        visit.address(PATH, **values),
        data.calls,
        tuple(sorted(things)),
    )


def _take_side(visit: Visit) -> Takeaway:
    asked = _asked(visit)
    data = actor_side.side(visit.site, replace(asked, order=actor_side.ORDERS[1], page=1), whole=True)
    profiles = [one for share in data.shares for one in share.profiles]
    things = {one.actor.iri for one in profiles} | {text.iri for one in profiles for text in one.texts}
    return Takeaway(
        "tables/actors_side.html",
        "aufgaben",
        data,
        visit.address(SIDE, **_side_values(replace(data, request=asked))),
        data.calls,
        tuple(sorted(things)),
    )
