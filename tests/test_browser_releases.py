"""What changed, in a real browser: old and new wording, a release whose files are gone, a data set withdrawn."""

from collections.abc import Iterator

import browser_site
import pytest
from browser_audit import Seen, audit
from playwright.sync_api import Page
from releases_input import CHANGES, COMES
from releases_story import Story

pytest_plugins = ["browser_fixtures", "releases_fixtures"]
pytestmark = pytest.mark.browser
PAGES = (
    ("de", "/release/{second}/datensatz/" + CHANGES, 200),
    ("en", "/release/{first}", 200),
    ("de", "/datensatz/" + COMES, 410),
)


@pytest.fixture(scope="module")
def running_story(story: Story, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the site at the end of the story."""
    with browser_site.running(story.later, tmp_path_factory.mktemp("story-site") / "serve.log") as address:
        yield address


@pytest.mark.parametrize(("language", "path", "status"), PAGES)
def test_the_page_is_accessible_at_every_width_in_both_schemes(
    visitor: Page, running_story: str, seen: Seen, story: Story, language: str, path: str, status: int
) -> None:
    asked = path.format(first=story.first, second=story.second)
    lines = audit(visitor, running_story, asked if language == "de" else f"/en{asked}", status, language, seen)
    assert not lines, "\n".join(lines)
