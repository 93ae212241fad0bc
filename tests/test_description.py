"""What the release says of itself is so: every number is counted anew by a query, every example is run."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Quad
from rdflib.plugins.sparql.parser import parseQuery
from web_client import Client

from publisher.core.terms import CANONICAL_BASE, DCT, GRAPH, PREFIXES, RDF, RDFS, SH
from publisher.endpoint.functions import with_functions
from publisher.graph.queries import Queries
from publisher.graph.sources import Sources
from publisher.graph.store import Dataset
from publisher.quality import engines, vocabulary
from publisher.quality.check import read_common
from publisher.quality.shapes import ntriples
from publisher.release.datasets import DATASET
from publisher.release.description import DESCRIPTION, VOID
from publisher.release.executables import ALL_PREFIXES, EXAMPLE, examples
from publisher.release.reader import Release
from publisher.release.tally import Counted
from publisher.views import terms
from publisher.views.search_index import Index
from publisher.views.site import Site
from publisher.web import service_description
from publisher.web.app import create_app

_LINE = f"<urn:a> <{RDF}type> <urn:b> <urn:g> .\n".encode()
COUNTS = {
    "triples": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "entities": f'SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), "{CANONICAL_BASE}id/")) }}',
    "classes": "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c }",
    "properties": "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }",
    "distinctSubjects": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
}
OF_PROPERTY = {
    "triples": "SELECT (COUNT(*) AS ?n) {{ ?s <{0}> ?o }}",
    "distinctSubjects": "SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s <{0}> ?o }}",
    "distinctObjects": "SELECT (COUNT(DISTINCT ?o) AS ?n) {{ ?s <{0}> ?o }}",
}
NUMBERS = {VOID + name for name in (*COUNTS, "distinctObjects")}


@pytest.fixture(scope="module")
def dataset(site: Site) -> Dataset:
    """The data with the functions that the endpoint knows."""
    return with_functions(site.dataset, site.once(Index.of).vocabulary)


def _number(dataset: Dataset, query: str) -> int:
    return int(dataset.select(query)[0]["n"].value)


def _expected(dataset: Dataset, subject: str, name: str) -> int:
    """What a query counts for the property ``name`` of VoID of ``subject``."""
    if subject == DATASET:
        return _number(dataset, COUNTS[name])
    if dataset.has_graph(subject):
        return _number(dataset, f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{subject}> {{ ?s ?p ?o }} }}")
    kind, _, inner = subject.removeprefix(DATASET + "/").partition("/")
    if kind.startswith("eigenschaft-"):
        return _number(dataset, OF_PROPERTY[name].format(_one(dataset, subject, "property")))
    whole = _one(dataset, f"{DATASET}/{kind}", "class")
    if not inner:
        return _number(dataset, f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s a <{whole}> }}")
    return _number(dataset, f"SELECT (COUNT(*) AS ?n) {{ ?s a <{whole}> ; <{_one(dataset, subject, 'property')}> ?o }}")


def _one(dataset: Dataset, subject: str, name: str) -> str:
    (value,) = dataset.objects(subject, VOID + name)
    return value.value  # type: ignore[union-attr]


def test_every_number_is_what_a_query_counts(dataset: Dataset) -> None:
    told = [quad for quad in dataset.graph(DESCRIPTION) if quad.predicate.value in NUMBERS]
    assert len(told) > 500
    wrong = {}
    for quad in told:
        name, number = quad.predicate.value.removeprefix(VOID), int(quad.object.value)  # type: ignore[union-attr]
        found = _expected(dataset, quad.subject.value, name)  # type: ignore[union-attr]
        if found != number:
            wrong[f"{quad.subject.value} {name}"] = (number, found)  # type: ignore[union-attr]
    assert wrong == {}


@pytest.mark.parametrize(
    ("part", "of", "query"),
    [
        ("classPartition", "class", "SELECT DISTINCT ?x { ?s a ?x }"),
        ("propertyPartition", "property", "SELECT DISTINCT ?x { ?s ?x ?o }"),
    ],
)
def test_no_class_and_no_property_is_left_out(dataset: Dataset, part: str, of: str, query: str) -> None:
    parts = [term.value for term in dataset.objects(DATASET, VOID + part)]  # type: ignore[union-attr]
    assert sorted(_one(dataset, one, of) for one in parts) == sorted(row["x"].value for row in dataset.select(query))


def test_the_terms_in_use_are_those_that_are_counted(site: Site) -> None:
    told, rows = terms.uses(site), site.select(terms.QUERY)
    assert set(told) == {(row["kind"].value, row["term"].value) for row in rows}
    bare = Site(replace(site.release, dataset=Dataset.read(_LINE)), site.queries, site.settings)
    assert terms.uses(bare) == {("class", "urn:b"): 1, ("property", RDF + "type"): 1}


def test_every_graph_is_a_part_with_a_title_in_both_languages(dataset: Dataset) -> None:
    parts = [term.value for term in dataset.objects(DATASET, VOID + "subset")]  # type: ignore[union-attr]
    assert parts == dataset.graphs()
    for one in parts:
        assert {"de", "en"} <= {term.language for term in dataset.objects(one, DCT + "title")}, one  # type: ignore[union-attr]


def test_what_it_points_to_is_there(site: Site) -> None:
    client, dataset = Client(create_app(site)), site.dataset
    for term in dataset.objects(DATASET, VOID + "exampleResource"):
        assert dataset.types(term.value), term  # type: ignore[union-attr]
    dumps = [term.value for term in dataset.objects(DATASET, VOID + "dataDump")]  # type: ignore[union-attr]
    assert len(dumps) == 6 * 3, "each format plain, with gzip and with zstd"
    places = [
        *dataset.objects(DATASET, VOID + "sparqlEndpoint"),
        *dataset.objects(DATASET, PREFIXES["foaf"] + "homepage"),
    ]
    assert [term.value for term in places] == [CANONICAL_BASE + "sparql", CANONICAL_BASE]  # type: ignore[union-attr]
    for address in [*dumps, CANONICAL_BASE]:
        assert client.ask("/" + address.removeprefix(CANONICAL_BASE), method="HEAD").status_code == 200


def _examples(dataset: Dataset) -> Iterator[str]:
    for quad in dataset.store.quads_for_pattern(None, NamedNode(RDF + "type"), NamedNode(SH + "SPARQLExecutable")):
        yield quad.subject.value  # type: ignore[union-attr]


def test_every_example_is_data_and_runs_as_it_stands(dataset: Dataset, sources: Sources, release: Release) -> None:
    """Read from the Turtle file by another parser, as somebody would who collects examples."""
    graph = rdflib.Graph().parse(release.folder / "dumps/description.ttl")
    sh, schema = rdflib.Namespace(SH), rdflib.Namespace(PREFIXES["schema"])
    found = set(graph.subjects(rdflib.RDF.type, sh.SPARQLExecutable))
    names = {query.name.removeprefix("examples/") for query in examples(Queries(sources.queries))}
    assert {str(one).removeprefix(EXAMPLE) for one in found} == names
    for one in found:
        (form,) = {"select", "ask", "construct"} & {str(p).removeprefix(SH) for p in graph.predicates(one)}
        assert (one, rdflib.RDF.type, sh[f"SPARQL{form.capitalize()}Executable"]) in graph
        assert {text.language for text in graph.objects(one, rdflib.RDFS.comment)} == {"de", "en"}
        assert {text.language for text in graph.objects(one, rdflib.RDFS.label)} == {"de", "en"}
        assert list(graph.objects(one, schema.target)) == [rdflib.URIRef(CANONICAL_BASE + "sparql")]
        assert list(graph.objects(one, sh.prefixes)) == [rdflib.URIRef(ALL_PREFIXES)]
        (text,) = graph.objects(one, sh[form])
        assert not str(text).startswith("#+")
        (dataset.select if form == "select" else dataset.construct)(str(text))
    assert len(set(graph.subjects(schema.keywords))) > len(found) / 2


def test_the_declared_prefixes_are_those_that_the_examples_use(dataset: Dataset) -> None:
    declared = {}
    for one in dataset.objects(ALL_PREFIXES, SH + "declare"):
        (name,) = dataset.objects(one.value, SH + "prefix")  # type: ignore[union-attr]
        (namespace,) = dataset.objects(one.value, SH + "namespace")  # type: ignore[union-attr]
        declared[name.value] = namespace.value  # type: ignore[union-attr]
    assert declared == dataset.prefixes
    for one in _examples(dataset):
        (text,) = dataset.objects(one, SH + "select")
        for declaration in parseQuery(text.value)[0]:  # type: ignore[union-attr]
            assert declared[declaration.prefix] == str(declaration.iri), one


def test_an_example_finds_the_examples(dataset: Dataset, site: Site) -> None:
    rows = dataset.select(site.queries.get("examples/examples_on_a_topic").sparql)
    assert f"{EXAMPLE}bodies_and_members" in {row["example"].value for row in rows}


def test_programs_find_the_description(site: Site) -> None:
    client = Client(create_app(site))
    found = client.ask("/.well-known/void", accept="text/turtle")
    assert (found.status_code, found.headers["location"]) == (303, "/doc/graph/description.ttl")
    text = client.ask(found.headers["location"], accept="text/turtle").text
    graph = rdflib.Graph().parse(data=text, format="turtle")
    assert (rdflib.URIRef(DESCRIPTION), rdflib.FOAF.primaryTopic, rdflib.URIRef(DATASET)) in graph
    assert client.ask("/.well-known/void").headers["location"] == "/doc/graph/description.html"


def test_the_endpoint_describes_what_it_serves(site: Site, dataset: Dataset) -> None:
    graph = rdflib.Graph()
    for triple in service_description.triples(site, "http://site.example/sparql"):
        graph.add(tuple(rdflib.util.from_n3(str(term)) for term in triple))  # type: ignore[arg-type]
    sd, void = rdflib.Namespace(PREFIXES["sd"]), rdflib.Namespace(VOID)
    (whole,) = graph.objects(rdflib.URIRef("http://site.example/sparql#dataset"), sd.defaultGraph)
    assert str(whole) == DATASET
    assert graph.value(whole, void.triples).toPython() == _number(dataset, COUNTS["triples"])  # type: ignore[union-attr]
    names = {str(name): graph.value(part, sd.graph) for part, name in graph.subject_objects(sd.name)}
    assert sorted(names) == dataset.graphs()
    for name, part in names.items():
        assert graph.value(part, void.triples), name
        assert graph.value(part, rdflib.DCTERMS.title), name
    assert not list(graph.subjects(rdflib.RDF.type, rdflib.URIRef(SH + "SPARQLExecutable")))


def test_the_description_keeps_to_the_shapes(dataset: Dataset, sources: Sources) -> None:
    quads = list(dataset.graph(DESCRIPTION))
    run = engines.runner("pyrudof", read_common(sources).book.ntriples)
    assert [found for found in run(ntriples(quads)) if found.focus in vocabulary.subjects(quads)] == []


def test_a_statement_in_two_graphs_counts_once() -> None:
    def quad(subject: str, predicate: str, value: NamedNode | Literal, graph: str) -> Quad:
        return Quad(NamedNode(subject), NamedNode(predicate), value, NamedNode(GRAPH + graph))

    kind, name = NamedNode("http://e.example/K"), Literal("x")
    held = [quad("http://e.example/a", RDF + "type", kind, "1"), quad("http://e.example/a", RDFS + "label", name, "1")]
    counted = Counted([*held, quad("http://e.example/a", RDFS + "label", name, "2")], "http://e.example/")
    more = [quad("http://f.example/b", RDFS + "label", name, "3"), quad("http://f.example/b", RDF + "type", kind, "3")]
    found = counted.plus(more)
    assert (found.triples, found.subjects, found.entities) == (4, 2, 1)
    assert found.classes == {"http://e.example/K": 2}
    assert (found.properties[RDFS + "label"].triples, found.properties[RDFS + "label"].objects) == (2, 1)
    assert found.of_classes["http://e.example/K", RDFS + "label"] == 2
    assert found.graphs == {GRAPH + "1": 2, GRAPH + "2": 1, GRAPH + "3": 2}
    assert counted.plus([]).triples == 2
