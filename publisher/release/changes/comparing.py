"""Compares two releases, data set by data set, from their folders: for the build, for the command, for pages."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from publisher.core.errors import RemovedRelease
from publisher.core.terms import CANONICAL_BASE, GRAPH
from publisher.release.changes import changes
from publisher.release.changes.changes import Changed, Row
from publisher.release.changes.merge import Lines, differing, graph_files, graph_of, read_lines, rebased, whole_file
from publisher.release.changes.names import Name, Names
from publisher.release.changes.told import Summary
from publisher.release.datasets import VOCABULARY, VOCABULARY_GRAPHS, WHOLE
from publisher.release.manifest import Manifest
from publisher.release.reader import WHOLE as WHOLE_DUMP

_NAMED = ("ontology", "lists", "fields", "districts")
"""The common graphs whose names occur in changes."""


@dataclass(frozen=True)
class Side:
    """One of the two releases."""

    version: str
    folder: Path
    manifest: Manifest

    @cached_property
    def counties(self) -> set[str]:
        """The keys of the counties it holds statements of."""
        return {county.ags for county in self.manifest.counties if county.state != "left_out"}

    def graph(self, name: str) -> str:
        """The IRI of the named graph ``name``."""
        return self.manifest.base + GRAPH.removeprefix(CANONICAL_BASE) + name


@dataclass(frozen=True)
class Comparison:
    """What differs between two releases."""

    summary: Summary
    sets: tuple[Changed, ...] = ()
    """The data sets that differ, with their rows."""
    lines: Mapping[str, Lines] = field(default_factory=dict)
    """Named graph → its lines that only one of the two has."""


def compared(old: Side | None, new: Side) -> Comparison:
    """What changed from ``old`` to ``new``; everything is new without ``old``.

    Where the files of ``old`` are not there, only data sets are compared. Raises RemovedRelease when those of ``new``
    are not.
    """
    if not old:
        sets = _first(new)
        return Comparison(Summary(new.version, "", sets=_heads(sets)), sets)
    if not whole_file(new.folder):
        raise RemovedRelease(version=new.version, file=str(new.folder / WHOLE_DUMP), folder=str(new.folder))
    if not whole_file(old.folder):
        sets = _without_files(old, new)
        return Comparison(Summary(new.version, old.version, unknown=True, sets=_heads(sets)), sets)
    lines = differing(old.folder, old.manifest, new.folder, new.manifest)
    sets = tuple(_Reader(old, new, lines).sets())
    moved = old.manifest.base != new.manifest.base
    graphs = {graph: (len(one.removed), len(one.added)) for graph, one in lines.items()}
    return Comparison(Summary(new.version, old.version, moved=moved, sets=_heads(sets), graphs=graphs), sets, lines)


class _Reader:
    """Reads what two releases say of the same things."""

    def __init__(self, old: Side, new: Side, lines: Mapping[str, Lines]) -> None:
        self._old, self._new, self._lines = old, new, lines
        common = {new.graph(name) for name in _NAMED}
        touched = {*common, *(graph for graph in lines if self._is_read(graph))}
        self._before, self._after = _Statements(old, touched, new.manifest.base), _Statements(new, touched)
        self.names = Names(new.manifest.base)
        for graph in sorted(common):
            self.names.read(self._after.of(graph))

    def sets(self) -> Iterable[Changed]:
        """The data sets that differ: everything, the vocabulary, then the counties."""
        if self._lines:
            lost = sum(len(one.removed) for one in self._lines.values())
            gained = sum(len(one.added) for one in self._lines.values())
            yield Changed(WHOLE, "changed", Name(""), statements=(lost, gained))
        shared = [graph for name in VOCABULARY_GRAPHS if (graph := self._new.graph(name)) in self._lines]
        if shared:
            yield self._changed(VOCABULARY, Name(""), shared, [row for graph in shared for row in self._rows(graph)])
        for ags in sorted(self._old.counties | self._new.counties):
            graph = self._new.graph(ags)
            title = self.names.of(self._county(ags))
            if ags not in self._old.counties:
                yield _whole(ags, "created", title, self._after.of(graph), self.names)
            elif ags not in self._new.counties:
                yield _whole(ags, "withdrawn", title, self._before.of(graph), self.names)
            elif graph in self._lines:
                yield self._changed(ags, title, [graph], self._rows(graph))

    def _county(self, ags: str) -> str:
        return f"{self._new.manifest.base}id/kreis/{ags}"

    def _is_read(self, graph: str) -> bool:
        name = graph.rpartition("/")[2]
        return name.isdigit() or name in VOCABULARY_GRAPHS

    def _rows(self, graph: str) -> list[Row]:
        lines = self._lines.get(graph)
        return changes.compare(self._before.of(graph), self._after.of(graph), lines, self.names) if lines else []

    def _changed(self, name: str, title: Name, graphs: Iterable[str], rows: list[Row]) -> Changed:
        lines = [self._lines[graph] for graph in graphs if graph in self._lines]
        used = {row.kind for row in rows} | {fact.property for row in rows for fact in row.facts}
        return Changed(
            name=name,
            change="changed",
            title=title,
            rows=tuple(rows),
            words={iri: self.names.of(iri) for iri in sorted(used - {""})},
            statements=(sum(len(one.removed) for one in lines), sum(len(one.added) for one in lines)),
            counts=Counter(row.change for row in rows),
        )


class _Statements:
    """The lines of some named graphs of a release, under the base of the newer one."""

    def __init__(self, side: Side, wanted: set[str], base: str = "") -> None:
        own = side.manifest.base
        self._own, self._base = own, base or own
        self._side, self._files = side, graph_files(side.folder, side.manifest)
        self._held: dict[str, list[bytes]] = {}
        if not self._files:
            inside = {own + graph.removeprefix(self._base) for graph in wanted}
            with (side.folder / WHOLE_DUMP).open("rb") as file:
                for line in file:
                    if (graph := graph_of(line)) in inside:
                        self._held.setdefault(graph, []).append(line)

    def of(self, graph: str) -> list[bytes]:
        """The lines of ``graph``; none where there is no such graph."""
        own = self._own + graph.removeprefix(self._base)
        lines = read_lines(self._side.folder, self._files.get(own)) if self._files else self._held.get(own, ())
        return rebased(lines, self._own, self._base)


def _whole(name: str, change: changes.SetChange, title: Name, lines: list[bytes], names: Names) -> Changed:
    kinds = changes.kinds(lines, names.base)
    statements = (0, len(lines)) if change == "created" else (len(lines), 0)
    counts = {"added" if change == "created" else "removed": sum(kinds.values())}
    words = {kind: names.of(kind) for kind in kinds if kind}
    return Changed(name, change, title, kinds=kinds, words=words, statements=statements, counts=counts)


def _first(new: Side) -> tuple[Changed, ...]:
    """Everything in the first release: all of it is new."""
    common = {new.graph(name) for name in _NAMED}
    read = _Statements(new, {*common, *map(new.graph, new.counties)})
    names = Names(new.manifest.base)
    for graph in sorted(common):
        names.read(read.of(graph))
    counties = (
        _whole(ags, "created", names.of(f"{names.base}id/kreis/{ags}"), read.of(new.graph(ags)), names)
        for ags in sorted(new.counties)
    )
    return (
        Changed(WHOLE, "created", Name(""), statements=(0, new.manifest.triples)),
        Changed(VOCABULARY, "created", Name("")),
        *counties,
    )


def _without_files(old: Side, new: Side) -> tuple[Changed, ...]:
    """What the manifests alone tell."""
    names = _first(replace(new))
    title = {one.name: one.title for one in names}
    before, after = ({state.name: state.content for state in s.manifest.datasets} for s in (old, new))
    found = []
    for name in sorted({*before, *after}, key=lambda name: (name != WHOLE, name != VOCABULARY, name)):
        if before.get(name) != after.get(name):
            change: changes.SetChange = (
                "created" if name not in before else "withdrawn" if name not in after else "changed"
            )
            found.append(Changed(name, change, title.get(name, Name(name))))
    return tuple(found)


def _heads(sets: Iterable[Changed]) -> tuple[Changed, ...]:
    """``sets`` without what stands in a file of its own."""
    return tuple(replace(one, rows=(), words={}) for one in sets)
