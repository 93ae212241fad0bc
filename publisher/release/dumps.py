"""The dump files of a release: whole and one a graph, in every format, the same bytes for the same statements.

The files of everything are put together from those of the graphs, one after the other. A graph that holds something of
every county is put together from its parts in the same way.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Self

from pyoxigraph import Quad

from publisher.core.processes import spread
from publisher.core.terms import CANONICAL_BASE
from publisher.graph.formats import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format
from publisher.graph.sources import Sources
from publisher.graph.write import json_ld_start
from publisher.release.everything import Source, pieces
from publisher.release.forms import FOLDER, Forms, name_of, plain
from publisher.release.gathered import gather
from publisher.release.joined import graphs_json_ld, join
from publisher.release.kept import Kept
from publisher.release.manifest import File, describe
from publisher.release.packings import GZIP
from publisher.release.parts import Contents, PartFiles

WHOLE = f"{FOLDER}/kreisgraph"
WHOLE_FORMATS = (N_QUADS, TRIG, TURTLE, N_TRIPLES, RDF_XML, JSON_LD)
"""The formats in which all of it is one file, and each graph."""
MOST_BYTES = 40_000_000
"""So large the N-Quads of all counties may be for plain files of everything: some thirty counties. Of more there are
packed files only, of which one changed county changes one piece; plain ones of 400 counties, 2.8 GB in six formats,
would be written again for each change."""


def write_dumps(
    folder: Path,
    quads: list[Quad],
    base: str,
    context: dict[str, Any],
    kept: Kept,
    done: Callable[[str], None] = lambda _: None,
) -> list[File]:
    """Write all dumps of ``quads`` below ``folder``; the files written, sorted by path. ``done`` hears of each.

    Each statement stands in a named graph. What ``kept`` holds of earlier builds is taken from there.
    """
    writer = Writer.of(folder, base, context, kept)
    files: list[File] = []
    for graph, statements in sorted(by_graph(quads).items()):
        done(graph.rpartition("/")[2])
        files += writer.graph(graph, statements)
    return sorted([*files, *writer.whole(files)], key=lambda file: file.path)


def by_graph(quads: Iterable[Quad]) -> dict[str, list[Quad]]:
    """Named graph → its statements."""
    graphs: dict[str, list[Quad]] = {}
    for quad in quads:
        graphs.setdefault(quad.graph_name.value, []).append(quad)  # type: ignore[union-attr]
    return graphs


def read_context(sources: Sources, base: str) -> dict[str, Any]:
    """The JSON-LD context's inner object, its namespaces under ``base``."""
    text = sources.context.read_text(encoding="utf-8").replace(CANONICAL_BASE, base)
    context: dict[str, Any] = json.loads(text)["@context"]
    return context


@dataclass(frozen=True)
class Writer:
    """Writes the dumps of one release."""

    forms: Forms
    parts: PartFiles
    jobs: int = 1
    """So many processes write files of everything."""

    @classmethod
    def of(cls, folder: Path, base: str, context: Mapping[str, Any], kept: Kept, jobs: int = 1) -> Self:
        """A writer below ``folder``, with ``context`` as that of JSON-LD; ``jobs`` as the field says."""
        forms = Forms(folder, base, context, kept)
        return cls(forms, PartFiles(forms), jobs)

    def graph(self, graph: str, statements: list[Quad]) -> list[File]:
        """The dumps of one named graph."""
        return list(self.forms.write(f"{FOLDER}/{name_of(graph)}", graph, statements))

    def joined(self, graph: str, parts: Contents, packed: bool = False) -> list[File]:
        """The dumps of a named graph that has ``parts``; none when there is none.

        Where they are to be ``packed``, there are N-Quads and gzip in all formats.
        """
        held = {name: content for (one, name), content in sorted(parts.items()) if one == graph and content}
        if not held:
            return []
        files = self._same(graph, held, packed) or self._joined(graph, held, packed)
        lines = next(file for file in files if file.path == plain(graph))
        self.parts.note(graph, lines.sha256, held)
        return files

    def _same(self, graph: str, held: Mapping[str, str], packed: bool) -> list[File]:
        """The dumps of the last release where they were joined from the same parts; none where they were not."""
        if not self.parts.same(graph, held):
            return []
        unpacked = [(f"{FOLDER}/{name_of(graph)}.{fmt.ending}", fmt.media) for fmt in WHOLE_FORMATS]
        gzip = [(f"{path}{GZIP.ending}", GZIP.media) for path, _ in unpacked]
        files: list[File] = []
        for path, media in [unpacked[WHOLE_FORMATS.index(N_QUADS)], *gzip] if packed else unpacked:
            written = self.forms.kept.link(self.forms.place(path), self.forms.kept.last(path)[1])
            if written is None:
                for file in files:
                    self.forms.place(file.path).unlink()
                return []
            files.append(File(path, media, written.bytes, written.sha256, graph))
        return files

    def _joined(self, graph: str, held: Mapping[str, str], packed: bool) -> list[File]:
        files = []
        for fmt in WHOLE_FORMATS:
            if fmt == N_QUADS or not packed:
                path = f"{FOLDER}/{name_of(graph)}.{fmt.ending}"
                join(fmt, [self.parts.file(fmt, graph, *one) for one in held.items()], self.forms.place(path))
                files.append(describe(self.forms.folder, path, fmt.media, graph))
        if packed:
            parts = {(graph, name): content for name, content in held.items()}
            found = spread(lambda fmt: self._packed(fmt, name_of(graph), [], parts), WHOLE_FORMATS, self.jobs)
            files += [replace(file, graph=graph) for file, _ in found]
        return files

    def whole(self, parts: list[File]) -> list[File]:
        """The dumps of everything; Turtle, N-Triples and RDF/XML hold the union of the graphs."""
        return list(spread(lambda fmt: self._whole(fmt, parts), WHOLE_FORMATS, self.jobs))

    def packed(self, files: list[File], parts: Contents) -> tuple[list[File], int]:
        """The dumps of everything as gzip alone, and how many statements they hold.

        ``parts`` tell what stands for the parts that graphs were ``joined`` from, by graph and county ("-" for none).
        """
        name = WHOLE.rpartition("/")[2]
        found = list(spread(lambda fmt: self._packed(fmt, name, files, parts), WHOLE_FORMATS, self.jobs))
        return [file for file, _ in found], found[0][1]

    def _whole(self, fmt: Format, files: Sequence[File]) -> File:
        folder, path = self.forms.folder, f"{WHOLE}.{fmt.ending}"
        target = self.forms.place(path)
        parts = sorted((file.graph, folder / file.path) for file in files if file.media == fmt.media)
        if fmt == JSON_LD:
            with target.open("wb") as out:
                graphs_json_ld(json_ld_start(self.forms.context), parts, out)
        else:
            join(fmt, [part for _, part in parts], target)
        return describe(folder, path, fmt.media)

    def _packed(self, fmt: Format, name: str, files: Sequence[File], parts: Contents) -> tuple[File, int]:
        path, forms = f"{FOLDER}/{name}.{fmt.ending}{GZIP.ending}", self.forms
        forms.place(path)
        joined = {graph for graph, _ in parts}
        sources = [
            *(self._source(fmt, *part, content) for part, content in parts.items() if content),
            *(
                Source(
                    file.graph,
                    name_of(file.graph),
                    f"{fmt.ending} {file.sha256}",
                    partial(forms.folder.joinpath, file.path),
                )
                for file in files
                if file.media == fmt.media and file.graph not in joined
            ),
        ]
        ordered = sorted(sources, key=lambda source: (source.graph, source.name))
        inner = pieces(fmt, ordered, forms.base, forms.context, forms.kept)
        written = gather(forms.folder, path, inner, forms.kept)
        return File(path, GZIP.media, written.bytes, written.sha256), written.lines

    def _source(self, fmt: Format, graph: str, name: str, content: str) -> Source:
        place = partial(self.parts.file, fmt, graph, name, content)
        return Source(graph, name, self.parts.key(fmt, content), place)
