"""The part of the catalogue that is about one county: written once, and taken again while nothing in it changed.

What other counties' parts say as well (the class of a media type, who publishes) stands apart from it, once for all.
What is known of all parts is kept in one piece, and the parts lie in the catalogue of the last release.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from pyoxigraph import RdfFormat, Triple, serialize

from publisher.core.processes import spread
from publisher.graph.formats import JSON_LD, RDF_XML, TURTLE, Format
from publisher.graph.write import write
from publisher.release import stitched
from publisher.release.catalogue.listing import USED, Listing
from publisher.release.gathered import gather
from publisher.release.joined import nodes, rdf_start
from publisher.release.kept import Kept, key
from publisher.release.manifest import File
from publisher.release.packings import GZIP, is_large
from publisher.release.stitched import Part, pieces, stitch

FORMATS = (TURTLE, RDF_XML, JSON_LD)
"""The formats of the catalogue, those that harvesters can read; the first is for whoever names none."""
CODE = (*sorted(Path(__file__).parent.glob("*.py")), Path(stitched.__file__))
_PREFIXES = re.compile(rb"\A(?:@prefix [^\n]*\n)*")
_ROOT, _CLOSED = b"<rdf:RDF ", b"</rdf:RDF>"


@dataclass(frozen=True)
class _Fragment:
    """What is known of the part about one county."""

    name: str
    """Stands for all that it follows from; what it is kept under."""
    lines: list[str]
    """What other parts may say as well, as N-Triples."""
    terms: list[str]
    """The terms written of by hand that it leads to."""
    sizes: Mapping[str, tuple[str, int]]
    """Ending of a format → SHA-256 and length of what stands in the file of that format."""


class Fragments:
    """Writes the parts of the catalogue of a release and puts them together."""

    def __init__(self, folder: Path, paths: Sequence[str], kept: Kept, listing: Listing) -> None:
        """``paths`` are the files of the catalogue below ``folder``, one for each format.

        ``listing`` holds what is said of no county; what counties share is added there.
        """
        self.listing = listing
        self._folder, self._paths, self._kept = folder, paths, kept
        last = kept.last(paths[0])[1]
        noted = kept.noted(_key(last)) if last else None
        self._known = {ags: _Fragment(*raw) for ags, raw in json.loads(noted).items()} if noted else {}
        self._held: dict[str, _Fragment] = {}
        self._tell: dict[str, Callable[[Listing], None]] = {}
        self._made: dict[str, bytes] = {}

    def county(self, ags: str, said: str, tell: Callable[[Listing], None]) -> None:
        """The part about the county ``ags``: what ``tell`` says into an empty listing; ``said`` stands for it."""
        name = key(b"fragment", ags.encode(), said.encode(), self.listing.stamp, code=CODE)
        self._tell[ags] = tell
        found = self._known.get(ags)
        if found and found.name == name:
            self._kept.use(name)
        else:
            found = _Fragment(name, *json.loads(self._body(ags, name).partition(b"\n")[0]))
        self._held[ags] = found
        self.listing.add(found.lines, found.terms)

    def together(self, jobs: int = 1) -> list[File]:
        """Writes what is said of no county and of each that was told of into the files, in the order of the formats.

        Behind them come the packed ones, where they are large. ``jobs`` processes write them.
        """
        triples = self.listing.triples()
        pairs = list(zip(FORMATS, self._paths, strict=True))
        written = list(spread(lambda pair: self._files(*pair, triples), pairs, jobs))
        files = [file for file, _ in written]
        known = {ags: [one.name, one.lines, one.terms, one.sizes] for ags, one in self._held.items()}
        self._kept.note(_key(files[0].sha256), json.dumps(known).encode())
        return [*files, *(packed for _, packed in written if packed)]

    def _files(self, fmt: Format, path: str, triples: Iterable[Triple]) -> tuple[File, File | None]:
        """The file ``path``, and its packed form where it is large."""
        start, common, end = _parts(fmt, write(triples, fmt, USED, USED))
        counties = [
            Part(*one.sizes[fmt.ending], partial(self._inner, fmt, ags, one)) for ags, one in sorted(self._held.items())
        ]
        parts = [Part.of(start + common), *counties, Part.of(end)]
        written = stitch(self._folder, path, parts, self._kept)
        file = File(path, fmt.media, written.bytes, written.sha256)
        return file, self._packed(file, parts) if is_large(file) else None

    def _packed(self, file: File, parts: Sequence[Part]) -> File:
        """The packed form of ``file``: what is said of the counties of a state is packed together, as it is alike."""
        states = [""] + [ags[:2] for ags in sorted(self._held)] + ["-"]
        runs = [[part for _, part in run] for _, run in groupby(zip(states, parts, strict=True), key=itemgetter(0))]
        inner = pieces(self._folder / file.path, [_joined(run) for run in runs])
        path = f"{file.path}{GZIP.ending}"
        written = gather(self._folder, path, inner, self._kept)
        return File(path, GZIP.media, written.bytes, written.sha256)

    def _inner(self, fmt: Format, ags: str, held: _Fragment) -> bytes:
        """What the part about a county is in the file of a format."""
        body = self._body(ags, held.name).partition(b"\n")[2]
        for ending, (_, size) in held.sizes.items():
            if ending == fmt.ending:
                return body[:size]
            body = body[size:]
        raise KeyError(fmt.ending)

    def _body(self, ags: str, name: str) -> bytes:
        """What is known of the part about a county as JSON in a line, then it in each format, kept or else made."""
        if ags not in self._made:
            if noted := self._kept.noted(name):
                return noted
            self._made[ags] = self._told(ags)
            self._kept.note(name, self._made[ags])
        return self._made[ags]

    def _told(self, ags: str) -> bytes:
        listing = self.listing.empty()
        self._tell[ags](listing)
        own, shared = _parted(listing.said, ags)
        bodies = {fmt.ending: _parts(fmt, write(own, fmt, USED, USED))[1] for fmt in FORMATS}
        bodies[JSON_LD.ending] = b",\n" + bodies[JSON_LD.ending]
        sizes = {ending: (sha256(body).hexdigest(), len(body)) for ending, body in bodies.items()}
        known = [_lines(shared), sorted(listing.leads(own)), sizes]
        return json.dumps(known).encode() + b"\n" + b"".join(bodies.values())


def _parts(fmt: Format, document: bytes) -> tuple[bytes, bytes, bytes]:
    """How a file of the catalogue begins, what ``document`` says as it stands in one, how the file ends."""
    if fmt == TURTLE:
        prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in sorted(USED.items()))
        return prefixes.encode(), _PREFIXES.sub(b"", document), b""
    if fmt == RDF_XML:
        _, root, after = document.partition(_ROOT)
        declared, _, things = after.partition(b"\n")
        used = " ".join(f'xmlns:{name}="{iri}"' for name, iri in USED.items()).encode()
        return rdf_start([root + declared, used]), things[: things.rindex(_CLOSED)], _CLOSED + b"\n"
    inner = nodes(document)
    start, _, end = document.partition(inner)
    return start, inner, end


def _joined(parts: Sequence[Part]) -> Part:
    """``parts``, which follow each other, as one."""
    stamp = sha256("".join(part.sha256 for part in parts).encode()).hexdigest()
    return Part(stamp, sum(part.size for part in parts), lambda: b"".join(part.read() for part in parts))


def _key(sha256: str) -> str:
    return key(b"fragments", sha256.encode(), code=CODE)


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
