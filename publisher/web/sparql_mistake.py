"""Why a query has no result: the message in words, and the place in the query that it is about."""

import re
from dataclasses import dataclass

from publisher.core.errors import KreisgraphError
from publisher.core.messages import phrase
from publisher.core.terms import prefixes
from publisher.web.frame import Visit

_NO_PREFIX = "Prefix not found"
"""What the engine says."""
_NAME = re.compile(r"([A-Za-z][\w.-]*):[^\s:]*$")
_BEFORE, _AFTER = 2, 1
"""So many lines before and after the one that is meant; the engine notices some mistakes only behind them."""
_WINDOW = 60
"""Of a long line so many characters before and after the place."""


@dataclass(frozen=True)
class Line:
    """One line of the query as the page shows it; ``cut`` says at which ends something is left out."""

    number: int
    text: str
    cut_start: bool = False
    cut_end: bool = False


@dataclass(frozen=True)
class Mistake:
    """Why there is no result: the message, and the place in the query when it is known (both counted from 1)."""

    detail: str
    line: int = 0
    column: int = 0
    before: tuple[Line, ...] = ()
    here: Line | None = None
    after: tuple[Line, ...] = ()
    offset: int = 0
    """How many characters of ``here`` stand before the place."""
    prefix: str = ""
    """The line that the query lacks, when it uses one of our prefixes without saying so."""


def mistake(visit: Visit, query: str, error: KreisgraphError) -> Mistake:
    """What the page says of ``error`` in ``query``."""
    said = message(error, visit.language)
    number, column = error.facts.get("line"), error.facts.get("column")
    lines = query.split("\n")
    if not (isinstance(number, int) and isinstance(column, int) and 0 < number <= len(lines)):
        return Mistake(said)
    text = lines[number - 1]
    place = min(max(column, 1), len(text) + 1)
    start = max(0, place - 1 - _WINDOW)
    end = min(len(text), place - 1 + _WINDOW)
    return Mistake(
        said,
        number,
        place,
        _lines(lines, max(1, number - _BEFORE), number - 1),
        Line(number, text[start:end], start > 0, end < len(text)),
        _lines(lines, number + 1, min(len(lines), number + _AFTER)),
        place - 1 - start,
        _prefix(visit, text[: place - 1]) if error.facts.get("reason") == _NO_PREFIX else "",
    )


def _prefix(visit: Visit, before: str) -> str:
    found = _NAME.search(before)
    known = prefixes(visit.site.base)
    return f"PREFIX {found[1]}: <{known[found[1]]}>" if found and found[1] in known else ""


def _lines(lines: list[str], first: int, last: int) -> tuple[Line, ...]:
    most = 2 * _WINDOW
    return tuple(
        Line(number, lines[number - 1][:most], cut_end=len(lines[number - 1]) > most)
        for number in range(first, last + 1)
    )


def message(error: KreisgraphError, language: str) -> str:
    """What ``error`` says in ``language``, positions and numbers of rows in its words as well."""
    facts = dict(error.facts)
    if "line" in facts:
        place = phrase("position", line=facts["line"], column=facts["column"]).text(language)
        facts["detail"] = ". ".join(part for part in (place, str(facts["reason"])) if part)
    if "rows" in facts:
        facts["allowed"] = phrase("rows", number=facts["rows"])
    elif "columns" in facts:
        facts["allowed"] = phrase("columns", number=facts["columns"])
    elif "cell" in facts:
        facts["allowed"] = phrase("cell", number=facts["cell"])
    return type(error)(**facts).text(language)
