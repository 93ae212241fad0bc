"""The files of one named graph, or of a part of it, in every format: the same bytes for the same statements.

The N-Quads are written first; the other formats are made of them again only when they changed.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from pyoxigraph import Quad

from publisher.core.hashed import Hash
from publisher.core.terms import prefixes
from publisher.graph.formats import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format
from publisher.graph.write import nquads, ntriples, ordered, trig, write_ordered
from publisher.release.kept import Kept, key
from publisher.release.manifest import File

FOLDER = "dumps"
WRITTEN = (N_QUADS, N_TRIPLES, TURTLE, TRIG, RDF_XML, JSON_LD)
"""The order in which the files of a graph are written."""
MADE = (TURTLE, RDF_XML, JSON_LD)
"""The formats that take time, so that the cache holds them."""


@dataclass(frozen=True)
class Forms:
    """Writes statements in all formats below a folder; ``context`` is that of JSON-LD."""

    folder: Path
    base: str
    context: Mapping[str, Any]
    kept: Kept
    _said: dict[str, bytes] = field(default_factory=dict, init=False, repr=False, compare=False)
    _hashes: dict[str, Hash] = field(default_factory=dict, init=False, repr=False, compare=False)
    _made: set[str] = field(default_factory=set, init=False, repr=False, compare=False)
    """The folders that are there."""

    def write(self, path: str, graph: str, statements: list[Quad], beside: bytes = b"") -> Iterator[File]:
        """The files of ``statements`` about a named graph, called ``path`` and the endings of formats.

        ``beside`` tells what stands in a file with others apart from what stands alone.
        """
        self.place(path)
        body = nquads(statements)
        yield self._put(f"{path}.nq", N_QUADS, body, graph)
        yield self._put(f"{path}.nt", N_TRIPLES, ntriples(body, graph), graph)
        content, make = hashlib.sha256(body).digest() + beside, self.maker(statements, alone=not beside)
        turtle = self._kept(f"{path}.ttl", TURTLE, content, graph, make)
        yield turtle
        yield self._put(f"{path}.trig", TRIG, trig((self.folder / turtle.path).read_bytes(), graph), graph)
        yield self._kept(f"{path}.rdf", RDF_XML, content, graph, make)
        yield self._kept(f"{path}.jsonld", JSON_LD, content, graph, make)

    def maker(self, statements: list[Quad], alone: bool) -> Callable[[Format], bytes]:
        """Writes ``statements`` in a format; they are put in order when the first one is asked for."""
        triples = cache(lambda: ordered(statements))
        return lambda fmt: write_ordered(triples(), fmt, prefixes(self.base), self.context, alone)

    def place(self, path: str) -> Path:
        """Where the file ``path`` is to lie; there is a folder for it."""
        place = self.folder / path
        if (parent := path.rpartition("/")[0]) not in self._made:
            place.parent.mkdir(parents=True, exist_ok=True)
            self._made.add(parent)
        return place

    def key(self, fmt: Format, content: bytes) -> str:
        """Under what the file in ``fmt`` is kept of what ``content`` stands for."""
        if fmt.ending not in self._hashes:
            self._hashes[fmt.ending] = Hash(hashlib.sha256(self.said(fmt)).digest())
        return key(content, self._hashes[fmt.ending])

    def said(self, fmt: Format) -> bytes:
        """What files in ``fmt`` follow from beside their statements."""
        if fmt.ending not in self._said:
            said = [fmt.ending, prefixes(self.base), self.context if fmt == JSON_LD else None]
            self._said[fmt.ending] = json.dumps(said).encode()
        return self._said[fmt.ending]

    def _put(self, path: str, fmt: Format, body: bytes, graph: str) -> File:
        (self.folder / path).write_bytes(body)
        return File(path, fmt.media, len(body), hashlib.sha256(body).hexdigest(), graph)

    def _kept(self, path: str, fmt: Format, content: bytes, graph: str, make: Callable[[Format], bytes]) -> File:
        """The file ``path``, which follows from the statements that ``content`` stands for."""
        written = self.kept.write(self.folder / path, self.key(fmt, content), lambda: make(fmt))
        return File(path, fmt.media, written.bytes, written.sha256, graph)


def plain(graph: str) -> str:
    """The path of the N-Quads of a named graph."""
    return f"{FOLDER}/{name_of(graph)}.{N_QUADS.ending}"


def name_of(graph: str) -> str:
    """What the files of a named graph are called by."""
    return graph.rpartition("/")[2]
