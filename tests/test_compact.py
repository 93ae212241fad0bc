"""Compacted JSON-LD is what rdflib writes, whatever is said; what is not ours to write is left to it."""

import json
from typing import Any

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from publisher.core.terms import CANONICAL_BASE, DCT, NS, RDF, SKOS, XSD
from publisher.graph.compact import compact, indented
from publisher.graph.formats import JSON_LD
from publisher.graph.sources import Sources, read_graph
from publisher.graph.write import _compacted, _stable, ordered, write_ordered

THING, OTHER = (
    NamedNode(CANONICAL_BASE + "id/kreis/12071/1/ziel-1"),
    NamedNode("https://anderswo.example/a;b,c?d=e%20#f"),
)


def _typed(text: str, kind: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + kind))


VALUES: list[NamedNode | Literal] = [
    THING,
    OTHER,
    Literal("ohne Sprache"),
    Literal(""),
    Literal('Zeile\n"zwei"\t\\ \u2028 €', language="de"),
    Literal("Deutsch", language="de"),
    Literal("English", language="en"),
    *(_typed(*pair) for pair in (("7", "integer"), ("007", "integer"), ("sieben", "integer"), ("-3", "integer"))),
    *(_typed(*pair) for pair in (("true", "boolean"), ("1", "boolean"), ("ja", "boolean"), ("1.5", "double"))),
    *(_typed(*pair) for pair in (("2.50", "decimal"), ("2026-11-28", "date"), ("2026", "gYear"), ("x", "token"))),
]
PROPERTIES = [
    *(NS + name for name in ("text", "inField", "count", "contentLines", "score", "billNumber", "unheardOf")),
    *(DCT + name for name in ("title", "modified", "identifier", "provenance")),
    *(SKOS + name for name in ("prefLabel", "altLabel", "broader")),
    "https://anderswo.example/eigenschaft",
    RDF + "type",
]


@pytest.fixture(scope="module")
def context(sources: Sources) -> dict[str, Any]:
    """That of the project."""
    known: dict[str, Any] = json.loads(sources.context.read_text(encoding="utf-8"))["@context"]
    return known


def _text(document: dict[str, Any] | None) -> str:
    """``document`` without the order of things and values."""
    assert document is not None
    if "@graph" in document:
        document = {**document, "@graph": sorted(document["@graph"], key=lambda node: str(node["id"]))}
    return json.dumps(_stable(document), ensure_ascii=False)


@pytest.mark.parametrize("name", PROPERTIES)
def test_every_kind_of_value_is_written_as_by_rdflib(context: dict[str, Any], name: str) -> None:
    for value in VALUES:
        one = [Triple(THING, NamedNode(name), value)]
        two = [*one, Triple(OTHER, NamedNode(RDF + "type"), NamedNode(NS + "Goal"))]
        for triples in (one, two):
            assert _text(compact(triples, context)) == _text(_compacted(triples, context)), value
    several = [Triple(THING, NamedNode(name), value) for value in VALUES if value != Literal("")]
    assert _text(compact(several, context)) == _text(_compacted(several, context))


def test_a_county_is_written_as_by_rdflib(
    context: dict[str, Any], sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    county = sources.counties()[0]
    triples = ordered(read_graph(county.files, county.graph))
    found = write_ordered(triples, JSON_LD, {}, context)
    monkeypatch.setattr("publisher.graph.write.compact", lambda *_: None)
    assert write_ordered(triples, JSON_LD, {}, context) == found


def test_what_needs_more_is_left_to_rdflib(context: dict[str, Any]) -> None:
    name, node = NamedNode(NS + "text"), BlankNode("b")
    assert compact([Triple(THING, name, node)], context) is None
    assert compact([Triple(node, name, OTHER)], context) is None
    assert compact([Triple(THING, name, NamedNode(RDF + "nil"))], context) is None
    assert compact([], context) is None
    said = [Triple(THING, name, OTHER)]
    assert compact(said, context) is not None
    assert compact(said, {**context, "text": {"@id": NS + "text", "@container": "@list"}}) is None
    assert compact(said, {}) is None


def test_indented_is_what_json_writes() -> None:
    value: dict[str, Any] = {
        "a": [],
        "b": {},
        "c": [1, 2.5, True, None, "ü\n\"'\u2028"],
        "d": {"e": [{"f": ""}]},
        "": [[]],
    }
    assert indented(value) == json.dumps(value, ensure_ascii=False, indent=1)
