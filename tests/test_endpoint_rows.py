"""The number of rows is known while the bytes go by, whatever stands in the values."""

import pytest
from endpoint_host import NASTY
from pyoxigraph import Literal, QuerySolutions, Store

from publisher.core.errors import KreisgraphError
from publisher.endpoint.reply import syntax
from publisher.endpoint.rows import counter
from publisher.graph.formats import SELECT_FORMATS, Format


def _bytes(fmt: Format, rows: int) -> bytes:
    store = Store()
    values = " ".join(f"({n} {Literal(NASTY)!s}) (UNDEF UNDEF)" for n in range(rows // 2))
    solutions = store.query(f"SELECT ?n ?text {{ VALUES (?n ?text) {{ {values} }} }}")
    assert isinstance(solutions, QuerySolutions)
    return bytes(solutions.serialize(format=fmt.results))  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 100_000])
@pytest.mark.parametrize("fmt", SELECT_FORMATS, ids=lambda fmt: fmt.ending)
def test_rows_are_counted_however_the_bytes_are_cut(fmt: Format, size: int) -> None:
    raw, count, rows = _bytes(fmt, 40), counter(fmt.ending), 0
    for start in range(0, len(raw), size):
        rows = count(raw[start : start + size])
    assert rows == 40


def test_the_message_of_the_parser_becomes_a_position() -> None:
    error: KreisgraphError = syntax('error at 3:14: expected one of "a", [0-9], OPTIONAL')
    assert (error.facts["line"], error.facts["column"], error.facts["reason"]) == (3, 14, "")
    error = syntax("error at 1:45: expected one of The SELECT contains a variable that is unbound, [_]")
    assert error.facts["reason"] == "The SELECT contains a variable that is unbound"
    assert "line" not in syntax("The custom function <x:f> is not supported").facts
