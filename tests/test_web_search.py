"""The search page: what is found, filtered, counted, paged and taken along, and what is said when little is found."""

import csv
import io
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from web_client import Client, Structure

from publisher.core.settings import Settings
from publisher.core.terms import GRAPH, SKOS
from publisher.endpoint.functions import with_functions
from publisher.graph.sources import Sources, read_graph
from publisher.graph.store import Dataset
from publisher.language.wanted import Wanted
from publisher.release.manifest import Manifest
from publisher.release.reader import Release
from publisher.views import search_help
from publisher.views.search import FEW, PAGE, Request, search
from publisher.views.search_index import BETWEEN, Index
from publisher.views.site import Site
from publisher.web.app import create_app

DATA = Path(__file__).parent / "data" / "search"
FOUND = {
    "12071": "kreis/12071",
    "Spree-Neiße": "kreis/12071",
    "spree neisse": "kreis/12071",
    "Flensburg": "kreis/01001",
    "Niedersachsen": "land/03",
    "Erwachsenenbildung": "feld/F02.3",
    "buergerschaftliches": "feld/F14",
    "Öffnung Unternehmen": "kreis/12071/1/ziel-04",
    "Umgang mit Konflikten": "kreis/12071/1/feld-03",
    "Behördenwegweiser": "kreis/03357",
    "Integrationspolitik": "kreis/03457/1/aufgabe-03",
    "Leitlinien für eine sozial gerechte Integrationspolitik": "kreis/12061/1",
    "„lebenden Personen mit Migrationshintergrund“": "kreis/03457/1/aussage-12",
}
QUERIES = (
    "Ehrenamt",
    "Arbeit",
    "der",
    "„vor Ort“ Integration",
    "Sprache Bildung",
    "Ausländerfeindlichkeit",
    "Leer",
    "Kurs",
)


@pytest.fixture(scope="module")
def index(site: Site) -> Index:
    return site.once(Index.of)


@pytest.fixture(scope="module")
def client(site: Site) -> Client:
    return Client(create_app(site))


@pytest.fixture(scope="module")
def endpoint(site: Site, index: Index) -> Dataset:
    """The data with the functions that the endpoint knows."""
    return with_functions(site.dataset, index.vocabulary)


def text(client: Client, path: str, status: int = 200) -> str:
    """The visible text of the page at ``path``."""
    answer = client.ask(path)
    assert answer.status_code == status, path
    return " ".join(Structure(answer.text).text.split())


def state(href: str) -> dict[str, str]:
    """The parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(href).query).items()}


@pytest.mark.parametrize(("query", "name"), FOUND.items())
def test_it_finds(site: Site, index: Index, query: str, name: str) -> None:
    assert any(entry.iri.startswith(site.id(name)) for entry in search(index, Request(query)).hits())


def test_all_words_must_fit(index: Index) -> None:
    assert search(index, Request("Wohnen xyzzy")).total == 0
    assert search(index, Request("")).total == search(index, Request("  ?! ")).total == 0


def test_what_is_called_so_comes_first(site: Site, index: Index) -> None:
    first = next(search(index, Request("sprache UND bildung")).hits())
    assert first.iri == site.id("kreis/03357/1/feld-02")
    kinds = [kind for kind, _ in search(index, Request("Integrationslotsen")).kinds()]
    assert kinds[:3] == [site.id("feld"), site.ns("Measure"), site.ns("VolunteerProgramme")]


def test_a_word_as_typed_comes_before_longer_ones(index: Index) -> None:
    found = [entry.texts for entry in search(index, Request("Arbeit", kind="")).hits()]
    whole = [any(re.search(r"\b(?:arbeit(?:en|et)?|arbeits)\b", text, re.I) for text in texts) for texts in found]
    groups = [group for group in search(index, Request("Arbeit")).groups() if len(group.hits) > 1]
    assert any(whole) and groups
    for group in groups:
        fits = [any(re.search(r"\barbeit(?:en|et|s)?\b", text, re.I) for text in hit.entry.texts) for hit in group.hits]
        assert fits == sorted(fits, reverse=True)


def test_no_word_is_the_one_between_texts() -> None:
    assert Wanted.parse(BETWEEN).words == ("_",)


def test_the_county_filter_leaves_one_county(site: Site, index: Index) -> None:
    county = site.id("kreis/12071")
    found = list(search(index, Request("Wohnen", county=county)).hits())
    assert found and {entry.county for entry in found} == {county}


def test_the_field_filter_takes_narrower_fields_along(site: Site, index: Index) -> None:
    whole, part = (search(index, Request("Bildung", field=site.id(name))) for name in ("feld/F02", "feld/F02.4"))
    assert {entry.iri for entry in part.hits()} < {entry.iri for entry in whole.hits()}
    assert site.id("kreis/03357/1/ziel-04") in {entry.iri for entry in part.hits()}
    assert part.total == search(index, Request("Bildung", field=site.id("feld/F02"))).by_field()[site.id("feld/F02.4")]


def test_every_number_is_what_following_it_gives(index: Index) -> None:
    found = search(index, Request("Integration"))
    assert sum(number for _, number in found.kinds()) == found.total == len(list(found.hits()))
    for iri, number in found.by_county().items():
        assert search(index, Request("Integration", county=iri)).total == number
    for iri, number in found.by_field().items():
        assert search(index, Request("Integration", field=iri)).total == number


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize(
    "within",
    [
        {},
        {"kreis": "03457"},
        {"feld": "F14"},
        {"kreis": "12071", "feld": "F14"},
        {"art": "Aussage"},
        {"art": "Begriff", "feld": "F03"},
        {"art": "Gemeinsame Handlungsfelder"},
        {"art": "Verwaltung", "kreis": "07334"},
    ],
)
def test_the_number_of_hits_is_that_of_the_query_it_links_to(
    client: Client, site: Site, endpoint: Dataset, query: str, within: dict[str, str]
) -> None:
    answer = client.ask(str(site and f"/suche?q={query}&" + "&".join(f"{k}={v}" for k, v in within.items())))
    page = Structure(answer.text)
    said = re.search(r"(\d+) Treffer für", " ".join(page.text.split()))
    links = [link for link in page.links if link.startswith("/sparql?query=")]
    assert said and links
    assert len(endpoint.select(state(links[0])["query"])) == int(said[1])


def test_the_pages_of_a_kind_hold_all_hits_once(client: Client, site: Site, index: Index) -> None:
    found = search(index, Request("Integration"))
    expected = dict(found.kinds())[site.ns("Statement")]
    assert expected > PAGE
    seen: list[str] = []
    for number in range(1, expected // PAGE + 2):
        page = Structure(client.ask(f"/suche?q=Integration&art=Aussage&seite={number}").text)
        seen += [link for link in page.links if link.startswith("/doc/kreis/") and "aussage" in link]
        following = {state(link).get("seite") for link in page.links if link.startswith("/suche?")}
        assert (str(number + 1) in following) == (len(seen) < expected)
    assert len(seen) == len(set(seen)) == expected


@pytest.mark.parametrize("page", ["99", "0", "-1", "zwei", "²"])
def test_a_page_that_there_is_not_is_an_error(client: Client, page: str) -> None:
    assert page in text(client, f"/suche?q=Integration&art=Aussage&seite={page}", 400)


def test_links_keep_the_state_of_the_page(client: Client) -> None:
    page = Structure(client.ask("/suche?q=Integration&kreis=12071&feld=F10").text)
    links = [state(link) for link in page.links if link.startswith("/suche?") and "art=" in link]
    assert links
    for found in links:
        assert {"q": "Integration", "kreis": "12071", "feld": "F10"}.items() <= found.items()


def test_a_few_of_each_kind_lead_to_all(client: Client, site: Site, index: Index) -> None:
    page = client.ask("/suche?q=Integration").text
    many = {kind: number for kind, number in search(index, Request("Integration")).kinds() if number > FEW}
    assert many
    for kind, number in many.items():
        name = site.label(kind, "de").value.replace(" ", "+")
        assert f"art={name}" in page and f"Alle {number} Treffer zeigen" in page


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/suche", "Wonach suchen Sie?"),
        ("/suche", "So finden Sie etwas"),
        ("/suche?kreis=12071", "So finden Sie etwas"),
        ("/suche?q=Arbeit", "Treffer für „Arbeit“"),
        ("/suche?q=xyzzy", "Nichts gefunden"),
        ("/en/suche?q=xyzzy", "Nothing found"),
        ("/suche?q=%3Cscript%3E", "<script>"),
        ("/suche?q=Wohnen&kreis=12071", "Treffer für „Wohnen“ (nur Landkreis Spree-Neiße)"),
        ("/suche?q=Wohnen&kreis=neisse", "Treffer für „Wohnen“ (nur Landkreis Spree-Neiße)"),
        ("/suche?q=Wohnen&feld=F04", "nur Feld Wohnen und Unterbringung"),
        ("/suche?q=Wohnen&kreis=Rosenheim", "Welchen Kreis meinen Sie mit „Rosenheim“?"),
        ("/suche?q=Sprahce", "Meinten Sie „Sprache“?"),
        ("/en/suche?q=Sprahce", "Did you mean “Sprache”?"),
        ("/suche?q=Wohnen xyzzy", "Einzeln: Wohnen (12), xyzzy (0)"),
        ("/suche?q=Caritas&kreis=03357", "Ohne Eingrenzung gibt es"),
        ("/suche?q=Wohnen Spree-Neiße", "Gezeigt wird „Wohnen“ nur im Landkreis Spree-Neiße. (4)"),
        ("/suche?q=Integration Leer", "Oder genauer: „Integration“ nur im Landkreis Leer"),
        ("/suche?q=Ziele Ehrenamt", "„Ehrenamt“ nur unter Ziele"),
        ("/suche?q=Sprachbildung", "Gezeigt wird, was die Teile „Sprach Bildung“ enthält"),
        ("/suche?q=Sprache", "Verwandte Suchwörter: Sprachförderung (1), Sprachmittlung (2)"),
    ],
)
def test_the_page_says_how_it_went(client: Client, path: str, words: str) -> None:
    answer = client.ask(path)
    assert answer.status_code == 200
    assert words in " ".join(Structure(answer.text).text.split())
    assert "<script" not in answer.text


@pytest.mark.parametrize("wrong", ["kreis=99999", "feld=F99", "art=Unfug"])
def test_what_there_is_not_is_named(client: Client, wrong: str) -> None:
    assert wrong.partition("=")[2] in text(client, f"/suche?q=Arbeit&{wrong}", 400)


def test_what_was_meant_is_shown_but_not_counted_as_found(client: Client) -> None:
    found = text(client, "/suche?q=Sprahce")
    assert "0 Treffer für „Sprahce“" in found
    assert "Bereitstellung von Sprach- und Sprachmittlerangeboten" in found


def test_proposals_find_something(site: Site, index: Index) -> None:
    for query in ("Sprahce", "Intergration", "Ehrenmat Landkreis", "Sprachbildung", "Qastenflosser"):
        for meant in search_help.instead(index, Request(query)):
            assert meant.total == search(index, meant.request).total > 0


def test_no_county_is_read_out_of_a_query_that_is_nothing_else(site: Site, index: Index) -> None:
    assert search_help.narrower(site, index, Request("Spree-Neiße")) is None
    assert search_help.narrower(site, index, Request("Ziele")) is None


def test_hits_are_marked_and_german_in_english_pages(client: Client) -> None:
    page = client.ask("/en/suche?q=Sprachmittler").text
    assert "<mark>Sprachmittlerangeboten</mark>" in page
    assert re.search(r'<a href="/en/doc/kreis/12071/1/ziel-02.html" lang="de">', page)
    assert '<p lang="de"><mark>Sprachmittlung</mark> und Übersetzung</p>' in page


def test_the_hits_can_be_taken_along(client: Client, site: Site, index: Index) -> None:
    answer = client.ask("/suche.csv?q=Wohnen&kreis=12071&trenner=komma")
    head, *rows = csv.reader(io.StringIO(answer.text))
    assert head == ["Art", "Landkreis", "Schlüssel", "Text", "Adresse"]
    found = list(search(index, Request("Wohnen", county=site.id("kreis/12071"))).hits())
    assert [row[4] for row in rows[: len(found)]] == [entry.iri for entry in found]
    assert {row[1] for row in rows[: len(found)]} == {"Landkreis Spree-Neiße"}
    assert client.ask("/suche.csv?q=Wohnen&kreis=Rosenheim").status_code == 400


def test_what_a_superseded_version_says_comes_last_and_says_so(
    site: Site, sources: Sources, settings: Settings, tmp_path: Path
) -> None:
    old, new = (f"kreis/12071/{number}/ziel-01" for number in (1, 2))
    quads = list(read_graph([DATA / "superseded.ttl"], GRAPH + "12071"))
    manifest = Manifest("2026-01-01-test", "2026-01-01", site.base, len(quads))
    other = Site.of(Release(tmp_path, manifest, Dataset.of(quads, site.base)), sources, settings)
    found = list(search(Index.of(other), Request("Wohnraum")).hits())
    assert [entry.iri for entry in found] == [site.id(new), site.id(old)]
    assert [entry.superseded for entry in found] == [False, True]
    page = Client(create_app(other)).ask("/suche?q=Wohnraum").text
    assert page.count("aus einer abgelösten Fassung") == 1


def test_only_fields_of_ours_are_offered_as_related(site: Site, index: Index) -> None:
    found = search_help.related(site, search(index, Request("Gesundheit")), "de")
    assert found and found.field == site.id("feld/F06")
    assert search_help.related(site, search(index, Request("Steuerungsgruppe")), "de") is None
    assert index.kind(SKOS + "Concept")
