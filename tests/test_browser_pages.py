"""Every kind of page in a real browser: accessible, inside the window, nothing fetched from elsewhere, no complaint."""

import pytest
from browser_audit import audit
from browser_pages import LANGUAGES, Kind, kinds
from playwright.sync_api import Browser, Page

pytest_plugins = ["browser_fixtures"]
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def visitor(chromium: Browser) -> Page:
    """One visitor for all pages: style sheets and fonts are fetched once."""
    return chromium.new_context().new_page()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.name)
def test_the_page_is_accessible_at_every_width_in_both_schemes(
    visitor: Page, running_site: str, kind: Kind, language: str
) -> None:
    page = visitor.context.new_page()
    lines = audit(page, running_site, kind.at(language), kind.status, language)
    page.close()
    assert not lines, "\n".join(lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_two_kinds_never_have_the_same_title(visitor: Page, running_site: str, language: str) -> None:
    titles: dict[str, set[str]] = {}
    for kind in kinds():
        visitor.goto(running_site + kind.at(language))
        # With another query it is the same kind of page; so is every error of one status.
        one = kind.path.partition("?")[0] if kind.status == 200 else str(kind.status)
        titles.setdefault(visitor.title(), set()).add(one if kind.name != "sparql-error" else "/sparql")
    assert not {title: names for title, names in titles.items() if len(names) > 1}
