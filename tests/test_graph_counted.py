"""A count of all statements is answered from what is known, and nothing else is."""

from dataclasses import replace

import pytest
from pyoxigraph import NamedNode, Quad, QuerySolutions

from publisher.graph.store import Dataset

THING = NamedNode("http://e.example/thing")
DATASET = Dataset.of(Quad(THING, THING, THING, NamedNode(f"http://e.example/{name}")) for name in "ab")
KNOWN = 4711

COUNTED = (
    "SELECT (COUNT(*) AS ?statements) WHERE {\n  GRAPH ?graph { ?thing ?property ?value }\n}\n",
    "select(count(*)as $n){graph $g{$s $p ?o.}}",
    " SELECT ( COUNT ( * ) AS ?n ) { GRAPH ?g { ?s ?p ?o . } . } ",
)
ASKED = (
    # The union of all graphs, where the same statement counts once.
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?s } }",
    "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?g ?p ?o } }",
    "SELECT (COUNT(*) AS ?n) { GRAPH <http://e.example/a> { ?s ?p ?o } }",
    "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o FILTER(?s = ?g) } }",
    "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } LIMIT 0",
    "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } HAVING (COUNT(*) > 5)",
    "SELECT (COUNT(DISTINCT *) AS ?n) { GRAPH ?g { ?s ?p ?o } }",
    "SELECT (COUNT(?s) AS ?n) { GRAPH ?g { ?s ?p ?o } }",
    "SELECT (COUNT(*) AS ?n) FROM NAMED <http://e.example/a> { GRAPH ?g { ?s ?p ?o } }",
    # A name that is taken: whatever the engine makes of it.
    "SELECT (COUNT(*) AS ?s) { GRAPH ?g { ?s ?p ?o } }",
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
)


def _rows(dataset: Dataset, query: str, union: bool = True) -> list[list[str]]:
    found = dataset.run(query, union=union)
    assert isinstance(found, QuerySolutions)
    return [[str(value) for value in row] for row in found]


@pytest.mark.parametrize("query", COUNTED)
def test_a_count_of_everything_is_known(query: str) -> None:
    number = len(DATASET.store)
    assert _rows(replace(DATASET, statements=number), query) == _rows(DATASET, query)
    assert _rows(replace(DATASET, statements=KNOWN), query) != _rows(DATASET, query), "it was counted all the same"


@pytest.mark.parametrize("query", ASKED)
def test_everything_else_is_asked(query: str) -> None:
    union = "FROM" not in query
    assert _rows(replace(DATASET, statements=KNOWN), query, union) == _rows(DATASET, query, union)


@pytest.mark.parametrize("query", COUNTED)
def test_chosen_graphs_are_counted(query: str) -> None:
    known, graph = replace(DATASET, statements=KNOWN), ["http://e.example/a"]
    found = known.run(query, named=graph)
    assert isinstance(found, QuerySolutions)
    assert [str(row[0].value) for row in found] == ["1"]  # type: ignore[union-attr]
