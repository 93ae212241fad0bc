"""Take-away: the tables of a page as CSV, as a workbook and as JSON-LD, at its address with another ending."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from publisher.core.refusals import BadRequest
from publisher.graph.formats import JSON_LD
from publisher.graph.queries import Call
from publisher.graph.write import write
from publisher.views.resource import statements
from publisher.views.site import Site
from publisher.web.frame import Frame, Visit
from publisher.web.sheets import Tables, read
from publisher.web.workbook import csv_for_excel, csv_plain, workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SEPARATORS = {"semikolon": csv_for_excel, "komma": csv_plain}
_ABOUT = "tables/about.html"


@dataclass(frozen=True)
class Takeaway:
    """What a reader takes along.

    ``template`` is a template of tables (see ``web.sheets``) filled with ``data``; ``name`` becomes the file's name,
    ``address`` is where the page itself stands; ``things`` are the IRIs that the JSON-LD describes.
    """

    template: str
    name: str
    data: Any
    address: str
    queries: tuple[Call, ...] = ()
    things: tuple[str, ...] = ()


@dataclass(frozen=True)
class About:
    """What the last sheet of a workbook tells of it."""

    title: str
    address: str
    queries: tuple[Call, ...]


Maker = Callable[[Visit], Takeaway]


def csv(frame: Frame, visit: Visit, found: Takeaway) -> Response:
    """``found`` as CSV: for German Excel, or plain (``trenner=komma``)."""
    return _csv(frame, lambda _: found, visit)


def xlsx(frame: Frame, visit: Visit, found: Takeaway) -> Response:
    """``found`` as a workbook."""
    return _xlsx(frame, lambda _: found, visit)


def register(frame: Frame, routes: APIRouter, path: str, make: Maker) -> None:
    """Serves what ``make`` makes of a visit at ``path`` with the endings .csv, .xlsx and .jsonld."""
    frame.register(routes, f"{path}.csv", partial(_csv, frame, make))
    frame.register(routes, f"{path}.xlsx", partial(_xlsx, frame, make))
    frame.register(routes, f"{path}.jsonld", partial(_json_ld, make))


def _csv(frame: Frame, make: Maker, visit: Visit) -> Response:
    separator = visit.one("trenner", _SEPARATORS) or "semikolon"
    found = make(visit)
    tables = _tables(frame, visit, found).sheets
    wanted = visit.one("tabelle", {str(number): None for number in range(1, len(tables) + 1)}) or "1"
    if not tables:
        raise BadRequest(name="tabelle", value=wanted, allowed="–")
    body = _SEPARATORS[separator](tables[int(wanted) - 1])
    return _file(visit, body, "text/csv; charset=utf-8", f"{found.name}.csv")


def _xlsx(frame: Frame, make: Maker, visit: Visit) -> Response:
    found = make(visit)
    tables = _tables(frame, visit, found)
    about = read(frame.text(visit, _ABOUT, About(tables.title, found.address, found.queries)))
    body = workbook((*tables.sheets, *about.sheets), tables.title, visit.site.release.manifest.date)
    return _file(visit, body, XLSX, f"{found.name}.xlsx")


def _tables(frame: Frame, visit: Visit, found: Takeaway) -> Tables:
    return read(frame.text(visit, found.template, found))


def _json_ld(make: Maker, visit: Visit) -> Response:
    found = make(visit)
    body = describe(visit.site, found.things)
    return _file(visit, body, JSON_LD.media, f"{found.name}.jsonld")


def describe(site: Site, things: Iterable[str]) -> bytes:
    """All that is said about ``things`` and their parts (evidence, mappings), as JSON-LD."""
    found = {triple for iri in things for triple in statements(site, iri)}
    return write(found, JSON_LD, site.dataset.prefixes, site.context)


def _file(visit: Visit, body: str | bytes, media: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Language": visit.language}
    return Response(body, media_type=media, headers=headers)
