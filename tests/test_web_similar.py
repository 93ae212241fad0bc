"""Similar texts on the page of a text: of other counties, with their place and the reason, marked as computed."""

import html
import re

import pytest
from web_client import Client, Structure

from publisher.core.terms import COUNTY, NS
from publisher.views.similar import SHOWN, marked, similar
from publisher.views.site import Site
from publisher.web.app import create_app

HONOURED = "/doc/kreis/03357/1/ziel-05.html"
MANY = "12071/1/ziel-12"
ALONE = "/doc/kreis/03357/1/ziel-03.html"


@pytest.fixture(scope="module")
def client(site: Site) -> Client:
    return Client(create_app(site))


def _section(client: Client, path: str) -> str:
    """The section as HTML."""
    page = client.ask(path).text
    return page[page.index('aria-labelledby="aehnlich"') : page.index('class="rdf"')]


@pytest.mark.parametrize(
    ("prefix", "heading", "computed"),
    [
        ("", "Ähnliche Texte in anderen Landkreisen", "keine Quelle sagt, dass diese Texte zusammengehören"),
        ("/en", "Similar texts in other counties", "no source says that these texts belong together"),
    ],
)
def test_the_page_shows_similar_texts_and_says_that_they_are_computed(
    client: Client, prefix: str, heading: str, computed: str
) -> None:
    section = _section(client, prefix + HONOURED)
    text = " ".join(Structure(section).text.split())
    assert heading in text and computed in text
    assert "ehrenamtliche Integrationslotsen" in text
    assert f"{prefix}/methode#aehnlichkeit" in Structure(section).links


def test_each_text_stands_with_its_county_its_line_and_the_reason(client: Client) -> None:
    for item in re.findall(
        r'<article class="alike">.*?</article>', _section(client, f"/doc/kreis/{MANY}.html"), re.DOTALL
    ):
        links = Structure(item).links
        county = next(link for link in links if re.fullmatch(r"/doc/kreis/\d{5}\.html", link))
        assert "12071" not in county
        document, _, line = next(link for link in links if "#z" in link).partition("#z")
        text = html.unescape(re.sub(r"<[^>]+>", "", re.search(r"<blockquote.*?</blockquote>", item, re.DOTALL)[0]))  # type: ignore[index]
        page = Structure(client.ask(document).text)
        assert f"z{line}" in page.ids
        assert text in " ".join(page.text.split())
        assert "Gemeinsame" in item


def test_the_page_shows_what_the_query_gives(site: Site) -> None:
    iri = COUNTY + MANY
    found = similar(site, iri)
    rows = site.select("pages/similar", iri=iri)
    assert len(found.first) == SHOWN
    assert [one.iri for one in (*found.first, *found.others)] == list(dict.fromkeys(row["other"].value for row in rows))
    scores = [float(row["score"].value) for row in rows]
    assert scores == sorted(scores, reverse=True)
    for one in found.first:
        assert "".join(piece for piece, _ in one.pieces) == site.value(one.iri, "text")
        assert one.quotation is not None


def test_likeness_goes_both_ways(site: Site) -> None:
    for one in (*similar(site, COUNTY + MANY).first, *similar(site, COUNTY + MANY).others):
        back = similar(site, one.iri)
        assert COUNTY + MANY in {other.iri for other in (*back.first, *back.others)}


def test_nothing_similar_is_said_aloud_for_goals_and_left_out_for_others(client: Client) -> None:
    assert "Kein Text eines anderen Landkreises ist ähnlich genug." in client.ask(ALONE).text
    assert "aehnlich" not in Structure(client.ask("/doc/kreis/12071/1/feld-01.html").text).ids


def test_the_wording_stays_german(client: Client) -> None:
    section = _section(client, f"/en/doc/kreis/{MANY}.html")
    assert section.count('<blockquote lang="de"') == SHOWN
    assert '<dd lang="de">Ehrenamt</dd>' in section


def test_a_similarity_has_a_page_that_says_what_it_is(client: Client, site: Site) -> None:
    (other, *_) = similar(site, COUNTY + MANY).first
    ends = "/".join(sorted((other.iri.removeprefix(COUNTY), MANY)))
    text = " ".join(Structure(client.ask(f"/doc/aehnlichkeit/{ends}.html").text).text.split())
    assert "keine Aussage einer Quelle" in text
    assert "0,45" in text
    assert "in der Quelle nicht angegeben" not in text
    assert "Ähnlichkeit von Texten, Verfahren 1" in text


def test_documents_of_a_text_hold_no_likeness(client: Client) -> None:
    answer = client.ask(f"/doc/kreis/{MANY}.nt")
    assert answer.status_code == 200
    assert f"{NS}score" not in answer.text and "aehnlichkeit" not in answer.text


def test_the_method_page_explains_it(client: Client) -> None:
    for prefix in ("", "/en"):
        page = Structure(client.ask(f"{prefix}/methode").text)
        assert "aehnlichkeit" in page.ids
        (method,) = (link for link in page.links if "verfahren/aehnlichkeit" in link)
        assert client.ask(method).status_code == 200


@pytest.mark.parametrize(
    ("text", "shared", "found"),
    [
        ("Das Ehrenamt stärken", ["Ehrenamt"], ["Ehrenamt"]),
        ("Ehrenamtliche und Vereine", ["Ehrenamt", "Verein"], ["Ehrenamtliche", "Vereine"]),
        ("Sprachmittlerangebote (neu)", ["Sprachmittlung"], ["Sprachmittlerangebote"]),
        ("Ohne Anteil", [], []),
        ("", ["Wort"], []),
    ],
)
def test_shared_words_are_marked_in_every_form(text: str, shared: list[str], found: list[str]) -> None:
    pieces = marked(text, shared)
    assert "".join(piece for piece, _ in pieces) == text
    assert [piece for piece, is_shared in pieces if is_shared] == found
