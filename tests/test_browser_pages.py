"""Every kind of page in a real browser: accessible, inside the window, nothing fetched from elsewhere, no complaint."""

import re

import pytest
from browser_audit import Seen, audit
from browser_pages import LANGUAGES, Kind, kinds
from playwright.sync_api import Browser, Page

pytest_plugins = ["browser_fixtures"]
pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.name)
def test_the_page_is_accessible_at_every_width_in_both_schemes(
    visitor: Page, running_site: str, seen: Seen, titles: dict[str, str], kind: Kind, language: str
) -> None:
    lines = audit(visitor, running_site, kind.at(language), kind.status, language, seen)
    assert not lines, "\n".join(lines)
    # With another query it is the same kind of page; so is every error of one status.
    one = kind.path.partition("?")[0] if kind.status == 200 else str(kind.status)
    own = one if kind.name != "sparql-error" else "/sparql"
    assert titles.setdefault(f"{language} {visitor.title()}", own) == own, "two kinds of pages have the same title"


@pytest.fixture(scope="module")
def titles() -> dict[str, str]:
    """Language and title → address of the first page that had it."""
    return {}


FAULTY = """<!doctype html><html lang="en"><head><title>Faulty</title><style>
@media (prefers-color-scheme: dark) { p { color: #ccc; background: #fff } } div { width: 350px }
@media (max-width: 350px) { b { color: #ccc } } i { color: #888; font-size: 7vw } </style></head><body><main>
<h1>One</h1><h1>Two</h1><div>Wide</div><p>Pale</p><b>Pale when narrow</b><i>Too small when narrow</i>
<img src="http://elsewhere.invalid/image.png"></main></body>"""


def test_the_audit_notices_each_fault(chromium: Browser, running_site: str) -> None:
    page = chromium.new_page()
    page.route("**/faulty", lambda route: route.fulfill(body=FAULTY, content_type="text/html"))
    page.route("**/image.png", lambda route: route.abort())
    lines = "\n".join(audit(page, running_site, "/faulty", 404, "de", Seen()))
    page.context.close()
    for fault in ("status 200", "h1 is 2", "lang is 'en'", "320: 38 px too wide", "1280 dark: color-contrast: p"):
        assert fault in lines
    assert "foreign request: http://elsewhere.invalid/image.png" in lines and "image-alt: img" in lines
    assert re.findall(r"(\d+) light: color-contrast: (.*)", lines) == [("320", "b | i")]
    assert not re.search(r"390: \d+ px", lines)
