"""Validation of everything: the common graphs, then each county with them, in parallel, unchanged parts skipped."""

import os
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from publisher.core.errors import SourceError
from publisher.core.hashed import hashed
from publisher.core.memory import Memory
from publisher.core.processes import spread
from publisher.core.refusals import BadRequest
from publisher.core.settings import Settings
from publisher.core.terms import CANONICAL_BASE, COUNTY, GRAPH, RDF, RDFS, SHAPE, SKOS
from publisher.graph.files import READ, Files
from publisher.graph.queries import Queries
from publisher.graph.sources import CountySource, Sources, read_bytes, read_graph
from publisher.graph.store import Dataset
from publisher.quality import coverage, engines, folder, quotations, rules, vocabulary
from publisher.quality.cache import Cache, key
from publisher.quality.findings import COMMON, Finding, Result, Severity, result
from publisher.quality.locate import Locator, relative
from publisher.quality.rules import found
from publisher.quality.shapes import ShapeBook, as_ntriples, ntriples, shape_book

_SEVERITY: dict[str, Severity] = {"Violation": "violation", "Warning": "warning", "Info": "info"}
_FACTS = {SKOS + "inScheme", RDFS + "subClassOf", RDFS + "isDefinedBy"}
_NAMES = {SKOS + "prefLabel", SKOS + "altLabel"}
_GRAPH = re.compile(rb"\b(\d{5})\b")
"""What may be the key of another county's graph, however it is written."""


@dataclass(frozen=True)
class Part:
    """A checked part: what was found, and how its statements are read."""

    result: Result
    read: Callable[[], list[Quad]]

    @cached_property
    def quads(self) -> list[Quad]:
        """Its statements; none when its files cannot be read."""
        try:
            return self.read()
        except SourceError:
            return []


@dataclass(frozen=True)
class Common:
    """The graphs every county is checked with: statements by graph, and the shapes."""

    graphs: dict[str, list[Quad]]
    shapes: list[Quad]
    book: ShapeBook

    @property
    def quads(self) -> list[Quad]:
        """The statements of all common graphs."""
        return [quad for quads in self.graphs.values() for quad in quads]

    def context(self, county: Iterable[Quad]) -> bytes:
        """What shapes look up about terms, as N-Triples; see ``looked_up``."""
        return as_ntriples(self.looked_up(county))

    def looked_up(self, county: Iterable[Quad]) -> list[Quad]:
        """What shapes look up about terms: scheme, superclass, vocabulary, names of fields.

        Of the districts only those that ``county`` speaks of; the common graphs are checked by themselves.
        """
        named = {quad.object.value for quad in county if isinstance(quad.object, NamedNode)}
        return [*self._facts, *(quad for quad in self._districts if _iri(quad) in named)]

    @cached_property
    def data(self) -> bytes:
        """The statements of all common graphs as sorted N-Triples."""
        return ntriples(self.quads)

    @cached_property
    def stamp(self) -> bytes:
        """What the results of every county depend on beside its own files."""
        return ntriples([*self._facts, *self._districts]) + "\n".join(sorted(self.known)).encode()

    @cached_property
    def known(self) -> set[str]:
        """The IRIs that the common graphs and the shapes describe."""
        return vocabulary.subjects(self.quads) | vocabulary.subjects(self.shapes) | {CANONICAL_BASE + "ns"}

    @cached_property
    def _facts(self) -> list[Quad]:
        fields = (q for q in self.graphs[GRAPH + "fields"] if q.predicate.value in _NAMES)
        return [*(q for q in self.quads if q.predicate.value in _FACTS), *fields]

    @cached_property
    def keys(self) -> set[str]:
        """The keys (AGS) of all districts."""
        districts = (_iri(quad) for quad in self._districts)
        return {iri.removeprefix(COUNTY) for iri in districts if iri.startswith(COUNTY)}

    @cached_property
    def _districts(self) -> list[Quad]:
        return [q for q in self.graphs[GRAPH + "districts"] if q.predicate.value == RDF + "type"]


def read_common(sources: Sources) -> Common:
    """The common graphs and shapes; raises SourceError, since nothing can be checked without them."""
    graphs = {name: read_graph(files, name) for name, files in sources.common.items()}
    shapes = read_graph(sources.shapes, GRAPH + "shapes")
    return Common(graphs, shapes, shape_book(shapes))


class Validation:
    """One run over the sources: holds what all counties share."""

    def __init__(self, sources: Sources, settings: Settings, memory: Memory | None = None) -> None:
        """``memory`` is what earlier runs of this process left. Raises SourceError, as ``read_common``."""
        self.sources, self.memory = sources, Memory() if memory is None else memory
        self.files = Files(self.memory)
        # the files, since blank nodes of shapes have other labels each time they are read
        self._rules = [settings.engine.encode(), *self.files.hashes(sources.shapes)]
        self._common_files = [path for paths in sources.common.values() for path in paths]
        self.stamp = (*self._rules, *self.files.hashes(self._common_files))
        self.common = self.memory.get(("common", self.stamp), lambda: read_common(sources))
        self._engine = self.memory.get(
            ("engine", *self._rules), lambda: engines.shared(settings.engine, self.common.book.ntriples)
        )
        self._jobs = settings.jobs
        self._queries = self.queries()
        self._cache = Cache(settings.cache, self.memory)
        self.counties = sources.counties()
        self._graphs = {GRAPH + county.ags for county in self.counties}

    def queries(self, base: str = CANONICAL_BASE) -> Queries:
        """All queries, their IRIs under ``base``. Raises QueryFileError."""
        folder = self.sources.queries
        hashes = [part for path in sorted(folder.rglob("*.rq")) for part in (str(path), self.files.hash(path))]
        return self.memory.get(("queries", base, *hashes), lambda: Queries(folder, base))

    def check_common(self) -> Part:
        """The common graphs against the shapes."""
        quads = self.common.quads
        stamp = self.memory.get(("stamp", self.stamp), lambda: key(self.common.data, *self.stamp))
        checked = self._cache.get(COMMON, stamp) or self._kept(result(COMMON, self._common(quads)), stamp)
        return Part(checked, lambda: quads)

    def check_county(self, county: CountySource) -> Part:
        """One county: folder, files, vocabulary, SHACL, quotations, coverage; unreadable files are findings."""
        return self._part(county, self._checked(county))

    def check_counties(
        self, counties: Sequence[CountySource], done: Callable[[Part], None] = lambda part: None
    ) -> list[Part]:
        """All ``counties`` in parallel, in their order; ``done`` hears of each as it is ready."""
        parts: list[Part] = []
        known = {county: self._known(county) for county in counties}
        made = spread(self._checked, [county for county in counties if known[county] is None], self._jobs)
        for county in counties:
            parts.append(self._part(county, known[county] or next(made)))
            done(parts[-1])
        return parts

    def _part(self, county: CountySource, found: Result) -> Part:
        return Part(found, lambda: read_graph(county.files, county.graph))

    def _known(self, county: CountySource) -> Result | None:
        """What an earlier run found; None where it is to be checked."""
        if folder.check_name(county, self.counties, self.common.keys):
            return None
        with suppress(SourceError):
            return self._cache.get(county.ags, self._stamp(county))
        return None

    def _checked(self, county: CountySource) -> Result:
        if misplaced := folder.check_name(county, self.counties, self.common.keys):
            return result(county.ags, misplaced)
        try:
            stamp = self._stamp(county)
            if held := self._cache.get(county.ags, stamp):
                return held
            fresh = result(county.ags, self._county(county))
            # What was saved meanwhile may be in it or not.
            return self._kept(fresh, stamp) if self.files.same(county.folder) else fresh
        except SourceError as error:
            return result(county.ags, [self._unusable(county, error)])

    def _stamp(self, county: CountySource) -> str:
        """What stands for all that the result of ``county`` depends on: what is quoted, where each node stands.

        Raises SourceError.
        """
        contents = [county.folder.name.encode(), *self.files.contents(county.folder)]
        return key(self._shared, self._mentioned(county, contents), *contents)

    @cached_property
    def _shared(self) -> bytes:
        """What stands for all that the results of every county depend on: hashed once, not with each."""
        return key(self.common.stamp, *self._rules).encode()

    def _mentioned(self, county: CountySource, contents: Sequence[bytes]) -> bytes:
        """The graphs of other counties that the files of a county may speak of and that there are.

        ``contents`` stand for these files. Raises SourceError.
        """
        stamp = b"".join(map(hashed, contents))
        keys = self._cache.names(county.ags, stamp, lambda: _keys(county.folder))
        return "\n".join(sorted({GRAPH + one for one in keys} & self._graphs)).encode()

    def _common(self, quads: list[Quad]) -> list[Finding]:
        locator = Locator(self._common_files, self.sources.root)
        graphs = [*self.common.graphs, GRAPH + "shapes"]
        dates = (folder.check_date(COMMON, graph, quads, locator.find(graph)) for graph in graphs)
        return [
            *self._shacl(COMMON, self.common.data, quads, locator),
            *(finding for found in dates for finding in found),
        ]

    def _county(self, county: CountySource) -> list[Finding]:
        quads = read_graph(county.files, county.graph)
        locator = Locator(county.files, self.sources.root)
        if unreadable := [*vocabulary.blank(county.ags, quads, locator), *folder.check_terms(county, quads, locator)]:
            return unreadable  # the engines give up on such statements
        dataset = Dataset.of(quads)
        read = quotations.read(dataset, self._queries, county)
        return [
            *folder.check_content(county, quads, locator),
            *vocabulary.check(county.ags, quads, self.common.known | self._graphs, locator),
            *self._shacl(county.ags, [*quads, *self.common.looked_up(quads)], quads, locator),
            *(_placed(f, locator) for f in quotations.check(county.ags, read)),
            *(_placed(f, locator) for f in coverage.check(county.ags, read, dataset, self._queries)),
        ]

    def _shacl(self, part: str, data: engines.Statements, quads: list[Quad], locator: Locator) -> list[Finding]:
        own = {iri for iri in vocabulary.subjects(quads) if part == COMMON or vocabulary.belongs(iri, part)}
        return [_placed(self._finding(part, r), locator) for r in self._engine()(data) if r.focus in own]

    def _finding(self, part: str, shacl: engines.ShaclResult) -> Finding:
        book = self.common.book
        return Finding(
            part=part,
            severity=_SEVERITY[shacl.severity],
            rule=shacl.shape.removeprefix(SHAPE),
            node=shacl.focus,
            de=book.message(shacl.shape, "de"),
            en=book.message(shacl.shape, "en"),
            path=shacl.path,
            value=shacl.value,
            iri=shacl.iri,
            component=shacl.component,
        )

    def _kept(self, fresh: Result, stamp: str) -> Result:
        self._cache.put(fresh, stamp)
        return fresh

    def _unusable(self, county: CountySource, error: SourceError) -> Finding:
        file = Path(str(error.facts["file"]))
        shown, line = relative(file, self.sources.root), int(str(error.facts.get("line", 0)))
        return found(rules.UNUSABLE_FILE, county.ags, county.graph, (shown, line), what=error.about(shown))


def choose(sources: Sources, wanted: list[str]) -> list[CountySource]:
    """The counties named by AGS, folder or slug; all when none is named. Raises BadRequest."""
    counties = sources.counties()
    chosen = []
    for name in wanted:
        fitting = [c for c in counties if name in (c.ags, c.folder.name, c.folder.name.partition("-")[2])]
        if not fitting:
            names = ", ".join(c.folder.name for c in counties)
            raise BadRequest(name="KREIS", value=name, allowed=names)
        chosen += fitting
    return chosen or counties


def _keys(county: Path) -> list[str]:
    """What may be the keys of counties in the names and files of a county's folder. Raises SourceError."""
    names = [name for name in os.listdir(county) if name.endswith(READ)]
    bodies = (read_bytes(county / name) for name in names if (county / name).is_file())
    said = (county.name.encode(), *(name.encode() for name in names), *bodies)
    return sorted({found.decode() for part in said for found in _GRAPH.findall(part)})


def _placed(finding: Finding, locator: Locator) -> Finding:
    if finding.file:
        return finding
    file, line = locator.find(finding.node)
    return replace(finding, file=file, line=line)


def _iri(quad: Quad) -> str:
    return quad.subject.value if isinstance(quad.subject, NamedNode) else ""
