"""The map of Germany."""

from dataclasses import dataclass

from fastapi import APIRouter

from publisher.core.messages import phrase
from publisher.core.refusals import BadRequest
from publisher.views import germany, places
from publisher.views.choice import choose
from publisher.views.compare import MOST
from publisher.views.germany import Colouring
from publisher.views.topics import FIELDS, Topic, chosen, fields
from publisher.web import takeaway
from publisher.web.frame import Frame, Page, Visit
from publisher.web.takeaway import Takeaway

PATH = "/karte"
SECTION = "/kreise"
_DEFAULT_FIELD = "F01"


@dataclass(frozen=True)
class Map:
    """What the page shows: the map, the fields to choose from, the county marked on it.

    ``comparing`` are the keys of the counties in the comparison that a tile adds to; None when a tile leads to the
    county's page.
    """

    map: germany.Germany
    fields: tuple[Topic, ...]
    marked: places.Place | None
    comparing: tuple[str, ...] | None
    colourings: tuple[Colouring, ...] = tuple(Colouring)

    @property
    def total(self) -> int:
        """The number of districts."""
        return sum(count for _, count in self.map.categories)

    @property
    def values(self) -> dict[str, str]:
        """The map as parameters of its short and lasting address."""
        field = {"feld": self.map.field.notation} if self.map.colouring.by_field else {}
        return {"farbe": self.map.colouring.value, **field}


def router(frame: Frame) -> APIRouter:
    """The routes of the map."""
    routes = APIRouter()
    frame.register(routes, PATH, _page)
    takeaway.register(frame, routes, PATH, _takeaway)
    return routes


def _map(visit: Visit) -> Map:
    colouring = Colouring(visit.one("farbe", {name.value: name for name in Colouring}) or Colouring.CONCEPT)
    field = chosen(visit.site, FIELDS, visit.one("feld") or _DEFAULT_FIELD)
    made = germany.germany(visit.site, colouring, field, visit.language)
    wanted = choose(visit.site, visit.several("vergleich")).columns[:MOST]
    comparing = tuple(column.ags for column in wanted) if "vergleich" in visit.query else None
    return Map(made, fields(visit.site), _marked(visit), comparing)


def _page(visit: Visit) -> Page:
    made = _map(visit)
    return Page("map.html", made, made.map.calls, SECTION)


def _takeaway(visit: Visit) -> Takeaway:
    made = _map(visit)
    address = visit.address(PATH, **made.values)
    things = germany.things(visit.site, made.map)
    return Takeaway("tables/map.html", "karte", made, address, made.map.calls, things)


def _marked(visit: Visit) -> places.Place | None:
    wanted = visit.one("kreis")
    found = places.one(visit.site, wanted) if wanted else None
    if wanted and not found:
        raise BadRequest(name="kreis", value=wanted, allowed=phrase("a-county"))
    return found
