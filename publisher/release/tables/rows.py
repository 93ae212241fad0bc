"""The rows of flat tables, asked by queries, and how they are written: CSV as RFC 4180 has it.

https://www.rfc-editor.org/rfc/rfc4180
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from publisher.graph.queries import Queries
from publisher.graph.store import Dataset
from publisher.release.tables.schema import Table

Rows = list[list[str]]


def rows(queries: Queries, dataset: Dataset, table: Table) -> Rows:
    """The rows of ``table``; of several for the same thing the first, since a row is a thing."""
    places = [table.header.index(column) for column in table.key]
    found: dict[tuple[str, ...], list[str]] = {}
    for number, row in enumerate(queries.select(dataset, table.query)):
        cells = [row[name].value if name in row else "" for name in table.header]
        found.setdefault(tuple(cells[place] for place in places) or (str(number),), cells)
    return list(found.values())


def as_csv(rows: Iterable[Sequence[str]]) -> str:
    """Rows as RFC 4180 has them; the texts as they are."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def parsed(text: str) -> Iterator[list[str]]:
    """The rows of CSV."""
    yield from csv.reader(io.StringIO(text, newline=""))


def read_rows(path: Path) -> Iterator[list[str]]:
    """The rows of a CSV file of ours, the head first."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.reader(file)
