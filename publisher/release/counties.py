"""What one county adds to a release: made in a process of its own, kept by what it follows from.

Nothing here looks at another county. What is large lies in files; what is small is handed on.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

import publisher.language
import publisher.quality
from publisher.core.errors import DamagedRelease, LostState, NoRelease, SavedMeanwhile
from publisher.core.processes import begun
from publisher.core.settings import Settings
from publisher.core.terms import CANONICAL_BASE, COUNTY, GRAPH, NS, RDF
from publisher.graph.files import Files
from publisher.graph.queries import Queries
from publisher.graph.rebase import rebase
from publisher.graph.sources import CountySource, read_graph
from publisher.graph.store import Dataset
from publisher.graph.write import nquads
from publisher.quality.findings import Result
from publisher.release import findable
from publisher.release.catalogue.districts import district
from publisher.release.cells import cells
from publisher.release.dates import stated_dates
from publisher.release.dumps import Writer
from publisher.release.kept import Kept, key
from publisher.release.manifest import CountyState
from publisher.release.reader import CURRENT, checked_file, current_folder, read_dataset, read_manifest
from publisher.release.readings import READING, readings
from publisher.release.similar import statements
from publisher.release.tally import Share
from publisher.release.unit import Bulk, Unit, note, noted, texts_raw, texts_stamp
from publisher.release.versions import COMPARISON

CONCEPT = NS + "IntegrationConcept"
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
class Works:
    """What making a county needs beside the county."""

    settings: Settings
    queries: Queries
    writer: Writer
    kept: Kept
    files: Files
    lists: Sequence[Quad]
    """The statements of the common fields and closed lists, under the base of the release."""
    places: Mapping[str, tuple[str, str]]
    """Key → name and place of every district."""
    beside: Mapping[str, list[Quad]]
    """Key → what common graphs say of things below the county."""
    stamp: bytes
    """What stands for all of these."""

    def units(self, pairs: Sequence[tuple[CountySource, Result]], jobs: int) -> Iterator[Unit]:
        """What each county of ``pairs`` adds, in their order; what was not noted is made in ``jobs`` processes.

        Raises LostState or SavedMeanwhile.
        """
        found: dict[str, Unit | None] = {}
        made: dict[bool, Iterator[Unit]] = {}
        # Those that were checked anew are made while the others, most of them noted, are taken over.
        for checked in (False, True):
            group = [pair for pair in pairs if pair[1].cached == checked]
            found |= {source.ags: self._noted(source) if result.valid else None for source, result in group}
            missing = [pair for pair in group if found[pair[0].ags] is None]
            made[checked] = begun(lambda pair: self._make(*pair), missing, jobs)
        for source, result in pairs:
            yield found[source.ags] or next(made[result.cached])

    def _make(self, source: CountySource, result: Result) -> Unit:
        """The county's new state where it is valid, else its last valid one, else nothing.

        Raises LostState or SavedMeanwhile.
        """
        if not result.valid:
            return self._last(source.ags, result.count("violation"))
        quads = list(rebase(read_graph(source.files, source.graph), self.settings.base))
        unit = self._made(_current(source), source.folder, quads)
        if not self.files.same(source.folder):
            # What was read is not what was checked.
            raise SavedMeanwhile(ags=source.ags)
        note(self.kept, self._name(source), unit)
        return unit

    def _noted(self, source: CountySource) -> Unit | None:
        """What an earlier build noted of the county, where all its files are at hand."""
        unit = noted(self.kept, self._name(source), _current(source), source.folder)
        return unit if unit and self._at_hand(unit) else None

    def _name(self, source: CountySource) -> str:
        return key(b"unit", self.stamp, *self.files.contents(source.folder))

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
        return self._made(replace(state, state="kept", violations=violations), folder / "sources" / ags, quads)

    def _at_hand(self, unit: Unit) -> bool:
        """Whether the files of ``unit`` could all be taken from the last release, and its parts can be."""
        if not all(self.writer.parts.take(graph, unit.state.ags, content) for graph, content in unit.parts.items()):
            return False
        for file in unit.files:
            if not self.kept.link(self.writer.forms.place(file.path), file.sha256):
                for one in unit.files:
                    self.writer.forms.place(one.path).unlink(missing_ok=True)
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
        inside: list[Quad] = []
        about: list[Quad] = []
        for quad in [*quads, *found, *read]:
            below = isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(own)
            (inside if below else about).append(quad)
        share, objects = Share.of([*inside, *self.beside.get(ags, ())], base + "id/")
        dataset = Dataset.of(quads, base)
        texts = texts_raw(statements(self.queries, dataset))
        dataset.store.extend([*found, *read, *self.beside.get(ags, ())])
        things = findable.things(self.queries, dataset)
        dataset.store.extend(self.lists)
        search = findable.Found(things, findable.topics(self.queries, dataset))
        files.append(findable.write(self.writer.forms.folder, ags, search, about, base))
        return Unit(
            state=state if state.state == "kept" else replace(state, triples=len(set(quads))),
            documents=documents,
            files=tuple(files),
            date=stated_dates(quads, base + GRAPH.removeprefix(CANONICAL_BASE)).get(graph, ""),
            district=district(self.queries, ags, self.places[ags], quads),
            texts=texts_stamp(texts),
            facts=nquads([*about, *_concepts(inside, base)]).decode(),
            share=share,
            parts={name: self.writer.parts.write(name, ags, statements) for name, statements in derived},
            bulk=Bulk(texts, objects),
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


def _current(source: CountySource) -> CountyState:
    return CountyState(source.ags, "current", "")


def _concepts(quads: Iterable[Quad], base: str) -> Iterator[Quad]:
    """Which concepts ``quads`` tell of, and of which county each is."""
    held = list(quads)
    kind = NamedNode(base + CONCEPT.removeprefix(CANONICAL_BASE))
    concepts = {quad.subject for quad in held if quad.predicate.value == RDF + "type" and quad.object == kind}
    wanted = (RDF + "type", f"{base}{NS.removeprefix(CANONICAL_BASE)}county")
    return (quad for quad in held if quad.subject in concepts and quad.predicate.value in wanted)


def quads_of(text: str) -> list[Quad]:
    """The statements of N-Quads."""
    return list(parse(text, format=RdfFormat.N_QUADS))
