"""The comparison of two versions in a real browser: accessible, inside the window, its marks seen without colour."""

from collections.abc import Iterator

import browser_site
import pytest
from browser_audit import Seen, audit
from browser_fixtures import WINDOW, fresh
from playwright.sync_api import Browser, BrowserContext, Page, expect

from publisher.core.settings import Settings
from publisher.release.reader import Release

pytest_plugins = ["browser_fixtures", "versions_fixtures"]
pytestmark = pytest.mark.browser
FIRST, SECOND = "/fassungen?alt=12071/1&neu=12071/2", "/fassungen?alt=12071/2&neu=12071/3"
PAGES = (
    FIRST,
    SECOND,
    FIRST + "&art=ziele",
    "/fassungen",
    "/doc/kreis/12071/konzept.html",
    "/doc/kreis/12071/1/ziel-01.html",
)


@pytest.fixture(scope="module")
def revised_running(
    revised_release: Release, revised_settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of the running site in which one county has three versions."""
    assert revised_release.manifest.version
    with browser_site.running(revised_settings, tmp_path_factory.mktemp("revised-site") / "serve.log") as address:
        yield address


@pytest.fixture(scope="module")
def reader_context(chromium: Browser, revised_running: str) -> BrowserContext:
    """A browser without scripts."""
    return chromium.new_context(base_url=revised_running, viewport=WINDOW, java_script_enabled=False)


@pytest.fixture
def reader(reader_context: BrowserContext) -> Iterator[Page]:
    """The page of a visitor without scripts, on which nothing is open."""
    yield from fresh(reader_context)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_the_page_is_accessible_at_every_width_in_both_schemes(
    visitor: Page, revised_running: str, seen: Seen, path: str, language: str
) -> None:
    lines = audit(visitor, revised_running, path if language == "de" else f"/en{path}", 200, language, seen)
    assert not lines, "\n".join(lines)


@pytest.mark.parametrize("forced", ["none", "active"])
def test_what_changed_is_seen_without_colour(chromium: Browser, revised_running: str, forced: str) -> None:
    context = chromium.new_context(base_url=revised_running, forced_colors=forced)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(FIRST)
    lines = {
        tag: page.locator(tag).first.evaluate("node => getComputedStyle(node).textDecorationLine")
        for tag in ("ins", "del")
    }
    context.close()
    assert lines == {"ins": "underline", "del": "line-through"}


def test_other_versions_are_chosen_with_the_keyboard_alone(reader: Page) -> None:
    reader.goto(FIRST)
    reader.get_by_label("Bisherige Fassung").focus()
    reader.keyboard.press("ArrowDown")
    reader.keyboard.press("Tab")
    reader.keyboard.press("ArrowDown")
    reader.keyboard.press("Tab")
    reader.keyboard.press("Enter")
    reader.wait_for_url("**neu=12071%2F3*")
    assert "alt=12071%2F2" in reader.url
    assert reader.locator("#ziele-nur-bisher").is_visible()


def test_a_number_leads_to_its_texts(reader: Page) -> None:
    reader.goto(FIRST)
    reader.get_by_role("link", name="1 – Leitlinien, entfallen").click()
    assert reader.url.endswith("#leitlinien-entfallen")
    expect(reader.locator("#leitlinien-entfallen")).to_be_in_viewport()


def test_the_printed_comparison_is_whole(reader: Page) -> None:
    reader.goto(FIRST)
    reader.emulate_media(media="print")
    reader.set_viewport_size({"width": 700, "height": 1000})
    assert not reader.locator("form").first.is_visible()
    assert reader.locator(".rev ins").first.is_visible()
