"""What one county adds to a release: made in a process of its own, kept by what it follows from.

Nothing here looks at another county. What is large lies in files; what is small is handed on.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

import publisher.language
import publisher.quality
from publisher.core.errors import DamagedRelease, LostState, NoRelease
from publisher.core.settings import Settings
from publisher.core.terms import CANONICAL_BASE, COUNTY, GRAPH, NS, RDF
from publisher.graph.queries import Queries
from publisher.graph.rebase import rebase
from publisher.graph.sources import CountySource, read_bytes, read_graph
from publisher.graph.store import Dataset
from publisher.graph.write import nquads
from publisher.language.statements import Statement
from publisher.quality.findings import Result
from publisher.release.catalogue.districts import District, district
from publisher.release.cells import cells
from publisher.release.dates import stated_dates
from publisher.release.dumps import Writer
from publisher.release.kept import Kept, key
from publisher.release.manifest import CountyState, File
from publisher.release.reader import CURRENT, checked_file, current_folder, read_dataset, read_manifest
from publisher.release.readings import READING, readings
from publisher.release.similar import statements
from publisher.release.tally import Share
from publisher.release.versions import COMPARISON

_CONCEPTS = (RDF + "type", NS + "county", NS + "comparedVersion")
_HERE, _LANGUAGE, _QUALITY = (
    Path(file).parent for file in (__file__, str(publisher.language.__file__), str(publisher.quality.__file__))
)
_CODE = tuple(
    path
    for folder in (
        _HERE,
        _HERE / "catalogue",
        Path(publisher.language.__file__).parent,
        Path(publisher.quality.__file__).parent,
    )
    for path in sorted(folder.glob("*.py"))
)


@dataclass(frozen=True)
class Unit:
    """One county's contribution to a release."""

    state: CountyState
    documents: Path | None = None
    """The folder of its source documents."""
    files: tuple[File, ...] = ()
    """The dumps of its graph."""
    date: str = ""
    """The date that its graph states; "" when it states none."""
    district: District | None = None
    statements: tuple[Statement, ...] = ()
    """Its texts that are compared with those of other counties."""
    facts: str = ""
    """What tables and catalogue say of all counties at once, as N-Quads: which concept it has, of which class, which
    version of it counts, and what its graph says of itself."""
    share: Share | None = None
    parts: Mapping[str, str] = field(default_factory=dict)
    """Graph that holds something of every county → what stands for what this one adds."""
    kept: bool = field(default=False, compare=False)
    """Whether all of it was made by an earlier build."""


@dataclass(frozen=True)
class Works:
    """What making a county needs beside the county."""

    settings: Settings
    queries: Queries
    writer: Writer
    kept: Kept
    lists: Sequence[Quad]
    """The statements of the common fields and closed lists, under the base of the release."""
    places: Mapping[str, tuple[str, str]]
    """Key → name and place of every district."""
    beside: Mapping[str, list[Quad]]
    """Key → what common graphs say of things below the county."""
    stamp: bytes
    """What stands for all of these."""

    def make(self, source: CountySource, result: Result) -> Unit:
        """The county's new state where it is valid, else its last valid one, else nothing. Raises LostState."""
        violations = result.count("violation")
        if not result.valid:
            return self._last(source.ags, violations)
        contents = [part for path in _inputs(source) for part in (path.name.encode(), read_bytes(path))]
        state = CountyState(source.ags, "current", "")

        def quads() -> list[Quad]:
            return list(rebase(read_graph(source.files, source.graph), self.settings.base))

        return self._unit(state, source.folder, key(self.stamp, *contents), quads)

    def _last(self, ags: str, violations: int) -> Unit:
        """What the release in force holds of a county, moved to the configured base; nothing when it holds nothing.

        Raises LostState when it holds something else than its manifest says.
        """
        nothing = Unit(CountyState(ags, "left_out", "", 0, violations))
        try:
            folder = current_folder(self.settings.releases)
            manifest = read_manifest(folder)
            state = manifest.county(ags)
            if state is None or state.state == "left_out":
                return nothing
            for file in manifest.files:
                if file.path.startswith(f"sources/{ags}/"):
                    checked_file(folder, manifest, file.path)
            held = list(read_dataset(folder, manifest, f"dumps/{ags}.nq").store)
        except NoRelease:
            return nothing
        except DamagedRelease as error:
            raise LostState(ags=ags, link=self.settings.releases / CURRENT, **error.facts) from None
        quads = list(rebase(held, self.settings.base, manifest.base))
        unit = self._made(replace(state, state="kept", violations=violations), folder / "sources" / ags, quads)
        return unit

    def _unit(self, state: CountyState, documents: Path, name: str, quads: Any) -> Unit:
        """What is kept of the county under ``name`` where all its files are at hand, else made anew."""
        place = self.writer.folder / f".unit-{state.ags}"
        made: list[Unit] = []

        def make() -> bytes:
            made.append(self._made(state, documents, quads()))
            return _as_json(made[0]).encode()

        self.kept.write(place, name, make)
        raw = place.read_text(encoding="utf-8")
        place.unlink()
        if made:
            return made[0]
        unit = _parsed(raw, state, documents)
        if self._at_hand(unit):
            return unit
        return self._made(state, documents, quads())

    def _at_hand(self, unit: Unit) -> bool:
        """Whether the files of ``unit`` could all be taken from the last release and the cache."""
        if not all(self.writer.take_part(graph, unit.state.ags, content) for graph, content in unit.parts.items()):
            return False
        for file in unit.files:
            target = self.writer.folder / file.path
            target.parent.mkdir(parents=True, exist_ok=True)
            if not self.kept.link(target, file.sha256):
                for one in unit.files:
                    (self.writer.folder / one.path).unlink(missing_ok=True)
                return False
        return True

    def _made(self, state: CountyState, documents: Path, quads: list[Quad]) -> Unit:
        ags, base = state.ags, self.settings.base
        graph = f"{base}{GRAPH.removeprefix(CANONICAL_BASE)}{ags}"
        found = list(cells(self.queries, ags, quads, self.lists))
        read = list(readings(self.queries, ags, quads, documents))
        files = self.writer.graph(graph, quads)
        derived = (
            (base + COMPARISON.removeprefix(CANONICAL_BASE), found),
            (base + READING.removeprefix(CANONICAL_BASE), read),
        )
        own = f"{base}{COUNTY.removeprefix(CANONICAL_BASE)}{ags}/"
        wanted = {RDF + "type", *(base + name.removeprefix(CANONICAL_BASE) for name in _CONCEPTS[1:])}
        everything = [*quads, *found, *read]
        inside = [q for q in everything if isinstance(q.subject, NamedNode) and q.subject.value.startswith(own)]
        graphs = base + GRAPH.removeprefix(CANONICAL_BASE)
        return Unit(
            state=state if state.state == "kept" else replace(state, triples=len(set(quads))),
            documents=documents,
            files=tuple(files),
            date=stated_dates(quads, graphs).get(graph, ""),
            district=district(self.queries, ags, self.places[ags], quads),
            statements=tuple(statements(self.queries, Dataset.of(quads, base))),
            facts=nquads(
                q for q in [*quads, *found] if q.predicate.value in wanted or q.subject == NamedNode(graph)
            ).decode(),
            share=Share.of([*inside, *self.beside.get(ags, ())], base + "id/"),
            parts={name: self.writer.part(name, ags, statements) for name, statements in derived},
        )


@dataclass(frozen=True)
class Dumped(Mapping[str, list[Quad]]):
    """The statements of each county by key, read from its dump when they are asked for."""

    folder: Path
    keys_: tuple[str, ...]

    def __getitem__(self, ags: str) -> list[Quad]:
        with (self.folder / "dumps" / f"{ags}.nq").open("rb") as file:
            return list(parse(file, format=RdfFormat.N_QUADS))

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys_)

    def __len__(self) -> int:
        return len(self.keys_)


def outside(quads: Iterable[Quad], own: Sequence[str]) -> tuple[list[Quad], dict[str, list[Quad]]]:
    """``quads`` whose subjects are below none of the IRIs ``own``, and the others by the last part of that IRI."""
    places = {iri: iri.rstrip("/").rpartition("/")[2] for iri in own}
    length = len(own[0]) if own else 0
    apart: list[Quad] = []
    inside: dict[str, list[Quad]] = {}
    for quad in quads:
        name = quad.subject.value if isinstance(quad.subject, NamedNode) else ""
        ags = places.get(name[:length]) if length else None
        if ags is None:
            apart.append(quad)
        else:
            inside.setdefault(ags, []).append(quad)
    return apart, inside


def code() -> bytes:
    """A hash over the code that makes counties."""
    return hashlib.sha256(b"".join(hashlib.sha256(path.read_bytes()).digest() for path in _CODE)).digest()


def _inputs(source: CountySource) -> list[Path]:
    return sorted([*source.files, *source.folder.glob("*.txt")])


def _as_json(unit: Unit) -> str:
    share, said = unit.share, unit.district
    assert share and said
    raw = {
        "triples": unit.state.triples,
        "files": [asdict(file) for file in unit.files],
        "date": unit.date,
        "district": asdict(said),
        "statements": [
            [one.id, one.county, one.text, sorted(one.concepts), sorted(one.mentions)] for one in unit.statements
        ],
        "facts": unit.facts,
        "parts": dict(unit.parts),
        "share": share.raw(),
    }
    return json.dumps(raw, ensure_ascii=False)


def _parsed(text: str, state: CountyState, documents: Path) -> Unit:
    raw: dict[str, Any] = json.loads(text)
    said = raw["district"]
    return Unit(
        state=replace(state, triples=raw["triples"]),
        documents=documents,
        files=tuple(File(**file) for file in raw["files"]),
        date=raw["date"],
        district=District(**{**said, "pages": tuple(said["pages"])}),
        statements=tuple(
            Statement(iri, county, text, frozenset(concepts), frozenset(mentions))
            for iri, county, text, concepts, mentions in raw["statements"]
        ),
        facts=raw["facts"],
        share=Share.parsed(raw["share"]),
        parts=raw["parts"],
        kept=True,
    )


def quads_of(text: str) -> list[Quad]:
    """The statements of N-Quads."""
    return list(parse(text, format=RdfFormat.N_QUADS))
