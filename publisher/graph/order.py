"""Rows in the order that a query asks for, by our own rules: servers sort texts with a language in another one.

https://www.w3.org/TR/sparql11-query/#modOrderBy
"""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from pyoxigraph import BlankNode, Literal, NamedNode

from publisher.core.terms import XSD

_KEY = re.compile(r"\s*(?:(DESC|ASC)\s*\(\s*[?$](\w+)\s*\)|[?$](\w+))", re.IGNORECASE)
_NUMBERS = frozenset(XSD + name for name in ("integer", "decimal", "double", "float"))
Term = NamedNode | BlankNode | Literal
Row = dict[str, Term]


def in_order(query: str, rows: list[Row]) -> list[Row]:
    """``rows`` as ``query`` orders them; as they are when it does not, or by more than variables that it gives out."""
    body, by, order = query.rpartition("ORDER BY")
    keys = _keys(order) if by else []
    given = set(re.findall(r"[?$](\w+)", body.partition("{")[0]))
    if not keys or not {name for name, _ in keys} <= given:
        return rows
    for name, falling in reversed(keys):
        rows = sorted(rows, key=lambda row, name=name: _place(row, name), reverse=falling)  # type: ignore[misc]
    return rows


def _keys(order: str) -> list[tuple[str, bool]]:
    """The variables of ``order``, each with whether it falls; none when there is anything else."""
    keys, place = [], 0
    while match := _KEY.match(order, place):
        keys.append((match[2] or match[3], (match[1] or "").upper() == "DESC"))
        place = match.end()
    return [] if order[place:].strip() else keys


def _place(row: Mapping[str, Term], name: str) -> tuple[int, Decimal, str, str]:
    term = row.get(name)
    if term is None:
        return 0, Decimal(0), "", ""
    if not isinstance(term, Literal):
        return (2 if isinstance(term, NamedNode) else 1), Decimal(0), term.value, ""
    if term.datatype.value in _NUMBERS:
        try:
            return 3, Decimal(term.value), "", ""
        except InvalidOperation:
            pass
    return 4, Decimal(0), term.value, term.language or term.datatype.value
