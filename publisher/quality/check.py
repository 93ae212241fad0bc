"""Validation of everything: the common graphs, then each county with them, in parallel, unchanged parts skipped."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from publisher.core.errors import SourceError
from publisher.core.refusals import BadRequest
from publisher.core.settings import Settings
from publisher.core.terms import CANONICAL_BASE, COUNTY, GRAPH, RDF, RDFS, SHAPE, SKOS
from publisher.graph.queries import Queries
from publisher.graph.sources import CountySource, Sources, read_bytes, read_graph
from publisher.graph.store import Dataset
from publisher.quality import coverage, engines, folder, quotations, rules, vocabulary
from publisher.quality.cache import Cache, key
from publisher.quality.findings import COMMON, Finding, Result, Severity, result
from publisher.quality.locate import Locator, relative
from publisher.quality.rules import found
from publisher.quality.shapes import ShapeBook, ntriples, shape_book

_SEVERITY: dict[str, Severity] = {"Violation": "violation", "Warning": "warning", "Info": "info"}
_FACTS = {SKOS + "inScheme", RDFS + "subClassOf", RDFS + "isDefinedBy"}
_NAMES = {SKOS + "prefLabel", SKOS + "altLabel"}


@dataclass(frozen=True)
class Part:
    """A checked part: its statements (none when its files cannot be read) and what was found."""

    quads: list[Quad]
    result: Result


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
        """What shapes look up about terms (scheme, superclass, vocabulary, names of fields), as N-Triples.

        Of the districts only those that ``county`` speaks of; the common graphs are checked by themselves.
        """
        named = {quad.object.value for quad in county if isinstance(quad.object, NamedNode)}
        return self._facts + ntriples(quad for quad in self._districts if _iri(quad) in named)

    @cached_property
    def _facts(self) -> bytes:
        fields = (q for q in self.graphs[GRAPH + "fields"] if q.predicate.value in _NAMES)
        return ntriples([*(q for q in self.quads if q.predicate.value in _FACTS), *fields])

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

    def __init__(self, sources: Sources, settings: Settings) -> None:
        self.sources = sources
        self.common = read_common(sources)
        self._engine = settings.engine
        self._jobs = settings.jobs or os.cpu_count() or 1
        # the files, since blank nodes of shapes have other labels each time they are read
        self._rules = [self._engine.encode(), *map(read_bytes, sources.shapes)]
        self._queries = Queries(sources.queries)
        self._cache = Cache(settings.cache)
        self._known = vocabulary.subjects(self.common.quads) | vocabulary.subjects(self.common.shapes)
        self.counties = sources.counties()
        self._known |= {GRAPH + county.ags for county in self.counties} | {CANONICAL_BASE + "ns"}

    def check_common(self) -> Part:
        """The common graphs against the shapes."""
        quads = self.common.quads
        data = ntriples(quads)
        files = [path for paths in self.sources.common.values() for path in paths]
        stamp = key(data, *self._rules, *map(read_bytes, files))
        return Part(quads, self._cached(COMMON, stamp, lambda: self._common(data, quads, files)))

    def check_county(self, county: CountySource) -> Part:
        """One county: folder, files, vocabulary, SHACL, quotations, coverage; unreadable files are findings."""
        if misplaced := folder.check_name(county, self.counties, self.common.keys):
            return Part([], result(county.ags, misplaced))
        try:
            quads = read_graph(county.files, county.graph)
            contents = _contents(county)
        except SourceError as error:
            return Part([], result(county.ags, [self._unusable(county, error)]))
        data = ntriples(quads) + self.common.context(quads)
        known = "\n".join(sorted(self._known)).encode()
        stamp = key(data, known, *contents, *self._rules)
        return Part(quads, self._cached(county.ags, stamp, lambda: self._county(county, quads, data)))

    def check_counties(
        self, counties: Iterable[CountySource], done: Callable[[Part], None] = lambda part: None
    ) -> list[Part]:
        """All ``counties`` in parallel, in their order; ``done`` hears of each as it is ready."""
        parts: list[Part] = []
        with ThreadPoolExecutor(self._jobs) as pool:
            for part in pool.map(self.check_county, counties):
                done(part)
                parts.append(part)
        return parts

    def _common(self, data: bytes, quads: list[Quad], files: list[Path]) -> list[Finding]:
        locator = Locator(files, self.sources.root)
        graphs = [*self.common.graphs, GRAPH + "shapes"]
        dates = (folder.check_date(COMMON, graph, quads, locator.find(graph)) for graph in graphs)
        return [*self._shacl(COMMON, data, quads, files), *(finding for found in dates for finding in found)]

    def _county(self, county: CountySource, quads: list[Quad], data: bytes) -> list[Finding]:
        locator = Locator(county.files, self.sources.root)
        if unreadable := [*vocabulary.blank(county.ags, quads, locator), *folder.check_terms(county, quads, locator)]:
            return unreadable  # the engines give up on such statements
        dataset = Dataset.of(quads)
        return [
            *folder.check_content(county, quads, locator),
            *vocabulary.check(county.ags, quads, self._known, locator),
            *self._shacl(county.ags, data, quads, county.files),
            *(_placed(f, locator) for f in quotations.check(dataset, self._queries, county)),
            *(_placed(f, locator) for f in coverage.check(dataset, self._queries, county)),
        ]

    def _shacl(self, part: str, data: bytes, quads: list[Quad], files: list[Path]) -> list[Finding]:
        locator = Locator(files, self.sources.root)
        own = {iri for iri in vocabulary.subjects(quads) if part == COMMON or vocabulary.belongs(iri, part)}
        results = engines.run(self._engine, data, self.common.book.ntriples)
        return [_placed(self._finding(part, r), locator) for r in results if r.focus in own]

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

    def _cached(self, part: str, stamp: str, run: Callable[[], list[Finding]]) -> Result:
        if held := self._cache.get(part, stamp):
            return held
        fresh = result(part, run())
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


def _contents(county: CountySource) -> list[bytes]:
    """Name and bytes of every Turtle and text file: what is quoted, and on which line each node stands."""
    files = [path for path in sorted(county.folder.iterdir()) if path.suffix in (".ttl", ".txt")]
    return [part for path in files for part in (path.name.encode(), read_bytes(path) if path.is_file() else b"")]


def _placed(finding: Finding, locator: Locator) -> Finding:
    if finding.file:
        return finding
    file, line = locator.find(finding.node)
    return replace(finding, file=file, line=line)


def _iri(quad: Quad) -> str:
    return quad.subject.value if isinstance(quad.subject, NamedNode) else ""
