"""Ten tasks of a new visitor from the start page to the answer: no scripts, no mouse, few steps."""

import re
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
import walk_steps
from browser_keys import Keys
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from playwright.sync_api import Browser, Page
from walk_steps import WORDS, Walk

from publisher.core.settings import Settings

pytest_plugins = ["browser_fixtures"]
pytestmark = pytest.mark.browser

LANGUAGES = tuple(WORDS)
COLUMNS = ["Dahme-Spreewald", "Spree-Neiße", "Leer", "Rotenburg (Wümme)", "Germersheim"]

ROLES = {
    "/": ("Leitlinie", "Handlungsfeld", "Querschnittsthema", "genannt", "kein Konzept"),
    "/en/": ("principle", "field of action", "cross-cutting theme", "named", "no concept"),
}


@pytest.fixture
def walk(plain_page: Page, request: pytest.FixtureRequest) -> Walk:
    """A visitor in the language of the test, in German where it names none."""
    return Walk(Keys(plain_page), WORDS[getattr(request, "param", "de")])


in_both_languages = pytest.mark.parametrize("walk", LANGUAGES, indirect=True)


@in_both_languages
def test_my_county_and_its_neighbours(walk: Walk) -> None:
    found = walk_steps.neighbours(walk)
    assert [line.partition(":")[0].partition(" (")[0].removeprefix("Landkreis ") for line in found] == [
        *("Cottbus", "Bautzen", "Dahme-Spreewald", "Görlitz", "Oberspreewald-Lausitz", "Oder-Spree")
    ]
    with_concept = [line for line in found if walk.words.concept in line]
    assert [line.partition(":")[0] for line in with_concept] == ["Landkreis Dahme-Spreewald"]
    assert len(walk.steps) == 1


def test_what_rotenburg_says_on_education_and_spree_neisse_does_not(walk: Walk) -> None:
    found = "\n".join(walk_steps.only_rotenburg_on_education(walk))
    assert re.search(r"F02\.2 Schule: Rotenburg \(Wümme\): Entwicklung Vorgehensweise bei Schulabsentismus", found)
    assert re.search(r"F02\.4 .*: Rotenburg \(Wümme\): Eingewanderte werden in ihrer Elternrolle gestärkt", found)
    # The source of Spree-Neiße is a summary: its silence is shown as open, not as a no.
    assert "offen: Quelle ist nur Kurzfassung" in walk.page.locator("[id='thema-F02.2']").inner_text()
    assert len(walk.steps) == 2


@in_both_languages
def test_who_coordinates_in_leer_with_what_tasks(walk: Walk) -> None:
    found = dict(line.split(": ", 1) for line in walk_steps.coordination_in_leer(walk))
    assert list(found)[:2] == ["Integrationsbeauftragte", "Koordinierungsstelle Migration und Teilhabe"]
    tasks = found["Koordinierungsstelle Migration und Teilhabe"].split(" · ")
    assert tasks[:2] == [
        "Bestandsaufnahme und Analyse",
        "Bündelung, Koordination und Organisation kommunaler Integrationsaufgaben",
    ]
    assert len(walk.steps) == 2


@in_both_languages
def test_statements_on_volunteers_in_five_counties_side_by_side(walk: Walk) -> None:
    found = walk_steps.volunteers_side_by_side(walk)
    assert walk_steps.column_heads(walk.page) == COLUMNS
    assert {line.partition(":")[0] for line in found} == set(COLUMNS)
    for said in (
        "Germersheim: Ehrenamt",
        "Leer: Integrationslotsen",
        "Rotenburg (Wümme): Das Ehrenamt im Landkreis wird gestärkt.",
        "Spree-Neiße: Ehrenamtliche Initiativen und Netzwerke für Migranten im Landkreis informieren, "
        "unterstützen und stärken",
        "Dahme-Spreewald: Engagement und Vernetzung unterstützen",
    ):
        assert said in found
    assert len(walk.steps) == 2


@in_both_languages
def test_which_counties_name_antidiscrimination_as_field_theme_or_principle(walk: Walk) -> None:
    found = dict(line.split(": ", 1) for line in walk_steps.antidiscrimination_as(walk))
    principle, field, theme, named, no_concept = ROLES[walk.words.start]
    assert found["Dahme-Spreewald"].endswith(f"1 {principle}")
    assert found["Germersheim"].endswith(f"1 {field}, 1 {theme}")
    assert found["Spree-Neiße"].startswith("–")
    assert found["Leer"].startswith(no_concept)
    assert found["Rotenburg (Wümme)"].startswith(named)
    assert len(walk.steps) == 3


def test_what_is_not_known_about_germersheim_and_why(walk: Walk) -> None:
    found = walk_steps.unknown_about_germersheim(walk)
    assert any(
        re.match(r"Ziel – Auszug – 1 – Nach der Quelle wurden 2023 Wirkungsziele festgelegt", row) for row in found
    )
    assert any(re.match(r"Maßnahme – nicht enthalten – – – .*zählt aber keine auf", row) for row in found)
    assert any(row.startswith("Handlungsfeld – vollständig – 6") for row in found)
    assert len(walk.steps) == 2


def test_the_comparison_as_excel_workbook(walk: Walk, tmp_path: Path) -> None:
    path = walk_steps.workbook(walk, tmp_path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Tabelle", "Alle Texte", "Quelle und Hinweise"]
    for sheet, frozen in zip(book, ("C3", "C2", "B2"), strict=True):
        _ready_to_print(sheet)
        assert sheet.freeze_panes == frozen
    assert [str(cell.value).partition(" (")[0] for cell in book["Tabelle"][1]][2:] == [
        name.partition(" (")[0] for name in COLUMNS
    ]
    _quotes(book, path)
    assert len(walk.steps) == 2


def _ready_to_print(sheet: Worksheet) -> None:
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.print_title_rows
    widths = [column.width for column in sheet.column_dimensions.values()]
    assert widths and all(8 <= width <= 101 for width in widths)


def _quotes(book: Workbook, path: Path) -> None:
    texts = book["Alle Texte"]
    place = {str(cell.value): cell.column - 1 for cell in texts[1]}
    rows = [row for row in texts.iter_rows(min_row=2, values_only=True) if row[place["Schlüssel"]]]
    wanted = "Das Ehrenamt im Landkreis wird gestärkt."
    row = next(row for row in rows if row[place["Wortlaut"]] == wanted)
    address = "https://w3id.org/kreisgraph/id/kreis/03357/1/ziel-05"
    assert (row[place["Landkreis"]], row[place["Dauerhafte Adresse"]]) == ("Rotenburg (Wümme)", address)
    assert wanted in str(row[place["Zitat"]])
    assert all(row[place["Zitat"]] for row in rows)
    with ZipFile(path) as inside:
        assert address in inside.read("xl/worksheets/_rels/sheet2.xml.rels").decode()


def test_the_comparison_printed(walk: Walk) -> None:
    assert _sheets(walk_steps.printed(walk)) == [(842, 595)] * 2
    table = walk.page.locator("table.matrix")
    walk.page.set_viewport_size({"width": 1032, "height": 700})
    walk.page.emulate_media(media="print")
    box = table.bounding_box()
    # A4 across without the margins of 12 mm: the whole table stands on the first sheet.
    assert box and box["y"] + box["height"] <= (210 - 24) / 25.4 * 96
    _source_notes(walk.page)
    assert len(walk.steps) == 2


def test_the_texts_side_by_side_printed(walk: Walk) -> None:
    assert set(_sheets(walk_steps.printed_texts(walk))) == {(842, 595)}
    walk.page.emulate_media(media="print")
    _source_notes(walk.page)
    assert len(walk.steps) == 3


def _sheets(document: bytes) -> list[tuple[int, int]]:
    found = re.findall(rb"/MediaBox ?\[ ?0 0 ([\d.]+) ([\d.]+)", document)
    return [(round(float(width)), round(float(height))) for width, height in found]


def _source_notes(page: Page) -> None:
    note = page.locator(".source-note").inner_text()
    assert "https://w3id.org/kreisgraph/" + page.url.split("/", 3)[3].split("?")[0] in note
    assert "kreis=12061,12071,03457,03357,07334" in note
    assert re.search(r"Stand der Daten: \d", note) and "CC BY 4.0" in note
    assert page.locator(".takeaway").is_hidden()


def test_an_address_that_shows_others_the_same(
    walk: Walk, chromium: Browser, running_site: str, settings: Settings
) -> None:
    address = walk_steps.address_to_send(walk)
    assert address.startswith(settings.base)
    page = chromium.new_context(java_script_enabled=False).new_page()
    page.goto(f"{running_site}/{address.removeprefix(settings.base)}")
    seen = walk_steps.table(page)
    page.context.close()
    assert any("Ehrenamtliche" in row[0] for row in seen)
    assert seen == walk_steps.table(walk.page)
    assert len(walk.steps) == 3


def test_the_query_of_a_table_gives_its_numbers(walk: Walk) -> None:
    walk_steps.query_of_the_table(walk)
    answered = walk_steps.counts(walk.page)
    walk.page.go_back()
    shown = walk_steps.cells(walk.page)
    assert len(shown) == len(COLUMNS) * 16
    for place, (value, kinds) in shown.items():
        counts = answered.get(place, {})
        assert all(counts[kind] == number for kind, number in kinds.items()), place
        assert value.startswith("–") == (not counts) or value.startswith("kein Konzept"), place
    assert sum(len(kinds) for _, kinds in shown.values()) > 20
    assert len(walk.steps) == 2
