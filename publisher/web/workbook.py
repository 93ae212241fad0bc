"""Sheets as files: a workbook for Excel and LibreOffice, CSV for German Excel, CSV for everything else."""

import csv
import io
import math
import re
from collections.abc import Iterable
from datetime import date, datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from publisher.web.sheets import Cell, Row, Sheet

_A4 = 9
_LONGEST_NAME = 31
_LEGIBLE_WIDTH = 260
"""The most characters beside each other that can still be read when they are shrunk to the width of one sheet."""
_UNFIT_FOR_NAME = re.compile(r"[\[\]:*?/\\']+")
# What Excel takes for a formula when it opens a CSV file.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONGEST_LINK = 2000
_LINE_POINTS = 15.0
_MOST_POINTS = 409.0
"""The tallest row that Excel knows."""


def workbook(sheets: Iterable[Sheet], title: str, made: str) -> bytes:
    """The sheets as .xlsx, ready to print on A4 across; ``made`` (YYYY-MM-DD) is its date, so bytes stay the same."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        created = datetime.combine(date.fromisoformat(made), datetime.min.time())
        book.set_properties({"title": title, "created": created})
        for number, sheet in enumerate(sheets, 1):
            add_sheet(book, sheet, title, number)
    return out.getvalue()


def add_sheet(book: xlsxwriter.Workbook, sheet: Sheet, title: str, number: int) -> None:
    """Writes ``sheet`` as the next one of ``book``, whose title is ``title``.

    ``number`` stands in for its name where it has none.
    """
    page = book.add_worksheet(_name(sheet, number))
    _write(page, sheet, formats(book))
    _prepare_print(page, sheet, title)


def _name(sheet: Sheet, number: int) -> str:
    return _UNFIT_FOR_NAME.sub(" ", sheet.name)[:_LONGEST_NAME].strip() or str(number)


def formats(book: xlsxwriter.Workbook) -> dict[str, Format]:
    """How heads, cells, links and notes look in ``book``."""
    plain = {"text_wrap": True, "valign": "top", "font_name": "Calibri", "font_size": 11}
    line = {"bottom": 1, "bottom_color": "#B4B9C4"}
    return {
        "head": book.add_format(plain | {"bold": True, "bg_color": "#E6EAF2", "bottom": 2, "valign": "bottom"}),
        "first": book.add_format(plain | line | {"bold": True}),
        "cell": book.add_format(plain | line),
        "link": book.add_format(plain | line | {"font_color": "#003D8F", "underline": 1}),
        "note": book.add_format(plain | {"text_wrap": False, "italic": True, "font_color": "#4A4F5C"}),
    }


def _write(page: Worksheet, sheet: Sheet, formats: dict[str, Format]) -> None:
    for column, width in enumerate(sheet.widths):
        page.set_column(column, column, width)
    for place, row in enumerate((*sheet.head, *sheet.rows)):
        page.set_row(place, _height(row, sheet.widths))
    for place, row in enumerate(sheet.head):
        for column, cell in enumerate(row):
            page.write_string(place, column, cell.text, formats["head"])
    top = len(sheet.head)
    for place, row in enumerate(sheet.rows, top):
        for column, cell in enumerate(row):
            _put(page, place, column, cell, formats["first" if column < sheet.frozen else "cell"], formats["link"])
    for place, note in enumerate(sheet.notes, top + len(sheet.rows) + 1):
        page.write_string(place, 0, note, formats["note"])
    page.freeze_panes(top, sheet.frozen)
    if top and sheet.rows:
        page.autofilter(top - 1, 0, top + len(sheet.rows) - 1, max(len(sheet.head[-1]) - 1, 0))


def _height(row: Row, widths: tuple[int, ...]) -> float:
    """How tall a row must be for its longest cell, in points: not every program finds out by itself."""
    lines = (
        sum(math.ceil(max(len(line), 1) * 1.15 / width) for line in cell.text.split("\n"))
        for cell, width in zip(row, widths, strict=False)
    )
    return min(max(lines, default=1) * _LINE_POINTS, _MOST_POINTS)


def _put(page: Worksheet, place: int, column: int, cell: Cell, look: Format, link: Format) -> None:
    if cell.number:
        page.write_number(place, column, float(cell.text), look)
    elif cell.href.startswith(("http://", "https://")) and len(cell.href) <= _LONGEST_LINK:
        page.write_url(place, column, cell.href, link, cell.text)
    else:
        page.write_string(place, column, cell.text, look)


def _prepare_print(page: Worksheet, sheet: Sheet, title: str) -> None:
    page.set_paper(_A4)
    page.set_landscape()
    page.fit_to_pages(math.ceil(sum(sheet.widths) / _LEGIBLE_WIDTH), 0)
    page.set_margins(0.4, 0.4, 0.6, 0.6)
    if sheet.head:
        page.repeat_rows(0, len(sheet.head) - 1)
    if sheet.frozen:
        page.repeat_columns(0, sheet.frozen - 1)
    # "&" starts a code in headers of Excel.
    page.set_header(f"&L{title.replace('&', '&&')}&R&A")
    page.set_footer("&L&D&R&P / &N")


def csv_for_excel(sheet: Sheet) -> str:
    """The sheet as German Excel opens it by a double click: semicolons, byte order mark, no text a formula."""
    return "\ufeff" + _csv(([inert(cell.text, cell.number) for cell in row] for row in _rows(sheet)), ";")


def csv_plain(sheet: Sheet) -> str:
    """The sheet as RFC 4180 has it, for programs: commas, UTF-8 without a byte order mark, the texts as they are."""
    return _csv(([cell.text for cell in row] for row in _rows(sheet)), ",")


def _rows(sheet: Sheet) -> Iterable[Row]:
    return (*sheet.head, *sheet.rows)


def _csv(rows: Iterable[list[str]], delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def inert(text: str, number: bool) -> str:
    """``text`` so that no spreadsheet takes it for a formula, unless it is a ``number``."""
    return f"'{text}" if text.startswith(_FORMULA) and not number else text
