"""Opens a built release for serving."""

import hashlib
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from publisher.core.errors import DamagedRelease, NoRelease
from publisher.graph.store import Dataset
from publisher.release.manifest import File, Manifest

CURRENT = "current"
MANIFEST = "manifest.json"
WHOLE = "dumps/kreisgraph.nq"
LATE = ("similar",)
"""Large graphs that are read last: nothing rests on them that is made for the whole release, see ``views.ready``."""
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
    return checked(folder, _listed(manifest, path))


def checked(folder: Path, file: File) -> Path:
    """Where ``file`` of the release in ``folder`` lies; raises DamagedRelease when its bytes are others."""
    try:
        with (folder / file.path).open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        raise DamagedRelease(file=str(folder / file.path)) from None
    if found != file.sha256:
        raise DamagedRelease(file=str(folder / file.path))
    return folder / file.path


def graph_files(manifest: Manifest) -> dict[str, File]:
    """The N-Quads file of each named graph, by name; none in a release of an earlier version of the program."""
    found = {file.graph: file for file in manifest.files if file.graph and file.path.endswith(_NQUADS)}
    return dict(sorted(found.items()))


def read_dataset(folder: Path, manifest: Manifest, *paths: str) -> Dataset:
    """The statements of the N-Quads files ``paths`` of the release; raises DamagedRelease as ``checked_file``."""
    dataset = Dataset.of((), manifest.base)
    _take(dataset, (checked_file(folder, manifest, path) for path in paths))
    return dataset


def open_release(
    releases: Path, soon: Callable[[Release], None] = lambda _: None, first: Callable[[Release], None] = lambda _: None
) -> Release:
    """The release in force, loaded and compared with its manifest.

    ``first`` hears of it before a statement is read, ``soon`` as soon as all is there but the graphs named in LATE,
    which are then read while others may be reading, in threads of their own. Raises NoRelease, or DamagedRelease when
    the statements are not those of the manifest.
    """
    folder = current_folder(releases)
    manifest = read_manifest(folder)
    release = Release(folder, manifest, Dataset.of((), manifest.base))
    first(release)
    # Graph by graph: nobody need offer all of it as one file.
    files = graph_files(manifest) or {"": _listed(manifest, WHOLE)}
    late = [file for name, file in files.items() if name.rpartition("/")[2] in LATE]
    early = [file for file in files.values() if file not in late]
    with ThreadPoolExecutor(1) as beside:
        # Checksums are reckoned ahead of the engine; no thread is left when processes are forked.
        paths = beside.map(partial(checked, folder), (*early, *late))
        _take(release.dataset, islice(paths, len(early)))
        soon(release)
        _take(release.dataset, paths)
    return release


def _take(dataset: Dataset, paths: Iterable[Path]) -> None:
    for path in paths:
        with path.open("rb") as stream:
            dataset.take(stream)


def _listed(manifest: Manifest, path: str) -> File:
    """The entry of ``path``; one that no file fits where there is none."""
    return next((file for file in manifest.files if file.path == path), File(path, "", 0, ""))
