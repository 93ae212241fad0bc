"""The pages in a real browser: accessibility, no sideways scrolling, nothing fetched from elsewhere, keyboard."""

import os
import shutil
import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from publisher.core.settings import Settings
from publisher.graph.sources import Sources
from publisher.release.reader import Release
from publisher.views.site import Site
from publisher.web.app import create_app

CHROMIUM = os.environ.get("KREISGRAPH_CHROMIUM") or shutil.which("chromium")
ARGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
PAGES = (
    *("/", "/kreise?land=12", "/doc/kreis/12071.html", "/doc/kreis/01001.html", "/doc/kreis/12071/konzept.html"),
    *("/doc/kreis/03357/1.html", "/doc/kreis/03357/1/ziel-02.html", "/doc/kreis/12071/1/quelle.html"),
    *("/en/doc/kreis/12071/1/feld-01.html", "/doc/kreis/07334/gremium-steuerungsgruppe.html"),
    *("/doc/kreis/12071/1/ziel-01-beleg-1.html", "/en/ns.html", "/impressum", "/leichte-sprache", "/nix"),
    *("/vergleich", "/vergleich?kreis=12071&kreis=03357&feld=F03&ebene=2", "/felder", "/doc/feld/F03.html"),
    *("/suche?q=Arbeit", "/daten", "/methode"),
)
VIEWS = ((1280, "light"), (390, "dark"), (320, "light"))

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium")]


@pytest.fixture(scope="module")
def address(release: Release, sources: Sources, settings: Settings) -> Iterator[str]:
    """The address of a running server."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    app = create_app(Site.of(release, sources, settings))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listening.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=ARGS)
        yield started
        started.close()


@pytest.mark.parametrize(("width", "scheme"), VIEWS)
def test_pages_are_accessible_and_fit(browser: Browser, address: str, width: int, scheme: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page, foreign = context.new_page(), []
    page.on("request", lambda request: foreign.append(request.url) if address not in request.url else None)
    findings = {}
    for path in PAGES:
        page.goto(address + path)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        violations = [entry["id"] for entry in Axe().run(page, options=RULES).response["violations"]]
        if wide > 0 or violations:
            findings[path] = (wide, violations)
    context.close()
    assert not findings
    assert not foreign


def test_the_skip_link_moves_nothing(browser: Browser, address: str) -> None:
    """The first Tab shows the skip link without shifting the page, or the next click would miss."""
    context = browser.new_context(java_script_enabled=True)
    page = context.new_page()
    page.goto(address + "/kreise")
    before = page.locator("h1").bounding_box()
    page.keyboard.press("Tab")
    assert page.locator(".skip").evaluate("node => node === document.activeElement")
    assert page.locator("h1").bounding_box() == before
    page.keyboard.press("Enter")
    assert page.url.endswith("#inhalt")
    context.close()


def test_a_coordinator_finds_her_county_without_scripts(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.get_by_label("Mein Landkreis").select_option("12071")
    page.get_by_role("button", name="Anzeigen").click()
    assert page.locator("h1").inner_text() == "Landkreis Spree-Neiße"
    page.locator("main").get_by_role("link", name="Integrationskonzept für Menschen").first.click()
    assert "/konzept" in page.url
    context.close()
