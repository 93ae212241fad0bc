"""What differs between two sorted N-Quads files, found in one pass over both without parsing them.

Canonical N-Quads are sorted by bytes and have one form for each statement, so lines can be compared as they stand.
https://www.w3.org/TR/rdf-canon/#dfn-canonical-n-quads-form
"""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from publisher.release.manifest import File, Manifest
from publisher.release.packings import GZIP
from publisher.release.reader import WHOLE

_NQUADS = ".nq"


@dataclass(frozen=True)
class Lines:
    """The lines that only the old or only the new side has, each sorted."""

    removed: list[bytes] = field(default_factory=list)
    added: list[bytes] = field(default_factory=list)


def difference(old: Iterable[bytes], new: Iterable[bytes]) -> Iterator[tuple[bool, bytes]]:
    """The lines that only one of two sorted files has, in their order; True stands with those of ``new``."""
    left, right = iter(old), iter(new)
    before, after = next(left, None), next(right, None)
    while before is not None and after is not None:
        if before == after:
            before, after = next(left, None), next(right, None)
        elif before < after:
            yield False, before
            before = next(left, None)
        else:
            yield True, after
            after = next(right, None)
    while before is not None:
        yield False, before
        before = next(left, None)
    while after is not None:
        yield True, after
        after = next(right, None)


def graph_of(line: bytes) -> str:
    """The IRI of the named graph of a line of N-Quads."""
    return line[line.rindex(b"<") + 1 : line.rindex(b">")].decode()


def differing(old: Path, before: Manifest, new: Path, after: Manifest) -> dict[str, Lines]:
    """Named graph → what differs in it between two release folders with their manifests; only graphs that do.

    A graph with the same checksum in both is not read. Raises OSError for a file that is not there.
    """
    if before.base != after.base:
        return _moved(old, before, new, after)
    held, holds = graph_files(old, before), graph_files(new, after)
    if not held or not holds:
        return _by_graph(old / WHOLE, new / WHOLE)
    found: dict[str, Lines] = {}
    for graph in sorted({*held, *holds}):
        left, right = held.get(graph), holds.get(graph)
        if left and right and left.sha256 == right.sha256:
            continue
        found[graph] = _parted(difference(read_lines(old, left), read_lines(new, right)))
    return found


def graph_files(folder: Path, manifest: Manifest) -> Mapping[str, File]:
    """Named graph → its N-Quads file; none where ``folder`` lacks one of them."""
    files = {file.graph: file for file in manifest.files if file.graph and file.path.endswith(_NQUADS)}
    return files if all(os.path.isfile(f"{folder}/{file.path}") for file in files.values()) else {}


def whole_file(folder: Path) -> Path | None:
    """The N-Quads file of everything in ``folder``, plain or packed; None where there is none any more."""
    places = (folder / WHOLE, folder / f"{WHOLE}{GZIP.ending}")
    return next((path for path in places if path.is_file()), None)


def read_lines(folder: Path, file: File | None) -> Iterator[bytes]:
    """The lines of ``file`` in ``folder``; none where there is no file."""
    if file:
        with (folder / file.path).open("rb") as opened:
            yield from opened


def rebased(lines: Iterable[bytes], old: str, new: str) -> list[bytes]:
    """``lines`` with all IRIs of ours moved from the base ``old`` to ``new``, sorted again where that moves them."""
    if old == new:
        return list(lines)
    before, after = f"<{old}".encode(), f"<{new}".encode()
    return sorted(line.replace(before, after) for line in lines)


def _moved(old: Path, before: Manifest, new: Path, after: Manifest) -> dict[str, Lines]:
    """As ``differing``, when all IRIs of ours got another base: that alone is no change of a statement."""
    held = {
        after.base + graph.removeprefix(before.base): rebased(read_lines(old, file), before.base, after.base)
        for graph, file in graph_files(old, before).items()
    }
    holds = graph_files(new, after)
    found = {
        graph: _parted(difference(held.get(graph, ()), read_lines(new, holds.get(graph))))
        for graph in sorted({*held, *holds})
    }
    return {graph: lines for graph, lines in found.items() if lines.removed or lines.added}


def _parted(marked: Iterable[tuple[bool, bytes]]) -> Lines:
    lines = Lines()
    for is_new, line in marked:
        (lines.added if is_new else lines.removed).append(line)
    return lines


def _by_graph(old: Path, new: Path) -> dict[str, Lines]:
    found: dict[str, Lines] = defaultdict(Lines)
    with old.open("rb") as left, new.open("rb") as right:
        for is_new, line in difference(left, right):
            lines = found[graph_of(line)]
            (lines.added if is_new else lines.removed).append(line)
    return dict(sorted(found.items()))
