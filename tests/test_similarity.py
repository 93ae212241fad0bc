"""The judged set is whole, the document says what the code gives, and the method keeps what it promises."""

import csv
from functools import cache
from pathlib import Path

import pytest

from benchmarks import similarity as measure
from publisher.language import nearest
from publisher.language.compounds import Compounds
from publisher.language.likeness import PART
from publisher.language.nearest import COMMON, MOST
from publisher.language.statements import BROADER, CONCEPTS, DAMPING, LEAST, MENTIONED
from publisher.language.words import fold, stem, words

PUBLISHED = "**wording and concepts (published)**"
_LINKS = ("s", "n", "en", "es", "er", "e", "ns")


@cache
def case() -> measure.Case:
    """The judged set, read once."""
    return measure.read_case()


def test_every_judged_pair_is_of_two_counties_and_has_a_reason() -> None:
    rows = measure.read("judged")
    for row in rows:
        one, other = (case().statements[end] for end in measure.ends(row))
        assert one.county != other.county
        assert row["grade"] in {"0", "1", "2"} and row["second"] in {"0", "1", "2", ""}
        assert len(row["reason"]) > 3, row
    assert len({measure.ends(row) for row in rows}) == len(rows)


def test_enough_is_judged() -> None:
    kinds = [query.rpartition("/")[2].rstrip("-0123456789") for query in case().queries]
    assert all(kinds.count(kind) for kind in ("ziel", "empfehlung", "massnahme", "aufgabe", "leitlinie"))
    assert len(kinds) == len(set(case().queries)) >= 30
    assert len(case().second) > 0.95 * len(case().grades)


def test_what_the_method_shows_has_been_judged() -> None:
    score = measure.methods(case())[PUBLISHED]
    assert measure.figures(case(), score, case().grades, LEAST).unjudged == 0
    assert measure.figures(case(), score, case().grades).unjudged <= 5


def test_the_document_says_what_the_code_gives() -> None:
    text = measure.DOCUMENT.read_text(encoding="utf-8")
    assert measure.document(text, measure.report(case())) == text, "run: python -m benchmarks.similarity --write"


def test_the_document_names_the_constants() -> None:
    text = measure.DOCUMENT.read_text(encoding="utf-8")
    assert f"parts count {PART} beside" in text
    assert f"(1 − *w*) · {CONCEPTS} · *b*" in text
    assert f"broader fields ({BROADER})" in text and f"named ({MENTIONED})" in text and f"side {DAMPING} is" in text
    assert f"the {MOST} most alike texts of other counties with a score of at least {LEAST}" in text
    assert f"at most {COMMON} texts, and then only the {nearest._COMPARED} that" in text


def test_the_method_beats_every_baseline() -> None:
    found = {name: measure.figures(case(), score, case().grades) for name, score in measure.methods(case()).items()}
    best = found.pop(PUBLISHED)
    assert all(best.precision > other.precision and best.gain > other.gain for other in found.values())
    assert measure.figures(case(), measure.methods(case())[PUBLISHED], case().grades, LEAST).of_shown > 0.75


@pytest.mark.parametrize("kind", ["good", "bad"])
def test_examples_are_what_they_are_called(kind: str) -> None:
    rows = [row for row in measure.read("examples") if row["kind"] == kind]
    score = measure.methods(case())[PUBLISHED]
    assert len(rows) == 5
    for row in rows:
        one, other = (case().statements[end] for end in measure.ends(row))
        shown, related = score(one, other) >= LEAST, case().grades[measure.ends(row)] > 0
        assert (shown == related) == (kind == "good"), row


def test_compounds_of_the_counties_come_apart_as_a_reader_would_do_it() -> None:
    path = Path(__file__).parent / "data/similarity/compounds.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [(fold(row["word"]), row["parts"].split("|")) for row in csv.DictReader(file, delimiter="\t")]
    compounds = Compounds(_vocabulary())
    found = {word: compounds.parts(word) for word, _ in rows}
    assert [word for word, parts in rows if len(parts) == 1 and found[word]] == []
    split = [(word, parts) for word, parts in rows if len(parts) > 1]
    right = [word for word, parts in split if _fits(found[word], parts)]
    wrong = [word for word, parts in split if found[word] and word not in right]
    text = measure.DOCUMENT.read_text(encoding="utf-8")
    missed = len(split) - len(right) - len(wrong)
    assert f"at hand** | {len(right)} | {len(wrong)} | {missed} | 0 |" in text
    assert len(right) > 75 and len(wrong) <= 3


def _vocabulary() -> set[str]:
    texts = [statement.text for statement in case().statements.values()]
    return {word for text in (*texts, *measure.glossary()) for word in words(text)}


def _fits(stems: tuple[str, ...], parts: list[str]) -> bool:
    """Whether ``stems`` are those of ``parts``, linking letters or not."""
    whole = [fold(part) for part in parts]
    forms = [{stem(part), *(stem(part.removesuffix(s)) for s in _LINKS if part.endswith(s))} for part in whole]
    return len(stems) == len(forms) and all(one in some for one, some in zip(stems, forms, strict=True))
