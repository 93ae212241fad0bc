"""The start page, the list of all counties, and the page of one county."""

from collections import Counter
from dataclasses import dataclass

from fastapi import APIRouter

from publisher.views import counties as view
from publisher.views import county as one
from publisher.views.site import Text
from publisher.web.frame import Frame, Page, Visit
from publisher.web.resources import DocumentPage

SECTION = "/kreise"


@dataclass(frozen=True)
class Start:
    """What the start page shows."""

    counties: tuple[view.CountyEntry, ...]
    totals: tuple[tuple[str, int], ...]
    most_listed: int = 12
    """So many recorded counties stand in a table; more are counted by state."""

    @property
    def by_state(self) -> tuple[tuple[str, int, int], ...]:
        """The key of each state with a recorded county, with the number of these and of all its counties."""
        total = Counter(county.ags[:2] for county in self.counties)
        recorded = Counter(county.ags[:2] for county in self.recorded)
        return tuple((state, recorded[state], total[state]) for state in sorted(recorded))

    @property
    def recorded(self) -> tuple[view.CountyEntry, ...]:
        """The counties whose document is in the graph."""
        return tuple(county for county in self.counties if county.documents)


@dataclass(frozen=True)
class CountyList:
    """What the list of counties shows: the counties that fit the filter, and the filter."""

    counties: tuple[view.CountyEntry, ...]
    states: tuple[tuple[str, Text], ...]
    state: str
    only_recorded: bool
    total: int
    recorded: int


def router(frame: Frame) -> APIRouter:
    """The routes of the start page and the list."""
    routes = APIRouter()
    frame.register(routes, "/", _start)
    frame.register(routes, "/kreise", _list)
    return routes


def documents(frame: Frame) -> dict[str, DocumentPage]:
    """The kinds of things shown here."""
    return {frame.site.ns("District"): _county}


def _start(visit: Visit) -> Page:
    start = Start(view.counties(visit.site), view.counted(visit.site))
    queries = (view.LIST_QUERY, view.DOCUMENTS_QUERY, view.TOTALS_QUERY)
    return Page("start.html", start, queries)


def _list(visit: Visit) -> Page:
    states = view.states(visit.site, visit.language)
    state = visit.one("land", states)
    only = bool(visit.one("konzept", {"ja": True}))
    everyone = view.counties(visit.site)
    fitting = tuple(
        county
        for county in everyone
        if (not state or county.state == visit.site.id(f"land/{state}")) and (county.documents or not only)
    )
    held = sum(1 for county in everyone if county.documents)
    shown = CountyList(fitting, tuple(states.items()), state, only, len(everyone), held)
    return Page("counties.html", shown, (view.LIST_QUERY, view.DOCUMENTS_QUERY), SECTION)


def _county(visit: Visit, iri: str) -> Page:
    found = one.county(visit.site, iri, visit.language)
    return Page("county.html", found, found.queries, SECTION)
