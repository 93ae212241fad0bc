"""How far each source document was read: its lines with content, those quoted, those left out with a reason.

Counted from the text and the county's statements when a release is built, and published as a graph of its own
(``…/id/graph/reading``).
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from publisher.core.terms import GRAPH, NS, XSD
from publisher.graph.queries import Queries
from publisher.graph.sources import CountySource
from publisher.graph.store import Dataset
from publisher.quality.coverage import coverage

READING = GRAPH + "reading"
_INTEGER = NamedNode(XSD + "integer")


def readings(queries: Queries, ags: str, county: Iterable[Quad], folder: Path) -> Iterator[Quad]:
    """The counts for the documents of the county ``ags`` in ``folder``, under the base of ``queries``.

    ``county`` are its statements.
    """
    dataset = Dataset.of(county, queries.base)
    graph = NamedNode(dataset.own(READING))
    for part in coverage(dataset, queries, CountySource(ags, folder)):
        counts = {
            "contentLines": len(part.lines),
            "quotedLines": sum(bool(line.elements) for line in part.lines),
            "explainedLines": sum(bool(line.reason) for line in part.lines),
        }
        for name, count in counts.items():
            number = Literal(str(count), datatype=_INTEGER)
            yield Quad(NamedNode(part.document), NamedNode(dataset.own(NS + name)), number, graph)
