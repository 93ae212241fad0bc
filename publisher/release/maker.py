"""Makes the counties of a release, each in a process of its own, what follows from them together, and all dumps."""

import hashlib
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pyoxigraph import CanonicalizationAlgorithm, Quad
from pyoxigraph import Dataset as Quads

from publisher.core.errors import NoDate, ReleaseError
from publisher.core.processes import begun
from publisher.core.settings import Settings
from publisher.core.terms import CANONICAL_BASE, COUNTY, GRAPH
from publisher.core.timings import Timings
from publisher.graph.formats import N_QUADS
from publisher.graph.rebase import rebase
from publisher.graph.write import nquads
from publisher.quality.check import Common, Part, Validation
from publisher.quality.findings import Result
from publisher.release import dumps, findable
from publisher.release.alike import Parts as Alike
from publisher.release.alike import Similarities
from publisher.release.catalogue.districts import places
from publisher.release.counties import Dumped, Works, code, outside, quads_of
from publisher.release.dates import stated_dates
from publisher.release.description import PACKED_ONLY, PLAIN_AND_PACKED
from publisher.release.description import describe as describe_data
from publisher.release.dumps import Writer, read_context
from publisher.release.executables import executables
from publisher.release.forms import FOLDER
from publisher.release.history.archive import manifest_of
from publisher.release.history.events import last_manifest
from publisher.release.kept import Gone, Kept
from publisher.release.manifest import File
from publisher.release.parts import PARTS, Contents
from publisher.release.reader import WHOLE as WHOLE_DUMP
from publisher.release.reader import current_folder
from publisher.release.shared import SharedGraphs
from publisher.release.tables.files import begin_tables
from publisher.release.tables.schema import FOLDER as TABLES
from publisher.release.tables.written import Statements, Written
from publisher.release.tally import Gathered
from publisher.release.unit import Unit, objects_of

Tell = Callable[[str, str], None]
"""Hears of progress: the step ("checked", "written", "dropped", "undated" or "removed") and the part."""


@dataclass(frozen=True)
class Whole:
    """Everything that a release is made of, without what lies in files."""

    units: list[Unit]
    results: list[Result]
    shared: list[Quad]
    """The statements that are no county's, the description among them."""
    facts: list[Quad]
    """What counties say of themselves and of their graphs."""
    files: list[File]
    """The dumps."""
    triples: int
    tables: Written
    """The tables, of which no file says yet which release it is of."""

    def dates(self, base: str) -> dict[str, str]:
        """Named graph → the date that it states of itself, YYYY-MM-DD; ``base`` is that of IRIs of ours."""
        graphs = base + GRAPH.removeprefix(CANONICAL_BASE)
        found = stated_dates(self.shared, graphs)
        for unit in self.units:
            if unit.date:
                graph = graphs + unit.state.ags
                found[graph] = max(unit.date, found.get(graph, ""))
        return found

    @property
    def held(self) -> dict[str, Unit]:
        """The counties of which there are statements, by key."""
        return {unit.state.ags: unit for unit in self.units if unit.state.state != "left_out"}


class Maker:
    """Makes the counties, what follows from them together, and the dumps of all."""

    def __init__(self, folder: Path, validation: Validation, settings: Settings, tell: Tell, watch: Timings) -> None:
        self.folder, self.sources, self.settings, self.tell, self.watch = (
            folder,
            validation.sources,
            settings,
            tell,
            watch,
        )
        self.queries, self.files = validation.queries(settings.base), validation.files
        self.memory = validation.memory
        self._validation = validation
        self._begin(Kept(settings.cache, _last_files(settings.releases), memory=self.memory))
        self._lists, self._common = self.memory.get(
            ("shared", settings.base, validation.stamp), lambda: _shared(validation.common, settings.base)
        )

    def place(self, name: str) -> Path:
        """Where the file ``name`` of the release is to lie; there is a folder for it."""
        return self._writer.forms.place(name)

    def _begin(self, kept: Kept) -> None:
        context = read_context(self.sources, self.settings.base)
        self.kept, self._writer = kept, Writer.of(self.folder, self.settings.base, context, kept, self.settings.jobs)

    def whole(self, checked: list[Part], results: list[Result]) -> Whole:
        """All dumps of the release; what else is made of it."""
        try:
            return self._whole(checked, results)
        except Gone:
            for name in (FOLDER, findable.FOLDER, PARTS, TABLES):
                shutil.rmtree(self.folder / name, ignore_errors=True)
            self._begin(Kept(self.settings.cache, forget=True))
            return self._whole(checked, results)

    def _whole(self, checked: list[Part], results: list[Result]) -> Whole:
        units, apart = self._counties(checked)
        with self.watch.step("similar"):
            alike = Similarities(self.settings, self._writer, self.kept, self._lists).parts(units)
            parts = {(graph, unit.state.ags): held for unit in units for graph, held in unit.parts.items()}
            parts |= alike.contents
        facts = quads_of("".join(unit.facts for unit in units))
        # Told by the counties alone: what the release says of itself is part of what lies in the files.
        packed = sum(f.bytes for unit in units for f in unit.files if f.media == N_QUADS.media) > dumps.MOST_BYTES
        files = [file for unit in units for file in unit.files]
        graphs = SharedGraphs(self._writer, self.settings.base, self._common, self._validation.stamp, self.memory)
        tell = partial(self._described, apart, facts, units, alike, packed)
        told = begun(lambda _: graphs.write(tell(), parts, packed), [None], self.settings.jobs)
        with self.watch.step("rows"):
            held = {unit.state.ags: unit for unit in units if unit.state.state != "left_out"}
            stated = Statements(self._common, Dumped(self.folder, tuple(held)), files)
            tables = begin_tables(self.folder, stated, self.queries, self.settings, self.kept)
        with self.watch.step("describe"):
            said = next(told)
            files += said.files
            graphs.remember(said.files)
            parts |= said.parts
            for graph in said.graphs:
                self.tell("written", graph)
        with self.watch.step("whole"):
            whole, triples = self._everything(files, parts, packed)
            files += whole
            shutil.rmtree(self.folder / PARTS, ignore_errors=True)
        shared = [*self._common, *quads_of(said.description)]
        ordered = sorted(files, key=lambda file: file.path)
        return Whole(units, results, shared, facts, ordered, triples, tables)

    def _counties(self, parts: list[Part]) -> tuple[list[Unit], Gathered]:
        """Every district with a folder, once, and the shared statements that are about nothing below these.

        ``tell`` hears of those of the last release that have none any more.
        """
        pairs = [
            (source, part.result)
            for source, part in zip(self._validation.counties, parts, strict=True)
            if source.ags in self._validation.common.keys
        ]
        pairs = list({source.ags: (source, result) for source, result in pairs}.values())
        present = {source.ags for source, _ in pairs}
        for ags in _published(self.settings.releases):
            if ags not in present:
                self.tell("dropped", ags)
        own = [f"{self._own(COUNTY)}{ags}/" for ags in sorted(present)]
        key = (self.settings.base, self._validation.stamp, *own)
        apart, beside = self.memory.get(("outside", key), lambda: outside(self._common, own))
        gathered = self.memory.get(("gathered", key), lambda: Gathered().plus(apart))
        works = self._works(beside)
        units = []
        with self.watch.step("parts") as step:
            for unit in works.units(pairs, self.settings.jobs):
                step.count(unit.kept)
                self.tell("written", unit.state.ags)
                units.append(unit)
        # What is said of things of a county that is left out counts with the shared statements.
        left = [quad for unit in units if not unit.share for quad in beside.get(unit.state.ags, ())]
        return units, gathered.plus(left) if left else gathered

    def _works(self, beside: Mapping[str, list[Quad]]) -> Works:
        asked = (sorted((self.sources.queries / name).rglob("*.rq")) for name in ("derived", "checks"))
        found = (self.sources.queries / f"{name}.rq" for name in findable.QUERIES)
        texts = [path.read_bytes() for paths in (*asked, found) for path in paths]
        known = places(self.queries, self._common)
        said = [self.settings.base.encode(), repr(self._writer.forms.context).encode(), nquads(self._lists), code()]
        stamp = hashlib.sha256(
            b"".join(hashlib.sha256(part).digest() for part in (*said, *texts, repr(sorted(known.items())).encode()))
        ).digest()
        return Works(
            self.settings,
            self.queries,
            self._writer,
            self.kept,
            self.files,
            self._lists,
            known,
            beside,
            stamp,
        )

    def _described(
        self, apart: Gathered, facts: list[Quad], units: list[Unit], alike: Alike, packed: bool
    ) -> list[Quad]:
        """What the release says of itself: the examples, the prefixes, and how much of what it holds. Raises Gone."""
        base = self.settings.base
        # What is about a county itself or about its graph is in no share.
        about, _ = outside(facts, [f"{self._own(COUNTY)}{unit.state.ags}/" for unit in units])
        made = {unit.share.objects: unit.bulk.objects for unit in units if unit.share and unit.bulk}
        shares = [*(unit.share for unit in units if unit.share), *alike.shares]
        return describe_data(
            apart.plus(about),
            list(executables(self.queries, self._common)),
            base,
            date_of([*self._common, *facts], base),
            self.settings.public_url,
            shares,
            objects_of(self.kept, [share.objects for share in shares], {**made, **alike.objects}),
            PACKED_ONLY if packed else PLAIN_AND_PACKED,
        )

    def _everything(self, files: list[File], parts: Contents, packed: bool) -> tuple[list[File], int]:
        """The dumps of everything, and how many statements they hold."""
        if packed:
            return self._writer.packed(files, parts)
        whole = self._writer.whole(files)
        return whole, _lines(self.folder / WHOLE_DUMP)

    def _own(self, iri: str) -> str:
        return self.settings.base + iri.removeprefix(CANONICAL_BASE)


def _last_files(releases: Path) -> dict[str, tuple[Path, int]]:
    """The files of the release in force by their checksum: where each lies, and its size; none without a release."""
    try:
        folder = current_folder(releases)
        return {file.sha256: (folder / file.path, file.bytes) for file in manifest_of(folder).files}
    except ReleaseError:
        return {}


def _published(releases: Path) -> list[str]:
    """The counties of which the release in force holds statements; none when there is no readable release."""
    manifest = last_manifest(releases)
    return [county.ags for county in manifest.counties if county.state != "left_out"] if manifest else []


def _shared(common: Common, base: str) -> tuple[list[Quad], list[Quad]]:
    """The common fields and closed lists, and all shared statements, under ``base``."""
    lists = list(rebase([*common.graphs[GRAPH + "fields"], *common.graphs[GRAPH + "lists"]], base))
    return lists, _canonical([*common.quads, *common.shapes], base)


def _canonical(common: Iterable[Quad], base: str) -> list[Quad]:
    """The shared statements; blank nodes (only shapes have any) get canonical labels (RDFC-1.0)."""
    dataset = Quads(rebase(common, base))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return list(dataset)


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(piece.count(b"\n") for piece in iter(lambda: file.read(1 << 20), b""))


def date_of(quads: list[Quad], base: str) -> str:
    """The newest dct:modified of a named graph, as YYYY-MM-DD. Raises NoDate when none states one."""
    dates = stated_dates(quads, base + GRAPH.removeprefix(CANONICAL_BASE)).values()
    if not dates:
        raise NoDate
    return max(dates)
