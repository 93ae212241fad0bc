"""The parts of graphs that hold something of every county: what one county adds, in every format.

A part lies in a file only where it was made now or is asked for. What did not change since the last release is cut out
of the file of its graph there: lines about one county follow each other.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, parse

from publisher.graph.formats import N_QUADS, N_TRIPLES, TRIG, TURTLE, Format
from publisher.graph.write import nquads, ntriples, trig
from publisher.release.forms import MADE, WRITTEN, Forms, name_of, plain
from publisher.release.joined import beginning
from publisher.release.kept import Gone, key

PARTS = ".parts"
"""Where the parts of graphs lie while a release is built."""
Contents = Mapping[tuple[str, str], str]
"""Graph and county ("-" for what is about none) → what stands for the statements of that part; "" for none."""
_BESIDE = b"part"
"""Tells what a part follows from apart from what a whole graph does."""
_CODE = tuple(Path(__file__).with_name(f"{name}.py") for name in ("dumps", "everything", "gathered", "joined", "parts"))


@dataclass(frozen=True)
class PartFiles:
    """The parts of the graphs of one release."""

    forms: Forms
    _last: dict[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def write(self, graph: str, name: str, statements: list[Quad]) -> str:
        """Writes what the county ``name`` adds to a named graph; no part where there is nothing.

        What stands for the statements, for ``take``.
        """
        if not statements:
            return ""
        path, content = self._path(graph, name), content_of(statements)
        for file, fmt in zip(list(self.forms.write(path, graph, statements, _BESIDE)), WRITTEN, strict=True):
            if fmt not in MADE:
                with suppress(OSError):
                    place = self.forms.folder / file.path
                    self.forms.kept.keep(self.key(fmt, content), place, file.bytes, file.sha256)
        return content

    def take(self, graph: str, name: str, content: str) -> bool:
        """Whether the part whose ``content`` this is can be had of earlier builds: its N-Quads at least.

        Where it is a part of the last release, too, it is taken when it is asked for.
        """
        if not content or self.last(graph).get(name) == content:
            return True
        place = self.forms.place(f"{self._path(graph, name)}.{N_QUADS.ending}")
        return self.forms.kept.take(place, self.key(N_QUADS, content)) is not None

    def file(self, fmt: Format, graph: str, name: str, content: str) -> Path:
        """The file of a part in ``fmt``: as it was written or is kept, else made of its N-Quads again. Raises Gone."""
        path = self.forms.place(f"{self._path(graph, name)}.{fmt.ending}")
        if not path.exists():
            # Other processes may want it at the same time.
            aside = path.with_suffix(f".{fmt.ending}.{os.getpid()}")
            if not self.forms.kept.take(aside, self.key(fmt, content)):
                aside.write_bytes(self._body(fmt, graph, name, content))
            aside.replace(path)
        return path

    def last(self, graph: str) -> Mapping[str, str]:
        """What the file of a graph in the last release was joined from: part → what stands for it."""
        return self._noted(graph)[1]

    def same(self, graph: str, held: Mapping[str, str]) -> bool:
        """Whether the files of a graph in the last release were joined from the parts ``held``, and as now."""
        return self._noted(graph) == (self._way, held)

    def note(self, graph: str, sha256: str, held: Mapping[str, str]) -> None:
        """Notes for ``last`` that the N-Quads of a graph, which have this checksum, were joined from ``held``."""
        self.forms.kept.note(_joined(graph, sha256), json.dumps([self._way, held]).encode())

    def _noted(self, graph: str) -> tuple[str, Mapping[str, str]]:
        if graph not in self._last:
            noted = self.forms.kept.noted(_joined(graph, self.forms.kept.last(plain(graph))[1]))
            way, held = json.loads(noted) if noted else ("", {})
            self._last[graph] = (way, held)
        return self._last[graph]

    @property
    def _way(self) -> str:
        """What stands for how parts are joined."""
        return key(b"way", *(self.forms.said(fmt) for fmt in WRITTEN), code=_CODE)

    def key(self, fmt: Format, content: str) -> str:
        """Under what the file of a part in ``fmt`` is kept; stands for its bytes."""
        return self.forms.key(fmt, bytes.fromhex(content))

    def _body(self, fmt: Format, graph: str, name: str, content: str) -> bytes:
        if fmt == N_QUADS:
            return self._cut(graph, name, content)
        if fmt == TRIG:
            return trig(self.file(TURTLE, graph, name, content).read_bytes(), graph)
        lines = self.file(N_QUADS, graph, name, content).read_bytes()
        if fmt == N_TRIPLES:
            return ntriples(lines, graph)
        return self.forms.maker(list(parse(lines, format=RdfFormat.N_QUADS)), alone=False)(fmt)

    def _cut(self, graph: str, name: str, content: str) -> bytes:
        """The N-Quads of a part, cut out of the file of its graph in the last release. Raises Gone."""
        source, _ = self.forms.kept.last(plain(graph))
        begin = (f"<{self.forms.base}id/{kind}/{name}".encode() for kind in ("aehnlichkeit", "kreis"))
        lines = b"".join(beginning(source, start) for start in begin) if source else b""
        if _content(lines) != content:
            raise Gone(graph, name)
        return lines

    def _path(self, graph: str, name: str) -> str:
        return f"{PARTS}/{name_of(graph)}/{name}"


def _joined(graph: str, sha256: str) -> str:
    return key(b"joined", graph.encode(), sha256.encode())


def content_of(statements: list[Quad]) -> str:
    """What stands for ``statements``, which are a part of one graph; "" for none."""
    return _content(nquads(statements)) if statements else ""


def _content(lines: bytes) -> str:
    return (hashlib.sha256(lines).digest() + _BESIDE).hex()
