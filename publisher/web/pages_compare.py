"""The comparison of counties: the page and its twins for Excel and for programs."""

from fastapi import APIRouter
from starlette.responses import Response

from publisher.views import compare
from publisher.web import compare_twins
from publisher.web.frame import Crumb, Frame, Page, Visit

PATH = "/vergleich"


def router(frame: Frame) -> APIRouter:
    """The routes of the comparison."""
    routes = APIRouter()
    frame.register(routes, PATH, _page)
    frame.register(routes, f"{PATH}.csv", _csv)
    frame.register(routes, f"{PATH}.json", _json)
    return routes


def request(visit: Visit) -> compare.Request:
    """What the query string asks for; raises BadRequest for a value that is not allowed."""
    asked = (value.strip() for value in visit.query.getlist("kreis"))
    return compare.Request(
        ags=tuple(dict.fromkeys(ags for ags in asked if ags)),
        field=visit.one("feld"),
        narrower=visit.one("ebene", {"1": False, "2": True}) == "2",
        neighbours=visit.one("nachbarn", {"0": False, "1": True}) == "1",
    )


def _page(visit: Visit) -> Page:
    data = compare.comparison(visit.site, request(visit))
    title = visit.gettext("Landkreise im Vergleich")
    crumbs = (Crumb(visit.gettext("Start"), visit.href("/")), Crumb(visit.gettext("Vergleich")))
    queries = compare.QUERIES + (compare.SIDE_QUERIES if data.field else ())
    return Page("compare.html", title, data, queries, crumbs, section=PATH)


def _csv(visit: Visit) -> Response:
    data = compare.comparison(visit.site, request(visit))
    text = compare_twins.csv_text(visit, data)
    # The byte order mark tells German Excel that the file is UTF-8.
    headers = {"Content-Disposition": 'attachment; filename="vergleich.csv"', "Content-Language": visit.language}
    return Response("\ufeff" + text, media_type="text/csv; charset=utf-8", headers=headers)


def _json(visit: Visit) -> Response:
    data = compare.comparison(visit.site, request(visit))
    headers = {"Content-Language": visit.language}
    return Response(compare_twins.json_text(visit, data), media_type="application/json", headers=headers)
