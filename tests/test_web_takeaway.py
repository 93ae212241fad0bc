"""Every page on which counties are compared can be taken along, in every form, and each form is what it should be."""

import csv
import io
from urllib.parse import unquote

import openpyxl
import pytest
import rdflib
from web_client import Client, Structure

from publisher.views.site import Site
from publisher.web.app import create_app

PAGES = {
    "/vergleich": "kreis=12071,03357,03457",
    "/vergleich?zeilen": "kreis=12071,03457,12067&zeilen=dokumente",
    "/gegenueber": "kreis=12071,03357,07334&feld=F01",
    "/luecken": "kreis=12071&mit=03357,07334",
    "/karte": "farbe=ziele&feld=F01",
    "/akteure": "kreis=03457,07334",
    "/akteure/aufgaben": "kreis=03457,07334",
    "/suche": "q=Sprache",
}
"""Path → the parameters that fill the page. What follows a question mark in the path tells two examples apart."""
PREFIXES = ("", "/en")
SPARQL, REPORT = "/sparql?query=", "/fehler-melden?eintrag="


@pytest.fixture(scope="module")
def client(site: Site) -> Client:
    return Client(create_app(site))


@pytest.fixture(params=PAGES)
def path(request: pytest.FixtureRequest) -> tuple[str, str]:
    """The path and the parameters of a page."""
    return request.param.partition("?")[0], PAGES[request.param]


@pytest.fixture(params=PREFIXES)
def prefix(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_page_offers_every_form(client: Client, path: tuple[str, str], prefix: str) -> None:
    name, query = path
    answer = client.ask(f"{prefix}{name}?{query}")
    assert answer.status_code == 200
    links = Structure(answer.text).links
    for ending, words in ((".xlsx", ""), (".csv", ""), (".csv", "trenner=komma"), (".jsonld", "")):
        found = [link for link in links if link.startswith(f"{prefix}{name}{ending}?") and words in link]
        assert found, ending
        for link in found:
            assert client.ask(link).status_code == 200, link
    assert any(link.startswith(prefix + SPARQL) for link in links)
    reports = [link for link in links if link.startswith(prefix + REPORT)]
    assert reports and all(unquote(link).startswith(f"{prefix}{REPORT}{prefix}{name}?") for link in reports)
    text = Structure(answer.text).text
    assert f"{prefix}{name}?" in text, "the address to hand on stands there to be read"


def test_the_workbook_is_ready_for_use(client: Client, path: tuple[str, str], prefix: str) -> None:
    answer = client.ask(f"{prefix}{path[0]}.xlsx?{path[1]}")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].endswith('.xlsx"')
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    *tables, about = book.worksheets
    assert tables and len({sheet.title for sheet in book}) == len(book.worksheets)
    for sheet in book:
        assert sheet.freeze_panes
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        assert sheet.page_setup.fitToHeight == 0 and sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows
        assert all(sheet.column_dimensions[cell.column_letter].width > 5 for cell in sheet[1])
        assert len({len(row) for row in sheet.iter_rows()}) == 1
    assert tables[0].max_row > 1
    told = {str(row[0].value): str(row[1].value) for row in about.iter_rows()}
    page = Structure(client.ask(f"{prefix}{path[0]}?{path[1]}").text)
    assert book.properties.title and page.title.startswith(f"{book.properties.title} – ")
    assert book.properties.title in told.values()
    assert any(f"{prefix}{path[0]}?" in value for value in told.values()), "where the page stands"
    assert any("WHERE {" in value for value in told.values()), "the query behind it"
    assert any(len(value) > 100 for value in told.values()), "how to read its numbers"


def test_the_table_opens_in_german_excel_and_elsewhere(client: Client, path: tuple[str, str], prefix: str) -> None:
    name, query = path
    forms = {}
    for separator, sign in (("semikolon", ";"), ("komma", ",")):
        answer = client.ask(f"{prefix}{name}.csv?{query}&trenner={separator}")
        assert answer.status_code == 200 and answer.headers["content-type"] == "text/csv; charset=utf-8"
        text = answer.content.decode("utf-8")
        assert text.startswith("\ufeff") == (separator == "semikolon")
        forms[separator] = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=sign))
        assert len({len(row) for row in forms[separator]}) == 1, "every row has as many cells as the head"
        assert len(forms[separator]) > 1 and len(forms[separator][0]) > 1
    unguarded = [[cell.removeprefix("'") for cell in row] for row in forms["semikolon"]]
    assert unguarded == [[cell.removeprefix("'") for cell in row] for row in forms["komma"]]
    assert client.ask(f"{prefix}{name}.csv?{query}").content.startswith(b"\xef\xbb\xbf")


def test_the_statements_are_there_to_be_read_by_programs(client: Client, path: tuple[str, str], site: Site) -> None:
    answer = client.ask(f"{path[0]}.jsonld?{path[1]}")
    assert answer.headers["content-type"].startswith("application/ld+json")
    graph = rdflib.Graph().parse(data=answer.text, format="json-ld")
    assert len(graph) > 10
    subjects = [str(subject) for subject in graph.subjects(unique=True)]
    assert all(subject.startswith(site.dataset.own("https://w3id.org/kreisgraph/")) for subject in subjects)
