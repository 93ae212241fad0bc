"""A coordinator's way through the site without scripts and without a mouse: from her county to the line of a source."""

from dataclasses import dataclass

import pytest
from browser_keys import Keys
from playwright.sync_api import Page, expect

pytest_plugins = ["browser_fixtures"]
pytestmark = pytest.mark.browser

COUNTY = "Landkreis Spree-Neiße"
WRITTEN = "spree-neisse"
NEIGHBOUR = "Landkreis Dahme-Spreewald"


@dataclass(frozen=True)
class Words:
    """What the things on the way are called in one language."""

    start: str
    county: str
    show: str
    compare: str
    comparison: str
    neighbours: str
    language: str
    line: str


WORDS = {
    "de": Words(
        "/",
        "Mein Landkreis",
        "Anzeigen",
        "Mit anderen vergleichen",
        "Landkreise im Vergleich",
        "Nachbarkreise mitnehmen",
        "Sprache",
        "Zeile",
    ),
    "en": Words(
        "/en/",
        "My county",
        "Show",
        "Compare with others",
        "Counties compared",
        "Include neighbouring counties",
        "Language",
        "line",
    ),
}


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS.keys())
def test_from_my_county_to_the_line_of_a_source_by_keyboard(plain_page: Page, words: Words) -> None:
    keys = Keys(plain_page)
    plain_page.goto(words.start)
    _to_my_county(keys, words)
    _to_a_neighbour_and_back(keys)
    _to_the_comparison_with_neighbours(keys, words)
    _to_the_texts_of_a_field(keys, words)
    _to_the_line_of_the_source(keys, words)


def _to_my_county(keys: Keys, words: Words) -> None:
    keys.to(words.county)
    keys.page.keyboard.type(WRITTEN)
    keys.follow(words.show)
    keys.arrives(COUNTY)


def _to_a_neighbour_and_back(keys: Keys) -> None:
    keys.follow(NEIGHBOUR)
    keys.arrives(NEIGHBOUR)
    keys.follow(COUNTY)
    keys.arrives(COUNTY)


def _to_the_comparison_with_neighbours(keys: Keys, words: Words) -> None:
    keys.follow(words.compare)
    keys.arrives(words.comparison)
    keys.to(words.neighbours)
    keys.page.keyboard.press("Space")
    keys.enter()
    keys.arrives(words.comparison)
    expect(keys.page.locator(".matrix thead")).to_contain_text("Spree-Neiße")
    expect(keys.page.locator(".matrix thead")).to_contain_text("Dahme-Spreewald")


def _to_the_texts_of_a_field(keys: Keys, words: Words) -> None:
    keys.follow("Spree-Neiße", words.language)
    expect(keys.page.locator("h1")).to_contain_text(words.language)
    expect(keys.page.locator(".column-head:target")).to_be_in_viewport()
    expect(keys.page.locator(".column-head:target")).to_contain_text("Brandenburg")


def _to_the_line_of_the_source(keys: Keys, words: Words) -> None:
    quotation = keys.page.locator("blockquote:has(a)").first.inner_text()
    expect(keys.page.locator("blockquote:has(a)").first).to_have_attribute("lang", "de")
    keys.to(quotation)
    name = keys.to(words.line)
    keys.enter()
    line = keys.page.locator("li:target")
    expect(line).to_be_in_viewport()
    expect(line).to_contain_text(quotation)
    assert keys.page.url.endswith("#z" + name.split()[-1])
