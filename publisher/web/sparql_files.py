"""Results of the endpoint as files for spreadsheets: a workbook that says where it comes from, CSV for German Excel."""

import asyncio
from dataclasses import dataclass, field, replace

from publisher.core.refusals import EndpointBusy
from publisher.endpoint.client import Endpoint
from publisher.endpoint.request import QueryRequest
from publisher.endpoint.tokens import outline
from publisher.graph.formats import Format
from publisher.web.frame import Frame, Visit
from publisher.web.long_table import LONGEST_CELL, csv_for_excel, read_table, workbook
from publisher.web.sheets import Cell, Sheet, read
from publisher.web.sparql_protocol import CSV_EXCEL

_TEMPLATE = "tables/sparql.html"


@dataclass(frozen=True)
class Origin:
    """What the workbook says of its result: the title of the query ("" for none), its text, its address."""

    title: str
    query: str
    address: str
    graphs: tuple[str, ...] = ()


@dataclass
class Scribe:
    """Writes spreadsheets, in each process one at a time: they take long, and pages come first."""

    frame: Frame
    endpoint: Endpoint
    _desk: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))

    async def write(self, visit: Visit, origin: Origin, asked: QueryRequest, fmt: Format, client: str) -> bytes:
        """The whole result of ``asked`` in the format ``fmt``; raises as ``Endpoint.run``, and ResultTooLarge."""
        limits = self.endpoint.limits
        try:
            async with asyncio.timeout(limits.seconds + limits.wait_seconds):
                await self._desk.acquire()
        except TimeoutError:
            raise EndpointBusy(seconds=limits.wait_seconds) from None
        try:
            graph = outline(asked.query).graph
            raw = await self.endpoint.whole(replace(asked, format="nt" if graph else "tsv"), client)
            table = read_table(raw, graph)
            if fmt is CSV_EXCEL:
                return await csv_for_excel(table)
            tables = read(self.frame.text(visit, _TEMPLATE, origin))
            result, about = tables.sheets
            made = visit.site.release.manifest.date
            return await workbook(table, [_with_query(about, origin.query)], tables.title, result.name, made)
        finally:
            self._desk.release()


def _with_query(sheet: Sheet, query: str) -> Sheet:
    """``sheet`` with ``query`` to its last letter in the last row, and in further ones where a cell is too short."""
    *rows, (name, _) = sheet.rows
    parts = [query[start : start + LONGEST_CELL] for start in range(0, len(query), LONGEST_CELL)]
    return replace(sheet, rows=(*rows, *((name, Cell(part)) for part in parts)))
