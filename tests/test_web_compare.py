"""The comparison, the fields and the data: the states of a cell, the twins, what a wrong address is told."""

import csv
import io
import re
from collections import Counter, defaultdict
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
import rdflib
from pyoxigraph import NamedNode
from web_client import INLINE, Client, Structure

from publisher.core.terms import NS, SKOS
from publisher.release.reader import Release
from publisher.views.compare import CHOICES, ROWS, Comparison, Request, comparison
from publisher.views.passages import passages
from publisher.views.site import Site
from publisher.views.topics import fields
from publisher.web.app import create_app

SPREE_NEISSE, ROTENBURG, GERMERSHEIM, LEER, DAHME_SPREEWALD = "12071", "03357", "07334", "03457", "12061"
ODER_SPREE = "12067"
FIVE = (SPREE_NEISSE, ROTENBURG, GERMERSHEIM, LEER, DAHME_SPREEWALD)

STATES = {
    ("F03", SPREE_NEISSE): "texts",
    ("F03", ROTENBURG): "texts",
    ("F03", GERMERSHEIM): "named",
    ("F03", DAHME_SPREEWALD): "silent",
    ("F03", LEER): "no_concept",
    ("F07", LEER): "no_concept",
    ("F11", SPREE_NEISSE): "texts",
    ("F15", ROTENBURG): "silent",
    ("F03", ODER_SPREE): "not_covered",
}
PAGES = {
    "/vergleich": "Zahlen sind keine Bewertung",
    "/vergleich?kreis=12071,12067": "noch nicht erfasst",
    "/vergleich?kreis=12071,07334&zeilen=themen": "1 Querschnittsthema",
    "/vergleich?kreis=12071,07334&zeilen=zielgruppen": "Frauen",
    "/vergleich?kreis=12061&zeilen=akteure": "Kirchen",
    "/vergleich?kreis=12061&zeilen=gruende": "Herkunft",
    "/vergleich?kreis=12071,03357&zeilen=dokumente": "zur Kenntnis genommen",
    "/vergleich?kreis=12071&auf=F01": "Sprachmittlung und Übersetzung",
    "/vergleich?kreis=München": "Landkreis München",
    "/vergleich?kreis=Quastenflosser": "Kein Kreis heißt „Quastenflosser“",
    "/vergleich?kreis=12071&nachbarn=1": "5 Nachbarkreise sind noch nicht erfasst",
    "/vergleich?ebene=2": "Beschäftigung und Arbeitsmarkt",
    "/felder": "Behördenzusammenarbeit Interkulturelle Öffnung",
    "/doc/feld/F01.html": "Spracherwerb und Sprachförderung",
    "/doc/feld/F03.1.html": "Gehört zu",
    "/doc/feld/F15.html": "Keine der Quellen sagt zu diesem Feld etwas",
    "/daten": "SHA-256",
    "/methode": "wörtliche Zitate",
}


@pytest.fixture(scope="module")
def client(site: Site) -> Client:
    return Client(create_app(site))


@pytest.fixture(scope="module")
def whole(site: Site) -> Comparison:
    return comparison(site, Request((*FIVE, ODER_SPREE)))


@pytest.mark.parametrize(("place", "state"), STATES.items())
def test_a_cell_says_which_kind_of_silence_it_is(whole: Comparison, place: tuple[str, str], state: str) -> None:
    line = next(line for line in whole.lines if line.topic.notation == place[0])
    assert next(cell.state for cell in line.cells if cell.column.ags == place[1]) == state


def test_there_is_never_a_bare_zero(whole: Comparison) -> None:
    cells = [cell for line in whole.lines for cell in line.cells]
    assert all((cell.state == "texts") <= (cell.total > 0) for cell in cells)
    assert len(whole.lines) == 16


def test_a_narrower_line_never_counts_more_than_its_field(site: Site) -> None:
    lines = comparison(site, Request(FIVE, narrower=True)).lines
    tops = {line.topic.notation: line for line in lines if not line.depth}
    for line in lines:
        top = tops[line.topic.notation.partition(".")[0]]
        assert all(cell.total <= above.total for cell, above in zip(line.cells, top.cells, strict=True))


def test_every_text_shown_has_a_quotation(site: Site) -> None:
    counties = [site.id(f"kreis/{ags}") for ags in FIVE]
    found = passages(site, counties, fields(site))
    assert all(found[county] for county in counties)
    for text in (text for county in counties for text in found[county]):
        assert text.quotations, text.iri
        assert text.placements, text.iri


def test_only_six_counties_stand_side_by_side(site: Site) -> None:
    asked = Request((*FIVE, "01001", "01002"))
    found = comparison(site, asked)
    assert len(found.columns) == 6 and [column.ags for column in found.dropped] == ["01002"]


@pytest.mark.parametrize(("path", "words"), PAGES.items())
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_page_says_what_it_must(client: Client, path: str, words: str, prefix: str) -> None:
    answer = client.ask(prefix + path)
    page = Structure(answer.text)
    assert answer.status_code == 200
    assert prefix or words in " ".join(page.text.split())
    assert page.tags.count("h1") == 1 and len(page.ids) == len(set(page.ids))
    assert not INLINE.search(answer.text)


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("/vergleich?kreis=99999", "99999"),
        ("/vergleich?zeilen=fische", "fische"),
        ("/vergleich?ebene=3", "3"),
        ("/vergleich.csv?kreis=99999", "99999"),
    ],
)
def test_a_wrong_value_is_named(client: Client, path: str, named: str) -> None:
    answer = client.ask(path)
    assert answer.status_code == 400
    assert named in answer.text and "Möglich ist" in answer.text


@pytest.mark.parametrize(
    ("written", "short"),
    [
        ("kreis=12071&kreis=Leer&kreis=", "kreis=12071,03457"),
        ("kreis=Landkreis+Leer&zeilen=zielgruppen", "kreis=03457&zeilen=zielgruppen"),
        ("kreis=Leer&nachbarn=1", "kreis=03457&nachbarn=1"),
    ],
)
def test_names_lead_to_a_short_address_with_keys(client: Client, written: str, short: str) -> None:
    answer = client.ask(f"/vergleich?{written}")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/vergleich?{short}"
    assert client.ask(answer.headers["location"]).status_code == 200


@pytest.mark.parametrize("rows", ROWS)
def test_every_number_is_a_row_of_the_query_it_links_to(client: Client, site: Site, rows: str) -> None:
    """The text of the linked query, run as a visitor would, gives the numbers that the page shows."""
    address = f"/vergleich?kreis={','.join(FIVE)}&zeilen={rows}&ebene=2"
    page = client.ask(address).text
    found = site.dataset.select(_linked_query(page, "/sparql?query="))
    expected = {(row["topic"].value, row["county"].value, row["kind"].value): int(row["texts"].value) for row in found}
    counted = {site.ns(name) for name in ROWS[rows].counted}
    shown = comparison(site, Request(FIVE, rows, narrower=True))
    for line in shown.lines:
        for cell in line.cells:
            theirs = {k: n for (t, c, k), n in expected.items() if (t, c) == (line.topic.iri, cell.column.iri)}
            assert dict(cell.counts) == ({k: n for k, n in theirs.items() if k in counted})
            assert cell.mentions == sum(theirs.values()) - cell.total
    totals = [int(number) for number in re.findall(r"<strong>(\d+)</strong>", page)]
    assert totals == [cell.total for line in shown.lines for cell in line.cells if cell.state == "texts"]
    assert totals


def _linked_query(page: str, start: str) -> str:
    link = next(link for link in Structure(page).links if link.startswith(start))
    return parse_qs(urlsplit(link).query)["query"][0]


def test_cells_count_what_the_texts_say(site: Site) -> None:
    """The derived cells against a count of the mapped texts themselves, walked through statement by statement."""
    cells = {
        (row["county"].value, row["topic"].value, row["kind"].value): int(row["texts"].value)
        for row in site.select("pages/compare_cells", county=None, scheme=(site.id("feld"),))
    }
    counted = Counter(
        (county, topic, kind)
        for county, texts in _texts(site).items()
        for text in texts
        for topic in _topics(site, text)
        for kind in site.dataset.types(text)
        if kind.startswith(site.base)
    )
    assert dict(counted) == cells


def _values(site: Site, thing: str, *names: str) -> list[str]:
    return [term.value for name in names for term in site.dataset.objects(thing, NS + name)]


def _texts(site: Site) -> dict[str, list[str]]:
    """County → its texts, of the versions that count."""
    versions = {
        version: county
        for county in (site.id(f"kreis/{ags}") for ags in FIVE)
        for version in _values(site, county, "comparedVersion")
    }
    found: dict[str, list[str]] = defaultdict(list)
    for quad in site.dataset.store.quads_for_pattern(None, NamedNode(site.ns("version")), None, None):
        if quad.object.value in versions:
            found[versions[quad.object.value]].append(quad.subject.value)
    return found


def _topics(site: Site, text: str) -> set[str]:
    """The common fields of a text, by its own mappings, else by those of the field, theme or principle it is in."""
    places = [text]
    if not _values(site, text, "mapping"):
        owners = {
            q.subject.value
            for q in site.dataset.store.quads_for_pattern(None, NamedNode(site.ns("hasStatement")), NamedNode(text))
        }
        holding = {site.ns(name) for name in ("FieldOfAction", "CrossCuttingTheme", "GuidingPrinciple")}
        around = owners | set(_values(site, text, "inField", "partOfField", "about"))
        places = [place for place in around if holding & set(site.dataset.types(place))]
    direct = {
        topic for place in places for m in _values(site, place, "mapping") for topic in _values(site, m, "toConcept")
    }
    return direct | {term.value for topic in direct for term in site.dataset.objects(topic, SKOS + "broader")}


def test_the_csv_opens_in_german_excel(client: Client) -> None:
    answer = client.ask("/vergleich.csv?kreis=12071,03357,03457")
    text = answer.content.decode("utf-8")
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:]), delimiter=";"))
    assert rows[0][2:] == ["Spree-Neiße (12071)", "Rotenburg (Wümme) (03357)", "Leer (03457)"]
    assert rows[1][2:] == ["Kurzfassung", "Auszug", "Serviceseite"]
    assert [row[0] for row in rows[2:18]] == [f"F{number:02}" for number in range(1, 17)]
    assert {row[4] for row in rows[2:18]} == {"kein Konzept"}


def test_the_csv_for_programs_has_commas_and_no_mark(client: Client) -> None:
    answer = client.ask("/vergleich.csv?kreis=12071,03357&trenner=komma")
    assert answer.content[:3] != b"\xef\xbb\xbf"
    assert next(csv.reader(io.StringIO(answer.text)))[2:] == ["Spree-Neiße (12071)", "Rotenburg (Wümme) (03357)"]
    assert client.ask("/vergleich.csv?kreis=12071&trenner=punkt").status_code == 400


@pytest.mark.parametrize("rows", CHOICES)
def test_the_workbook_says_what_the_page_says(client: Client, site: Site, rows: str) -> None:
    asked = f"kreis={','.join((*FIVE, ODER_SPREE))}&zeilen={rows}"
    answer = client.ask(f"/vergleich.xlsx?{asked}")
    assert answer.headers["content-disposition"] == 'attachment; filename="vergleich.xlsx"'
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet, about = book.worksheets[0], book.worksheets[-1]
    assert sheet.freeze_panes and sheet.page_setup.orientation == "landscape" and sheet.page_setup.paperSize == 9
    assert all(sheet.column_dimensions[letter].width > 8 for letter in "ABC")
    cells = {(row[0].value, cell.column): str(cell.value) for row in sheet.iter_rows(min_row=2) for cell in row[1:]}
    found = comparison(site, Request((*FIVE, ODER_SPREE), rows))
    for line in found.lines:
        for place, cell in enumerate(line.cells, 3):
            written = cells[line.topic.notation, place]
            assert (written.partition(" ")[0] == str(cell.total)) == (cell.state == "texts")
    assert any(str(cell.value).endswith(f"/vergleich?{asked}") for cell in about["B"]) or rows == "felder"
    assert client.ask(f"/vergleich.xlsx?{asked}").content == answer.content, "the same request gives the same bytes"


def test_the_json_ld_describes_the_cells(client: Client, site: Site) -> None:
    graph = rdflib.Graph().parse(data=client.ask("/vergleich.jsonld?kreis=12071").text, format="json-ld")
    counts = {int(count) for count in graph.objects(None, rdflib.URIRef(site.ns("textCount")))}
    shown = comparison(site, Request((SPREE_NEISSE,)))
    assert {n for line in shown.lines for cell in line.cells for _, n in cell.counts} <= counts


def test_a_silent_document_is_silent_and_an_unrecorded_one_unknown(client: Client) -> None:
    rows = list(
        csv.reader(io.StringIO(client.ask("/vergleich.csv?kreis=12061,12067&zeilen=dokumente").text[1:]), delimiter=";")
    )
    date = next(row for row in rows if row[0] == "Datum")
    assert date[1:] == ["in der Quelle nicht angegeben", "noch nicht erfasst"]


def test_a_field_answers_as_a_thing(client: Client) -> None:
    answer = client.ask("/id/feld/F01", accept="text/html")
    assert answer.status_code == 303 and answer.headers["location"].endswith("/doc/feld/F01.html")


def test_every_dump_of_the_manifest_is_listed(client: Client, release: Release) -> None:
    links = Structure(client.ask("/daten").text).links
    dumps = {"/" + file.path for file in release.manifest.files if file.path.startswith(("dumps/", "validation/"))}
    assert dumps <= set(links)
    assert client.ask("/validation/report.html").status_code == 200
    assert client.ask("/validation/nix.html").status_code == 404


def test_the_report_keeps_its_look_under_the_policy(client: Client) -> None:
    policy = client.ask("/validation/report.html").headers["content-security-policy"]
    assert "'sha256-" in policy and "unsafe-inline" not in policy


def test_the_method_counts_what_the_data_hold(client: Client, site: Site) -> None:
    text = " ".join(Structure(client.ask("/methode").text).text.split())
    number = re.search(r"([\d.]+) wörtliche Zitate", text)
    assert number is not None
    rows = site.select("pages/method_sources")
    assert int(number[1].replace(".", "")) == sum(int(row["quotations"].value) for row in rows)
