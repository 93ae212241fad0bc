"""Whether two servers gave the same answer, whatever its order and however it was written."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from pyoxigraph import RdfFormat, parse

_TOGETHER = " | "
"""What the query puts between values that it joins, in an order that no standard fixes."""
_STRING = "http://www.w3.org/2001/XMLSchema#string"


@dataclass(frozen=True)
class Answer:
    """The number of rows (or triples), and a checksum that equal answers have in common."""

    rows: int
    sum: str


def table(raw: bytes) -> Answer:
    """Reads SPARQL results in JSON; raises ValueError or KeyError."""
    bindings = json.loads(raw)["results"]["bindings"]
    return _answer([tuple(sorted((name, _cell(cell)) for name, cell in row.items())) for row in bindings])


def graph(raw: bytes) -> Answer:
    """Reads N-Triples; raises SyntaxError."""
    return _answer([(str(t.subject), str(t.predicate), str(t.object)) for t in parse(raw, format=RdfFormat.N_TRIPLES)])


def _answer(rows: list[tuple[object, ...]]) -> Answer:
    counted = sorted((repr(row), number) for row, number in Counter(rows).items())
    return Answer(len(rows), hashlib.sha256(repr(counted).encode()).hexdigest()[:12])


def _cell(cell: dict[str, str]) -> tuple[str, ...]:
    value, datatype = cell["value"], cell.get("datatype", "")
    if cell["type"] in ("uri", "bnode"):
        # Names of blank nodes differ from one server to the next.
        return cell["type"], value if cell["type"] == "uri" else ""
    try:
        number = str(Decimal(value).normalize()) if datatype and datatype != _STRING else value
    except InvalidOperation:
        number = value
    return "literal", _TOGETHER.join(sorted(number.split(_TOGETHER))), cell.get("xml:lang", "").lower()
