"""The site as files in a real browser, from a plain file server under a path: the search runs, pages are accessible."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from browser_audit import accessible
from export_site import COUNTY, UNDER, exported, served
from playwright.sync_api import Browser, Page

from benchmarks.search import cases
from publisher.core.settings import Settings
from publisher.graph.sources import Sources
from publisher.release.reader import Release
from publisher.views.search import Request, search
from publisher.views.search_index import Index
from publisher.views.site import Site

pytest_plugins = ["browser_fixtures"]
pytestmark = pytest.mark.browser
LEAST = 0.9
"""So many of the judged queries must find as many things as on the running site."""


@pytest.fixture(scope="module")
def top(release: Release, sources: Sources, settings: Settings, session: Path) -> Iterator[tuple[str, Site]]:
    """The address of the export, and the site it was made from."""
    assert release.manifest.version
    # What is there is only looked at: others may open the folder meanwhile.
    with exported(session, sources, settings) as work:
        pass
    with served(session / "htdocs") as address:
        yield f"{address}/{UNDER}", work.plan.site


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Page:
    return chromium.new_context(viewport={"width": 390, "height": 800}).new_page()


def hits(page: Page, address: str) -> str:
    """How many hits the search says it has."""
    page.goto(address)
    page.wait_for_selector("#suche[data-fertig]", state="attached")
    return page.get_attribute("#suche", "data-fertig") or ""


def test_the_search_finds_what_the_running_site_finds(top: tuple[str, Site], page: Page) -> None:
    address, site = top
    index = site.once(Index.of)
    queries = [case.query for case in cases(site) if "„" not in case.query][::3]
    there = {query: search(index, Request(query)).total for query in queries}
    here = {query: int(hits(page, f"{address}/suche/?q={quote(query)}")) for query in queries}
    same = [query for query in queries if here[query] == there[query]]
    assert len(same) >= LEAST * len(queries), {query: (here[query], there[query]) for query in set(queries) - set(same)}


def test_the_search_leads_to_pages_and_helps_with_slips(top: tuple[str, Site], page: Page) -> None:
    address, _ = top
    assert int(hits(page, f"{address}/en/suche/?q=Leer")) > 0
    page.click("#treffer a[href$='/03457.html']")
    assert page.url == f"{address}/en/doc/kreis/{COUNTY}.html"
    assert hits(page, f"{address}/suche/?q=Ehrenammt") == "0"
    page.click(".meant a")
    page.wait_for_selector("#treffer li")


def test_the_form_of_the_start_page_asks_the_search(top: tuple[str, Site], page: Page) -> None:
    address, _ = top
    page.goto(f"{address}/")
    page.fill("main form input[type=text], main form input[type=search]", "Leer")
    page.keyboard.press("Enter")
    page.wait_for_selector("#treffer li")


@pytest.mark.parametrize(
    "path", ["suche/?q=Ehrenamt", "en/als-dateien/", "luecken/", f"doc/kreis/{COUNTY}.html", "register/l/"]
)
def test_pages_are_accessible_and_run_nothing_else(top: tuple[str, Site], page: Page, path: str) -> None:
    address, _ = top
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{address}/{path}")
    if "suche" in path:
        page.wait_for_selector("#suche[data-fertig]", state="attached")
    assert accessible(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert not said
