"""What the catalogue says of each county, asked from its statements."""

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Quad

from publisher.core.terms import CANONICAL_BASE, GRAPH, NS
from publisher.graph.queries import Queries
from publisher.graph.store import Dataset

DISTRICTS = "derived/catalogue_districts"
COUNTY = "derived/catalogue_county"


@dataclass(frozen=True)
class District:
    """One county as a portal needs to know it."""

    key: str
    """Five digits; a text, since a number would lose the zero in front."""
    name: str
    place: str
    """The IRI of its key in the list of dcat-ap.de."""
    concept: bool
    """Whether one of its documents is more than a page on services."""
    pages: tuple[str, ...]
    """Where its documents come from, as far as they say so."""
    administration: str
    """The IRI of its administration, the author; "" when the data name none."""


def places(queries: Queries, quads: Iterable[Quad]) -> dict[str, tuple[str, str]]:
    """Key → name and place of every district in ``quads``."""
    base = queries.base
    graph = base + (GRAPH + "districts").removeprefix(CANONICAL_BASE)
    found = Dataset.of((quad for quad in quads if quad.graph_name.value == graph), base)  # type: ignore[union-attr]
    return {row["key"].value: (row["name"].value, row["place"].value) for row in queries.select(found, DISTRICTS)}


def district(queries: Queries, key: str, place: tuple[str, str], quads: Iterable[Quad]) -> District:
    """The county ``key`` with its name and ``place``; ``quads`` are its statements."""
    dataset = Dataset.of(quads, queries.base)
    rows = queries.select(dataset, COUNTY)
    service = dataset.own(NS + "ServicePage")
    pages = {row["page"].value for row in rows if "page" in row}
    authors = [row["administration"].value for row in rows if "administration" in row]
    return District(
        key=key,
        name=place[0],
        place=place[1],
        concept=any(row["coverage"].value != service for row in rows),
        pages=tuple(sorted(pages)),
        administration=min(authors, default=""),
    )
