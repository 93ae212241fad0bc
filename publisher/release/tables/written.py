"""Flat tables for people who do not speak RDF: CSV files of all counties, put together when a release is built."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, parse

from publisher.core.terms import CANONICAL_BASE, COUNTY, DCT, GRAPH, NS, RDF, SKOS
from publisher.graph.formats import N_QUADS
from publisher.graph.queries import Queries
from publisher.graph.store import Dataset
from publisher.graph.write import nquads
from publisher.release.gathered import Piece
from publisher.release.kept import Kept, key
from publisher.release.manifest import File
from publisher.release.stitched import Part, pieces, stitch
from publisher.release.tables.local import CODE, Local, Rows
from publisher.release.tables.rows import as_csv, rows
from publisher.release.tables.schema import COMMON, Table

MEDIA = "text/csv"
_LISTS = ("fields", "lists")
_NAMING = tuple(SKOS + name for name in ("prefLabel", "notation", "inScheme", "broader"))
_OF_CONCEPTS = (NS + "county", NS + "comparedVersion")


@dataclass(frozen=True)
class Statements:
    """What the tables are made of: what all counties share, and the statements of each by its key."""

    shared: Sequence[Quad]
    counties: Mapping[str, list[Quad]]
    files: Sequence[File]
    """The dumps, among them the N-Quads of each county: whether they changed tells whether its rows may have."""


@dataclass(frozen=True)
class Written:
    """The tables as they were written."""

    files: list[File]
    local: Local
    rows: Mapping[str, Rows]
    """Key → what is known of the rows of the county."""
    pieces: Mapping[str, list[Piece]]
    """Path of a table → what it was put together from."""


def write_tables(
    folder: Path, held: Statements, tables: tuple[Table, ...], queries: Queries, kept: Kept, last: str, jobs: int = 1
) -> Written:
    """Writes each of ``tables`` below ``folder``.

    ``last`` stands for the tables of the last release, as ``Local.note`` was told. IRIs are under the base of
    ``queries``. ``jobs`` processes ask for rows.
    """
    common = _Common(held.shared, queries.base)
    sums = {file.graph.rpartition("/")[2]: file.sha256 for file in held.files if file.media == N_QUADS.media}
    districts = {ags: common.district(ags) for ags in held.counties}
    gathered = [table for table in tables if table.name not in COMMON]
    local = Local(folder, gathered, queries, common.lists, held.counties, districts, sums, kept)
    found = local.all(last, jobs)
    own = [*common.lists, *common.all_districts(), *_concepts(held, queries)]
    asked = _Everywhere(own, "".join(one.concepts for one in found.values()), queries, kept)
    files: list[File] = []
    inner: dict[str, list[Piece]] = {}
    for table in tables:
        is_common = table.name in COMMON
        head = Part.of((as_csv([table.header]) + (asked.rows(table) if is_common else "")).encode())
        parts = [head, *(local.part(ags, table.name, one) for ags, one in found.items() if not is_common)]
        written = stitch(folder, table.path, parts, kept)
        files.append(File(table.path, MEDIA, written.bytes, written.sha256))
        inner[table.path] = pieces(folder / table.path, parts)
    return Written(files, local, found, inner)


class _Everywhere:
    """Asks for the rows of the tables that are not gathered county by county; keeps them, since one takes seconds."""

    def __init__(self, quads: Sequence[Quad], concepts: str, queries: Queries, kept: Kept) -> None:
        """``concepts`` (N-Quads) are said beside ``quads``."""
        self._quads, self._concepts, self._queries, self._kept = quads, concepts, queries, kept
        self._stamp = nquads(quads) + concepts.encode()

    @cached_property
    def _dataset(self) -> Dataset:
        return Dataset.of([*self._quads, *parse(self._concepts, format=RdfFormat.N_QUADS)], self._queries.base)

    def rows(self, table: Table) -> str:
        """The rows of ``table`` as CSV without head."""
        asked = self._queries.get(table.query).sparql.encode()
        name = key(b"rows", table.name.encode(), asked, self._stamp, code=CODE)
        noted = self._kept.noted(name)
        if noted is None:
            noted = as_csv(rows(self._queries, self._dataset, table)).encode()
            self._kept.note(name, noted)
        return noted.decode()


def _concepts(held: Statements, queries: Queries) -> Iterator[Quad]:
    """What common graphs say of which county has which concept, and which version of it counts."""
    wanted = {RDF + "type", *(queries.base + name.removeprefix(CANONICAL_BASE) for name in _OF_CONCEPTS)}
    graphs = {f"{queries.base}{GRAPH.removeprefix(CANONICAL_BASE)}{name}" for name in (*held.counties, "comparison")}
    for quad in held.shared:
        if quad.predicate.value in wanted and quad.graph_name.value in graphs:  # type: ignore[union-attr]
            yield quad


class _Common:
    """What every county's rows need beside its own statements: the names of terms, of the county."""

    def __init__(self, quads: Iterable[Quad], base: str) -> None:
        graphs = base + GRAPH.removeprefix(CANONICAL_BASE)
        lists = {graphs + name for name in _LISTS}
        self._place = base + COUNTY.removeprefix(CANONICAL_BASE)
        self._districts: dict[str, list[Quad]] = defaultdict(list)
        self.lists: list[Quad] = []
        for quad in quads:
            graph = quad.graph_name.value  # type: ignore[union-attr]
            if graph in lists and quad.predicate.value in _NAMING:
                self.lists.append(quad)
            elif graph == graphs + "districts":
                self._districts[quad.subject.value].append(quad)  # type: ignore[union-attr]

    def all_districts(self) -> list[Quad]:
        """What is said of all districts."""
        return [quad for quads in self._districts.values() for quad in quads]

    def district(self, ags: str) -> list[Quad]:
        """What one county is called."""
        wanted = (DCT + "identifier", SKOS + "prefLabel")
        return [quad for quad in self._districts[self._place + ags] if quad.predicate.value in wanted]
