"""The vocabulary: every term is used, every concept has its languages, the context covers what the data use."""

import json
from pathlib import Path

from pyoxigraph import NamedNode

from publisher.core.terms import CANONICAL_BASE, GRAPH, NS, PREFIXES, RDF, SKOS, shorten
from publisher.graph.sources import Sources
from publisher.release.reader import Release

ROOT = Path(__file__).parent.parent
_DEFINING = {GRAPH + "ontology", GRAPH + "lists"}


def _terms(release: Release) -> set[str]:
    return {
        quad.subject.value
        for quad in release.dataset.graph(GRAPH + "ontology")
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(NS)
    }


def test_every_term_is_used_in_data_shapes_or_queries(release: Release, sources: Sources) -> None:
    used = {
        term.value
        for quad in release.dataset.store
        if quad.graph_name.value not in _DEFINING
        for term in (quad.predicate, quad.object)
        if isinstance(term, NamedNode)
    }
    assert sorted(_terms(release) - used - _superclasses(release) - _called(release, sources)) == []


def _called(release: Release, sources: Sources) -> set[str]:
    """The functions that one of our examples calls."""
    texts = "".join(path.read_text(encoding="utf-8") for path in (sources.queries / "examples").glob("*.rq"))
    functions = release.dataset.store.quads_for_pattern(
        None, NamedNode(RDF + "type"), NamedNode(PREFIXES["sd"] + "Function")
    )
    return {q.subject.value for q in functions if shorten(q.subject.value) + "(" in texts}


def _superclasses(release: Release) -> set[str]:
    """Abstract classes stand for their subclasses, which are used."""
    sub = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
    return {quad.object.value for quad in release.dataset.store.quads_for_pattern(None, sub, None)}


def test_every_concept_speaks_both_languages(release: Release) -> None:
    dataset = release.dataset
    concepts = {
        quad.subject.value
        for quad in dataset.store.quads_for_pattern(None, NamedNode(SKOS + "inScheme"), None)
        if quad.subject.value.startswith(CANONICAL_BASE)
    }
    assert len(concepts) > 200
    for concept in concepts:
        for predicate in (SKOS + "prefLabel", SKOS + "definition"):
            languages = {term.language for term in dataset.objects(concept, predicate)}
            assert languages >= {"de", "en"}, (concept, predicate)


def test_context_names_every_property_of_the_counties(release: Release) -> None:
    context = json.loads((ROOT / "ontology/context.jsonld").read_text(encoding="utf-8"))["@context"]
    named = {entry["@id"] if isinstance(entry, dict) else entry for entry in context.values()}
    expanded = {_expand(str(name), context) for name in named}
    used = {
        quad.predicate.value
        for county in release.manifest.counties
        for quad in release.dataset.graph(GRAPH + county.ags)
        if not quad.predicate.value.endswith("#type")
    }
    assert sorted(used - expanded) == []


def _expand(name: str, context: dict[str, object]) -> str:
    prefix, _, local = name.partition(":")
    start = context.get(prefix)
    start = start["@id"] if isinstance(start, dict) else start
    return f"{start}{local}" if start and local else name
