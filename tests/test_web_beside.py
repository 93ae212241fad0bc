"""Texts side by side: nothing is left out, each stands once, silence has its reason, files say what the page says."""

import csv
import io
import re
from collections.abc import Iterable
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
import rdflib
from openpyxl.worksheet.worksheet import Worksheet
from web_client import Client, Structure

from publisher.release.reader import Release
from publisher.views import compare, topics
from publisher.views.beside import MOST, Beside, Request, beside
from publisher.views.passages import Passage
from publisher.views.site import Site
from publisher.web.app import create_app

SPREE_NEISSE, ROTENBURG, GERMERSHEIM, LEER, DAHME_SPREEWALD = "12071", "03357", "07334", "03457", "12061"
ODER_SPREE = "12067"
FIVE = (SPREE_NEISSE, ROTENBURG, GERMERSHEIM, LEER, DAHME_SPREEWALD)
ASKED = f"kreis={','.join(FIVE)}"
TOPICS = [
    *((topics.FIELDS, name) for name in ("F01", "F03.1", "F08", "F09", "F12", "F15")),
    *((topics.GROUPS, name) for name in ("Volunteers", "PeopleWithMigrationBackground")),
    (topics.ACTORS, "Churches"),
    (topics.GROUNDS, "GroundOrigin"),
]
PAGES = {
    "/gegenueber": "Wählen Sie ein Thema und Landkreise",
    "/gegenueber?feld=F01": "In den Quellen von 4 von 5 erfassten Landkreisen steht etwas dazu",
    "/gegenueber?feld=F15.1": "Keine der ausgewerteten Quellen sagt etwas dazu",
    "/gegenueber?kreis=12071,03357&feld=F03": "Gewinnung und Öffnung von Unternehmen",
    "/gegenueber?kreis=12061&feld=F03": "liegt im Volltext vor und sagt dazu nichts",
    "/gegenueber?kreis=03357&feld=F11": "Sie zeigt aber nur einen Teil",
    "/gegenueber?kreis=03457&feld=F09": "Diese Texte stehen auf einer Serviceseite",
    "/gegenueber?kreis=03457&feld=F15": "auch sie sagt dazu nichts",
    "/gegenueber?kreis=12067&feld=F03": "Noch nicht erfasst",
    "/gegenueber?kreis=12071,03357&feld=F01": "So heißt das Feld in den Dokumenten",
    "/gegenueber?kreis=03357,03457&feld=F09": "Gemeinsam: Koordination und Netzwerke",
    "/gegenueber?kreis=03357&feld=F03": "Feld laut Quelle:",
    "/gegenueber?kreis=12071&feld=F03": "Feld von der Redaktion erschlossen:",
    "/gegenueber?kreis=07334&feld=F01": "Zielgruppe im Wortlaut: „Frauen“",
    "/gegenueber?kreis=12061&akteur=Churches": "„Kirchen“",
    "/gegenueber?kreis=12071&kreis=Karlsruhe&feld=F03": "Welcher Kreis ist mit „Karlsruhe“ gemeint?",
}


@pytest.fixture(scope="module")
def client(site: Site) -> Client:
    return Client(create_app(site))


def shown(found: Beside) -> list[Passage]:
    """Every text that the page shows, as often as it shows it."""
    rows = [text for row in found.rows for text in row.texts]
    groups = [text for group in found.groups for texts in group.cells for text in texts]
    return [*(text for names in found.names for text in names), *rows, *groups]


def linked(page: str, number: int = 0) -> str:
    """The text of the query that the page links, the ``number``-th one."""
    links = [link for link in Structure(page).links if link.startswith("/sparql?query=")]
    return parse_qs(urlsplit(links[number]).query)["query"][0]


@pytest.mark.parametrize(("path", "words"), PAGES.items())
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_page_says_what_it_must(client: Client, path: str, words: str, prefix: str) -> None:
    answer = client.ask(prefix + path)
    page = Structure(answer.text)
    assert answer.status_code == 200
    assert prefix or words in " ".join(page.text.split())
    assert page.tags.count("h1") == 1 and len(page.ids) == len(set(page.ids))
    assert " style=" not in answer.text and "<script" not in answer.text


@pytest.mark.parametrize(("dimension", "notation"), TOPICS, ids=[name for _, name in TOPICS])
def test_every_text_of_the_topic_stands_there_once_with_its_proof(
    client: Client, site: Site, dimension: topics.Dimension, notation: str
) -> None:
    """Read back from the query that the page links, run as a visitor would."""
    page = client.ask(f"/gegenueber?{ASKED}&{dimension.parameter}={notation}").text
    rows = site.dataset.select(linked(page))
    texts = {(row["county"].value, row["element"].value) for row in rows}
    found = beside(site, Request(FIVE, dimension, notation))
    assert sorted((text.county, text.iri) for text in shown(found)) == sorted(texts)
    assert all(text.quotations for text in shown(found))
    assert page.count('<article class="said">') == len(texts)
    counts = [int(number) for number in re.findall(r'class="column-count">(\d+) ', page)]
    assert counts == [share.total for share in found.shares if share.total]
    for share in found.shares:
        assert share.total == share.shown == len({text for county, text in texts if county == share.column.iri})


@pytest.mark.parametrize(("dimension", "notation"), TOPICS, ids=[name for _, name in TOPICS])
def test_the_texts_are_those_that_the_matrix_counts(site: Site, dimension: topics.Dimension, notation: str) -> None:
    found = beside(site, Request(FIVE, dimension, notation))
    whole = compare.comparison(site, compare.Request(FIVE, dimension.key, narrower=True))
    line = next(line for line in whole.lines if line.topic.notation == notation)
    assert [share.total for share in found.shares] == [cell.total + cell.mentions for cell in line.cells]


def test_every_quotation_shown_is_the_one_of_the_source(client: Client, site: Site, release: Release) -> None:
    page = client.ask(f"/gegenueber?{ASKED}&feld=F09").text
    places = re.findall(
        r'<blockquote lang="de" cite="[^"]*/kreis/(\d+)/[^"]*">(.*?)</blockquote>\s*<figcaption><a href="[^"]*#z(\d+)"',
        page,
        re.DOTALL,
    )
    assert len(places) >= 30
    for ags, html, line in places:
        document = [" ".join(text.split()) for text in release.document(ags, "source-1.txt").splitlines()]
        first_words = " ".join(Structure(html).text.split())[:12]
        assert first_words in document[int(line) - 1].replace("*", "").replace("#", ""), (ags, line, first_words)


def test_what_only_shares_the_field_does_not_stand_in_one_row(site: Site) -> None:
    for dimension, notation in TOPICS:
        found = beside(site, Request(FIVE, dimension, notation))
        for row in found.rows:
            assert len(row.texts) > 1 and len({text.county for text in row.texts}) == len(row.texts)
            fields = found.topic.concepts if found.topic else frozenset()
            for text in row.texts:
                reasons = [reason for reason in row.reasons if text in reason.texts]
                assert any(reason.words or set(reason.concepts) - fields for reason in reasons)


def test_the_closest_texts_stand_in_one_row(client: Client, site: Site) -> None:
    found = beside(site, Request((ROTENBURG, LEER), topic="F09"))
    texts = {text.label.value for text in found.rows[0].texts}
    assert "Koordinierungsstelle Migration und Teilhabe" in texts and len(texts) == 2
    assert {"Koordinierungsstelle", "Migration", "Teilhabe"} <= set(found.rows[0].words)
    page = client.ask("/gegenueber?kreis=03357,03457&feld=F09").text
    assert "die Wörter" in page and 'class="differing"' in page


def test_differences_can_be_heard_and_are_folded_unless_asked_for(client: Client) -> None:
    folded = client.ask("/gegenueber?kreis=03357,03457&feld=F09").text
    opened = client.ask("/gegenueber?kreis=03357,03457&feld=F09&unterschied=1").text
    assert '<details class="why" open>' in opened and '<details class="why" open>' not in folded
    first = re.search(r"<del>(.*?)</del>", opened)
    assert first and "nur Rotenburg (Wümme): " in first[1] and "sr-only" in first[1]


def test_more_texts_than_fit_are_counted_and_all_in_the_workbook(site: Site) -> None:
    request = Request(FIVE, topic="F09")
    whole, some = beside(site, request), beside(site, request, room=12)
    assert len(shown(some)) <= 12 < len(shown(whole))
    assert [share.total for share in some.shares] == [share.total for share in whole.shares]
    assert sum(share.shown for share in some.shares) == len(shown(some))
    assert some.texts == whole.texts
    places = [[text in texts for texts in whole.texts].index(True) for text in shown(some)]
    assert [places.count(at) for at in range(5)] == [share.shown for share in some.shares]


def test_texts_of_one_kind_can_be_asked_for(client: Client, site: Site) -> None:
    found = beside(site, Request(FIVE, topic="F09", kind="Goal"))
    assert {text.kind for text in shown(found)} == {site.ns("Goal")}
    assert sum(share.wanted for share in found.shares) == dict(found.kinds)[site.ns("Goal")]
    page = " ".join(Structure(client.ask(f"/gegenueber?{ASKED}&feld=F09&art=Goal").text).text.split())
    assert "4 von 7 Texten" in page


def test_only_so_many_counties_fit(client: Client, site: Site) -> None:
    found = beside(site, Request((*FIVE, "01001"), topic="F01"))
    assert len(found.columns) == MOST and [column.ags for column in found.dropped] == ["01001"]
    assert "Nicht gezeigt: Flensburg" in client.ask(f"/gegenueber?{ASKED},01001&feld=F01").text


@pytest.mark.parametrize(
    ("asked", "status", "target"),
    [
        ("/vergleich?kreis=12071&kreis=03357&feld=F03", 308, "/gegenueber?kreis=12071,03357&feld=F03"),
        ("/en/vergleich?kreis=12071,03357&feld=F03", 308, "/en/gegenueber?kreis=12071,03357&feld=F03"),
        ("/vergleich?feld=F03", 308, "/gegenueber?feld=F03"),
        ("/gegenueber?kreis=12071,03357&thema=Women&art=", 303, "/gegenueber?kreis=12071,03357&gruppe=Women"),
        ("/gegenueber?kreis=12071&thema=F03.1&art=Goal", 303, "/gegenueber?kreis=12071&feld=F03.1&art=Goal"),
        ("/gegenueber?kreis=12071&kreis=Leer&kreis=&feld=F03", 303, "/gegenueber?kreis=12071,03457&feld=F03"),
    ],
)
def test_old_and_long_addresses_lead_to_the_short_one(client: Client, asked: str, status: int, target: str) -> None:
    answer = client.ask(asked)
    assert (answer.status_code, answer.headers["location"]) == (status, target)
    assert client.ask(target).status_code == 200


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("/gegenueber?kreis=99999&feld=F01", "99999"),
        ("/gegenueber?kreis=12071&feld=F99", "F99"),
        ("/gegenueber?kreis=12071&gruppe=F01", "F01"),
        ("/gegenueber?kreis=12071&thema=Fische", "Fische"),
        ("/gegenueber?kreis=12071&feld=F01&art=Fische", "Fische"),
        ("/gegenueber?kreis=12071&feld=F01&unterschied=2", "2"),
        ("/gegenueber.csv?kreis=12071&feld=F99", "F99"),
    ],
)
def test_a_wrong_value_is_named(client: Client, path: str, named: str) -> None:
    answer = client.ask(path)
    assert answer.status_code == 400 and named in answer.text and "Möglich ist" in answer.text


def test_a_cell_of_the_matrix_leads_to_its_texts(client: Client) -> None:
    page = Structure(client.ask("/vergleich?kreis=12071,03357").text)
    targets = [link for link in page.links if link.startswith("/gegenueber") and "#kreis-03357" in link]
    assert targets
    for target in targets[:5]:
        assert "kreis-03357" in Structure(client.ask(target.partition("#")[0]).text).ids


def test_the_way_leads_through_the_topics_to_the_matrix_and_the_gaps(client: Client) -> None:
    links = Structure(client.ask("/gegenueber?kreis=12071,03357&feld=F02").text).links
    for target in (
        "/gegenueber?kreis=12071,03357&feld=F01",
        "/gegenueber?kreis=12071,03357&feld=F03",
        "/gegenueber?kreis=12071,03357&feld=F02.1",
        "/vergleich?kreis=12071,03357#thema-F02",
        "/luecken?kreis=12071&mit=03357",
    ):
        assert target in links


def test_the_workbook_holds_every_text_with_its_proof(client: Client, site: Site) -> None:
    answer = client.ask(f"/gegenueber.xlsx?{ASKED}&feld=F09")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Tabelle", "Gegenüberstellung", "Alle Texte", "Quelle und Hinweise"]
    assert all(sheet.freeze_panes and sheet.page_setup.orientation == "landscape" for sheet in book)
    found = beside(site, Request(FIVE, topic="F09"))
    rows = table(book["Alle Texte"])
    assert {row["Dauerhafte Adresse"] for row in rows} == {text.iri for texts in found.texts for text in texts}
    known = {text.iri: text for texts in found.texts for text in texts}
    for row in rows:
        text = known[row["Dauerhafte Adresse"]]
        assert row["Wortlaut"] == text.label.value
        assert (row["Zeile"], row["Zitat"].strip("„“")) in [(q.line, q.exact) for q in text.quotations]
        assert row["Begründung der Redaktion"] or row["Zugeordnet"] == "steht so in der Quelle"
    links = [cell.hyperlink.target for row in book["Alle Texte"].iter_rows() for cell in row if cell.hyperlink]
    assert set(links) == set(known)
    matrix = {row["Nummer"]: row for row in table(book["Tabelle"]) if row["Nummer"]}
    assert set(matrix) == {"F09", "F09.1", "F09.2", "F09.3"}
    said = " ".join(str(cell.value) for row in book["Gegenüberstellung"].iter_rows() for cell in row if cell.value)
    assert all(text.label.value in said for text in shown(found))


@pytest.mark.parametrize("rows", compare.ROWS)
def test_the_workbook_of_the_matrix_holds_the_texts_that_it_counts(client: Client, site: Site, rows: str) -> None:
    answer = client.ask(f"/vergleich.xlsx?{ASKED}&zeilen={rows}")
    found = compare.comparison(site, compare.Request(FIVE, rows))
    texts = table(openpyxl.load_workbook(io.BytesIO(answer.content))["Alle Texte"])
    for line in found.lines:
        names = {str(site.label(iri, "de")) for iri in line.topic.concepts}
        for cell in line.cells:
            listed = {
                row["Dauerhafte Adresse"]
                for row in texts
                if row["Schlüssel"] == cell.column.ags and row["Thema"] in names
            }
            assert len(listed) == cell.total + cell.mentions


def table(sheet: Worksheet) -> list[dict[str, str]]:
    """The rows of a sheet by the names of their columns."""
    head, *rows = sheet.iter_rows(values_only=True)
    width = sum(value is not None for value in head)
    return [
        dict(zip(head, row, strict=True)) for row in rows if sum(value is not None for value in row) > 2 or width < 3
    ]  # type: ignore[arg-type]


def test_the_texts_come_as_csv_and_as_rdf(client: Client, site: Site) -> None:
    answer = client.ask("/gegenueber.csv?kreis=12071&feld=F03&tabelle=3")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert {row["Zeile"] for row in rows} == {"58", "60"}
    assert {row["Art"] for row in rows} == {"Handlungsfeld", "Ziel"}
    graph = rdflib.Graph().parse(data=client.ask("/gegenueber.jsonld?kreis=12071&feld=F03").text, format="json-ld")
    wording = {str(value) for value in graph.objects(None, rdflib.URIRef(site.ns("text")))}
    assert wording >= {row["Wortlaut"] for row in rows if row["Art"] == "Ziel"}


def test_every_linked_query_runs_and_gives_rows(client: Client, site: Site) -> None:
    page = client.ask(f"/gegenueber?{ASKED}&feld=F12").text
    queries: Iterable[str] = {
        parse_qs(urlsplit(link).query)["query"][0]
        for link in Structure(page).links
        if link.startswith("/sparql?query=")
    }
    assert len(list(queries)) >= 5
    assert all(site.dataset.select(query) for query in queries)
