"""The part of the catalogue that is about one county: written once, and taken again while nothing in it changed.

What other counties' parts say as well (the class of a media type, who publishes) stands apart from it, once for all.
"""

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import RdfFormat, Triple, serialize

from publisher.graph.formats import JSON_LD, RDF_XML, TURTLE, Format
from publisher.graph.write import write
from publisher.release.catalogue.listing import USED, Listing
from publisher.release.joined import join
from publisher.release.kept import Kept, key

FORMATS = (TURTLE, RDF_XML, JSON_LD)
"""The formats of the catalogue, those that harvesters can read; the first is for whoever names none."""
CODE = tuple(sorted(Path(__file__).parent.glob("*.py")))
COMMON = "-"
"""What the part is called that is about no county."""
_PARTS = ".catalog"
"""Where the parts lie while a release is built."""


@dataclass(frozen=True)
class Fragments:
    """Writes the parts of the catalogue of a release and puts them together."""

    folder: Path
    kept: Kept
    listing: Listing
    """What is said of no county, and where what counties share is added."""

    def county(self, ags: str, said: str, tell: Callable[[Listing], None]) -> None:
        """The part about the county ``ags``: what ``tell`` says into an empty listing; ``said`` stands for it."""
        name = key(b"catalogue", ags.encode(), said.encode(), self.listing.stamp, code=CODE)
        noted = self.kept.noted(name)
        if noted is None or not self._take(ags, name):
            inner = self.listing.empty()
            tell(inner)
            own, shared = _parted(inner.said, ags)
            terms = sorted(inner.leads(own))
            noted = json.dumps([_lines(shared), terms]).encode()
            self.kept.note(name, noted)
            self._write(ags, own, name)
        lines, terms = json.loads(noted)
        self.listing.add(lines, terms)

    def together(self, counties: Iterable[str], targets: Sequence[Path]) -> None:
        """Writes what is said of no county and of each of ``counties`` into ``targets``, one for each format."""
        triples = self.listing.triples()
        self._write(COMMON, triples, key(b"catalogue", *_bytes(triples), code=CODE))
        order = (COMMON, *sorted(counties))
        for fmt, target in zip(FORMATS, targets, strict=True):
            join(fmt, [self._place(name, fmt) for name in order], target)
        shutil.rmtree(self.folder / _PARTS)

    def _take(self, ags: str, name: str) -> bool:
        return all(self.kept.take(self._place(ags, fmt), _name(name, fmt)) for fmt in FORMATS)

    def _write(self, ags: str, triples: Sequence[Triple], name: str) -> None:
        for fmt in FORMATS:
            self.kept.write(
                self._place(ags, fmt),
                _name(name, fmt),
                lambda fmt=fmt: write(triples, fmt, USED, USED),  # type: ignore[misc]
            )

    def _place(self, ags: str, fmt: Format) -> Path:
        place = self.folder / _PARTS / f"{ags}.{fmt.ending}"
        place.parent.mkdir(exist_ok=True)
        return place


def _name(name: str, fmt: Format) -> str:
    return key(name.encode(), fmt.ending.encode())


def _parted(said: Iterable[Triple], ags: str) -> tuple[list[Triple], list[Triple]]:
    """What is said of things that are called by the key of the county, and the rest."""
    own: list[Triple] = []
    shared: list[Triple] = []
    for triple in said:
        (own if ags in triple.subject.value else shared).append(triple)  # type: ignore[union-attr]
    return own, shared


def _lines(triples: Iterable[Triple]) -> list[str]:
    text: bytes = serialize(triples, format=RdfFormat.N_TRIPLES)  # type: ignore[assignment]
    return sorted(text.decode().splitlines(keepends=True))


def _bytes(triples: Iterable[Triple]) -> Iterator[bytes]:
    return (line.encode() for line in _lines(triples))
