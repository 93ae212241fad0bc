"""The dump files of a release: whole and one a graph, in every format, the same bytes for the same statements.

The N-Quads of a graph are written first; the other formats are made of it again only when it changed, and the files
of everything are put together from those of the graphs, one after the other.
"""

import hashlib
import heapq
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from pyoxigraph import Quad

from publisher.core.terms import CANONICAL_BASE, prefixes
from publisher.graph.formats import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format
from publisher.graph.sources import Sources
from publisher.graph.write import json_ld_start, named_json_ld, nquads, ntriples, ordered, trig, write_ordered
from publisher.release.kept import Kept, key
from publisher.release.manifest import File, describe

WHOLE = "dumps/kreisgraph"
WHOLE_FORMATS = (N_QUADS, TRIG, TURTLE, N_TRIPLES, RDF_XML, JSON_LD)
"""The formats in which all of it is one file, and each graph."""


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
    (folder / "dumps").mkdir(parents=True, exist_ok=True)
    writer = _Writer(folder, base, context, kept)
    graphs: dict[str, list[Quad]] = {}
    for quad in quads:
        graphs.setdefault(quad.graph_name.value, []).append(quad)  # type: ignore[union-attr]
    files: list[File] = []
    for graph, statements in sorted(graphs.items()):
        done(graph.rpartition("/")[2])
        files += writer.graph(graph, statements)
    files += writer.whole(quads, files)
    return sorted(files, key=lambda file: file.path)


def read_context(sources: Sources, base: str) -> dict[str, Any]:
    """The JSON-LD context's inner object, its namespaces under ``base``."""
    text = sources.context.read_text(encoding="utf-8").replace(CANONICAL_BASE, base)
    context: dict[str, Any] = json.loads(text)["@context"]
    return context


@dataclass(frozen=True)
class _Writer:
    """Writes the dumps of one release."""

    folder: Path
    base: str
    context: Mapping[str, Any]
    kept: Kept

    def graph(self, graph: str, statements: list[Quad]) -> Iterator[File]:
        """The dumps of one named graph."""
        path = f"dumps/{graph.rpartition('/')[2]}"
        body = nquads(statements)
        yield self._put(f"{path}.nq", N_QUADS, body, graph)
        yield self._put(f"{path}.nt", N_TRIPLES, ntriples(body, graph), graph)
        content, make = hashlib.sha256(body).digest(), self._maker(statements)
        turtle = self._kept(f"{path}.ttl", TURTLE, content, graph, make)
        yield turtle
        yield self._put(f"{path}.trig", TRIG, trig((self.folder / turtle.path).read_bytes(), graph), graph)
        yield self._kept(f"{path}.rdf", RDF_XML, content, graph, make)
        yield self._kept(f"{path}.jsonld", JSON_LD, content, graph, make)

    def whole(self, quads: list[Quad], parts: list[File]) -> Iterator[File]:
        """The dumps of everything; Turtle, N-Triples and RDF/XML hold the union of the graphs."""
        content = "".join(file.sha256 for file in parts if file.media == N_QUADS.media).encode()
        yield self._merge(N_QUADS, parts)
        yield self._merge(N_TRIPLES, parts)
        yield self._trig(parts)
        yield self._json_ld(content, parts)
        make = self._maker(quads)
        for fmt in (TURTLE, RDF_XML):
            yield self._kept(f"{WHOLE}.{fmt.ending}", fmt, content, "", make)

    def _maker(self, statements: list[Quad]) -> Callable[[Format], bytes]:
        """Writes ``statements`` in a format; they are put in order when the first one is asked for."""
        triples = cache(lambda: ordered(statements))
        return lambda fmt: write_ordered(triples(), fmt, prefixes(self.base), self.context)

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

    def _merge(self, fmt: Format, parts: list[File]) -> File:
        """The lines of the files of all graphs, each once, in the order of their bytes."""
        path = f"{WHOLE}.{fmt.ending}"
        with ExitStack() as opened, (self.folder / path).open("wb") as whole:
            files = [opened.enter_context(one.open("rb")) for _, one in self._parts(fmt, parts)]
            whole.writelines(map(itemgetter(0), groupby(heapq.merge(*files))))
        return describe(self.folder, path, fmt.media)

    def _trig(self, parts: list[File]) -> File:
        """The files of all graphs one after the other: prefixes may be told anew."""
        path = f"{WHOLE}.{TRIG.ending}"
        with (self.folder / path).open("wb") as whole:
            whole.writelines(one.read_bytes() for _, one in self._parts(TRIG, parts))
        return describe(self.folder, path, TRIG.media)

    def _json_ld(self, content: bytes, parts: list[File]) -> File:
        """The files of all graphs as graphs of one document."""
        path = f"{WHOLE}.{JSON_LD.ending}"

        def fill(target: Path) -> None:
            with target.open("wb") as whole:
                whole.write(json_ld_start(self.context))
                for place, (graph, one) in enumerate(self._parts(JSON_LD, parts)):
                    whole.write((b",\n" if place else b"") + named_json_ld(graph, one.read_bytes()))
                whole.write(b"\n]}\n")

        written = self.kept.fill(self.folder / path, self._key(JSON_LD, content), fill)
        return File(path, JSON_LD.media, written.bytes, written.sha256)

    def _parts(self, fmt: Format, parts: Iterable[File]) -> list[tuple[str, Path]]:
        """The graphs with their files in ``fmt``, sorted."""
        return sorted((file.graph, self.folder / file.path) for file in parts if file.media == fmt.media)
