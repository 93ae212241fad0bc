"""Validation of everything: the common graphs, then each county with them, in parallel, unchanged parts skipped."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from publisher.core.errors import SourceError
from publisher.core.processes import spread
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

    def __init__(self, sources: Sources, settings: Settings) -> None:
        self.sources = sources
        self.common = read_common(sources)
        self._engine = engines.shared(settings.engine, self.common.book.ntriples)
        self._jobs = settings.jobs
        # the files, since blank nodes of shapes have other labels each time they are read
        self._rules = [settings.engine.encode(), *map(read_bytes, sources.shapes)]
        self._queries = Queries(sources.queries)
        self._cache = Cache(settings.cache)
        self.counties = sources.counties()
        self._graphs = {GRAPH + county.ags for county in self.counties}

    def check_common(self) -> Part:
        """The common graphs against the shapes."""
        quads = self.common.quads
        data = ntriples(quads)
        files = [path for paths in self.sources.common.values() for path in paths]
        stamp = key(data, *self._rules, *map(read_bytes, files))
        return Part(self._cached(COMMON, stamp, lambda: self._common(data, quads, files)), lambda: quads)

    def check_county(self, county: CountySource) -> Part:
        """One county: folder, files, vocabulary, SHACL, quotations, coverage; unreadable files are findings."""
        return self._part(county, self._checked(county))

    def check_counties(
        self, counties: Sequence[CountySource], done: Callable[[Part], None] = lambda part: None
    ) -> list[Part]:
        """All ``counties`` in parallel, in their order; ``done`` hears of each as it is ready."""
        parts: list[Part] = []
        # Before processes are forked, which then share it.
        assert self._shared
        for county, checked in zip(counties, spread(self._checked, counties, self._jobs), strict=True):
            parts.append(self._part(county, checked))
            done(parts[-1])
        return parts

    def _part(self, county: CountySource, found: Result) -> Part:
        return Part(found, partial(read_graph, county.files, county.graph))

    def _checked(self, county: CountySource) -> Result:
        if misplaced := folder.check_name(county, self.counties, self.common.keys):
            return result(county.ags, misplaced)
        try:
            contents = _contents(county)
            stamp = key(self._shared, self._mentioned(county.ags, contents), *contents)
            return self._cached(county.ags, stamp, lambda: self._county(county))
        except SourceError as error:
            return result(county.ags, [self._unusable(county, error)])

    @cached_property
    def _shared(self) -> bytes:
        """What stands for all that the results of every county depend on: hashed once, not with each."""
        return key(self.common.stamp, *self._rules).encode()

    def _mentioned(self, ags: str, contents: Sequence[bytes]) -> bytes:
        """The graphs of other counties that the files of a county may speak of and that there are."""
        stamp = b"".join(sha256(part).digest() for part in contents)
        keys = self._cache.names(
            ags, stamp, lambda: sorted({k.decode() for part in contents for k in _GRAPH.findall(part)})
        )
        return "\n".join(sorted({GRAPH + one for one in keys} & self._graphs)).encode()

    def _common(self, data: bytes, quads: list[Quad], files: list[Path]) -> list[Finding]:
        locator = Locator(files, self.sources.root)
        graphs = [*self.common.graphs, GRAPH + "shapes"]
        dates = (folder.check_date(COMMON, graph, quads, locator.find(graph)) for graph in graphs)
        return [*self._shacl(COMMON, data, quads, locator), *(finding for found in dates for finding in found)]

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
    held = (part for path in files for part in (path.name.encode(), read_bytes(path) if path.is_file() else b""))
    return [county.folder.name.encode(), *held]


def _placed(finding: Finding, locator: Locator) -> Finding:
    if finding.file:
        return finding
    file, line = locator.find(finding.node)
    return replace(finding, file=file, line=line)


def _iri(quad: Quad) -> str:
    return quad.subject.value if isinstance(quad.subject, NamedNode) else ""
