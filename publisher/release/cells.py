"""The comparison as data: which version of a concept counts, and which of its texts belong to which topic.

There is one cell for each county, topic and kind of text.

Derived from the counties' statements when a release is built, and published as a graph of its own
(``…/id/graph/comparison``), so that pages, portals and researchers read the same numbers.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad

from publisher.core.terms import COUNTY, NS, RDF, XSD
from publisher.graph.queries import Queries
from publisher.graph.store import Dataset, Row
from publisher.release.versions import COMPARISON, compared

QUERY = "derived/placements"
_INTEGER = NamedNode(XSD + "integer")


def cells(queries: Queries, ags: str, county: Iterable[Quad], lists: Iterable[Quad]) -> Iterator[Quad]:
    """The versions that count and the cells of the county ``ags`` as quads of the comparison graph.

    IRIs are under the base of ``queries``. ``county`` are its statements; ``lists`` those of the common fields and
    closed lists.
    """
    dataset = Dataset.of([*county, *lists], queries.base)
    counted = compared(queries, dataset)
    yield from counted
    dataset.store.extend(counted)
    gathered: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in queries.select(dataset, QUERY):
        gathered[row["topic"].value, row["kind"].value].append(row)
    for (topic, kind), rows in sorted(gathered.items()):
        yield from _cell(dataset, ags, topic, kind, rows)


def _cell(dataset: Dataset, ags: str, topic: str, kind: str, rows: list[Row]) -> Iterator[Quad]:
    graph = NamedNode(dataset.own(COMPARISON))
    county = dataset.own(COUNTY + ags)
    cell = NamedNode(f"{county}/zelle-{_name(topic)}-{_name(kind)}")
    texts = sorted({row["element"].value for row in rows})
    own = {row["element"].value for row in rows if "via" not in row}

    def say(name: str, value: NamedNode | Literal) -> Quad:
        return Quad(cell, NamedNode(dataset.own(NS + name)), value, graph)

    yield Quad(cell, NamedNode(RDF + "type"), NamedNode(dataset.own(NS + "Cell")), graph)
    yield say("county", NamedNode(county))
    yield say("topic", NamedNode(topic))
    yield say("kind", NamedNode(kind))
    yield say("textCount", Literal(str(len(texts)), datatype=_INTEGER))
    for text in texts:
        yield say("contains" if text in own else "containsThroughField", NamedNode(text))


def _name(iri: str) -> str:
    """The last part of an IRI: ``F03``, ``Women``, ``Goal``."""
    return iri.replace("#", "/").rpartition("/")[2]
