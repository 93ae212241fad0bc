"""Fixtures of a story of releases (see releases_story)."""

import json
from pathlib import Path

import pytest
from conftest import build_once
from releases_story import Story, tell

from publisher.core.settings import load


@pytest.fixture(scope="session")
def story(session: Path, cache: Path) -> Story:
    """The story, told once a run."""
    folder = session / "story"
    # Built away from any address of the site, so that all addresses are below the base of the IRIs.
    settings = load(releases=folder / "releases", cache=cache, input=folder / "input")
    later = load(releases=folder / "later", cache=cache, input=folder / "input", keep_releases=2)
    folder.mkdir(exist_ok=True)
    build_once(load(releases=folder / "told"), lambda: tell(folder, settings, later))
    told = json.loads((folder / "told" / "current" / "story.json").read_text(encoding="utf-8"))
    return Story(folder, settings, later, **told)
