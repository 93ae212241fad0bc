"""The search page."""

from dataclasses import dataclass
from functools import partial

from fastapi import APIRouter

from publisher.views import search
from publisher.views.columns import COUNTIES, Column, columns
from publisher.views.search import Group, Index
from publisher.web.frame import Crumb, Frame, Page, Visit

PATH = "/suche"
SHOWN = 25
"""How many hits of a kind are shown before the reader asks for all of them."""


@dataclass(frozen=True)
class Results:
    """What the search page shows."""

    query: str
    county: str
    kind: str
    counties: tuple[Column, ...]
    groups: tuple[Group, ...]
    shown: int

    @property
    def total(self) -> int:
        """The number of hits."""
        return sum(len(group.hits) for group in self.groups)


def router(frame: Frame) -> APIRouter:
    """The route of the search; builds the index."""
    routes = APIRouter()
    frame.register(routes, PATH, partial(_page, Index.of(frame.site)))
    return routes


def _page(index: Index, visit: Visit) -> Page:
    counties = columns(visit.site)
    chosen = visit.one("kreis", {column.ags: column for column in counties})
    query = visit.one("q")[: search.LONGEST]
    found = index.search(query, visit.site.id(f"kreis/{chosen}") if chosen else "")
    kind = visit.one("art")
    groups = tuple(group for group in found if visit.site.label(group.kind, "de").value == kind) if kind else found
    data = Results(query, chosen, kind, counties, groups, 10_000 if kind else SHOWN)
    title = f"{visit.gettext('Suche')}: {query}" if query else visit.gettext("Suche")
    crumbs = (Crumb(visit.gettext("Start"), visit.href("/")), Crumb(visit.gettext("Suche")))
    return Page("search.html", title, data, (search.QUERY, COUNTIES), crumbs)
