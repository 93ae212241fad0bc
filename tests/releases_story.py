"""A story of releases: one county changes, one comes, one goes; nothing happens; everything goes back."""

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from releases_input import CHANGES, COMES, GOES, put, reword, small, take

from publisher.core.settings import Settings
from publisher.graph.sources import Sources
from publisher.release.build import build
from publisher.release.reader import open_release
from publisher.views.site import Site

DATE = "2026-12-01"
"""The date of the county that changed."""


@dataclass(frozen=True)
class Story:
    """What was built, in which folders."""

    folder: Path
    settings: Settings
    """Settings of the site when the second release was in force."""
    later: Settings
    """Settings of the site when the content had gone back; only two releases keep their files there."""
    first: str
    second: str
    third: str
    before: dict[str, str]
    after: dict[str, str]
    """Every file of the releases folder with its checksum, before and after building the second release again."""

    @property
    def old(self) -> Path:
        """The folder of the first release."""
        return self.settings.releases / self.first

    @property
    def new(self) -> Path:
        """The folder of the second release."""
        return self.settings.releases / self.second

    def site(self, settings: Settings) -> Site:
        """The site that serves the newest release of ``settings``."""
        return Site.of(open_release(settings.releases), Sources(self.folder / "input"), settings)


def tell(folder: Path, settings: Settings, later: Settings) -> None:
    """Builds the releases of the story."""
    sources = small(folder / "input")
    first, _, _ = build(sources, settings)
    reword(sources.root, DATE)
    put(sources.root, COMES)
    take(sources.root, GOES)
    second, _, _ = build(sources, settings)
    before = _sums(settings.releases)
    build(sources, settings)
    after = _sums(settings.releases)
    shutil.copytree(settings.releases, later.releases, symlinks=True)
    for ags in (CHANGES, COMES):
        take(sources.root, ags)
    for ags in (CHANGES, GOES):
        put(sources.root, ags)
    third, _, _ = build(sources, later)
    told = {"first": first.name, "second": second.name, "third": third.name, "before": before, "after": after}
    (folder / "told" / "current").mkdir(parents=True)
    (folder / "told" / "current" / "story.json").write_text(json.dumps(told), encoding="utf-8")


def _sums(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
