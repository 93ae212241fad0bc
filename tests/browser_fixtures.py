"""Fixtures of the browser tests: the running site, and a browser for the tests of one module."""

from collections.abc import Iterator

import browser_site
import pytest
from browser_audit import Seen
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from publisher.core.settings import Settings
from publisher.release.reader import Release

WINDOW: ViewportSize = {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def running_site(release: Release, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the running site, without a slash at the end."""
    assert release.manifest.version
    with browser_site.running(settings, tmp_path_factory.mktemp("site") / "serve.log") as address:
        yield address


# Not for the whole session: while it is open, no other test can use asyncio.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        path = browser_site.chromium()
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=list(browser_site.ARGS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def visitor(chromium: Browser) -> Page:
    """One visitor for all pages: style sheets and fonts are fetched once."""
    return chromium.new_context().new_page()


@pytest.fixture(scope="module")
def seen() -> Seen:
    """The looks of texts that were well on an earlier page of the module."""
    return Seen()


@pytest.fixture(scope="module")
def context(chromium: Browser, running_site: str) -> BrowserContext:
    """What one visitor keeps: style sheets and fonts that were fetched. The site itself leaves nothing with anyone."""
    return chromium.new_context(base_url=running_site, viewport=WINDOW)


@pytest.fixture(scope="module")
def plain_context(chromium: Browser, running_site: str) -> BrowserContext:
    """As ``context``, in a browser that runs no scripts."""
    return chromium.new_context(base_url=running_site, viewport=WINDOW, java_script_enabled=False)


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A fresh page; paths are below the running site."""
    page = context.new_page()
    yield page
    page.close()


@pytest.fixture
def plain_page(plain_context: BrowserContext) -> Iterator[Page]:
    """A fresh page in a browser that runs no scripts."""
    page = plain_context.new_page()
    yield page
    page.close()
