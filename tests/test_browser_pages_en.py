"""Every kind of English page in a real browser, as test_browser_pages looks at the German ones."""

import pytest
from browser_audit import Seen, audit
from browser_pages import Kind, kinds
from playwright.sync_api import Page

pytest_plugins = ["browser_fixtures"]
pytestmark = pytest.mark.browser


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.name)
def test_the_page_is_accessible_at_every_width_in_both_schemes(
    visitor: Page, running_site: str, seen: Seen, kind: Kind
) -> None:
    lines = audit(visitor, running_site, kind.at("en"), kind.status, "en", seen)
    assert not lines, "\n".join(lines)
