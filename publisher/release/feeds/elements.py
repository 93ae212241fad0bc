"""The stream of the counties' texts and actors: one member for each version of each of them.

Whoever follows it holds the counties' graphs: the statements of the newest members together are exactly those.
Written from the lines of the dumps as they are, since a county has thousands.
"""

import gzip
from collections.abc import Iterable, Iterator
from io import BytesIO

from publisher.graph.write import nquads
from publisher.release.changes.things import by_thing
from publisher.release.feeds.tree import Kind, Member, Stream, envelope, page

_LEVEL = 6


def events(old: Iterable[bytes], new: Iterable[bytes], known: bool = True) -> Iterator[tuple[Kind, str, list[bytes]]]:
    """What happened to each thing of a county whose graph has the lines ``old`` and then ``new``.

    Without ``known`` the lines of before are not there, so that everything may have changed.
    """
    before, after = by_thing(old), by_thing(new)
    for iri in sorted({*before, *after}):
        if iri not in after:
            yield "Delete", iri, []
        elif before.get(iri) != after[iri]:
            yield "Update" if iri in before or not known else "Create", iri, after[iri]


def county_page(
    stream: Stream, address: str, happened: Iterable[tuple[Kind, str, list[bytes]]], start: str, at: str
) -> bytes:
    """The page of one county in one release, packed (gzip, always the same bytes).

    ``start`` is how the IRIs of the members begin.
    """
    packed = BytesIO()
    with gzip.GzipFile("", "wb", _LEVEL, packed, mtime=0) as file:
        file.write(page(stream, address))
        for kind, iri, lines in happened:
            member = Member(start + iri.partition("/id/")[2], kind, iri)
            # N-Quads of the default graph are Turtle too, and so are the lines within the braces.
            file.write(nquads(envelope(stream, member, at)))
            if lines:
                file.write(b"<%s> {\n" % member.iri.encode())
                file.writelines(_without_graph(line) for line in lines)
                file.write(b"}\n")
    return packed.getvalue()


def _without_graph(line: bytes) -> bytes:
    return line[: line.rindex(b" <")] + b" .\n"
