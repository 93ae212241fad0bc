"""Makes the counties of a release, each in a process of its own, what follows from them together, and all dumps."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import CanonicalizationAlgorithm, Quad
from pyoxigraph import Dataset as Quads

from publisher.core.errors import NoDate, ReleaseError
from publisher.core.processes import spread
from publisher.core.settings import Settings
from publisher.core.terms import CANONICAL_BASE, COUNTY, GRAPH
from publisher.core.timings import Timings
from publisher.graph.formats import N_QUADS
from publisher.graph.queries import Queries
from publisher.graph.rebase import rebase
from publisher.graph.write import nquads
from publisher.language.statements import Match, Statement
from publisher.quality.check import Part, Validation
from publisher.quality.findings import Result
from publisher.release import dumps
from publisher.release.catalogue.districts import places
from publisher.release.counties import Unit, Works, code, outside, quads_of
from publisher.release.dates import stated_dates
from publisher.release.description import PACKED_ONLY, PLAIN_AND_PACKED
from publisher.release.description import describe as describe_data
from publisher.release.dumps import PARTS, Parts, Writer, by_graph, read_context
from publisher.release.executables import executables
from publisher.release.history.events import last_manifest
from publisher.release.kept import Kept, key
from publisher.release.manifest import File
from publisher.release.reader import WHOLE as WHOLE_DUMP
from publisher.release.reader import current_folder, read_manifest
from publisher.release.readings import READING
from publisher.release.similar import SIMILAR, matches
from publisher.release.similar import quads_of as similarity
from publisher.release.tally import Share
from publisher.release.versions import COMPARISON

Tell = Callable[[str, str], None]
"""Hears of progress: the step ("checked", "written", "dropped", "undated" or "removed") and the part."""


@dataclass(frozen=True)
class Whole:
    """Everything that a release is made of, without what lies in files."""

    units: list[Unit]
    results: list[Result]
    shared: list[Quad]
    """The statements that are no county's, the description among them."""
    files: list[File]
    """The dumps."""
    triples: int

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
        self.kept = Kept(settings.cache, _last_files(settings.releases))
        self.queries = Queries(self.sources.queries, settings.base)
        self._validation = validation
        self._writer = Writer(
            folder, settings.base, read_context(self.sources, settings.base), self.kept, settings.jobs
        )
        graphs = validation.common.graphs
        self._lists = list(rebase([*graphs[GRAPH + "fields"], *graphs[GRAPH + "lists"]], settings.base))
        self._common = _canonical([*validation.common.quads, *validation.common.shapes], settings.base)

    def whole(self, checked: list[Part], results: list[Result]) -> Whole:
        """All dumps of the release; what else is made of it."""
        units, apart = self._counties(checked)
        with self.watch.step("similar"):
            shares, parts = self._similar([one for unit in units for one in unit.statements])
            parts |= {(graph, unit.state.ags): held for unit in units for graph, held in unit.parts.items()}
        with self.watch.step("describe"):
            facts = [quad for unit in units for quad in quads_of(unit.facts)]
            shares = [*(unit.share for unit in units if unit.share), *shares]
            own = [f"{self._own(COUNTY)}{unit.state.ags}/" for unit in units]
            # Told by the counties alone: what the release says of itself is part of what lies in the files.
            packed = sum(f.bytes for unit in units for f in unit.files if f.media == N_QUADS.media) > dumps.MOST_BYTES
            described = self._described(apart, facts, own, shares, PACKED_ONLY if packed else PLAIN_AND_PACKED)
        shared = [*self._common, *described]
        with self.watch.step("graphs"):
            files = [file for unit in units for file in unit.files]
            files += self._graphs(shared, parts, packed)
        with self.watch.step("whole"):
            whole, triples = self._whole(files, parts, packed)
            files += whole
            shutil.rmtree(self.folder / PARTS, ignore_errors=True)
        ordered = sorted(files, key=lambda file: file.path)
        return Whole(units, results, shared, ordered, triples)

    def _counties(self, parts: list[Part]) -> tuple[list[Unit], list[Quad]]:
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
        apart, beside = outside(self._common, own)
        works = self._works(beside)
        units = []
        with self.watch.step("parts") as step:
            for unit in spread(lambda pair: works.make(*pair), pairs, self.settings.jobs):
                step.count(unit.kept)
                self.tell("written", unit.state.ags)
                units.append(unit)
        # What is said of things of a county that is left out counts with the shared statements.
        left = [quad for unit in units if not unit.share for quad in beside.get(unit.state.ags, ())]
        return units, [*apart, *left]

    def _works(self, beside: Mapping[str, list[Quad]]) -> Works:
        asked = (sorted((self.sources.queries / name).rglob("*.rq")) for name in ("derived", "checks"))
        texts = [path.read_bytes() for paths in asked for path in paths]
        known = places(self.queries, self._common)
        said = [self.settings.base.encode(), repr(self._writer.context).encode(), nquads(self._lists), code()]
        stamp = hashlib.sha256(
            b"".join(hashlib.sha256(part).digest() for part in (*said, *texts, repr(sorted(known.items())).encode()))
        ).digest()
        return Works(self.settings, self.queries, self._writer, self.kept, self._lists, known, beside, stamp)

    def _similar(self, held: list[Statement]) -> tuple[list[Share], dict[tuple[str, str], str]]:
        """Writes the similarities, those that begin with one county as one part; the numbers and contents of the parts.

        Where no text of all of them changed, the parts of an earlier build are taken.
        """
        graph = self._own(SIMILAR)
        name = key(b"similar", code(), nquads(self._lists), repr([_said(one) for one in held]).encode())
        if noted := self.kept.noted(name):
            found = {ags: (content, Share.parsed(share)) for ags, (content, share) in json.loads(noted).items()}
            if all(self._writer.take_part(graph, ags, content) for ags, (content, _) in found.items()):
                return _as_parts(graph, found)
        grouped: dict[str, list[Match]] = {}
        for match in matches(held, self._lists, self.settings.jobs):
            grouped.setdefault(match.ids[0].removeprefix(self._own(COUNTY)).partition("/")[0], []).append(match)

        def write(ags: str) -> tuple[str, Share]:
            quads = [quad for match in grouped[ags] for quad in similarity(match, self.settings.base)]
            content = self._writer.content(quads)
            place = key(b"share", content.encode(), code())
            if (noted := self.kept.noted(place)) and self._writer.take_part(graph, ags, content):
                return content, Share.parsed(json.loads(noted))
            share = Share.of(quads, self.settings.base + "id/")
            self.kept.note(place, json.dumps(share.raw()).encode())
            return self._writer.part(graph, ags, quads), share

        order = sorted(grouped)
        found = dict(zip(order, spread(write, order, self.settings.jobs), strict=True))
        self.kept.note(
            name, json.dumps({ags: (content, share.raw()) for ags, (content, share) in found.items()}).encode()
        )
        return _as_parts(graph, found)

    def _described(
        self, apart: list[Quad], facts: list[Quad], own: list[str], shares: list[Share], endings: Sequence[str]
    ) -> list[Quad]:
        """What the release says of itself: the examples, the prefixes, and how much of what it holds."""
        base = self.settings.base
        # What is about a county itself or about its graph is in no share.
        about, _ = outside(facts, own)
        more = list(executables(self.queries, self._common))
        date = date_of([*self._common, *facts], base)
        return describe_data([*apart, *about], more, base, date, self.settings.public_url, shares, endings)

    def _graphs(self, shared: list[Quad], parts: dict[tuple[str, str], str], packed: bool) -> list[File]:
        """The dumps of all graphs that are not one county's; ``parts`` get what is said of nobody in particular."""
        joined = [self._own(name) for name in (COMPARISON, READING, SIMILAR)]
        files: list[File] = []
        for graph, statements in sorted(by_graph(shared).items()):
            self.tell("written", graph.rpartition("/")[2])
            if graph in joined:
                parts[graph, "-"] = self._writer.part(graph, "-", statements)
            else:
                files += self._writer.graph(graph, statements)
        for graph in joined:
            self.tell("written", graph.rpartition("/")[2])
            files += self._writer.joined(graph, parts, packed)
        return files

    def _whole(self, files: list[File], parts: Parts, packed: bool) -> tuple[list[File], int]:
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
        return {file.sha256: (folder / file.path, file.bytes) for file in read_manifest(folder).files}
    except ReleaseError:
        return {}


def _published(releases: Path) -> list[str]:
    """The counties of which the release in force holds statements; none when there is no readable release."""
    manifest = last_manifest(releases)
    return [county.ags for county in manifest.counties if county.state != "left_out"] if manifest else []


def _said(one: Statement) -> tuple[object, ...]:
    """A statement in a form that is always written alike."""
    return one.id, one.county, one.text, sorted(one.concepts), sorted(one.mentions)


def _as_parts(graph: str, found: Mapping[str, tuple[str, Share]]) -> tuple[list[Share], dict[tuple[str, str], str]]:
    return [share for _, share in found.values()], {(graph, ags): content for ags, (content, _) in found.items()}


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
