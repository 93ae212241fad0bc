"""Likeness of wordings: symmetric, from 0 to 1, explained by shared words; compounds are taken apart."""

import csv
from itertools import combinations
from pathlib import Path

import pytest

from publisher.language.compounds import Compounds
from publisher.language.likeness import Rarity, Wordings, dot

TEXTS = (
    "Angebote der Sprachmittlung im Landkreis ausbauen",
    "Nutzung der Sprachmittlung in Ämtern",
    "Bildungsangebote für Familien sichern",
    "Bildung von Anfang an",
    "Wohnraumangebote schaffen",
    "Ämter werden geöffnet",
)
VOCABULARY = [
    "bildung",
    "angebot",
    "integration",
    "sprache",
    "wohnung",
    "familien",
    "zentrum",
    "arbeit",
    "innen",
    "und",
]


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("bildungsangebote", ("bildung", "angebot")),
        ("bildungsarbeitsangebot", ("bildung", "arbeit", "angebot")),
        ("sprachangebote", ("sprach", "angebot")),
        ("familienzentren", ()),
        ("familienzentrum", ("famili", "zentrum")),
        ("integrationslotsen", ("integration", "lots")),
        ("sprachlotse", ("sprach", "lots")),
        ("bildung", ()),
        ("undangebot", ()),
        ("akteurinnen", ()),
    ],
)
def test_compounds_come_apart(word: str, parts: tuple[str, ...]) -> None:
    assert Compounds([*VOCABULARY, "integrationslotsen"]).parts(word) == parts


def test_no_part_is_made_of_letters_that_are_no_word() -> None:
    path = Path(__file__).parent / "data/similarity/compounds.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        whole = [row["word"] for row in csv.DictReader(file, delimiter="\t") if "|" not in row["parts"]]
    compounds = Compounds([])
    assert len(whole) > 150
    assert [word for word in whole if compounds.parts(word.lower())] == []


def test_likeness_is_symmetric_and_within_bounds() -> None:
    wordings = Wordings(TEXTS)
    for one, other in combinations(TEXTS, 2):
        alike = wordings.likeness(one, other)
        assert alike == wordings.likeness(other, one)
        assert 0 <= alike.score < 1
        assert bool(alike.shared) == (alike.score > 0)


def test_same_words_are_fully_alike_whatever_their_order_and_endings() -> None:
    alike = Wordings(TEXTS).likeness("Das Amt nutzt Angebote", "Angebote nutzt das Amt")
    assert alike.score == pytest.approx(1)
    assert Wordings(TEXTS).likeness("Häuser", "des Hauses").score == pytest.approx(1)


def test_a_rare_word_counts_more_than_a_common_one() -> None:
    wordings = Wordings(["Angebot sichern", "Angebot schaffen", "Angebot Sprache", "Angebot Wohnen", "Sprache lernen"])
    rare = wordings.likeness("Sprache fördern", "Sprache üben").score
    assert rare > wordings.likeness("Angebot fördern", "Angebot üben").score > 0


def test_shared_words_are_spelled_as_printed_and_a_compound_hides_its_parts() -> None:
    wordings = Wordings(TEXTS, ["Sprache", "Mittlung"])
    assert wordings.likeness(TEXTS[0], TEXTS[1]).shared == ("Sprachmittlung",)
    assert wordings.likeness(TEXTS[2], TEXTS[3]).shared == ("Bildung",)


def test_grammar_is_no_likeness() -> None:
    alike = Wordings(TEXTS).likeness("Der Landkreis und die Kinder", "Der Landkreis und die Wohnung")
    assert (alike.score, alike.shared) == (0, ())


def test_likeness_does_not_depend_on_the_order_of_the_texts() -> None:
    assert Wordings(TEXTS).likeness(*TEXTS[:2]) == Wordings(TEXTS[::-1]).likeness(*TEXTS[:2])


def test_nothing_is_alike_without_words() -> None:
    wordings = Wordings([])
    assert wordings.likeness("", "").score == 0
    assert wordings.likeness("Sprache", "Sprache").score == pytest.approx(1)


def test_damping_keeps_a_common_key_short() -> None:
    rarity = Rarity([["a", "b"], ["a"], ["a", "c"]])
    common, rare = (rarity.unit({key: 1.0}, 0.1) for key in ("a", "c"))
    assert dot(common, common) < dot(rare, rare) < 1
