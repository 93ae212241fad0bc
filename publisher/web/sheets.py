"""Plain tables in HTML read as sheets: so that what can be taken away is written as a template, like every page.

A template of tables holds nothing but a ``title`` of the whole and ``table`` elements: ``caption`` names the sheet,
the ``width`` of a ``col`` is that of a column in characters, ``data-freeze`` how many columns stay in sight;
``thead`` is the head, ``tbody`` the rows, ``tfoot`` notes below. A cell with ``data-number`` is a number, a link gives
its cell an address.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from publisher.core.text import fold


@dataclass(frozen=True)
class Cell:
    """One cell: its text, the address it links to ("" for none), whether it is a number."""

    text: str
    href: str = ""
    number: bool = False


Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Sheet:
    """One table: its name, its head, its rows, notes below, widths in characters, how many columns stay in sight."""

    name: str
    head: tuple[Row, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()
    frozen: int = 1


@dataclass(frozen=True)
class Tables:
    """What one template gives: the title of the whole ("" for none), and its tables in their order."""

    title: str
    sheets: tuple[Sheet, ...]


def read(html: str) -> Tables:
    """The title and the tables of ``html``."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return Tables(reader.title, tuple(table.sheet() for table in reader.tables))


@dataclass
class _Table:
    frozen: int
    caption: str = ""
    widths: list[int] = field(default_factory=list)
    parts: dict[str, list[list[Cell]]] = field(default_factory=lambda: {"thead": [], "tbody": [], "tfoot": []})

    def sheet(self) -> Sheet:
        head, rows, foot = (tuple(tuple(row) for row in self.parts[part]) for part in ("thead", "tbody", "tfoot"))
        notes = tuple(cell.text for row in foot for cell in row if cell.text)
        return Sheet(self.caption, head, rows, notes, tuple(self.widths), self.frozen)


_TEXTS = ("title", "caption", "th", "td")


class _Reader(HTMLParser):
    """Gathers tables; text outside of cells, captions and the title is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.title = ""
        self.tables: list[_Table] = []
        self._part = "tbody"
        self._text: list[str] | None = None
        self._href = ""
        self._number = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "table":
            self.tables.append(_Table(int(values.get("data-freeze") or 1)))
        elif tag == "col":
            self.tables[-1].widths.append(int(values.get("width") or 12))
        elif tag in ("thead", "tbody", "tfoot"):
            self._part = tag
        elif tag == "tr":
            self.tables[-1].parts[self._part].append([])
        elif tag in _TEXTS:
            self._text, self._href, self._number = [], "", "data-number" in values
        elif tag == "br" and self._text is not None:
            self._text.append("\0")
        elif tag == "a" and not self._href:
            self._href = values.get("href") or ""

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _TEXTS or self._text is None:
            return
        text = "\n".join(fold(line) for line in "".join(self._text).split("\0"))
        self._text = None
        if tag == "title":
            self.title = text
        elif tag == "caption":
            self.tables[-1].caption = text
        else:
            self.tables[-1].parts[self._part][-1].append(Cell(text, self._href, self._number and bool(text)))
