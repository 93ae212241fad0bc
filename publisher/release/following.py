"""What a loaded release exchanges to become another one, found in the files of both, graph by graph.

Every file that is read is compared with its manifest first. Only what a few counties changed is followed; whatever
many pages rest on (the vocabulary, lists, common fields, shapes) is reason enough to load anew.
"""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from publisher.core.errors import Unlike
from publisher.core.terms import CANONICAL_BASE, GRAPH, ID
from publisher.release.changes.merge import Lines, differing
from publisher.release.joined import beginning
from publisher.release.manifest import File, Manifest
from publisher.release.reader import Release, checked, graph_files

SIMILAR = "similar"
DERIVED = ("comparison", "description", "reading", SIMILAR)
"""The graphs that follow from those of all counties."""
BY_COUNTY = ("comparison", "reading")
"""Those of them whose statements are each about one county's things."""
_PATIENT = 200_000
"""So many statements are exchanged in a second or two, however small the release."""
_SHARE = 0.25
"""Of a larger one so many at most: then loading takes no longer, and gives memory back."""


@dataclass(frozen=True)
class Change:
    """What differs between a loaded release and the next one."""

    lines: Mapping[str, Lines]
    """Named graph → its statements that only one of them has."""
    counties: frozenset[str]
    """The keys of the counties about which anything differs."""
    part: bytes
    """Of the loaded release: the common graphs, and all that is said of these counties."""

    @property
    def removed(self) -> list[bytes]:
        """The statements that only the loaded release has."""
        return [line for lines in self.lines.values() for line in lines.removed]

    @property
    def added(self) -> list[bytes]:
        """The statements that only the next release has."""
        return [line for lines in self.lines.values() for line in lines.added]


def change(old: Release, folder: Path, manifest: Manifest) -> Change:
    """What ``old``, which is loaded, has to exchange to become the release in ``folder``.

    Raises Unlike when it had better be loaded, DamagedRelease when a file is not what its manifest says.
    """
    if old.manifest.base != manifest.base:
        raise Unlike(release=manifest.version, reason="its IRIs have another base")
    held, holds = graph_files(old.manifest), graph_files(manifest)
    if not held or not holds:
        raise Unlike(release=manifest.version, reason="there is no file for each graph")
    changed = [name for name in {*held, *holds} if _sum(held.get(name)) != _sum(holds.get(name))]
    if shared := [name for name in changed if not _is_county(name) and _name(name) not in DERIVED]:
        raise Unlike(
            release=manifest.version, reason=f"what all share changed: {', '.join(sorted(map(_name, shared)))}"
        )
    with ThreadPoolExecutor(2) as checks:
        # Checksums are reckoned beside the comparison: no thread is left when processes are forked.
        sums = [checks.submit(checked, folder, holds[name]) for name in changed if name in holds]
        sums += [checks.submit(checked, old.folder, file) for file in _read(held, changed)]
        apart = [_apart(one, changed) for one in (old.manifest, manifest)]
        lines = differing(old.folder, apart[0], folder, apart[1])
        for one in sums:
            one.result()
    number = sum(len(one.removed) + len(one.added) for one in lines.values())
    if number > max(_PATIENT, _SHARE * manifest.triples):
        raise Unlike(release=manifest.version, reason=f"{number} statements changed")
    counties = _counties(lines, manifest)
    return Change(lines, counties, b"".join(_part(old, held, counties, lines)))


def _read(held: Mapping[str, File], changed: Iterable[str]) -> list[File]:
    """The files of the loaded release that are read: those that differ, and what the part is made of."""
    alone = [name for name in held if _is_county(name) or _name(name) == SIMILAR]
    return [file for name, file in held.items() if name in changed or name not in alone]


def _apart(manifest: Manifest, changed: Iterable[str]) -> Manifest:
    """``manifest`` without the counties that did not change: no file of theirs need be looked for."""
    files = [file for file in manifest.files if not _is_county(file.graph) or file.graph in changed]
    return replace(manifest, files=files)


def _counties(lines: Mapping[str, Lines], manifest: Manifest) -> frozenset[str]:
    """The counties whose graph differs, or of whose things other graphs say something else."""
    start = f"<{_own(ID, manifest)}kreis/".encode()
    found = {_name(graph) for graph in lines if _is_county(graph)}
    for graph, one in lines.items():
        own = f"<{graph}> ".encode()
        for line in (*one.removed, *one.added):
            ours = line.startswith(start)
            if ours and (_name(graph) in BY_COUNTY or _is_county(graph)):
                found.add(line[len(start) :].split(b">", 1)[0].split(b"/", 1)[0].decode())
            elif (_name(graph) in BY_COUNTY or _is_county(graph)) and not line.startswith(own):
                # What is said of a common thing may count anywhere.
                raise Unlike(release=manifest.version, reason=f"{graph} speaks of what all share")
    return frozenset(found)


def _part(
    old: Release, held: Mapping[str, File], counties: Iterable[str], lines: Mapping[str, Lines]
) -> Iterator[bytes]:
    for name, file in held.items():
        path = old.folder / file.path
        if _name(name) in BY_COUNTY:
            for ags in sorted(counties):
                # The county, and the things below it.
                for end in (">", "/"):
                    yield beginning(path, f"<{_own(ID, old.manifest)}kreis/{ags}{end}".encode())
        elif _name(name) == SIMILAR:
            yield from lines[name].removed if name in lines else ()
        elif not _is_county(name) or _name(name) in counties:
            yield path.read_bytes()


def _own(iri: str, manifest: Manifest) -> str:
    return manifest.base + iri.removeprefix(CANONICAL_BASE)


def _name(graph: str) -> str:
    return graph.rpartition("/")[2]


def _is_county(graph: str) -> bool:
    return _name(graph).isdigit() and graph.endswith(GRAPH.removeprefix(CANONICAL_BASE) + _name(graph))


def _sum(file: File | None) -> str:
    return file.sha256 if file else ""
