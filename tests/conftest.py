"""Shared fixtures: the checkout's sources, a release built once a session, a copy to spoil."""

import os
import shutil
from pathlib import Path

import pytest

from publisher.core.settings import Settings, load
from publisher.graph.sources import Sources, find
from publisher.release.build import build
from publisher.release.reader import Release, open_release

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine reaches a test."""
    for name in [name for name in os.environ if name.startswith("KREISGRAPH_") and name not in _KEPT]:
        monkeypatch.delenv(name)


_KEPT = {"KREISGRAPH_CHROMIUM", "KREISGRAPH_UPDATE"}


@pytest.fixture(scope="session")
def sources() -> Sources:
    """The input folders of the checkout."""
    return find(ROOT)


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings with releases and cache in a folder of this session."""
    folder = tmp_path_factory.mktemp("session")
    return load(releases=folder / "releases", cache=folder / "cache", input=ROOT)


@pytest.fixture(scope="session")
def release(sources: Sources, settings: Settings) -> Release:
    """The release built from the checkout."""
    build(sources, settings)
    return open_release(settings.releases)


@pytest.fixture(scope="session")
def cache(settings: Settings) -> Path:
    """The folder of validation results that all tests share; keys depend on content only."""
    return settings.cache


@pytest.fixture
def copied(tmp_path: Path) -> Sources:
    """A copy of the input folders that a test may change."""
    for name in ("ontology", "data", "shapes", "sparql"):
        shutil.copytree(ROOT / name, tmp_path / "input" / name)
    return Sources(tmp_path / "input")
