"""Every kind of English page in a real browser: in the colours of the German one, which are looked at there."""

import pytest
from browser_audit import audit
from browser_pages import Kind, kinds
from playwright.sync_api import Page

pytest_plugins = ["browser_fixtures"]
pytestmark = pytest.mark.browser


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.name)
def test_the_page_is_accessible_at_every_width(visitor: Page, running_site: str, kind: Kind) -> None:
    lines = audit(visitor, running_site, kind.at("en"), kind.status, "en", colours=False)
    assert not lines, "\n".join(lines)
