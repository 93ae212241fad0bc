"""Opens a built release for serving."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from publisher.core.errors import DamagedRelease, NoRelease
from publisher.graph.store import Dataset
from publisher.release.manifest import File, Manifest

CURRENT = "current"
MANIFEST = "manifest.json"
WHOLE = "dumps/kreisgraph.nq"
_NQUADS = ".nq"


@dataclass(frozen=True)
class Release:
    """A built release: its folder, its manifest, its statements in memory."""

    folder: Path
    manifest: Manifest
    dataset: Dataset

    def document(self, ags: str, name: str) -> str:
        """The text of a county's source document, as the release holds it."""
        return (self.folder / "sources" / ags / name).read_text(encoding="utf-8")


def current_folder(releases: Path) -> Path:
    """The folder of the release in force; raises NoRelease, or DamagedRelease when the link leads nowhere."""
    link = releases / CURRENT
    if not (link.is_symlink() or link.exists()):
        raise NoRelease(folder=releases)
    folder = link.resolve()
    if not (folder / MANIFEST).is_file():
        raise DamagedRelease(file=str(folder / MANIFEST))
    return folder


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a release folder; raises DamagedRelease."""
    try:
        return Manifest.parse((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError):
        raise DamagedRelease(file=str(folder / MANIFEST)) from None


def checked_file(folder: Path, manifest: Manifest, path: str) -> Path:
    """Where a file of the release lies; raises DamagedRelease when its bytes are not those of the manifest."""
    expected = {file.path: file.sha256 for file in manifest.files}.get(path)
    try:
        with (folder / path).open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        raise DamagedRelease(file=str(folder / path)) from None
    if found != expected:
        raise DamagedRelease(file=str(folder / path))
    return folder / path


def graph_files(manifest: Manifest) -> dict[str, File]:
    """The N-Quads file of each named graph, by name; none in a release of an earlier version of the program."""
    found = {file.graph: file for file in manifest.files if file.graph and file.path.endswith(_NQUADS)}
    return dict(sorted(found.items()))


def read_dataset(folder: Path, manifest: Manifest, *paths: str) -> Dataset:
    """The statements of the N-Quads files ``paths`` of the release; raises DamagedRelease as ``checked_file``."""

    def opened() -> Iterator[IO[bytes]]:
        for path in paths:
            with checked_file(folder, manifest, path).open("rb") as file:
                yield file

    return Dataset.gather(opened(), manifest.base)


def open_release(releases: Path) -> Release:
    """The release in force, loaded and compared with its manifest.

    Raises NoRelease, or DamagedRelease when the statements are not those of the manifest.
    """
    folder = current_folder(releases)
    manifest = read_manifest(folder)
    # Graph by graph: nobody need offer all of it as one file.
    paths = [file.path for file in graph_files(manifest).values()] or [WHOLE]
    return Release(folder, manifest, read_dataset(folder, manifest, *paths))
