"""Files put together from the files of their parts, in one pass and without parsing: what parts say stands there once.

The parts of a graph, and the graphs of everything, are joined alike. Time and memory go by the number of bytes.
"""

import heapq
import json
import mmap
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import takewhile
from pathlib import Path
from typing import IO

from publisher.graph.formats import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format

_PIECE = 1 << 20
_NODES, _END = b'\n "@graph": [\n', b"\n ]\n}\n"
"""Between these the things of a JSON-LD document of ours stand; a document of one thing has none of it."""
JSON_LD_END = b"\n]}\n"
"""How a document of several graphs ends."""
_ROOT, _CLOSED = b"<rdf:RDF ", b"</rdf:RDF>"
RDF_END = _CLOSED + b"\n"
_NAMESPACE = re.compile(rb'xmlns:(\w+)="([^"]*)"')


def join(fmt: Format, parts: Sequence[Path], target: Path) -> None:
    """Writes into ``target`` what the files ``parts``, all in ``fmt``, say together."""
    with target.open("wb") as out:
        _JOINS[fmt](parts, out)


def _merge(parts: Sequence[Path], out: IO[bytes]) -> None:
    """The lines of sorted files, each once, in the order of their bytes."""
    with ExitStack() as opened:
        sides = [_Lines(opened, part) for part in parts if part.stat().st_size]
        heads = [(side.head(), number) for number, side in enumerate(sides)]
        heapq.heapify(heads)
        while heads:
            _, number = heads[0]
            side = sides[number]
            following = min((heads[place] for place in (1, 2) if place < len(heads)), default=None)
            side.write(out, following[0] if following else None)
            if side.ended:
                heapq.heappop(heads)
            else:
                heapq.heapreplace(heads, (side.head(), number))


def beginning(path: Path, start: bytes) -> bytes:
    """The lines of a sorted file that begin with ``start``."""
    if not path.stat().st_size:
        return b""
    with ExitStack() as opened:
        lines = _Lines(opened, path)
        return lines.between(start, _behind(start))


def without(path: Path, start: bytes) -> bytes:
    """The lines of a sorted file that do not begin with ``start``."""
    if not path.stat().st_size:
        return b""
    with ExitStack() as opened:
        lines = _Lines(opened, path)
        before = lines.between(b"", start)
        return before + lines.between(_behind(start), b"\xff")


def _behind(start: bytes) -> bytes:
    """What comes after all that begins with ``start``."""
    return start[:-1] + bytes([start[-1] + 1])


class _Lines:
    """A sorted file of lines that is read from its start to its end, many lines at a time."""

    def __init__(self, opened: ExitStack, path: Path) -> None:
        file = opened.enter_context(path.open("rb"))
        self._held = opened.enter_context(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        self._place, self._size = 0, len(self._held)

    @property
    def ended(self) -> bool:
        """Whether nothing is left."""
        return self._place >= self._size

    def head(self) -> bytes:
        """The next line."""
        return self._line(self._place)

    def write(self, out: IO[bytes], limit: bytes | None) -> None:
        """Writes the lines before ``limit`` (None: all); skips the next line where it is ``limit`` itself."""
        end = self._size if limit is None else self._first(limit)
        if end == self._place:
            self._place += len(self.head())
            return
        for start in range(self._place, end, _PIECE):
            out.write(self._held[start : min(end, start + _PIECE)])
        self._place = end

    def between(self, start: bytes, end: bytes) -> bytes:
        """The lines from ``start`` on up to ``end``."""
        first = self._place = self._first(start)
        return self._held[first : self._first(end)]

    def _line(self, start: int) -> bytes:
        return self._held[start : self._held.find(b"\n", start) + 1]

    def _first(self, limit: bytes) -> int:
        """Where the first line begins that does not come before ``limit``: looked for nearby first."""
        low, step = self._place, 1 << 12
        while low + step < self._size and self._line(self._start(low + step)) < limit:
            low, step = self._start(low + step), step * 2
        high = min(self._size, low + step + (1 << 16))
        if high < self._size:
            high = self._held.find(b"\n", high) + 1 or self._size
        while low < high:
            middle = self._start((low + high) // 2, low)
            line = self._line(middle)
            if line < limit:
                low = middle + len(line)
            else:
                high = middle
        return low

    def _start(self, place: int, least: int = 0) -> int:
        """Where the line begins in which ``place`` is."""
        return max(self._held.rfind(b"\n", 0, place) + 1, least)


def _turtle(parts: Sequence[Path], out: IO[bytes]) -> None:
    """One file after the other; a prefix is told again only where it stands for something else."""
    told: dict[bytes, bytes] = {}
    for part in parts:
        with part.open("rb") as file:
            for line in file:
                if not line.startswith(b"@prefix "):
                    out.write(line)
                    break
                name = line.split(b" ", 2)[1]
                if told.get(name) != line:
                    told[name] = line
                    out.write(line)
            shutil.copyfileobj(file, out, _PIECE)


def _rdf_xml(parts: Sequence[Path], out: IO[bytes]) -> None:
    """The things of all files below one root, which declares the namespaces of all."""
    out.write(rdf_start(map(rdf_root, parts)))
    for part in parts:
        with part.open("rb") as file:
            out.writelines(_rdf_things(file))
    out.write(RDF_END)


def rdf_root(part: Path) -> bytes:
    """The root of an RDF/XML document of ours, which declares the namespaces."""
    with part.open("rb") as file:
        return next(line for line in file if line.startswith(_ROOT))


def rdf_start(parts: Iterable[bytes]) -> bytes:
    """How an RDF/XML document begins that holds the things of those with the roots ``parts``."""
    roots: dict[bytes, bytes] = {}
    for root in parts:
        for name, iri in _NAMESPACE.findall(root):
            # Names of counties and their versions stand for something else in each file; no element is called by them.
            roots[name] = iri if roots.get(name, iri) == iri else b""
    names = b" ".join(b'xmlns:%s="%s"' % (name, iri) for name, iri in sorted(roots.items()) if iri)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + _ROOT + names + b">\n"


def rdf_things(part: Path) -> bytes:
    """The things of an RDF/XML document of ours, as they stand below its root."""
    with part.open("rb") as file:
        return b"".join(_rdf_things(file))


def _rdf_things(file: IO[bytes]) -> Iterator[bytes]:
    after = iter(file)
    for _ in takewhile(lambda line: not line.startswith(_ROOT), after):
        pass
    return takewhile(lambda line: not line.startswith(_CLOSED), after)


def _json_ld(parts: Sequence[Path], out: IO[bytes]) -> None:
    """The things of all files in one document with the context of the first."""
    bodies = (part.read_bytes() for part in parts)
    first = next(bodies)
    start = first.find(_NODES)
    context = first[:start] if start >= 0 else _context(first)
    out.write(context + _NODES + nodes(first))
    for body in bodies:
        out.write(b",\n" + nodes(body))
    out.write(_END)


def nodes(document: bytes) -> bytes:
    """The things of a JSON-LD document of ours as they stand in one that is a list of things."""
    start = document.find(_NODES)
    if start >= 0 and document.endswith(_END):
        return document[start + len(_NODES) : -len(_END)]
    thing = json.loads(document)
    thing.pop("@context", None)
    lines = json.dumps([thing], ensure_ascii=False, indent=1).splitlines()[1:-1]
    return "\n".join(f" {line}" for line in lines).encode()


def _context(document: bytes) -> bytes:
    """How a document begins that has the context of ``document``, up to its list of things."""
    context = {"@context": json.loads(document)["@context"]}
    return json.dumps(context, ensure_ascii=False, indent=1).removesuffix("\n}").encode() + b","


_JOINS: Mapping[Format, Callable[[Sequence[Path], IO[bytes]], None]] = {
    N_QUADS: _merge,
    N_TRIPLES: _merge,
    TURTLE: _turtle,
    TRIG: _turtle,
    RDF_XML: _rdf_xml,
    JSON_LD: _json_ld,
}


def graphs_json_ld(start: bytes, parts: Iterable[tuple[str, Path]], out: IO[bytes]) -> None:
    """Writes the documents of named graphs as graphs of one document that begins with ``start``."""
    out.write(start)
    for place, (graph, part) in enumerate(parts):
        out.write((b",\n" if place else b"") + graph_json_ld(graph, part))
    out.write(JSON_LD_END)


def graph_json_ld(graph: str, part: Path) -> bytes:
    """The document ``part`` as a named graph of a document of several."""
    return b'{%s%s\n ],\n "@id": "%s"\n}' % (_NODES, nodes(part.read_bytes()), graph.encode())
