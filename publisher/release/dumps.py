"""The dump files of a release: whole and one a graph, in every format, the same bytes for the same statements.

The N-Quads of a graph are written first; the other formats are made of it again only when it changed, and the files
of everything are put together from those of the graphs, one after the other. A graph that holds something of every
county is put together from its parts in the same way.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from pyoxigraph import Quad, RdfFormat, parse

from publisher.core.processes import spread
from publisher.core.terms import CANONICAL_BASE, prefixes
from publisher.graph.formats import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format
from publisher.graph.sources import Sources
from publisher.graph.write import json_ld_start, nquads, ntriples, ordered, trig, write_ordered
from publisher.release.everything import Source, pieces
from publisher.release.gathered import gather
from publisher.release.joined import graphs_json_ld, join
from publisher.release.kept import Kept, key
from publisher.release.manifest import File, describe
from publisher.release.packings import GZIP

WHOLE = "dumps/kreisgraph"
WHOLE_FORMATS = (N_QUADS, TRIG, TURTLE, N_TRIPLES, RDF_XML, JSON_LD)
"""The formats in which all of it is one file, and each graph."""
MOST_BYTES = 40_000_000
"""So large the N-Quads of all counties may be for plain files of everything: some thirty counties. Of more there are
packed files only, of which one changed county changes one piece; plain ones of 400 counties, 2.8 GB in six formats,
would be written again for each change."""
WRITTEN = (N_QUADS, N_TRIPLES, TURTLE, TRIG, RDF_XML, JSON_LD)
"""The order in which the files of a graph are written."""
_MADE = (TURTLE, RDF_XML, JSON_LD)
"""The formats that take time, so that the cache holds them."""
_BESIDE = b"part"
"""Tells what a part follows from apart from what a whole graph does."""
PARTS = ".parts"
"""Where the parts of graphs lie while a release is built."""
Parts = Mapping[tuple[str, str], str]
"""Graph and county ("-" for what is about none) → what stands for the statements of that part; "" for none."""


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
    writer = Writer(folder, base, context, kept)
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

    folder: Path
    base: str
    context: Mapping[str, Any]
    kept: Kept
    jobs: int = 1
    """So many processes write files of everything."""

    def graph(self, graph: str, statements: list[Quad]) -> list[File]:
        """The dumps of one named graph."""
        return list(self._written(f"dumps/{_name(graph)}", graph, statements, alone=True))

    def part(self, graph: str, name: str, statements: list[Quad]) -> str:
        """Writes what the county ``name`` adds to a named graph, for ``joined``; no part where there is nothing.

        What stands for the statements, for ``take_part``.
        """
        if not statements:
            return ""
        path, content = self._part(graph, name), bytes.fromhex(self.content(statements))
        for file, fmt in zip(list(self._written(path, graph, statements, alone=False)), WRITTEN, strict=True):
            if fmt not in _MADE:
                with suppress(OSError):
                    self.kept.keep(self._key(fmt, content), self.folder / file.path, file.bytes, file.sha256)
        return content.hex()

    def content(self, statements: list[Quad]) -> str:
        """What stands for ``statements``, which are a part of one graph; "" for none."""
        return (hashlib.sha256(nquads(statements)).digest() + _BESIDE).hex() if statements else ""

    def take_part(self, graph: str, name: str, content: str) -> bool:
        """Takes the part whose ``content`` this is from earlier builds; whether it was there.

        Only its N-Quads are looked at; files in other formats are taken when they are asked for.
        """
        path = f"{self._part(graph, name)}.{N_QUADS.ending}"
        return not content or self.kept.take(self.folder / path, self._key(N_QUADS, bytes.fromhex(content))) is not None

    def _part_file(self, fmt: Format, graph: str, name: str, content: str) -> Path:
        """The file of a part in ``fmt``: as it was written or is kept, else made of its N-Quads again."""
        path = self.folder / f"{self._part(graph, name)}.{fmt.ending}"
        if not path.exists() and not self.kept.take(path, self._key(fmt, bytes.fromhex(content))):
            with path.with_suffix(f".{N_QUADS.ending}").open("rb") as file:
                self.part(graph, name, list(parse(file, format=RdfFormat.N_QUADS)))
        return path

    def _part(self, graph: str, name: str) -> str:
        path = f"{PARTS}/{_name(graph)}/{name}"
        self._room(path)
        return path

    def joined(self, graph: str, parts: Parts, packed: bool = False) -> list[File]:
        """The dumps of a named graph that has ``parts``; none when there is none.

        Where they are to be ``packed``, there are N-Quads and gzip in all formats.
        """
        held = {name: content for (one, name), content in parts.items() if one == graph and content}
        files = []
        for fmt in WHOLE_FORMATS if held else ():
            path = f"dumps/{_name(graph)}.{fmt.ending}"
            self._room(path)
            if fmt == N_QUADS or not packed:
                join(fmt, [self._part_file(fmt, graph, *one) for one in sorted(held.items())], self.folder / path)
                files.append(describe(self.folder, path, fmt.media, graph))
        if packed and held:
            found = spread(
                lambda fmt: self._packed(fmt, _name(graph), [], {(graph, n): c for n, c in held.items()}),
                WHOLE_FORMATS,
                self.jobs,
            )
            files += [replace(file, graph=graph) for file, _ in found]
        return files

    def whole(self, parts: list[File]) -> list[File]:
        """The dumps of everything; Turtle, N-Triples and RDF/XML hold the union of the graphs."""
        return list(spread(lambda fmt: self._whole(fmt, parts), WHOLE_FORMATS, self.jobs))

    def packed(self, files: list[File], parts: Parts) -> tuple[list[File], int]:
        """The dumps of everything as gzip alone, and how many statements they hold.

        ``parts`` tell what stands for the parts that graphs were ``joined`` from, by graph and county ("-" for none).
        """
        name = WHOLE.rpartition("/")[2]
        found = list(spread(lambda fmt: self._packed(fmt, name, files, parts), WHOLE_FORMATS, self.jobs))
        return [file for file, _ in found], found[0][1]

    def _written(self, path: str, graph: str, statements: list[Quad], alone: bool) -> Iterator[File]:
        self._room(path)
        body = nquads(statements)
        yield self._put(f"{path}.nq", N_QUADS, body, graph)
        yield self._put(f"{path}.nt", N_TRIPLES, ntriples(body, graph), graph)
        content, make = hashlib.sha256(body).digest() + (b"" if alone else _BESIDE), self._maker(statements, alone)
        turtle = self._kept(f"{path}.ttl", TURTLE, content, graph, make)
        yield turtle
        yield self._put(f"{path}.trig", TRIG, trig((self.folder / turtle.path).read_bytes(), graph), graph)
        yield self._kept(f"{path}.rdf", RDF_XML, content, graph, make)
        yield self._kept(f"{path}.jsonld", JSON_LD, content, graph, make)

    def _whole(self, fmt: Format, files: Sequence[File]) -> File:
        path = f"{WHOLE}.{fmt.ending}"
        self._room(path)
        parts = sorted((file.graph, self.folder / file.path) for file in files if file.media == fmt.media)
        if fmt == JSON_LD:
            with (self.folder / path).open("wb") as out:
                graphs_json_ld(json_ld_start(self.context), parts, out)
        else:
            join(fmt, [part for _, part in parts], self.folder / path)
        return describe(self.folder, path, fmt.media)

    def _packed(self, fmt: Format, name: str, files: Sequence[File], parts: Parts) -> tuple[File, int]:
        path = f"dumps/{name}.{fmt.ending}{GZIP.ending}"
        self._room(path)
        joined = {graph for graph, _ in parts}
        sources = [
            *(self._source(fmt, *part, content) for part, content in parts.items() if content),
            *(
                Source(
                    file.graph,
                    _name(file.graph),
                    f"{fmt.ending} {file.sha256}",
                    partial(self.folder.joinpath, file.path),
                )
                for file in files
                if file.media == fmt.media and file.graph not in joined
            ),
        ]
        ordered = sorted(sources, key=lambda source: (source.graph, source.name))
        written = gather(self.folder, path, pieces(fmt, ordered, self.base, self.context, self.kept), self.kept)
        return File(path, GZIP.media, written.bytes, written.sha256), written.lines

    def _source(self, fmt: Format, graph: str, name: str, content: str) -> Source:
        place = partial(self._part_file, fmt, graph, name, content)
        return Source(graph, name, self._key(fmt, bytes.fromhex(content)), place)

    def _maker(self, statements: list[Quad], alone: bool) -> Callable[[Format], bytes]:
        """Writes ``statements`` in a format; they are put in order when the first one is asked for."""
        triples = cache(lambda: ordered(statements))
        return lambda fmt: write_ordered(triples(), fmt, prefixes(self.base), self.context, alone)

    def _put(self, path: str, fmt: Format, body: bytes, graph: str) -> File:
        (self.folder / path).write_bytes(body)
        return File(path, fmt.media, len(body), hashlib.sha256(body).hexdigest(), graph)

    def _kept(self, path: str, fmt: Format, content: bytes, graph: str, make: Callable[[Format], bytes]) -> File:
        """The file ``path``, which follows from the statements that ``content`` stands for."""
        written = self.kept.write(self.folder / path, self._key(fmt, content), lambda: make(fmt))
        return File(path, fmt.media, written.bytes, written.sha256, graph)

    def _key(self, fmt: Format, content: bytes) -> str:
        said = [fmt.ending, prefixes(self.base), self.context if fmt == JSON_LD else None]
        return key(content, json.dumps(said).encode())

    def _room(self, path: str) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)


def _name(graph: str) -> str:
    return graph.rpartition("/")[2]
