"""What the files of everything are put together from where there is so much of it that they are offered packed only.

Of N-Quads and N-Triples the order of the lines is that of their bytes, whatever graph they stand in: the lines about
things of one county follow each other and are a piece, and what stands between is in pieces of its own. Files in other
formats hold one graph after the other.
"""

import json
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from publisher.graph.formats import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, Format
from publisher.graph.write import json_ld_start
from publisher.release.gathered import Piece
from publisher.release.joined import JSON_LD_END, RDF_END, graph_json_ld, rdf_root, rdf_start, rdf_things
from publisher.release.kept import Kept, key


@dataclass(frozen=True)
class Source:
    """A file that holds a part of a named graph."""

    graph: str
    name: str
    """What the graph or the part is called by: the key of a county where it speaks of its things."""
    stamp: str
    """Stands for its bytes."""
    place: Callable[[], Path]
    """Where it lies; asked only when it is to be read."""

    @property
    def owner(self) -> str:
        """The key of the county whose things it speaks of; "" where there is none."""
        return self.name if self.name.isdigit() else ""


def pieces(fmt: Format, sources: Sequence[Source], base: str, context: Mapping[str, Any], kept: Kept) -> list[Piece]:
    """What ``sources``, all in ``fmt`` and sorted by graph, are together.

    IRIs are under ``base``, ``context`` is that of JSON-LD. What is ``kept`` of unchanged sources is not read again.
    """
    if fmt in (N_QUADS, N_TRIPLES):
        return list(_sorted(sources, base, kept))
    if fmt == RDF_XML:
        roots = {
            root for one in sources for root in _kept_lines(kept, b"root", one, lambda one: [rdf_root(one.place())])
        }
        inner = [Piece(one.stamp, partial(_things, one)) for one in sources]
        return [_fixed(rdf_start(roots)), *inner, _fixed(RDF_END)]
    if fmt == JSON_LD:
        inner = [
            Piece(f"{one.stamp} {min(place, 1)}", partial(_graph, one, b",\n" if place else b""))
            for place, one in enumerate(sources)
        ]
        return [_fixed(json_ld_start(context)), *inner, _fixed(JSON_LD_END)]
    return [Piece(one.stamp, partial(_whole, one)) for one in sources]


def _graph(source: Source, before: bytes) -> bytes:
    return before + graph_json_ld(source.graph, source.place())


def _things(source: Source) -> bytes:
    return rdf_things(source.place())


def _whole(source: Source) -> bytes:
    return source.place().read_bytes()


def _fixed(body: bytes) -> Piece:
    return Piece(sha256(body).hexdigest(), lambda: body)


def _sorted(sources: Sequence[Source], base: str, kept: Kept) -> Iterator[Piece]:
    """The lines of ``sources`` in the order of their bytes, each once: those of each county's things, the rest between.

    Only files of a county speak of its things at length: of itself, and of what in it is alike to what others have.
    """
    owned: dict[str, list[Source]] = {}
    for source in sources:
        owned.setdefault(source.owner, []).append(source)
    starts = {
        ags: tuple(f"<{base}id/{kind}/{ags}/".encode() for kind in ("aehnlichkeit", "kreis")) for ags in owned if ags
    }
    ranges = sorted((start, ags) for ags, own in starts.items() for start in own)
    found = (_apart(source, starts.get(source.owner, ()), kept) for source in sources)
    apart = sorted(set().union(*found))
    place = 0
    for start, ags in ranges:
        first, last = bisect_left(apart, start, place), bisect_left(apart, _after(start), place)
        yield from _between(apart[place:first])
        inside, own = apart[first:last], owned.get(ags, [])
        stamp = _hash(start, *(one.stamp.encode() for one in own), *inside)
        yield Piece(stamp, partial(_within, start, own, inside))
        place = last
    yield from _between(apart[place:])


def _apart(source: Source, starts: tuple[bytes, ...], kept: Kept) -> list[bytes]:
    """The lines of ``source`` that begin with none of ``starts``."""

    def read(source: Source) -> list[bytes]:
        with source.place().open("rb") as file:
            return [line for line in file if not starts or not line.startswith(starts)]

    return _kept_lines(kept, b"apart", source, read) if starts else read(source)


def _kept_lines(kept: Kept, what: bytes, source: Source, read: Callable[[Source], list[bytes]]) -> list[bytes]:
    """What ``read`` gives of ``source``, or gave in an earlier build."""
    name = key(what, source.owner.encode(), source.stamp.encode())
    noted = kept.noted(name)
    if noted is None:
        noted = json.dumps([line.decode() for line in read(source)]).encode()
        kept.note(name, noted)
    return [line.encode() for line in json.loads(noted)]


def _within(start: bytes, sources: Sequence[Source], more: Sequence[bytes]) -> bytes:
    """The lines of ``sources`` that begin with ``start``, and ``more``, each once."""
    lines = set(more)
    for source in sources:
        with source.place().open("rb") as file:
            lines.update(line for line in file if line.startswith(start))
    return b"".join(sorted(lines))


def _between(lines: Sequence[bytes]) -> Iterator[Piece]:
    if lines:
        yield _fixed(b"".join(lines))


def _after(start: bytes) -> bytes:
    """What comes after all lines that begin with ``start``."""
    return start[:-1] + bytes([start[-1] + 1])


def _hash(*parts: bytes) -> str:
    digest = sha256()
    for part in parts:
        digest.update(sha256(part).digest())
    return digest.hexdigest()
