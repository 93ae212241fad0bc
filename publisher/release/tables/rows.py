"""Flat tables for people who do not speak RDF: CSV files of all counties, made by queries when a release is built.

Each county's rows are asked from its own statements and kept, so that only a county that changed is asked again.
https://www.rfc-editor.org/rfc/rfc4180
"""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path

from pyoxigraph import Quad

from publisher.core.processes import spread
from publisher.core.terms import CANONICAL_BASE, COUNTY, DCT, GRAPH, NS, RDF, SKOS
from publisher.graph.formats import N_QUADS
from publisher.graph.queries import Queries
from publisher.graph.store import Dataset
from publisher.graph.write import nquads
from publisher.release import versions
from publisher.release.gathered import Piece
from publisher.release.kept import Kept, key
from publisher.release.manifest import File, describe
from publisher.release.tables import schema
from publisher.release.tables.schema import COMMON, FOLDER, Table
from publisher.release.versions import compared

MEDIA = "text/csv"
_CODE = (Path(__file__), Path(schema.__file__), Path(versions.__file__))
_LISTS = ("fields", "lists")
_NAMING = tuple(SKOS + name for name in ("prefLabel", "notation", "inScheme", "broader"))
_OF_CONCEPTS = (NS + "county", NS + "comparedVersion")
Rows = list[list[str]]
ROWS = f"{FOLDER}/.rows"
"""Where the rows of each county lie while a release is built."""


@dataclass(frozen=True)
class Statements:
    """What the tables are made of: all statements of a release, and those of each county by its key."""

    quads: Sequence[Quad]
    counties: Mapping[str, list[Quad]]
    files: Sequence[File]
    """The dumps, among them the N-Quads of each county: whether they changed tells whether its rows may have."""


@dataclass(frozen=True)
class Written:
    """The tables as they were written."""

    files: list[File]
    rows: Mapping[str, Path]
    """Key → where the rows of the county lie: JSON, table → CSV without head."""
    pieces: Mapping[str, list[Piece]]
    """Path of a table → what it was put together from."""


def write_tables(
    folder: Path, held: Statements, tables: tuple[Table, ...], queries: Queries, kept: Kept, jobs: int = 1
) -> Written:
    """Writes each of ``tables`` below ``folder``.

    The rows of each county lie there, too; who asked removes them (``ROWS``). ``kept`` holds those of earlier builds.
    IRIs are under the base of ``queries``. ``jobs`` processes ask for them.
    """
    (folder / FOLDER).mkdir()
    (folder / ROWS).mkdir()
    common = _Common(held.quads, queries.base)
    parts = {ags: folder / ROWS / ags for ags in sorted(held.counties)}
    pieces: dict[str, list[Piece]] = {}
    with ExitStack() as opened:
        files = {table.name: opened.enter_context(_opened(folder, table)) for table in tables}
        everywhere = [*common.lists, *common.all_districts(), *_concepts(held, queries)]
        asked = _Everywhere(everywhere, queries, kept)
        for table in tables:
            head = as_csv([table.header]) + (asked.rows(table) if table.name in COMMON else "")
            files[table.name].write(head)
            pieces[table.path] = [_piece(head, partial(str, head))]
        local = [table for table in tables if table.name not in COMMON]
        same = key(nquads(common.lists), *(queries.get(table.query).sparql.encode() for table in local), code=_CODE)
        hashes = {file.graph.rpartition("/")[2]: file.sha256 for file in held.files if file.media == N_QUADS.media}

        def ask(ags: str) -> None:
            district = common.district(ags)
            make = lambda: _county([*common.lists, *district, *held.counties[ags]], local, queries)  # noqa: E731
            kept.write(parts[ags], key(same.encode(), hashes[ags].encode(), nquads(district)), make)

        for ags, _ in zip(parts, spread(ask, list(parts), jobs), strict=True):
            for name, text in json.loads(parts[ags].read_bytes()).items():
                files[name].write(text)
                pieces[f"{FOLDER}/{name}.csv"].append(_piece(text, partial(_rows, parts[ags], name)))
    return Written([describe(folder, table.path, MEDIA) for table in tables], parts, pieces)


class _Everywhere:
    """Asks for the rows of the tables that are not gathered county by county; keeps them, since one takes seconds."""

    def __init__(self, quads: Sequence[Quad], queries: Queries, kept: Kept) -> None:
        self._quads, self._queries, self._kept = quads, queries, kept
        self._stamp = nquads(quads)

    @cached_property
    def _dataset(self) -> Dataset:
        return Dataset.of(self._quads, self._queries.base)

    def rows(self, table: Table) -> str:
        """The rows of ``table`` as CSV without head."""
        asked = self._queries.get(table.query).sparql.encode()
        name = key(b"rows", table.name.encode(), asked, self._stamp, code=_CODE)
        noted = self._kept.noted(name)
        if noted is None:
            noted = as_csv(rows(self._queries, self._dataset, table)).encode()
            self._kept.note(name, noted)
        return noted.decode()


def _piece(text: str, read: Callable[[], str]) -> Piece:
    return Piece(sha256(text.encode()).hexdigest(), lambda: read().encode())


def _rows(path: Path, table: str) -> str:
    found: Mapping[str, str] = json.loads(path.read_bytes())
    return found[table]


def rows(queries: Queries, dataset: Dataset, table: Table) -> Rows:
    """The rows of ``table``; of several for the same thing the first, since a row is a thing."""
    places = [table.header.index(column) for column in table.key]
    found: dict[tuple[str, ...], list[str]] = {}
    for number, row in enumerate(queries.select(dataset, table.query)):
        cells = [row[name].value if name in row else "" for name in table.header]
        found.setdefault(tuple(cells[place] for place in places) or (str(number),), cells)
    return list(found.values())


def as_csv(rows: Iterable[Sequence[str]]) -> str:
    """Rows as RFC 4180 has them; the texts as they are."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def read_rows(path: Path) -> Iterator[list[str]]:
    """The rows of a CSV file of ours, the head first."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.reader(file)


def _opened(folder: Path, table: Table) -> io.TextIOWrapper:
    return (folder / table.path).open("w", encoding="utf-8", newline="")


def _county(statements: list[Quad], tables: list[Table], queries: Queries) -> bytes:
    """Table → the rows of one county as CSV, as JSON."""
    dataset = Dataset.of(statements, queries.base)
    dataset.store.extend(compared(queries, dataset))
    return json.dumps({table.name: as_csv(rows(queries, dataset, table)) for table in tables}).encode()


def _concepts(held: Statements, queries: Queries) -> Iterator[Quad]:
    """Which county has which concept, and which version of it counts."""
    wanted = {RDF + "type", *(queries.base + name.removeprefix(CANONICAL_BASE) for name in _OF_CONCEPTS)}
    graphs = {f"{queries.base}{GRAPH.removeprefix(CANONICAL_BASE)}{name}" for name in (*held.counties, "comparison")}
    for quad in held.quads:
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
