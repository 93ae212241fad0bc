"""SPARQL servers that a release can be loaded into: what each needs, in one table.

The query address is the setting KREISGRAPH_STORE; what differs beyond it stands here. What each does with queries,
and what we do about that, is in docs/engines.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One kind of server."""

    query: str = ""
    """How the address of queries ends, where that of loading differs from it only there."""
    data: str = ""
    """What stands there instead in the address of loading (Graph Store Protocol)."""
    graph: str = "graph"
    """The parameter that names a graph in the Graph Store Protocol."""
    digest: bool = False
    """Whether it asks for the password by digest rather than in the clear."""
    timeout: str = ""
    """The parameter of a query that says how long it may run; empty when there is none."""
    unit: float = 1.0
    """How many of the parameter's units a second has."""
    shortest: int = 1
    """The least that the parameter may say."""
    secret: tuple[str, ...] = ()
    """How IRIs begin, in small letters, that no visitor's query may name: those of the server's own procedures."""
    peculiar: bool = False
    """Whether what it is told and what it says goes through ``graph.dialect``."""


KINDS: Mapping[str, Kind] = {
    "oxigraph": Kind("/query", "/store"),
    # IRIs of the schemes bif: and sql: call procedures of the database.
    "virtuoso": Kind(
        "/sparql", "/sparql-graph-crud-auth", "graph-uri", True, "timeout", 1000.0, 1000, ("bif:", "sql:"), True
    ),
    "graphdb": Kind("", "/rdf-graphs/service", timeout="timeout"),
    "stardog": Kind("/query", "", timeout="timeout", unit=1000.0),
    "fuseki": Kind("/query", "/data", timeout="timeout"),
    "neptune": Kind("/sparql", "/sparql/gsp/"),
    "sparql": Kind(),
}
"""Every kind by its name in the settings; ``sparql`` is any other server, whose address of loading has to be named."""
