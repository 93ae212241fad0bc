"""The comparison, the fields and the data: the states of a cell, the twins, what a wrong address is told."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract
from web_client import Client, Structure

from publisher.core.settings import Settings
from publisher.graph.sources import Sources
from publisher.release.reader import Release
from publisher.views.compare import Comparison, Request, comparison
from publisher.views.passages import passages
from publisher.views.site import Site
from publisher.web.app import create_app
from publisher.web.locale import FOLDER

SPREE_NEISSE, ROTENBURG, GERMERSHEIM, LEER, DAHME_SPREEWALD = "12071", "03357", "07334", "03457", "12061"
ODER_SPREE = "12067"
FIVE = (SPREE_NEISSE, ROTENBURG, GERMERSHEIM, LEER, DAHME_SPREEWALD)
TEMPLATES = ("compare", "_compare", "fields", "field", "search", "data", "method")

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
    "/vergleich?kreis=12071&kreis=03357&feld=F03": "Gewinnung und Öffnung von Unternehmen",
    "/vergleich?kreis=12061&feld=F03": "liegt im Volltext vor und sagt zu diesem Feld nichts",
    "/vergleich?kreis=03457&feld=F03": "stammen von einer Serviceseite",
    "/vergleich?kreis=12067&feld=F03": "Noch nicht erfasst",
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
def site(release: Release, sources: Sources, settings: Settings) -> Site:
    return Site.of(release, sources, settings)


@pytest.fixture(scope="module")
def client(site: Site) -> Client:
    return Client(create_app(site))


@pytest.fixture(scope="module")
def whole(site: Site) -> Comparison:
    return comparison(site, Request((*FIVE, ODER_SPREE)))


@pytest.mark.parametrize(("place", "state"), STATES.items())
def test_a_cell_says_which_kind_of_silence_it_is(whole: Comparison, place: tuple[str, str], state: str) -> None:
    line = next(line for line in whole.lines if line.field.notation == place[0])
    assert next(cell.state for cell in line.cells if cell.column.ags == place[1]) == state


def test_there_is_never_a_bare_zero(whole: Comparison) -> None:
    cells = [cell for line in whole.lines for cell in line.cells]
    assert all((cell.state == "texts") <= (cell.total > 0) for cell in cells)
    assert len(whole.lines) == 16


def test_a_narrower_line_never_counts_more_than_its_field(site: Site) -> None:
    lines = comparison(site, Request(FIVE, narrower=True)).lines
    tops = {line.field.notation: line for line in lines if not line.depth}
    for line in lines:
        top = tops[line.field.notation.partition(".")[0]]
        assert all(cell.total <= above.total for cell, above in zip(line.cells, top.cells, strict=True))


def test_every_text_shown_has_a_quotation(site: Site) -> None:
    for ags in FIVE:
        for text in passages(site, site.id(f"kreis/{ags}")):
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
    assert " style=" not in answer.text and "<script" not in answer.text


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("/vergleich?kreis=99999", "99999"),
        ("/vergleich?kreis=Leer", "Leer"),
        ("/vergleich?feld=F99", "F99"),
        ("/vergleich?ebene=3", "3"),
        ("/vergleich.csv?kreis=99999", "99999"),
    ],
)
def test_a_wrong_value_is_named(client: Client, path: str, named: str) -> None:
    answer = client.ask(path)
    assert answer.status_code == 400
    assert named in answer.text and "Möglich ist" in answer.text


def test_links_of_a_cell_lead_to_its_texts(client: Client) -> None:
    page = Structure(client.ask("/vergleich?kreis=12071&kreis=03357").text)
    target = next(link for link in page.links if "feld=F03" in link and link.endswith("#kreis-03357"))
    assert "kreis-03357" in Structure(client.ask(target.partition("#")[0]).text).ids


def test_the_csv_opens_in_german_excel(client: Client) -> None:
    answer = client.ask("/vergleich.csv?kreis=12071&kreis=03357&kreis=03457")
    text = answer.content.decode("utf-8")
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:]), delimiter=";"))
    assert rows[0][2:] == ["Spree-Neiße (12071)", "Rotenburg (Wümme) (03357)", "Leer (03457)"]
    assert rows[1][2:] == ["Kurzfassung", "Auszug", "Serviceseite"]
    assert [row[0] for row in rows[2:18]] == [f"F{number:02}" for number in range(1, 17)]
    assert {row[4] for row in rows[2:18]} == {"kein Konzept"}


def test_the_twins_say_what_the_page_says(client: Client, whole: Comparison) -> None:
    query = "?" + "&".join(f"kreis={ags}" for ags in (*FIVE, ODER_SPREE))
    body = json.loads(client.ask(f"/vergleich.json{query}").text)
    seen = [[(cell["state"], cell["total"]) for cell in field["cells"]] for field in body["fields"]]
    assert seen == [[(cell.state, cell.total) for cell in line.cells] for line in whole.lines]


def test_the_texts_of_a_field_come_as_rows_too(client: Client) -> None:
    text = client.ask("/vergleich.csv?kreis=12071&feld=F03").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert {row["Zeile"] for row in rows} == {"58", "60"}
    assert {row["Art"] for row in rows} == {"Handlungsfeld", "Ziel"}


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


def test_every_text_of_these_pages_has_an_english_one() -> None:
    known = set()
    for path in FOLDER.glob("en*.po"):
        with path.open("rb") as stream:
            known |= {entry.id if isinstance(entry.id, str) else entry.id[0] for entry in read_po(stream)}
    options = {"trimmed": "true", "newstyle_gettext": "true", "extensions": "jinja2.ext.i18n"}
    for name in TEMPLATES:
        template = Path(FOLDER.parent / "templates" / f"{name}.html")
        with template.open("rb") as stream:
            for line, _, message, _ in babel_extract(stream, ["_", "gettext", "ngettext"], [], options):
                if message is None:  # a text chosen by a variable; its own test is where it comes from
                    continue
                first = message if isinstance(message, str) else message[0]
                assert first in known, f"{template.name}:{line}: {first}"
