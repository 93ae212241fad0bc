"""Shared fixtures: the checkout's sources, a release built once a session, a copy to spoil."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from publisher.core.settings import Settings, load
from publisher.graph.sources import Sources, find
from publisher.release.build import build
from publisher.release.reader import CURRENT, Release, open_release
from publisher.views.site import Site

ROOT = Path(__file__).parent.parent
LONG = (
    *("browser_pages", "shapes", "browser", "engines", "release", "linked_data", "scale", "catalogue", "reload"),
    "endpoint",
)
"""How the names of files begin whose tests take longest: they start first, lest one process work alone at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the files with long tests first, each file in one piece."""

    def place(item: pytest.Item) -> int:
        name = item.path.stem.removeprefix("test_")
        return next((number for number, start in enumerate(LONG) if name.startswith(start)), len(LONG))

    items.sort(key=place)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine reaches a test."""
    for name in [name for name in os.environ if name.startswith("KREISGRAPH_") and name not in _KEPT]:
        monkeypatch.delenv(name)


_KEPT = {"KREISGRAPH_CHROMIUM", "KREISGRAPH_VIRTUOSO", "KREISGRAPH_UPDATE"}


@pytest.fixture(scope="session")
def sources() -> Sources:
    """The input folders of the checkout."""
    return find(ROOT)


@pytest.fixture(scope="session")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run, the same one for all its processes."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "session"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def settings(session: Path) -> Settings:
    """Settings with releases and cache in the folder of this run."""
    return load(releases=session / "releases", cache=session / "cache", input=ROOT)


@pytest.fixture(scope="session")
def release(sources: Sources, settings: Settings) -> Release:
    """The release built from the checkout."""
    build_once(settings, lambda: build(sources, settings))
    return open_release(settings.releases)


@pytest.fixture(scope="session")
def site(release: Release, sources: Sources, settings: Settings) -> Site:
    """The site of that release. What it works out once, it works out once for the tests of all files."""
    return Site.of(release, sources, settings)


def build_once(settings: Settings, make: Callable[[], object]) -> None:
    """Lets the first process of this run that gets here ``make`` a release; the others wait for it."""
    with settings.releases.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (settings.releases / CURRENT).exists():
            make()


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


@pytest.fixture
def released(copied: Sources, release: Release, settings: Settings) -> Settings:
    """Settings whose release in force is what a build of ``copied`` gives before a test changes it.

    It is a copy of the one built from the checkout: of the same input every build makes the same bytes (test_release).
    """
    shutil.copytree(release.folder.parent, copied.root / "releases", symlinks=True)
    return load(releases=copied.root / "releases", cache=settings.cache)


@pytest.fixture
def no_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    """pyrudof reads the machine's certificates whenever it reads data, which takes longer than most cases.

    It goes back to the machine's own unless both the file and the folder are named.
    """
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.setenv(name, os.devnull)
