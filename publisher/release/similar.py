"""Which statements of different counties are alike: computed when a release is built, never said by a source.

Published as a graph of its own (``…/id/graph/similar``). The method is described in docs/similarity.md and, for
machines, in data/similar.ttl.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import Literal, NamedNode, Quad

from publisher.core.terms import COUNTY, GRAPH, ID, NS, RDF, SKOS, XSD
from publisher.graph.queries import Queries
from publisher.graph.store import Dataset
from publisher.language.nearest import nearest
from publisher.language.statements import Match, Statement, Yardstick
from publisher.release.versions import compared

QUERY = "derived/compared_texts"
SIMILAR = GRAPH + "similar"
METHOD = ID + "verfahren/aehnlichkeit-1"
"""The method with its version: a change that gives other scores is a new version."""
WORDS = 5
"""How many shared words are named, the weightiest."""
_DECIMAL = NamedNode(XSD + "decimal")
_BROADER = NamedNode(SKOS + "broader")


def similar(queries: Queries, counties: Iterable[Iterable[Quad]], lists: Iterable[Quad]) -> Iterator[Quad]:
    """The similarities between the statements of ``counties`` as quads of the graph, under the base of ``queries``.

    ``lists`` are the statements of the common fields and closed lists: which field is broader, and German words.
    """
    known = list(lists)
    held = [one for county in counties for one in statements(queries, Dataset.of(county, queries.base))]
    for match in matches(held, known):
        yield from quads_of(match, queries.base)


def matches(held: Sequence[Statement], lists: Iterable[Quad], jobs: int = 1) -> list[Match]:
    """The pairs of statements that are alike, found in ``jobs`` processes; ``lists`` as for ``similar``."""
    return nearest(held, yardstick(held, lists), jobs=jobs)


def quads_of(match: Match, base: str) -> Iterator[Quad]:
    """What is said of a pair of statements, under ``base``."""
    yield from _quads(match, Dataset.of([], base))


def statements(queries: Queries, dataset: Dataset) -> list[Statement]:
    """The compared texts of ``dataset``, the statements of one county, in the order of their IRIs.

    Which version counts is added to ``dataset``.
    """
    dataset.store.extend(compared(queries, dataset))
    start = dataset.own(COUNTY)
    texts: dict[str, str] = {}
    concepts: dict[str, set[str]] = defaultdict(set)
    mentions: dict[str, set[str]] = defaultdict(set)
    for row in queries.select(dataset, QUERY):
        iri = row["element"].value
        texts.setdefault(iri, row["text"].value)
        for name, found in (("concept", concepts), ("mention", mentions)):
            if name in row:
                found[iri].add(row[name].value)
    return [
        Statement(
            id=iri,
            county=iri.removeprefix(start).partition("/")[0],
            text=text,
            concepts=frozenset(concepts[iri]),
            mentions=frozenset(mentions[iri]),
        )
        for iri, text in texts.items()
    ]


def yardstick(held: Iterable[Statement], lists: Iterable[Quad]) -> Yardstick:
    """The yardstick for ``held``; ``lists`` as for ``similar``."""
    known = list(lists)
    broader = {quad.subject.value: quad.object.value for quad in known if quad.predicate == _BROADER}  # type: ignore[union-attr]
    words = [quad.object.value for quad in known if isinstance(quad.object, Literal) and quad.object.language == "de"]
    return Yardstick.of(held, broader, words)


def iri(dataset: Dataset, one: str, other: str) -> str:
    """The IRI of the similarity of two statements: made of both, whichever comes first."""
    start = dataset.own(COUNTY)
    ends = "/".join(sorted(name.removeprefix(start) for name in (one, other)))
    return dataset.own(f"{ID}aehnlichkeit/{ends}")


def _quads(match: Match, dataset: Dataset) -> Iterator[Quad]:
    subject, graph = NamedNode(iri(dataset, *match.ids)), NamedNode(dataset.own(SIMILAR))

    def say(name: str, value: NamedNode | Literal) -> Quad:
        return Quad(subject, NamedNode(dataset.own(NS + name)), value, graph)

    yield Quad(subject, NamedNode(RDF + "type"), NamedNode(dataset.own(NS + "Similarity")), graph)
    for end in match.ids:
        yield say("between", NamedNode(end))
    # Without closing zeros, as the store writes a decimal, so that dumps and documents say the same.
    yield say("score", Literal(f"{match.score:.2f}".rstrip("0").rstrip("."), datatype=_DECIMAL))
    yield say("measuredBy", NamedNode(dataset.own(METHOD)))
    for word in match.words[:WORDS]:
        yield say("sharedWord", Literal(word, language="de"))
    for concept in match.concepts:
        yield say("sharedConcept", NamedNode(concept))
