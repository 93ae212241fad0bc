"""Choosing a county by writing its name: to its page, or to those that may be meant."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from publisher.views import places as view
from publisher.web.frame import Frame, Page, Visit

SECTION = "/kreise"


@dataclass(frozen=True)
class Choice:
    """What was written, and the districts it may mean."""

    wanted: str
    matches: tuple[view.Match, ...]

    @property
    def similar(self) -> bool:
        """Whether the matches only resemble what was written."""
        return bool(self.matches) and self.matches[0].how is view.How.SIMILAR

    @property
    def number(self) -> bool:
        """Whether digits were written."""
        return any(sign.isdigit() for sign in self.wanted)


def router(frame: Frame) -> APIRouter:
    """The routes of the choice."""
    routes = APIRouter()
    frame.register(routes, "/kreis", _choose)
    return routes


def _choose(visit: Visit) -> Page | Response:
    wanted = visit.one("kreis")[: view.LONGEST]
    choice = Choice(wanted, view.find(visit.site, wanted))
    if len(choice.matches) == 1 and not choice.similar:
        return RedirectResponse(visit.page(choice.matches[0].place.iri), 303)
    return Page("place.html", choice, (view.QUERY,), SECTION)
