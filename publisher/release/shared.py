"""The graphs of a release that are not one county's, in all formats; those of common files are taken as they were."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Quad

from publisher.core.memory import Memory
from publisher.core.terms import CANONICAL_BASE
from publisher.graph.formats import JSON_LD
from publisher.graph.write import nquads
from publisher.release.description import DESCRIPTION
from publisher.release.dumps import Writer, by_graph
from publisher.release.manifest import File
from publisher.release.parts import Contents
from publisher.release.readings import READING
from publisher.release.similar import SIMILAR
from publisher.release.versions import COMPARISON


@dataclass(frozen=True)
class Said:
    """What is no county's, as it was written."""

    description: str
    """What the release says of itself, as N-Quads."""
    files: list[File]
    parts: Contents
    """What is said of nobody in particular in graphs that hold something of every county."""
    graphs: list[str]
    """What was written, by name."""


@dataclass(frozen=True)
class SharedGraphs:
    """Writes the graphs."""

    writer: Writer
    base: str
    common: Sequence[Quad]
    """What common files say, under the base."""
    stamp: Hashable
    """Stands for these files."""
    memory: Memory

    def write(self, described: Sequence[Quad], parts: Contents, packed: bool) -> Said:
        """Writes all of them; what the release says of itself is ``described``, what counties add are ``parts``.

        Files of graphs that hold something of every county are to be ``packed`` or not.
        """
        joined = [self._own(name) for name in (COMPARISON, READING, SIMILAR)]
        files: list[File] = []
        more: dict[tuple[str, str], str] = {}
        graphs = dict(sorted(by_graph([*self.common, *described]).items()))
        for graph, statements in graphs.items():
            if graph in joined:
                more[graph, "-"] = self.writer.parts.write(graph, "-", statements)
            else:
                files += self._linked(graph) or self.writer.graph(graph, statements)
        for graph in joined:
            files += self.writer.joined(graph, {**parts, **more}, packed)
        names = [graph.rpartition("/")[2] for graph in (*graphs, *joined)]
        return Said(nquads(described).decode(), files, more, names)

    def remember(self, files: Sequence[File]) -> None:
        """Holds which of ``files`` are those of graphs that common files alone make."""
        others = {self._own(name) for name in (COMPARISON, READING, SIMILAR, DESCRIPTION)}
        held: dict[str, list[File]] = {}
        for file in files:
            held.setdefault(file.graph, []).append(file)
        self.memory.get(self._key, lambda: {graph: own for graph, own in held.items() if graph not in others})

    def _linked(self, graph: str) -> list[File]:
        """The dumps of a graph as an earlier build of this process wrote them; none where they are not at hand."""
        known: Mapping[str, list[File]] = self.memory.find(self._key) or {}
        files, forms = known.get(graph, []), self.writer.forms
        for file in files:
            if not forms.kept.link(forms.place(file.path), file.sha256):
                for one in files:
                    # Nothing may be written into files of the last release.
                    forms.place(one.path).unlink(missing_ok=True)
                return []
        return files

    @property
    def _key(self) -> Hashable:
        return "dumps", self.base, self.stamp, self.writer.forms.said(JSON_LD)

    def _own(self, iri: str) -> str:
        return self.base + iri.removeprefix(CANONICAL_BASE)
