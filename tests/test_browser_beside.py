"""The texts side by side and the gap view by keyboard alone, and how they stand on a phone."""

from dataclasses import dataclass

import pytest
from browser_keys import Keys
from browser_pages import kind
from playwright.sync_api import Page, expect

pytest_plugins = ["browser_fixtures"]
pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 800}
LABELS = "nodes => nodes.map(node => [getComputedStyle(node).display, node.innerText.trim()])"


@dataclass(frozen=True)
class Words:
    """What the things on the way are called in one language."""

    start: str
    topic: str
    show: str
    field: str
    why: str


WORDS = {
    "de": Words("", "Thema", "Anzeigen", "Steuerung, Netzwerk und Zusammenarbeit", "Warum nebeneinander"),
    "en": Words("/en", "Topic", "Show", "Governance, networks and cooperation", "Why side by side"),
}


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS.keys())
def test_from_topic_to_topic_and_to_the_reason_by_keyboard(plain_page: Page, words: Words) -> None:
    keys = Keys(plain_page)
    plain_page.goto(f"{words.start}/gegenueber?kreis=03357,03457&feld=F01")
    keys.to(words.topic)
    keys.choose(words.field)
    keys.follow(words.show)
    expect(plain_page.locator("h1")).to_contain_text(words.field)
    assert plain_page.url.endswith(f"{words.start}/gegenueber?kreis=03357,03457&feld=F09")
    keys.to(words.why)
    details = plain_page.locator("details:has(> summary:focus)")
    assert details.get_attribute("open") is None
    plain_page.keyboard.press("Enter")
    expect(details.locator("li").first).to_be_visible()
    expect(details).to_contain_text("Koordinierungsstelle")


def test_from_my_county_to_a_gap_and_its_texts_by_keyboard(plain_page: Page) -> None:
    keys = Keys(plain_page)
    plain_page.goto("/luecken")
    keys.to("Mein Landkreis")
    plain_page.keyboard.type("spree-neisse")
    keys.to("Rotenburg")
    plain_page.keyboard.press("Space")
    keys.follow("Anzeigen")
    keys.arrives("Was andere ansprechen und Spree-Neiße nicht")
    assert plain_page.url.endswith("/luecken?kreis=12071&mit=03357")
    keys.follow("Alle Texte dazu", "Verwaltung und interkulturelle Öffnung")
    expect(plain_page.locator("h1")).to_contain_text("Verwaltung und interkulturelle Öffnung")
    assert plain_page.url.endswith("/gegenueber?kreis=12071,03357&feld=F08")
    expect(plain_page.locator("#kreis-12071")).to_contain_text("Sie zeigt aber nur einen Teil")
    keys.follow("Was andere ansprechen und Spree-Neiße nicht")
    keys.arrives("Was andere ansprechen und Spree-Neiße nicht")


@pytest.mark.parametrize("name", ["side-by-side", "side-by-side-five"])
def test_on_a_phone_every_text_says_whose_it_is(page: Page, name: str) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(kind(name).path)
    cells = page.locator(".beside td:has(.said):not(.only)")
    assert cells.count() > 5
    for display, text in cells.locator(".said-county").evaluate_all(LABELS):
        assert display == "block" and text
    assert cells.locator(".said-county").count() == cells.count()
    assert not page.locator(".beside .none").filter(visible=True).count(), "an empty cell says nothing on a phone"


def test_the_rows_of_the_table_are_read_in_order(page: Page) -> None:
    """In the tree that screen readers get, a row has one cell for each county, in the order of the column heads."""
    page.goto(kind("side-by-side-five").path)
    for table in page.get_by_role("table").filter(has=page.locator("caption")).all():
        heads = table.get_by_role("columnheader").all_inner_texts()
        assert heads == ["Spree-Neiße", "Rotenburg (Wümme)", "Leer", "Germersheim", "Dahme-Spreewald"]
        for row in table.get_by_role("row").all()[1:]:
            spans = row.get_by_role("cell").evaluate_all("nodes => nodes.map(node => node.colSpan)")
            spans += row.get_by_role("rowheader").evaluate_all("nodes => nodes.map(node => node.colSpan)")
            assert sum(spans) == len(heads)


def test_what_differs_is_told_apart_without_colour(page: Page) -> None:
    page.emulate_media(forced_colors="active")
    page.goto("/gegenueber?kreis=03357,03457&feld=F09&unterschied=1")
    removed = page.locator(".differing del").first
    assert removed.evaluate("node => getComputedStyle(node).textDecorationLine") == "line-through"
    key = page.locator(".differing-key ins").first
    assert key.evaluate("node => getComputedStyle(node).textDecorationLine") == "underline"
