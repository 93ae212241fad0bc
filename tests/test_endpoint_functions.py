"""The functions that queries may call: what they give, what they make of odd arguments, where they are described."""

import os

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from publisher.core.terms import CANONICAL_BASE, NS, PREFIXES, RDF
from publisher.endpoint.functions import NAMES, matches, with_functions
from publisher.graph.store import Dataset
from publisher.language.vocabulary import Vocabulary
from publisher.language.wanted import Wanted
from publisher.release.reader import Release

TEXTS = ("Migrationsarbeit fördern", "Zusammenarbeit stärken", "Der Arbeitsmarkt")
PREFIX = "PREFIX ic: <https://w3id.org/kreisgraph/ns#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    """Three texts, a number and an IRI as values of one property."""
    graph, text = NamedNode("x:graph"), NamedNode("x:text")
    values = [*(Literal(value, language="de") for value in TEXTS), Literal(12071), NamedNode("x:Arbeit")]
    quads = [Quad(NamedNode(f"x:{number}"), text, value, graph) for number, value in enumerate(values)]
    return with_functions(Dataset.of(quads), Vocabulary(TEXTS))


def found(dataset: Dataset, condition: str) -> list[str]:
    """The texts that fulfil ``condition``."""
    rows = dataset.select(f"{PREFIX} SELECT ?text WHERE {{ ?thing <x:text> ?text FILTER({condition}) }} ORDER BY ?text")
    return [row["text"].value for row in rows]


def test_it_compares_words_as_the_search_does(dataset: Dataset) -> None:
    assert found(dataset, 'ic:matches(?text, "Arbeit")') == ["Der Arbeitsmarkt", "Migrationsarbeit fördern"]
    assert found(dataset, 'ic:matches(?text, "foerderung"@de)') == ["Migrationsarbeit fördern"]
    assert found(dataset, 'ic:matches(STR(?text), "„der Arbeitsmarkt“")') == ["Der Arbeitsmarkt"]
    assert found(dataset, 'ic:matches("Arbeit", ?text)') == []


@pytest.mark.parametrize(
    "call",
    [
        "ic:matches()",
        "ic:matches(?text)",
        'ic:matches(?text, "Arbeit", "Arbeit")',
        'ic:matches(?unbound, "Arbeit")',
        "ic:matches(?text, ?unbound)",
        'ic:matches(?thing, "Arbeit")',
        "ic:matches(?text, ?thing)",
        "ic:matches(?text, 1)",
        'ic:matches(?text, "Arbeit"^^xsd:token)',
        "ic:matches(1.5, true)",
        'ic:matches(<<( ?thing <x:text> ?text )>>, "Arbeit")',
    ],
)
def test_odd_arguments_are_errors_and_no_match(dataset: Dataset, call: str) -> None:
    assert found(dataset, call) == []
    assert found(dataset, f"!{call}") == [], "an error is neither true nor false"
    assert set(found(dataset, f"COALESCE({call}, true)")) == {"x:Arbeit", "12071", *TEXTS}, "and no row is lost"


@pytest.mark.parametrize("words", ["", "?!", "'", "\\\\", "a" * 100_000, "\\u0000", "und", "😀", "{}", "%s"])
def test_any_string_is_a_query(dataset: Dataset, words: str) -> None:
    assert found(dataset, f'ic:matches(?text, "{words}")') == []
    assert found(dataset, f'!ic:matches(?text, "{words}")') == sorted(TEXTS)


def test_it_has_its_name_under_the_base_of_the_data() -> None:
    base = "https://example.org/daten/"
    dataset = with_functions(Dataset.of([], base), Vocabulary())
    assert [name.value for name in dataset.functions] == [base + "ns#matches"]
    assert Dataset.ask(dataset, f'PREFIX ic: <{base}ns#> ASK {{ FILTER(ic:matches("Arbeiten", "Arbeit")) }}')


def test_a_process_out_of_memory_ends_instead_of_leaving_rows_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def starve(*_: object) -> bool:
        raise MemoryError

    def end(status: int) -> None:
        raise SystemExit(status)

    monkeypatch.setattr(Wanted, "fits", starve)
    monkeypatch.setattr(os, "_exit", end)
    with pytest.raises(SystemExit):
        matches(Vocabulary())(Literal("Arbeit"), Literal("Arbeit"))


def test_every_function_is_described_in_the_vocabulary(release: Release) -> None:
    store = release.dataset.store
    described = store.quads_for_pattern(None, NamedNode(RDF + "type"), NamedNode(PREFIXES["sd"] + "Function"))
    assert {quad.subject.value for quad in described} == set(NAMES)
    assert all(name.startswith(NS) and name.startswith(CANONICAL_BASE) for name in NAMES)
