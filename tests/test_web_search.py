"""The search: German word forms, umlauts, compounds, filters, and what is said when nothing is found."""

import pytest
from web_client import Client, Structure

from publisher.core.settings import Settings
from publisher.graph.sources import Sources
from publisher.language import marks
from publisher.language import words as german
from publisher.release.reader import Release
from publisher.views.search import Index
from publisher.views.site import Site
from publisher.web.app import create_app

ALIKE = [
    ("Bürger", "buerger", german.EXACT),
    ("BÜRGER", "Bürger", german.EXACT),
    ("Häuser", "Haus", german.EXACT),
    ("Ziele", "Ziel", german.EXACT),
    ("Arbeit", "Arbeitsmarkt", german.START),
    ("Arbeit", "Migrationsarbeit", german.INSIDE),
    ("Straße", "STRASSE", german.EXACT),
    ("Bürger", "Burgenlandkreis", 0),
    ("Ort", "Sport", 0),
    ("neue", "nun", 0),
    ("xyzzy", "Arbeit", 0),
]
FOUND = {
    "12071": "kreis/12071",
    "Spree-Neiße": "kreis/12071",
    "spree neisse": "kreis/12071",
    "Flensburg": "kreis/01001",
    "Erwachsenenbildung": "feld/F02.3",
    "buergerschaftliches": "feld/F14",
    "Öffnung Unternehmen": "kreis/12071/1/ziel-04",
    "Umgang mit Konflikten": "kreis/12071/1/feld-03",
    "Behördenwegweiser": "kreis/03357",
}


@pytest.fixture(scope="module")
def site(release: Release, sources: Sources, settings: Settings) -> Site:
    return Site.of(release, sources, settings)


@pytest.fixture(scope="module")
def index(site: Site) -> Index:
    return Index.of(site)


@pytest.fixture(scope="module")
def client(site: Site) -> Client:
    return Client(create_app(site))


@pytest.mark.parametrize(("wanted", "word", "score"), ALIKE)
def test_words_are_compared_as_german_words(wanted: str, word: str, score: int) -> None:
    assert german.likeness(german.fold(wanted), german.fold(word)) == score


@pytest.mark.parametrize(("query", "name"), FOUND.items())
def test_it_finds(site: Site, index: Index, query: str, name: str) -> None:
    hits = [hit.entry.iri for group in index.search(query) for hit in group.hits]
    assert any(iri.startswith(site.id(name)) for iri in hits)


def test_all_words_must_fit(index: Index) -> None:
    assert index.search("Wohnen xyzzy") == ()
    assert index.search("") == index.search("  ?! ") == ()


def test_the_hit_is_marked(index: Index) -> None:
    hit = next(hit for group in index.search("Arbeit") for hit in group.hits)
    assert any(found and "rbeit" in piece for piece, found in hit.passage)


def test_a_long_passage_is_cut_around_the_hit() -> None:
    text = "Anfang " * 60 + "Treffer " + "Ende " * 60
    pieces = marks.mark([text], ["treffer"])
    whole = "".join(piece for piece, _ in pieces)
    assert ("Treffer", True) in pieces
    assert len(whole) < 300 and whole.startswith("… ") and whole.endswith(" …")


def test_the_county_filter_leaves_one_county(site: Site, index: Index) -> None:
    county = site.id("kreis/12071")
    counties = {hit.entry.county for group in index.search("Wohnen", county) for hit in group.hits}
    assert counties == {county}


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/suche", "Wonach suchen Sie?"),
        ("/suche?q=Arbeit", "Treffer für „Arbeit“"),
        ("/suche?q=xyzzy", "Nichts gefunden"),
        ("/en/suche?q=xyzzy", "Nothing found"),
        ("/suche?q=%3Cscript%3E", "<script>"),
        ("/suche?q=Wohnen&kreis=12071", "Treffer für „Wohnen“"),
    ],
)
def test_the_page_says_how_it_went(client: Client, path: str, words: str) -> None:
    answer = client.ask(path)
    assert answer.status_code == 200
    assert words in " ".join(Structure(answer.text).text.split())
    assert "<script" not in answer.text


def test_an_unknown_county_is_named(client: Client) -> None:
    answer = client.ask("/suche?q=Arbeit&kreis=99999")
    assert answer.status_code == 400 and "99999" in answer.text
