"""The comparison of counties: the matrix and what can be taken away from it."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from publisher.graph.queries import Call
from publisher.views import beside, columns, compare, passages, texts
from publisher.views.columns import Column
from publisher.views.site import Site
from publisher.views.topics import Topic
from publisher.web import takeaway
from publisher.web.frame import Frame, Page, Visit
from publisher.web.takeaway import Takeaway

PATH = "/vergleich"


@dataclass(frozen=True)
class Shown:
    """What the page shows: the comparison, and itself as parameters of an address."""

    found: compare.Comparison
    values: dict[str, str]
    choices: tuple[str, ...] = compare.CHOICES

    def beside(self, column: Column) -> str:
        """The county of ``column`` with the others shown, as many as their texts fit side by side."""
        others = [other.ags for other in self.found.columns if other.ags != column.ags and other.modelled]
        return ",".join(sorted([column.ags, *others[: beside.MOST - 1]], key=self.found.asked.index))

    def unfold(self, topic: Topic) -> dict[str, str]:
        """The parameters of this page with the narrower topics of ``topic`` shown, or hidden when they are."""
        opened = ",".join(sorted(self.found.request.opened ^ {topic.notation}))
        return {**self.values, "auf": opened} if opened else {k: v for k, v in self.values.items() if k != "auf"}


def router(frame: Frame) -> APIRouter:
    """The routes of the comparison."""
    routes = APIRouter()
    frame.register(routes, PATH, _page)
    takeaway.register(frame, routes, PATH, _takeaway)
    return routes


def request(visit: Visit) -> compare.Request:
    """What the query string asks for; raises BadRequest for a value that is not allowed."""
    return compare.Request(
        counties=visit.several("kreis"),
        rows=visit.one("zeilen", dict.fromkeys(compare.CHOICES)) or compare.CHOICES[0],
        narrower=visit.one("ebene", {"1": False, "2": True}) == "2",
        opened=frozenset(visit.several("auf")),
        neighbours=visit.one("nachbarn", {"0": False, "1": True}) == "1",
    )


def values(data: compare.Comparison) -> dict[str, str]:
    """The comparison as parameters of its short and lasting address."""
    asked = {
        "kreis": data.chosen if data.request.neighbours else data.asked,
        "zeilen": data.request.rows if data.request.rows != compare.CHOICES[0] else "",
        "ebene": "2" if data.request.narrower else "",
        "auf": ",".join(sorted(data.request.opened)),
        "nachbarn": "1" if data.request.neighbours else "",
    }
    return {name: value for name, value in asked.items() if value}


def _page(visit: Visit) -> Page | Response:
    if "feld" in visit.query:
        # Texts once stood below the matrix; addresses that were handed on then live on.
        asked = {"kreis": ",".join(visit.several("kreis")), "feld": visit.one("feld")}
        return RedirectResponse(visit.href("/gegenueber", **{k: v for k, v in asked.items() if v}), 308)
    data = compare.comparison(visit.site, request(visit))
    written = visit.query.getlist("kreis")
    if not data.doubts and written not in ([], [data.chosen]):
        # What a form sends is long and may hold names; the address to hand on is short and lasts.
        return RedirectResponse(visit.href(PATH, **values(data)), 303)
    near = data.request.neighbours
    around = (Call(columns.DISTRICT, {"county": column.iri}) for column in data.columns if near)
    calls = (*data.calls, Call(columns.COUNTIES), *around)
    return Page("compare.html", Shown(data, values(data)), calls, PATH)


def _takeaway(visit: Visit) -> Takeaway:
    data = compare.comparison(visit.site, request(visit))
    address = visit.address(PATH, **values(data))
    things = tuple(cell for cell in _cells(visit, data))
    tables, calls = _tables(visit.site, data)
    return Takeaway("tables/compare.html", "vergleich", tables, address, (*data.calls, *calls), things)


def _tables(site: Site, data: compare.Comparison) -> tuple[texts.Tables, tuple[Call, ...]]:
    """The matrix with every text behind it, and the queries that give the texts."""
    counties = [column.iri for column in data.columns]
    shown = [line.topic for line in data.lines]
    found = passages.passages(site, counties, shown)
    lines = texts.lines(data.columns, [found.get(iri, ()) for iri in counties], *shown)
    return texts.Tables(data, lines), passages.calls(counties, shown) if lines else ()


def _cells(visit: Visit, data: compare.Comparison) -> list[str]:
    """What the JSON-LD describes: the cells of the release that the matrix shows; of documents, the versions."""
    if data.facts:
        return sorted({fact.of for line in data.facts for facts in line.cells for fact in facts})
    rows = visit.site.select(data.calls[0].name, **data.calls[0].values) if data.calls else []
    shown = {line.topic.iri for line in data.lines}
    return [row["cell"].value for row in rows if row["topic"].value in shown]
