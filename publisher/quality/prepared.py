"""rdflib's SPARQL processor, each query text parsed once.

pySHACL runs the same constraint once for every focus node and rdflib parses it anew each time, which takes most
of a validation. A prepared query is made for being run again (rdflib.plugins.sparql.prepareQuery).
"""

from collections.abc import Mapping
from typing import Any

import rdflib.plugin
from rdflib.graph import Graph
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.evaluate import evalQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.processor import SPARQLProcessor
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Processor
from rdflib.term import Identifier

_prepared: dict[tuple[str, str | None, frozenset[tuple[str, Any]]], Query] = {}


class PreparedProcessor(SPARQLProcessor):
    """Runs query texts like its parent, from a table of those parsed before."""

    graph: Graph

    def query(  # type: ignore[override]
        self,
        strOrQuery: str | Query,  # noqa: N803
        initBindings: Mapping[str, Identifier] | None = None,  # noqa: N803
        initNs: Mapping[str, Any] | None = None,  # noqa: N803
        base: str | None = None,
        DEBUG: bool = False,  # noqa: N803
    ) -> Mapping[str, Any]:
        """As the parent: bindings, type and variables of the result."""
        query = _prepare(strOrQuery, base, initNs or {}) if isinstance(strOrQuery, str) else strOrQuery
        return evalQuery(self.graph, query, dict(initBindings or {}), base)


def install() -> None:
    """Let rdflib use this processor for SPARQL in this process."""
    rdflib.plugin.register("sparql", Processor, PreparedProcessor.__module__, PreparedProcessor.__name__)


def _prepare(text: str, base: str | None, namespaces: Mapping[str, Any]) -> Query:
    key = (text, base, frozenset((name, str(iri)) for name, iri in namespaces.items()))
    if key not in _prepared:
        _prepared[key] = translateQuery(parseQuery(text), base, namespaces)
    return _prepared[key]
