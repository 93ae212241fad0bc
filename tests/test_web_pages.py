"""The pages: each answers in both languages, stands in the frame, and says what it must."""

import re
from pathlib import Path

import pytest
from markupsafe import Markup
from web_client import Client, Structure

from publisher.core.settings import Settings
from publisher.views.site import Site
from publisher.web import texts
from publisher.web.app import create_app
from publisher.web.filters import clip, written_date
from publisher.web.frame import Frame

OWN = {
    "/": "Was Landkreise in ihren Integrationskonzepten schreiben",
    "/kreise": "400 Landkreise",
    "/kreise?land=12&konzept=ja": "2 Einträge",
    "/ns.html": "ic:Goal",
    "/uebersicht": "Vokabular",
    "/doc/kreis/12071.html": "111.130",
    "/doc/kreis/01001.html": "Dieser Kreis ist noch nicht erfasst.",
    "/doc/kreis/12071/konzept.html": "Was die Quelle enthält",
    "/doc/kreis/12071/1.html": "zur Kenntnis genommen",
    "/doc/kreis/03357/1.html": "Ausbildung und Arbeit",
    "/doc/kreis/07334/2.html": "Querschnittsthemen",
    "/doc/kreis/12071/1/quelle.html": "Text mit allem, was daraus übernommen ist",
    "/doc/kreis/12071/1/feld-01.html": "Name aus anderer Quelle",
    "/doc/kreis/12071/1/ziel-01.html": "in der Quelle nicht angegeben",
    "/doc/kreis/03357/1/ziel-02.html": "Empfehlungen und Maßnahmen zu diesem Ziel",
    "/doc/kreis/12061/1/leitlinie-01.html": "ausgeführt durch Aussage",
    "/doc/kreis/07334/gremium-steuerungsgruppe.html": "Aufgaben",
    "/doc/kreis/03457/1/massnahme-01.html": "richtet ein",
    "/doc/kreis/12071/1/beschluss-01.html": "April 2018",
    **{f"/{name}": "" for name in texts.NAMES},
}


@pytest.fixture(scope="module")
def client(site: Site) -> Client:
    return Client(create_app(site))


@pytest.mark.parametrize(("path", "words"), OWN.items())
def test_the_page_says_what_it_must(client: Client, path: str, words: str) -> None:
    answer = client.ask(path)
    assert answer.status_code == 200
    assert words in " ".join(Structure(answer.text).text.split())


@pytest.fixture(scope="module")
def menu(site: Site) -> list[str]:
    """The addresses of the main menu and of the foot."""
    entries = Frame.of(site).environments["de"].get_template("_navigation.html").module
    return [path for path, *_ in (*entries.navigation, *entries.footer)]  # type: ignore[attr-defined]


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("path", OWN)
def test_the_page_stands_in_the_frame(client: Client, menu: list[str], path: str, prefix: str) -> None:
    html = client.ask(prefix + path).text
    page = Structure(html)
    assert f'<html lang="{prefix[1:] or "de"}">' in html
    assert page.tags.count("h1") == 1 and page.tags.count("main") == 1
    assert len(page.ids) == len(set(page.ids))
    assert " style=" not in html and "<script" not in html
    assert {prefix + target for target in menu} <= set(page.links)
    assert "Stand der Daten" in page.text or "Date of the data" in page.text
    assert path == "/" or " – " in page.title


def test_the_language_switch_stays_on_the_page(client: Client) -> None:
    assert "/en/kreise?land=12" in Structure(client.ask("/kreise?land=12").text).links
    assert "/kreise?land=12" in Structure(client.ask("/en/kreise?land=12").text).links


def test_all_400_counties_are_listed(client: Client) -> None:
    links = Structure(client.ask("/kreise").text).links
    assert len({link for link in links if re.fullmatch(r"/doc/kreis/\d{5}\.html", link)}) == 400


def test_my_county_leads_to_its_page(client: Client) -> None:
    assert client.ask("/kreis?kreis=12071").headers["location"] == "/doc/kreis/12071.html"
    assert client.ask("/en/kreis?kreis=12071").headers["location"] == "/en/doc/kreis/12071.html"


@pytest.mark.parametrize("path", ["/kreise?land=99", "/kreise?konzept=vielleicht"])
def test_a_wrong_filter_is_named(client: Client, path: str) -> None:
    answer = client.ask(path)
    assert answer.status_code == 400
    assert path.rpartition("=")[2] in Structure(answer.text).text


def test_every_quotation_leads_to_its_line(client: Client) -> None:
    links = Structure(client.ask("/doc/kreis/12071/1/ziel-01.html").text).links
    target = next(link for link in links if "#z" in link)
    path, _, anchor = target.partition("#")
    assert anchor in Structure(client.ask(path).text).ids


def test_each_page_links_its_queries(client: Client) -> None:
    for path in ("/", "/kreise", "/doc/kreis/12071.html", "/doc/kreis/12071/1.html"):
        queries = [link for link in Structure(client.ask(path).text).links if link.endswith(".rq")]
        assert queries
        assert all(client.ask(query).status_code == 200 for query in queries)


def test_quotations_stay_german_on_english_pages(client: Client) -> None:
    html = client.ask("/en/doc/kreis/12071/1/ziel-01.html").text
    assert '<blockquote lang="de"' in html
    assert '<h1 class="kern-heading-large" lang="de">' in html


def test_duty_pages_show_their_gaps_and_the_operators_words(tmp_path: Path, settings: Settings) -> None:
    assert texts.load(settings, "impressum", "de").gaps > 0
    assert any("impressum" in line for line in texts.warnings(settings))
    (tmp_path / "de").mkdir()
    (tmp_path / "de" / "impressum.md").write_text("# Impressum\n\nKreis <b>X</b>\n", encoding="utf-8")
    own = texts.load(settings.model_copy(update={"texts": tmp_path}), "impressum", "de")
    assert own.own and own.gaps == 0
    assert "&lt;b&gt;" in own.body


def test_operator_and_contact_fill_their_gaps(settings: Settings) -> None:
    filled = settings.model_copy(update={"operator": "Kreis X", "contact": "a@b.example"})
    before, after = texts.load(settings, "impressum", "de"), texts.load(filled, "impressum", "de")
    assert after.gaps == before.gaps - 2
    assert "Kreis X" in after.body


DATES = [
    ("2022-05-15", "de", "15. Mai 2022"),
    ("2022-05-15", "en", "May 15, 2022"),
    ("2018-04", "de", "April 2018"),
    ("2016", "de", "2016"),
    ("bald", "de", "bald"),
]


@pytest.mark.parametrize(("value", "language", "written"), DATES)
def test_a_date_is_no_more_precise_than_it_is(value: str, language: str, written: str) -> None:
    assert written_date(value, language) == written


def test_long_names_are_cut_at_a_word() -> None:
    assert clip("Zugang zu Bildung sichern", 12) == "Zugang zu …"
    assert clip("kurz") == "kurz"
    assert clip(Markup("Feste &amp; Feiern"), 14) == "Feste & Feiern"
    assert clip(Markup("Feste &amp; Feiern"), 8) == "Feste & …"
