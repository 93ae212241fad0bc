"""What is read from the store for a page is what its queries give: on all kinds of things, and on odd ones."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from random import Random

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from publisher.core.terms import RDF
from publisher.graph.store import Dataset, Row
from publisher.views import nearby, thing
from publisher.views import similar as alike_view
from publisher.views.nearby import Nearby
from publisher.views.site import Site

EACH = 12
"""So many things of each class are looked at."""
ODD = """
@prefix ic: <https://w3id.org/kreisgraph/ns#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix : <https://w3id.org/kreisgraph/id/kreis/00000/1/> .

:odd ic:evidence :e2, :e1, :none ; ic:mapping :m2, :m1, :half ; ic:mention :n2, :n1 ; ic:evidence "words" ;
  oa:hasSelector [ ic:note "without a name" ] ; ic:partOfGoal :odd .
:e1 oa:hasSource :b, :a ; oa:hasSelector :s1, :s2 ; ic:line 10, 9 .
:e2 oa:hasSource :a ; oa:hasSelector :s1 .
:none oa:hasSource :a .
:s1 oa:exact "one", "two" .
:s2 oa:exact "one" ; ic:mapping :odd .
:m1 ic:toConcept :y, :x ; ic:relation :r ; ic:note "deutsch"@de, "english"@en, "none" ; ic:assertion ic:Stated .
:m2 ic:toConcept :a ; ic:relation :r, :q ; ic:note "english"@en .
:half ic:toConcept :z .
:n1 ic:text "words"@de, "more"@de ; ic:ofConcept :x ; ic:evidence :e2 ; ic:note "note"@de ; prov:wasDerivedFrom :e1 .
:n2 ic:text "last"@de ; ic:ofConcept :x, :y .
:far ic:between :odd, :o1 ; ic:score 0.10 ; ic:sharedWord "b", "a" ; ic:sharedConcept :y, :x .
:near ic:between :o2, :odd, :o3 ; ic:score 0.9 ; ic:sharedWord "ä" .
:nothing ic:between :odd, :o4 ; ic:score 0.5 .
:part ic:partOfGoal :odd ; prov:wasDerivedFrom :odd ; ic:county :odd .
"""
ONE = "https://w3id.org/kreisgraph/id/kreis/00000/1/odd"


def words(*names: str) -> Callable[[Row], tuple[str, ...]]:
    """The values of a row by name, "" where it has none."""
    return lambda row: tuple(str(getattr(row.get(name), "value", "")) for name in names)


def told(site: Site, iri: str, query: str, *names: str) -> list[tuple[str, ...]]:
    """What ``query`` says about ``iri``."""
    return list(map(words(*names), site.select(query, iri=iri)))


def same(site: Site, iri: str) -> None:
    """Compares everything that is read about ``iri`` with the queries."""
    near = Nearby(site)
    quoted = [(one.iri, one.document, str(one.line or ""), one.exact) for one in near.quotations(iri)]
    assert alike(quoted, told(site, iri, "pages/quotations", "evidence", "document", "line", "exact"))
    mapped = [(one.concept, one.iri, one.relation, one.assertion, one.note) for one in near.mappings(iri)]
    assert alike(mapped, told(site, iri, "pages/mappings", "concept", "mapping", "relation", "assertion", "note"))
    named = [(one.iri, one.wording, one.concept) for one in near.mentions(iri)]
    assert alike(named, told(site, iri, "pages/mentions", "mention", "wording", "concept"))
    assert sorted(thing.parts_of(site, iri)) == sorted(told(site, iri, thing.PARTS, "property", "part"))
    assert set(near.statements(iri)) == set(site.construct(nearby.QUERY, iri=iri))
    assert near.kind(iri) == site.kind(iri)
    similar = told(site, iri, alike_view.SIMILAR, "score", "other", "word", "concept")
    assert list(alike_view.rows(site, iri)) == similar
    for one in near.mentions(iri):
        assert one.evidence.quotations == Nearby(site).quotations(one.iri)


def alike(found: list[tuple[str, ...]], asked: list[tuple[str, ...]]) -> bool:
    """Whether both hold the same rows, in the order in which the query puts them by their first value."""
    return sorted(found) == sorted(asked) and [row[1] for row in found] == [row[1] for row in asked]


def of_every_class(dataset: Dataset) -> Iterable[str]:
    """Some things of each class of a release."""
    kinds: dict[str, list[str]] = {}
    for quad in dataset.store.quads_for_pattern(None, NamedNode(RDF + "type"), None):
        if isinstance(quad.subject, NamedNode):
            kinds.setdefault(str(quad.object), []).append(quad.subject.value)
    for kind, things in sorted(kinds.items()):
        yield from Random(kind).sample(sorted(things), min(EACH, len(things)))


@pytest.fixture
def odd(site: Site) -> Site:
    """A site of things whose values are several, missing or of an unusual type."""
    quads = [Quad(q.subject, q.predicate, q.object, NamedNode("x:g")) for q in parse(ODD, format=RdfFormat.TURTLE)]
    return Site(replace(site.release, dataset=Dataset.of(quads)), site.queries, site.settings)


def test_of_every_kind_of_thing_pages_read_what_the_queries_give(site: Site) -> None:
    things = list(of_every_class(site.dataset))
    assert len(things) > 300
    for iri in things:
        same(site, iri)


def test_of_odd_things_too(odd: Site) -> None:
    same(odd, ONE)
    assert len(Nearby(odd).quotations(ONE)) == 14
    assert len(Nearby(odd).mappings(ONE)) == 4


def test_a_part_without_a_name_is_left_to_the_query(odd: Site) -> None:
    assert any("without a name" in str(triple.object) for triple in Nearby(odd).statements(ONE))


def test_what_very_many_things_refer_to_is_asked_for(odd: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearby, "MANY", 2)
    assert nearby.referring(odd, ONE) is None
    assert sorted(thing.parts_of(odd, ONE)) == sorted(told(odd, ONE, thing.PARTS, "property", "part"))
