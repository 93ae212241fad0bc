"""Writes into a release what happened since the one before: changes, patches, feeds, how to cite it, checksums."""

import gzip
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from publisher.core.errors import DamagedRelease
from publisher.core.processes import begun
from publisher.core.settings import Settings
from publisher.release.changes import patch, told
from publisher.release.changes.comparing import Comparison, Side, compared
from publisher.release.changes.merge import graph_files, whole_file
from publisher.release.citation import citing
from publisher.release.feeds import atom
from publisher.release.feeds.streams import Issue, write_streams
from publisher.release.history.archive import KEPT, Past, archive
from publisher.release.manifest import File, Manifest, describe
from publisher.release.reader import WHOLE, checked_file

SUMS = "citation/SHA256SUMS"
LARGE = 1_000_000
"""So many bytes a file of changes may have before it is packed."""
_LEVEL = 6


def happened(folder: Path, manifest: Manifest, settings: Settings) -> Comparison | None:
    """What differs in the release in ``folder``, of whose files the ``manifest`` need tell the dumps only.

    None where the release built last has the same content, and where not both have their files. Raises OSError.
    """
    own, _, before = _places(manifest, settings)
    if own or before is None or before.removed or not whole_file(before.folder):
        return None
    return compared(_side(before), Side(manifest.version, folder, manifest))


def record(folder: Path, manifest: Manifest, settings: Settings, found: Comparison | None = None) -> Manifest:
    """The ``manifest`` of the release in ``folder`` with the files added that this writes.

    ``found`` is what ``happened`` told. When the release built last has the same content, what it recorded is taken
    over: nothing happened since. Raises OSError.
    """
    own, earlier, before = _places(manifest, settings)
    if own and (taken := _taken(own, folder)):
        return replace(manifest, files=[*manifest.files, *taken])
    writer = _Writer(folder, manifest, settings, earlier, before, found)
    return replace(manifest, files=[*manifest.files, *writer.files()])


def _places(manifest: Manifest, settings: Settings) -> tuple[Past | None, tuple[Past, ...], Past | None]:
    """The release of that version that is there already, those of other versions, and the one before."""
    past = archive(settings.releases)
    own = next((one for one in past if one.version == manifest.version), None)
    earlier = tuple(one for one in past if one.version != manifest.version)
    return own, earlier, next((one for one in earlier if one.version == manifest.previous), None)


def _side(past: Past) -> Side:
    return Side(past.version, past.folder, past.manifest())


def _taken(own: Past, folder: Path) -> list[File]:
    """What ``own`` recorded, copied into ``folder``; nothing when a file of it is not what its manifest says."""
    manifest = own.manifest()
    files = [file for file in manifest.files if file.path.startswith(tuple(f"{name}/" for name in KEPT))]
    for file in files:
        try:
            source = checked_file(own.folder, manifest, file.path)
        except DamagedRelease:
            for name in KEPT:
                shutil.rmtree(folder / name, ignore_errors=True)
            return []
        (folder / file.path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, folder / file.path)
    return files


@dataclass(frozen=True)
class _Writer:
    """Writes what happened."""

    folder: Path
    manifest: Manifest
    settings: Settings
    earlier: tuple[Past, ...]
    before: Past | None
    found: Comparison | None

    def files(self) -> list[File]:
        """Everything, the checksums last."""
        new = Side(self.manifest.version, self.folder, self.manifest)
        old = _side(self.before) if self.before else None
        found = self.found or compared(old, new)
        files = [*self._changes(found), *(self._patches(found, old, new) if old else ())]
        issue = Issue(new, old, found)
        streams = begun(lambda one: list(write_streams(one, self.earlier, self.settings)), [issue], self.settings.jobs)
        cited = citing.cited(self.folder, self.manifest, self.settings)
        files += (self._put(path, media, body) for path, media, body in next(streams))
        files.append(self._put(citing.FACTS, "application/json", citing.facts_as_json(cited).encode()))
        whole = next(iter(cited.values()), None) or citing.without_catalogue(
            self.manifest, self.manifest.version, self.settings
        )
        files.append(self._put(citing.CFF, "text/yaml", whole.cff.encode()))
        files += self._atom(whole.publisher)
        sums = "".join(f"{file.sha256}  {file.path}\n" for file in [*self.manifest.files, *files])
        return [*files, self._put(SUMS, "text/plain", sums.encode())]

    def _changes(self, found: Comparison) -> Iterator[File]:
        yield self._put(told.SUMMARY, "application/json", told.summary_as_json(found.summary).encode())
        for changed in found.sets:
            yield self._put(told.path(changed.name), "application/json", told.as_json(changed).encode())

    def _patches(self, found: Comparison, old: Side, new: Side) -> Iterator[File]:
        """The patch of everything, what it takes away and adds, and a patch for each county that changed."""
        if found.summary.moved or found.summary.unknown:
            return
        removed = sorted(line for lines in found.lines.values() for line in lines.removed)
        added = sorted(line for lines in found.lines.values() for line in lines.added)
        name = f"{told.FOLDER}/kreisgraph"
        header = self._header(old, new, _sum(old.manifest, WHOLE), _sum(new.manifest, WHOLE))
        yield self._lines(f"{name}.{patch.ENDING}", patch.MEDIA, patch.rows(header, removed, added))
        yield self._lines(f"{name}-removed.nq", "application/n-quads", removed)
        yield self._lines(f"{name}-added.nq", "application/n-quads", added)
        held, holds = graph_files(old.folder, old.manifest), graph_files(new.folder, new.manifest)
        for changed in found.sets:
            graph = new.graph(changed.name)
            if changed.change == "changed" and changed.name.isdigit() and graph in held and graph in holds:
                lines = found.lines[graph]
                header = self._header(old, new, held[graph].sha256, holds[graph].sha256)
                rows = patch.rows(header, lines.removed, lines.added)
                yield self._lines(f"{told.FOLDER}/{changed.name}.{patch.ENDING}", patch.MEDIA, rows)

    def _header(self, old: Side, new: Side, before: str, after: str) -> patch.Header:
        start = f"{self.manifest.base}release/"
        return patch.Header(start + new.version, start + old.version, before, after)

    def _atom(self, author: str) -> Iterator[File]:
        issues = [
            atom.Issue(self.manifest.version, self.folder, self.manifest.published),
            *(atom.Issue(one.version, one.folder, one.published) for one in self.earlier if one.number),
        ]
        for language in atom.LANGUAGES:
            text = atom.atom(issues, language, self.settings, author)
            yield self._put(atom.path(language), "application/atom+xml", text.encode())

    def _lines(self, path: str, media: str, lines: Iterable[bytes]) -> File:
        """A file of ``lines``, packed (with ``.gz`` at the end of its name) where it is large."""
        body = b"".join(lines)
        if len(body) > LARGE:
            return self._put(f"{path}.gz", "application/gzip", gzip.compress(body, _LEVEL, mtime=0))
        return self._put(path, media, body)

    def _put(self, path: str, media: str, body: bytes) -> File:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_bytes(body)
        return describe(self.folder, path, media)


def _sum(manifest: Manifest, path: str) -> str:
    return next((file.sha256 for file in manifest.files if file.path == path), "")
