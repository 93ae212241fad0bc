"""The map of Germany and the small map of a county by keyboard, without scripts, and with forced colours."""

import pytest
from browser_keys import Keys
from playwright.sync_api import Browser, Page, expect

pytest_plugins = ["browser_fixtures"]
pytestmark = pytest.mark.browser

LEER = "Landkreis Leer, Niedersachsen: Serviceseite, kein Konzept"


def test_the_map_can_be_skipped(plain_page: Page) -> None:
    keys = Keys(plain_page)
    plain_page.goto("/karte")
    keys.to("Karte überspringen")
    expect(plain_page.locator(".over")).to_be_in_viewport()
    keys.page.keyboard.press("Enter")
    plain_page.keyboard.press("Tab")
    assert keys.focused().startswith("Schleswig-Holstein")


def test_each_tile_is_reached_in_the_order_of_the_states(plain_page: Page) -> None:
    keys = Keys(plain_page)
    plain_page.goto("/karte")
    keys.to("Karte überspringen")
    reached = []
    for _ in range(400):
        plain_page.keyboard.press("Tab")
        reached.append(keys.focused())
    assert len(set(reached)) == 400 and LEER in reached
    states = list(dict.fromkeys(name.partition(":")[0].rpartition(", ")[2] for name in reached))
    assert len(states) == 16 and states[0] == "Schleswig-Holstein"
    plain_page.keyboard.press("Tab")
    assert keys.focused().startswith("Schleswig-Holstein") and ":" in keys.focused()


def test_the_tile_in_focus_shows_its_name_and_leads_to_its_county(plain_page: Page) -> None:
    keys = Keys(plain_page)
    plain_page.goto("/karte")
    keys.to("Karte überspringen")
    name = keys.to("Flensburg")
    shown = plain_page.locator(".tiles a:focus text")
    expect(shown).to_be_visible()
    expect(shown).to_have_text("Flensburg")
    assert plain_page.locator(".tiles a text:visible").count() == 1
    width = plain_page.locator(".tiles a:focus use").evaluate("node => getComputedStyle(node).strokeWidth")
    assert float(width.removesuffix("px")) >= 5
    keys.enter()
    keys.arrives("Flensburg")
    assert name.endswith("noch nicht erfasst")


def test_a_neighbour_on_the_small_map_is_a_link(plain_page: Page) -> None:
    keys = Keys(plain_page)
    plain_page.goto("/doc/kreis/14625.html")
    keys.to("Landkreis Spree-Neiße, Brandenburg: Konzept erfasst")
    box = plain_page.locator(".local-map a:focus .reach")
    assert box.evaluate("node => getComputedStyle(node).stroke") != "none"
    keys.enter()
    keys.arrives("Landkreis Spree-Neiße")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marks_stand_out_when_colours_are_forced(chromium: Browser, running_site: str, scheme: str) -> None:
    context = chromium.new_context(base_url=running_site, forced_colors="active", color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/karte?farbe=feld&feld=F03")
    looks = page.locator("defs g[class^=look-]").evaluate_all(
        """nodes => nodes.map(node => {
            const mark = node.querySelector('.mark'), pattern = document.querySelector('pattern.' + node.classList[0])
            const ground = getComputedStyle(pattern.querySelector('.ground')).fill
            return [node.classList[0], ground, mark ? getComputedStyle(mark).fill : '',
                    getComputedStyle(node.querySelector('.tile')).stroke]
        })"""
    )
    context.close()
    assert len(looks) == 7
    for look, ground, mark, edge in looks:
        assert look == "look-absent" or mark != ground
        assert look == "look-1" or edge != ground


def test_the_drawing_fits_a_phone_and_a_sheet_of_paper(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto("/karte")
    box = page.locator(".tiles").bounding_box()
    assert box is not None and box["width"] <= 320
    page.set_viewport_size({"width": 700, "height": 1000})
    page.emulate_media(media="print")
    expect(page.locator(".tiles")).to_be_visible()
    sheet = page.locator(".tiles").bounding_box()
    assert sheet is not None and sheet["height"] < 1000
