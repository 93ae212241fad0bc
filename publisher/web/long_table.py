"""A whole result as a workbook or as CSV for German Excel, written little by little: other visitors get their turn.

A workbook takes about as long to write as its query may run; nothing else may wait for it.
"""

import asyncio
import csv
import io
import math
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, islice

import xlsxwriter
from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QueryResultsFormat, RdfFormat
from pyoxigraph import parse as parse_rdf
from pyoxigraph import parse_query_results as parse_results
from xlsxwriter.worksheet import Worksheet

from publisher.core.refusals import ResultTooLarge
from publisher.core.terms import XSD
from publisher.graph.store import Term
from publisher.web.sheets import Sheet
from publisher.web.workbook import add_sheet, formats, inert

Row = Sequence[Term | None]

_SLICE = 100
"""So many rows are written before others get their turn."""
_PEEK = 100
"""So many rows tell how wide a column is."""
_WIDEST, _NARROWEST = 60, 8
LONGEST_CELL = 32_767
"""What Excel takes: https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3"""
_MOST_ROWS, _MOST_COLUMNS, _LONGEST_LINK = 1_048_575, 16_384, 2_000
_MOST_LINKS = 20_000
"""Excel takes more, but each makes the file slower to open."""
_DIGITS = 15
"""Excel keeps so many digits of a number; more would be another number."""
_WHOLE = frozenset(XSD + name for name in ("integer", "int", "long", "short", "nonNegativeInteger", "positiveInteger"))
_BROKEN = frozenset(XSD + name for name in ("decimal", "double", "float"))


@dataclass(frozen=True)
class LongTable:
    """The head and the rows of a result; the rows are read once."""

    head: tuple[str, ...]
    rows: Iterator[Row]


def read_table(raw: bytes, graph: bool) -> LongTable:
    """The table in ``raw``, which is TSV, or N-Triples for a ``graph``."""
    if graph:
        triples = parse_rdf(raw, RdfFormat.N_TRIPLES)
        return LongTable(("subject", "predicate", "object"), ((t.subject, t.predicate, t.object) for t in triples))
    found = parse_results(raw, QueryResultsFormat.TSV)
    if isinstance(found, QueryBoolean):
        return LongTable(("boolean",), iter([[Literal(bool(found))]]))
    names = tuple(variable.value for variable in found.variables)
    return LongTable(names, ([row[name] for name in names] for row in found))


async def csv_for_excel(table: LongTable) -> bytes:
    """The table as German Excel opens it by a double click; see ``workbook.csv_for_excel``."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(table.head)
    async for rows in _in_turns(table.rows):
        writer.writerows([inert(_text(term), _number(term) is not None) for term in row] for row in rows)
    return out.getvalue().encode()


async def workbook(table: LongTable, about: Iterable[Sheet], title: str, name: str, made: str) -> bytes:
    """The table as a sheet called ``name``, the sheets ``about`` it behind; ``made`` is the date of the file.

    Raises ResultTooLarge where Excel could not hold it whole.
    """
    if len(table.head) > _MOST_COLUMNS:
        raise ResultTooLarge(allowed=_MOST_COLUMNS, columns=_MOST_COLUMNS)
    out = io.BytesIO()
    # What is written so far waits in files, which are gone with their folder even when the work is given up.
    with tempfile.TemporaryDirectory(prefix="kreisgraph-") as folder:
        options = {"constant_memory": True, "tmpdir": folder, "strings_to_formulas": False, "strings_to_urls": False}
        book = xlsxwriter.Workbook(out, options)
        try:
            await _fill(book, table, about, title, name, made)
        except BaseException:
            for sheet in book.worksheets():
                sheet.row_data_fh.close()
            raise
        # Packing is mostly work outside of Python; meanwhile the process serves others.
        await asyncio.to_thread(book.close)
    return out.getvalue()


async def _fill(
    book: xlsxwriter.Workbook, table: LongTable, about: Iterable[Sheet], title: str, name: str, made: str
) -> None:
    created = datetime.combine(date.fromisoformat(made), datetime.min.time())
    book.set_properties({"title": title, "created": created})
    looks = formats(book)
    first = list(islice(table.rows, _PEEK))
    page = _Page(book.add_worksheet(name), looks["head"], looks["cell"], looks["link"])
    page.begin(table.head, first)
    async for rows in _in_turns(chain(first, table.rows)):
        page.write(rows)
    page.end(len(table.head))
    for number, sheet in enumerate(about, 2):
        add_sheet(book, sheet, title, number)


async def _in_turns(rows: Iterable[Row]) -> AsyncIterator[list[Row]]:
    left = iter(rows)
    while some := list(islice(left, _SLICE)):
        yield some
        await asyncio.sleep(0)


@dataclass
class _Page:
    """The sheet of the rows while it is written."""

    sheet: Worksheet
    head: object
    cell: object
    link: object
    place: int = 1
    links: int = 0

    def begin(self, names: Sequence[str], first: Sequence[Row]) -> None:
        for column, name in enumerate(names):
            longest = max([len(name) + 2, *(len(_text(row[column])) for row in first)])
            self.sheet.set_column(column, column, min(max(longest, _NARROWEST), _WIDEST))
        self.sheet.freeze_panes(1, 0)
        for column, name in enumerate(names):
            self.sheet.write_string(0, column, name, self.head)

    def write(self, rows: Iterable[Row]) -> None:
        for row in rows:
            if self.place > _MOST_ROWS:
                raise ResultTooLarge(allowed=_MOST_ROWS, rows=_MOST_ROWS)
            for column, term in enumerate(row):
                if term is not None:
                    self._put(column, term)
            self.place += 1

    def _put(self, column: int, term: Term) -> None:
        number, text = _number(term), _text(term)
        if len(text) > LONGEST_CELL:
            raise ResultTooLarge(allowed=LONGEST_CELL, cell=LONGEST_CELL)
        if number is not None:
            self.sheet.write_number(self.place, column, number, self.cell)
        elif isinstance(term, NamedNode) and self._leads(text):
            self.links += 1
            self.sheet.write_url(self.place, column, text, self.link, text)
        else:
            self.sheet.write_string(self.place, column, text, self.cell)

    def _leads(self, iri: str) -> bool:
        fits = iri.startswith(("http://", "https://")) and len(iri) <= _LONGEST_LINK
        return fits and self.links < _MOST_LINKS

    def end(self, columns: int) -> None:
        if columns and self.place > 1:
            self.sheet.autofilter(0, 0, self.place - 1, columns - 1)


def _text(term: Term | None) -> str:
    if term is None:
        return ""
    if isinstance(term, BlankNode):
        return f"_:{term.value}"
    return str(term.value) if isinstance(term, NamedNode | Literal) else str(term)


def _number(term: Term | None) -> float | None:
    """The value of a number that Excel shows as it is written in the data; None for everything else."""
    if not isinstance(term, Literal):
        return None
    text, kind = term.value, term.datatype.value
    if sum(char.isdigit() for char in text) > _DIGITS:
        return None
    try:
        if kind in _WHOLE:
            return int(text) if str(int(text)) == text else None
        value = float(text) if kind in _BROKEN else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) else None
