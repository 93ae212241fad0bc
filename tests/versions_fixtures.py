"""Fixtures of a release with several versions of one concept (see versions_input)."""

from pathlib import Path

import pytest
from conftest import build_once
from versions_input import revised

from publisher.core.settings import Settings, load
from publisher.graph.sources import Sources
from publisher.release.build import build
from publisher.release.reader import Release, open_release
from publisher.views.site import Site


@pytest.fixture(scope="session")
def revised_sources(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    """The input folders with three versions of one county."""
    return revised(tmp_path_factory.mktemp("revised") / "input")


@pytest.fixture(scope="session")
def revised_settings(revised_sources: Sources, session: Path, cache: Path) -> Settings:
    """Settings that serve the release with three versions."""
    return load(releases=session / "revised", cache=cache, input=revised_sources.root)


@pytest.fixture(scope="session")
def revised_release(revised_sources: Sources, revised_settings: Settings) -> Release:
    """The release with three versions of one county."""
    build_once(revised_settings, lambda: build(revised_sources, revised_settings))
    return open_release(revised_settings.releases)


@pytest.fixture(scope="session")
def revised_site(revised_release: Release, revised_sources: Sources, revised_settings: Settings) -> Site:
    """The site of the release with three versions."""
    return Site.of(revised_release, revised_sources, revised_settings)
