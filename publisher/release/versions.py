"""Which version of a concept counts where counties are compared: one, lest two states of one text be added up."""

from pyoxigraph import NamedNode, Quad

from publisher.core.terms import GRAPH, NS
from publisher.graph.queries import Queries
from publisher.graph.store import Dataset

QUERY = "derived/compared_versions"
COMPARISON = GRAPH + "comparison"
"""The graph of what is derived for comparing."""


def compared(queries: Queries, county: Dataset) -> list[Quad]:
    """That a version counts, as quads of the comparison graph; ``county`` holds the statements of one county."""
    says, graph = NamedNode(county.own(NS + "comparedVersion")), NamedNode(county.own(COMPARISON))
    rows = queries.select(county, QUERY)
    return [Quad(NamedNode(row["county"].value), says, row["version"], graph) for row in rows]
