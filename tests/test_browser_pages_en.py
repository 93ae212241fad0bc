"""Every kind of English page in a real browser: the same frame as the German ones, so fewer views."""

import pytest
from browser_audit import View, audit
from browser_pages import Kind, kinds
from playwright.sync_api import Page

pytest_plugins = ["browser_fixtures"]
pytestmark = pytest.mark.browser

VIEWS: tuple[View, ...] = ((1280, "light"), (320, "dark"))


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.name)
def test_the_page_is_accessible_wide_and_narrow(visitor: Page, running_site: str, kind: Kind) -> None:
    lines = audit(visitor, running_site, kind.at("en"), kind.status, "en", VIEWS)
    assert not lines, "\n".join(lines)
