"""A few texts that show what counties say on a topic: the first of each kind, goals before names of fields."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain, zip_longest

from publisher.graph.queries import Call
from publisher.graph.store import Row
from publisher.views import passages
from publisher.views.passages import Passage
from publisher.views.site import Site

QUERY = "pages/cell_examples"


@dataclass(frozen=True)
class Cell:
    """The texts of one kind that one county has on one topic: their number, not themselves."""

    iri: str
    kind: str
    texts: int


Cells = Mapping[tuple[str, str], tuple[Cell, ...]]
"""County and topic → its cells."""


def cells(site: Site, call: Call) -> Cells:
    """What the cells query ``call`` gives."""
    found: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for row in site.select(call.name, **call.values):
        cell = Cell(row["cell"].value, row["kind"].value, int(row["texts"].value))
        found[row["county"].value, row["topic"].value].append(cell)
    rank = {site.ns(kind): place for place, kind in enumerate(_ORDER)}
    return {
        key: tuple(sorted(held, key=lambda cell: (rank.get(cell.kind, len(rank)), cell.kind)))
        for key, held in found.items()
    }


_ORDER = (*passages.COUNTED, *passages.FIELDS, *passages.OTHERS)


def choose(found: Cells, topic: str, counties: Iterable[str], most: int) -> tuple[str, ...]:
    """At most ``most`` cells of ``counties`` on ``topic``: one of each county first, then their next ones."""
    ranked = [found.get((county, topic), ()) for county in counties]
    turns = chain.from_iterable(zip_longest(*ranked))
    return tuple(cell.iri for cell in turns if cell)[:most]


def call(chosen: Iterable[str]) -> Call:
    """The query that gives one text of each of the cells ``chosen``."""
    return Call(QUERY, {"cell": tuple(dict.fromkeys(chosen))})


def read(site: Site, asked: Call) -> dict[str, Passage]:
    """One text for each of the cells that ``asked`` names, by the cell's IRI; none for a cell without a quotation."""
    rows: dict[str, list[Row]] = defaultdict(list)
    if asked.values["cell"]:
        for row in site.select(asked.name, **asked.values):
            rows[row["cell"].value].append(row)
    return {cell: passages.read(held) for cell, held in rows.items()}
