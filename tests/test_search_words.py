"""German words as the search sees them: tables of words that fit or do not (data/search), slips, marks."""

import csv
from pathlib import Path

import pytest

from publisher.language import fit as levels
from publisher.language.marks import mark
from publisher.language.slips import Slips, distance
from publisher.language.vocabulary import Vocabulary
from publisher.language.wanted import LONGEST, Wanted, phrase
from publisher.language.words import fold

DATA = Path(__file__).parent / "data" / "search"


def table(name: str) -> list[list[str]]:
    """The rows of a table without its head and its reasons."""
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        return [row[:3] for row in list(csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]]


FITS, MATCHES = table("fit.tsv"), table("matches.tsv")


@pytest.mark.parametrize(("wanted", "word", "how"), FITS)
def test_words_are_compared_as_german_words(wanted: str, word: str, how: str) -> None:
    vocabulary = Vocabulary([f"{wanted} {word}"])
    expected = getattr(levels, how, 0)
    assert vocabulary.fit(fold(wanted), fold(word)) == expected
    assert vocabulary.fitting(fold(wanted)).get(fold(word), 0) == expected, "found by its letters as well"


@pytest.mark.parametrize(("words", "text", "fits"), MATCHES)
def test_a_text_fits_or_not(words: str, text: str, fits: str) -> None:
    wanted = Wanted.parse(words)
    assert wanted.fits(text, Vocabulary([text])) == (fits == "yes")
    assert wanted.fits(text, Vocabulary()) == (fits == "yes"), "whether its words are known or not"


def test_names_of_places_are_no_compounds() -> None:
    vocabulary = Vocabulary(["Kirchen und Burgen"], names=["Gelsenkirchen", "Altenburg"])
    assert vocabulary.fitting("kirche") == {"kirchen": levels.EXACT}
    assert vocabulary.fitting("gelsen") == {"gelsenkirchen": levels.START}


def test_short_words_are_found_in_compounds_of_known_words() -> None:
    assert Vocabulary(["Jugendamt", "Jugend"]).fitting("amt") == {"jugendamt": levels.INSIDE}
    assert Vocabulary(["Jugendamt"]).fitting("amt") == {}


def test_a_compound_is_taken_apart_where_its_parts_are_known() -> None:
    vocabulary = Vocabulary(["Sprache lernen in Kursen"])
    assert vocabulary.halves("sprachkurs") == ("sprach", "kurs")
    assert vocabulary.halves("quastenflosser") is None
    # A longer compound with both halves fits as well.
    assert vocabulary.fit("sprachkurs", "sprachintensivkurse") == levels.INSIDE


@pytest.mark.parametrize(
    ("mistyped", "meant"),
    [
        ("sprahce", ("sprache",)),
        ("intergration", ("integration",)),
        ("ehrenmat", ("ehrenamt",)),
        ("integratonsbeaufragte", ("integrationsbeauftragte",)),
        ("ohr", ()),
        ("quastenflosser", ()),
    ],
)
def test_the_nearest_word_is_meant(mistyped: str, meant: tuple[str, ...]) -> None:
    counts = dict.fromkeys(["sprache", "integration", "ehrenamt", "integrationsbeauftragte", "ort"], 1)
    assert Slips(counts).meant(mistyped) == meant


def test_of_equally_near_words_the_more_used_is_meant() -> None:
    assert Slips({"haus": 1, "maus": 5, "laus": 2}).meant("baus") == ("maus", "laus", "haus")


@pytest.mark.parametrize(
    ("one", "other", "far"), [("", "", 0), ("ab", "ba", 1), ("abc", "abc", 0), ("abc", "ac", 1), ("abc", "xyz", 3)]
)
def test_distance_counts_slips(one: str, other: str, far: int) -> None:
    assert distance(one, other) == distance(other, one) == far


def test_a_long_passage_is_cut_around_the_hit() -> None:
    text = "Anfang " * 60 + "Treffer " + "Ende " * 60
    number, pieces = mark(["Ende", text], ["treffer"], Vocabulary([text]))
    whole = "".join(piece for piece, _ in pieces)
    assert number == 1 and ("Treffer", True) in pieces
    assert len(whole) < 300 and whole.startswith("… ") and whole.endswith(" …")


def test_the_text_with_most_of_the_words_is_shown() -> None:
    texts = ["Arbeit, Arbeit, Arbeit", "Arbeit und Wohnen"]
    number, pieces = mark(texts, ["arbeit", "wohnen"], Vocabulary(texts))
    assert number == 1 and [piece for piece, found in pieces if found] == ["Arbeit", "Wohnen"]


def test_what_a_shortened_word_stands_for_is_marked() -> None:
    text = "Integrations- und Migrationspolitik"
    _, pieces = mark([text], ["integrationspolitik"], Vocabulary([text]))
    assert [piece for piece, found in pieces if found] == ["Integrations"]


def test_a_query_of_any_length_is_looked_at_up_to_a_limit() -> None:
    assert len(Wanted.parse("wort " * 1000).words) == 1
    assert Wanted.parse("a" * 10_000).words == ("a" * LONGEST,)
    assert len(Wanted.parse(" ".join(f"wort{number}" for number in range(100))).words) == 12


def test_phrases_have_one_spelling() -> None:
    assert phrase("Bürger, STRASSE – vor-Ort!") == phrase("buerger straße vor ort")
