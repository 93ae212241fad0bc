"""Similarities of texts: a graph of their own, across counties, explained, the same whatever the order of the input."""

from decimal import Decimal

import pytest
from pyoxigraph import NamedNode, Quad

from publisher.core.terms import CANONICAL_BASE, COUNTY, GRAPH, ID, NS, RDF
from publisher.graph.queries import Queries
from publisher.graph.sources import Sources, find, read_graph
from publisher.graph.store import Dataset
from publisher.language import statements as measure
from publisher.language.nearest import MOST
from publisher.quality import engines
from publisher.quality.check import read_common
from publisher.quality.shapes import ntriples
from publisher.release import similar as module
from publisher.release.reader import Release

COMPARED = ("Goal", "Recommendation", "Measure")


@pytest.fixture(scope="module")
def graph(release: Release) -> Dataset:
    """The graph of similarities alone."""
    return Dataset.of(release.dataset.graph(GRAPH + "similar"))


@pytest.fixture(scope="module")
def similarities(graph: Dataset) -> list[str]:
    """The IRIs of all similarities."""
    found = graph.store.quads_for_pattern(None, NamedNode(RDF + "type"), NamedNode(NS + "Similarity"))
    return [quad.subject.value for quad in found]


def _counties(sources: Sources) -> list[list[Quad]]:
    return [read_graph(county.files, county.graph) for county in sources.counties()]


def _lists(sources: Sources) -> list[Quad]:
    return [quad for name in ("fields", "lists") for quad in read_graph(sources.common[GRAPH + name], GRAPH + name)]


def _ends(graph: Dataset, similarity: str) -> list[str]:
    return [term.value for term in graph.objects(similarity, NS + "between")]


def test_similarities_stand_in_no_other_graph(release: Release, similarities: list[str]) -> None:
    assert len(similarities) > 50
    terms = {NS + name for name in ("Similarity", "between", "score", "sharedWord", "sharedConcept", "measuredBy")}
    elsewhere = {
        quad.graph_name.value
        for quad in release.dataset.store
        if quad.predicate.value in terms or str(quad.object)[1:-1] == NS + "Similarity"
    }
    # The description counts them.
    assert elsewhere - {GRAPH + name for name in ("similar", "shapes", "ontology", "description")} == set()


def test_every_similarity_is_between_known_texts_of_two_counties(
    release: Release, graph: Dataset, similarities: list[str]
) -> None:
    for similarity in similarities:
        one, other = _ends(graph, similarity)
        assert release.dataset.objects(one, NS + "text") and release.dataset.objects(other, NS + "text")
        assert one.removeprefix(COUNTY)[:5] != other.removeprefix(COUNTY)[:5]
        assert similarity == module.iri(graph, other, one)


def test_scores_have_two_places_at_most_and_none_is_too_low(graph: Dataset, similarities: list[str]) -> None:
    for similarity in similarities:
        (score,) = graph.objects(similarity, NS + "score")
        assert len(score.value.partition(".")[2]) <= 2
        assert Decimal(str(measure.LEAST)) <= Decimal(score.value) <= 1


def test_similarities_keep_to_the_shapes(sources: Sources, graph: Dataset) -> None:
    common = read_common(sources)
    data = list(graph.store)
    own = {quad.subject.value for quad in data}
    for engine in ("pyrudof", "pyshacl"):
        found = engines.run(engine, ntriples(data) + common.context(data), common.book.ntriples)
        assert [result for result in found if result.focus in own] == []


def test_the_order_of_counties_and_statements_does_not_matter(sources: Sources) -> None:
    queries, lists = Queries(sources.queries), _lists(sources)
    forth = list(module.similar(queries, _counties(sources), lists))
    back = list(module.similar(queries, [county[::-1] for county in _counties(sources)[::-1]], lists[::-1]))
    assert forth == back


def test_a_new_base_moves_everything_and_changes_nothing_else(sources: Sources) -> None:
    base = "https://example.org/kg/"

    def moved(quads: list[Quad]) -> list[Quad]:
        text = ntriples(quads).decode().replace(CANONICAL_BASE, base)
        return list(Dataset.read(text.encode(), base).store)

    there = module.similar(Queries(sources.queries, base), map(moved, _counties(sources)), moved(_lists(sources)))
    here = module.similar(Queries(sources.queries), _counties(sources), _lists(sources))
    assert sorted(map(str, there)) == sorted(str(quad).replace(CANONICAL_BASE, base) for quad in here)


def test_every_text_keeps_only_its_closest(graph: Dataset, similarities: list[str]) -> None:
    """A pair is there because one of its texts has no more than a few that are closer."""
    scores: dict[str, list[Decimal]] = {}
    for similarity in similarities:
        for end in _ends(graph, similarity):
            scores.setdefault(end, []).append(Decimal(graph.objects(similarity, NS + "score")[0].value))
    for similarity in similarities:
        score = Decimal(graph.objects(similarity, NS + "score")[0].value)
        assert any(sum(other > score for other in scores[end]) < MOST for end in _ends(graph, similarity))


def test_no_superseded_text_is_compared(sources: Sources) -> None:
    county = _counties(sources)[0]
    version = NamedNode(f"{COUNTY}03357/1")
    old = Quad(version, NamedNode(NS + "versionStatus"), NamedNode(NS + "Superseded"), NamedNode(GRAPH + "03357"))
    queries = Queries(sources.queries)
    assert len(module.statements(queries, Dataset.of(county))) > 20
    assert module.statements(queries, Dataset.of([*county, old])) == []


def test_the_method_tells_its_numbers(graph: Dataset) -> None:
    assert graph.known(module.METHOD)
    texts = {term.language: term.value for term in graph.objects(module.METHOD, "http://purl.org/dc/terms/description")}
    numbers = (measure.LEAST, measure.CONCEPTS, measure.BROADER, measure.MENTIONED)
    for number in numbers:
        assert f"{number}".replace(".", ",") in texts["de"]
        assert f"{number}" in texts["en"]
    assert f"höchstens {MOST} " in texts["de"]
    assert f"the {MOST} most alike" in texts["en"]


def test_every_goal_recommendation_and_measure_is_compared(release: Release, sources: Sources) -> None:
    wanted = {
        quad.subject.value
        for name in COMPARED
        for quad in release.dataset.store.quads_for_pattern(None, NamedNode(RDF + "type"), NamedNode(NS + name))
    }
    compared = {
        one.id
        for county in _counties(sources)
        for one in module.statements(Queries(sources.queries), Dataset.of(county))
    }
    assert wanted - compared == set()


def test_dumps_hold_the_graph(release: Release) -> None:
    endings = {file.path for file in release.manifest.files if file.graph == GRAPH + "similar"}
    assert endings == {f"dumps/similar.{ending}" for ending in ("ttl", "jsonld", "nt", "rdf", "nq", "trig")}
    assert find(None).common[GRAPH + "similar"]
    assert module.SIMILAR == GRAPH + "similar" and module.METHOD.startswith(ID)
