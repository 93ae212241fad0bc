"""Fixtures of the browser tests: the running site, and a browser for the tests of one module."""

from collections.abc import Iterator

import browser_site
import pytest
from browser_audit import LOOKS, Seen
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, ViewportSize, sync_playwright

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
        browser = _started(playwright.chromium)
        yield browser
        browser.close()


def _started(kind: BrowserType, *more: str) -> Browser:
    return kind.launch(executable_path=browser_site.chromium(), headless=True, args=[*browser_site.ARGS, *more])


@pytest.fixture(scope="module")
def visitor(chromium: Browser) -> Iterator[Page]:
    """One visitor for the audit of all pages: style sheets and fonts are fetched once, and every page has it in it.

    For looking only: without threads for drawing, which cost a sixth of the time, no key and no click is answered.
    """
    browser = _started(chromium.browser_type, "--disable-threaded-compositing")
    page = browser.new_page()
    page.add_init_script(LOOKS)
    yield page
    browser.close()


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
    """A page on which nothing is open; paths are below the running site."""
    yield from fresh(context)


@pytest.fixture
def plain_page(plain_context: BrowserContext) -> Iterator[Page]:
    """As ``page``, in a browser that runs no scripts."""
    yield from fresh(plain_context)


def fresh(context: BrowserContext) -> Iterator[Page]:
    """The page of ``context``, afterwards made as it was at first: a new one takes three times as long as a visit."""
    page = context.pages[0] if context.pages else context.new_page()
    yield page
    page.unroute_all()
    page.emulate_media(media="null", color_scheme="null", reduced_motion="null", forced_colors="null")
    page.set_viewport_size(WINDOW)
    page.mouse.move(0, 0)
    page.goto("about:blank")
