"""The first rows of a result as the page shows them: what leads somewhere by its name, literals with their language."""

from dataclasses import dataclass

from publisher.core.terms import XSD, shorten
from publisher.endpoint.client import Cell, Table
from publisher.web.frame import Visit

ROWS, COLUMNS, CHARACTERS = 200, 100, 2000
"""How many rows and columns the page shows, and how much of one value; the files hold all of them."""
_ROOM = 200_000
"""About so many characters the rows of a page may take; where values are long, fewer rows are shown."""
_MARKUP = 50
"""About so many characters a cell takes beside its text and address."""
_NUMBERS = tuple(XSD + name for name in ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger"))


@dataclass(frozen=True)
class Shown:
    """One value as the page shows it; ``href`` is empty when it leads nowhere.

    ``name`` is the short IRI of what ``text`` is the label of.
    """

    text: str
    language: str = ""
    href: str = ""
    name: str = ""
    number: bool = False
    cut: bool = False

    @property
    def size(self) -> int:
        """About how many characters it takes in the page."""
        return len(self.text) + len(self.href) + len(self.name) + _MARKUP


@dataclass(frozen=True)
class Shortened:
    """What a page leaves out of a result: 0 and False where nothing."""

    rows: int = 0
    columns: int = 0
    values: bool = False

    @property
    def header(self) -> str:
        """The same for programs that read the page."""
        parts = {"rows": self.rows, "columns": self.columns, "characters": CHARACTERS if self.values else 0}
        return ", ".join(f"{name}={number}" for name, number in parts.items() if number)


@dataclass(frozen=True)
class Rows:
    """What the table of the page shows."""

    head: tuple[str, ...]
    rows: tuple[tuple[Shown, ...], ...]
    cut: Shortened


def rows(visit: Visit, table: Table) -> Rows:
    """The rows of ``table`` that fit a page."""
    found: list[tuple[Shown, ...]] = []
    room = _ROOM
    for row in table.rows:
        shown = tuple(_shown(visit, cell) for cell in row[:COLUMNS])
        room -= sum(cell.size for cell in shown)
        if found and room < 0:
            break
        found.append(shown)
    more = table.more or len(found) < len(table.rows)
    cut = Shortened(
        len(found) if more else 0,
        COLUMNS if len(table.variables) > COLUMNS else 0,
        any(cell.cut for row in found for cell in row),
    )
    return Rows(table.variables[:COLUMNS], tuple(found), cut)


def _shown(visit: Visit, cell: Cell) -> Shown:
    if cell.kind == "iri":
        return _iri(visit, cell.text)
    if cell.kind == "blank":
        return Shown(f"_:{cell.text[:8]}")
    text = cell.text[:CHARACTERS]
    return Shown(text, cell.language, number=cell.datatype in _NUMBERS, cut=text != cell.text)


def _iri(visit: Visit, iri: str) -> Shown:
    short = shorten(iri, visit.site.base)
    text, name = short[:CHARACTERS], ""
    own = visit.links.is_own(iri)
    if own and visit.site.known(iri):
        label = visit.label(iri)
        text = label.value[:CHARACTERS]
        return Shown(text, label.language, visit.page(iri), short if short != text else "", cut=text != label.value)
    leads = iri.startswith(("http://", "https://")) and not own and len(iri) <= CHARACTERS
    return Shown(text, "", iri if leads else "", name, cut=text != short)
