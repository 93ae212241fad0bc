"""The tables as one workbook for Excel and LibreOffice: a sheet each, before them one that explains.

Rows are written one by one, so that the workbook of all counties needs no more memory than that of one.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from publisher.core.messages import messages
from publisher.release.licenses import license_address
from publisher.release.tables.description import About
from publisher.release.tables.schema import COUNTY_KEY, Column, Table

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_575
"""Rows below the head that a sheet of Excel has room for; a longer table goes on on the next sheet."""
LONGEST = 32_767
"""Characters that a cell of Excel has room for."""
_CUT = "…"
_EXPLAINED = (28, 28, 90, 90)
"""The widths of the sheet that explains."""
_A4, _LEGIBLE_WIDTH = 9, 260
_TEXT_WIDTH, _IRI_WIDTH, _NAME_WIDTH, _WIDTH = 60, 24, 30, 18
_TEXTS = ("wortlaut", "bezeichnung", "anmerkung", "begruendung", "titel", "herkunft")
_NAMES = ("landkreis", "gemeinsames_feld", "begriff", "beziehung", "angabe")
_LINE_POINTS, _MOST_POINTS = 15.0, 409.0
"""A line, and the tallest row that Excel knows. Not every program finds out by itself how tall a row must be."""
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(frozen=True)
class Filled:
    """A table with its rows, without the head."""

    table: Table
    rows: Iterable[Sequence[str]]


def write_workbook(target: Path, said: About, filled: Sequence[Filled], county: str = "") -> None:
    """Writes ``filled`` into the file ``target``; ``county`` is the name of the one county it is about, if it is.

    All that stands in a cell is text or a number, never a formula. The same rows give the same bytes.
    """
    with xlsxwriter.Workbook(target, _OPTIONS) as book:
        created = datetime.combine(date.fromisoformat(said.date), datetime.min.time())
        title = messages("tables")["title"].de
        book.set_properties({"title": f"{title} ({county})" if county else title, "created": created})
        _explain(_Sheet.new(book, messages("tables")["sheet"].de), said, filled, county)
        for one in filled:
            _write(book, one)


def _write(book: xlsxwriter.Workbook, filled: Filled) -> None:
    rows, number = iter(filled.rows), 1
    first = next(rows, None)
    while number == 1 or first is not None:
        sheet = _Sheet.new(book, filled.table.name if number == 1 else f"{filled.table.name} {number}")
        sheet.head(filled.table.columns)
        for row in chain(() if first is None else (first,), islice(rows, MOST_ROWS - 1)):
            sheet.row(row, filled.table.columns)
        sheet.page.autofilter(0, 0, max(sheet.filled - 1, 1), len(filled.table.columns) - 1)
        first, number = next(rows, None), number + 1


class _Sheet:
    """Writes one sheet from top to bottom."""

    def __init__(self, book: xlsxwriter.Workbook, page: Worksheet) -> None:
        self.page = page
        self.filled = 0
        self._bold = book.add_format({"bold": True, "bg_color": "#E6EAF2", "bottom": 2})
        self._top = book.add_format({"valign": "top"})
        self._wrapped = book.add_format({"valign": "top", "text_wrap": True})

    @classmethod
    def new(cls, book: xlsxwriter.Workbook, name: str) -> "_Sheet":
        """The next sheet of ``book``."""
        return cls(book, book.add_worksheet(name))

    def head(self, columns: Sequence[Column]) -> None:
        """The names of the columns, which stay in sight, and their widths."""
        for place, column in enumerate(columns):
            self.page.set_column(place, place, _width(column))
            self.page.write_string(0, place, column.name, self._bold)
        self.page.freeze_panes(1, 2 if columns[0].name == COUNTY_KEY else 1)
        self.filled = 1
        self.prepare_print(sum(map(_width, columns)))

    def prepare_print(self, width: int) -> None:
        """A4 across, the head on each sheet, as many sheets beside each other as keep ``width`` characters legible."""
        self.page.set_paper(_A4)
        self.page.set_landscape()
        self.page.fit_to_pages(math.ceil(width / _LEGIBLE_WIDTH), 0)
        self.page.repeat_rows(0)

    def row(self, cells: Sequence[str], columns: Sequence[Column]) -> None:
        """One row; what is empty stays empty."""
        widths = map(_width, columns)
        texts = ((len(cell), width) for cell, width in zip(cells, widths, strict=True) if width == _TEXT_WIDTH)
        self.page.set_row(self.filled, _height(texts))
        for place, (cell, column) in enumerate(zip(cells, columns, strict=True)):
            if cell and column.type == "integer":
                self.page.write_number(self.filled, place, int(cell), self._top)
            elif cell and column.type == "boolean":
                self.page.write_boolean(self.filled, place, cell == "true", self._top)
            elif cell:
                look = self._wrapped if _width(column) == _TEXT_WIDTH else self._top
                self.page.write_string(self.filled, place, _fitting(cell), look)
        self.filled += 1

    def line(self, *cells: str, bold: bool = False) -> None:
        """One row of plain text."""
        self.page.set_row(self.filled, _height(zip(map(len, cells), _EXPLAINED, strict=False)))
        for place, cell in enumerate(cells):
            self.page.write_string(self.filled, place, cell, self._bold if bold else self._wrapped)
        self.filled += 1


def _width(column: Column) -> int:
    if column.type == "uri":
        return _IRI_WIDTH
    # Words of a source and of the editors are long, names and codes are not.
    return _TEXT_WIDTH if column.name in _TEXTS else _NAME_WIDTH if column.name in _NAMES else _WIDTH


def _height(lengths: Iterable[tuple[int, int]]) -> float:
    """How tall a row must be, in points, for texts of so many characters in columns of such a width."""
    lines = max((math.ceil(length * 1.15 / width) for length, width in lengths), default=1)
    return min(max(lines, 1) * _LINE_POINTS, _MOST_POINTS)


def _fitting(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - len(_CUT)] + _CUT


def _explain(sheet: _Sheet, said: About, filled: Sequence[Filled], county: str) -> None:
    """What the workbook is, how it may be used, and what each table and column holds, in both languages."""
    texts = messages("tables")
    for place, width in enumerate(_EXPLAINED):
        sheet.page.set_column(place, place, width)
    sheet.prepare_print(sum(_EXPLAINED))
    sheet.line("", county, texts["title"].de, texts["title"].en, bold=True)
    for name in ("description", "split") if county else ("description", "everywhere", "split"):
        sheet.line("", "", texts[name].de, texts[name].en)
    for name, value in _facts(said):
        sheet.line(texts[name].de, texts[name].en, value)
    sheet.line()
    meaning = texts["meaning"]
    sheet.line(texts["table"].de, "", meaning.de, meaning.en, bold=True)
    for one in filled:
        title, text = one.table.title, one.table.text
        sheet.line(one.table.name, "", f"{title.de}. {text.de}", f"{title.en}. {text.en}")
    sheet.line()
    sheet.line(texts["table"].de, texts["column"].de, meaning.de, meaning.en, bold=True)
    for one in filled:
        for column in one.table.columns:
            title, text = column.title, column.meaning
            sheet.line(one.table.name, column.name, f"{title.de}: {text.de}", f"{title.en}: {text.en}")
    sheet.page.freeze_panes(1, 0)


def _facts(said: About) -> Iterator[tuple[str, str]]:
    yield from (("release", said.version), ("date", said.date)) if said.version else (("date", said.date),)
    yield "license", license_address(said.license)
    yield "attribution", said.attribution
    yield "address", said.iri
