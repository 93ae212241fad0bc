"""The rows of each county: asked from its own statements and kept, so that only a county that changed is asked again.

What is known of them (checksums, lengths) is kept for all counties in one piece: while they are the same, the rows
themselves are not read.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pyoxigraph import Quad

from publisher.core.processes import spread
from publisher.core.terms import CANONICAL_BASE, NS, RDF
from publisher.graph.queries import Queries
from publisher.graph.store import Dataset
from publisher.graph.write import nquads
from publisher.release import stitched, versions
from publisher.release.kept import Kept, key
from publisher.release.stitched import Part
from publisher.release.tables import rows as table_rows
from publisher.release.tables import schema
from publisher.release.tables.rows import as_csv, rows
from publisher.release.tables.schema import FOLDER, Table
from publisher.release.versions import compared

ROWS = f"{FOLDER}/.rows"
"""Where the rows of counties lie while a release is built."""
CODE = (Path(__file__), *(Path(str(module.__file__)) for module in (stitched, table_rows, schema, versions)))


@dataclass(frozen=True)
class Rows:
    """What is known of the rows of one county."""

    stamp: str
    """Stands for all that they follow from."""
    concepts: str
    """Which concepts it has and which version of them counts, as N-Quads."""
    tables: Mapping[str, tuple[str, int]]
    """Table → SHA-256 and length of its rows as CSV without head."""

    @classmethod
    def parsed(cls, raw: list[Any]) -> "Rows":
        """What ``raw`` told before."""
        stamp, concepts, tables = raw
        return cls(stamp, concepts, {name: (sha256, size) for name, (sha256, size) in tables.items()})

    def raw(self) -> list[Any]:
        """All of it as JSON has it."""
        return [self.stamp, self.concepts, self.tables]


@dataclass(frozen=True)
class Local:
    """Asks for the rows of counties."""

    folder: Path
    """That of the release."""
    tables: Sequence[Table]
    queries: Queries
    lists: Sequence[Quad]
    """The names of terms."""
    counties: Mapping[str, Sequence[Quad]]
    """Key → the statements of the county; looked up only where its rows are not at hand."""
    districts: Mapping[str, Sequence[Quad]]
    """Key → what the county is called."""
    stamps: Mapping[str, str]
    """Key → what stands for the statements of the county."""
    kept: Kept

    def all(self, name: str, jobs: int) -> dict[str, Rows]:
        """What is known of the rows of each county; ``jobs`` processes ask for those that are new.

        ``name`` is that under which ``note`` kept what was known of the last release.
        """
        noted = self.kept.noted(_key(name)) if name else None
        known = {ags: Rows.parsed(raw) for ags, raw in json.loads(noted).items()} if noted else {}
        asked = (self.queries.get(table.query).sparql.encode() for table in self.tables)
        same = key(b"rows", nquads(self.lists), *asked, code=CODE).encode()
        stamps = {
            ags: key(same, self.stamps[ags].encode(), nquads(self.districts[ags])) for ags in sorted(self.counties)
        }
        new = [ags for ags, stamp in stamps.items() if ags not in known or known[ags].stamp != stamp]
        made = dict(zip(new, spread(lambda ags: self._asked(ags, stamps[ags]), new, jobs), strict=True))
        for ags in stamps.keys() - made.keys():
            self.kept.use(stamps[ags])
        return {ags: made.get(ags) or known[ags] for ags in stamps}

    def note(self, name: str, found: Mapping[str, Rows]) -> None:
        """Keeps what is known of all counties; ``name`` stands for the tables that were put together from it."""
        self.kept.note(_key(name), json.dumps({ags: one.raw() for ags, one in found.items()}).encode())

    def part(self, ags: str, table: str, found: Rows) -> Part:
        """The rows of ``table`` that are one county's."""
        return Part(*found.tables[table], partial(self.read, ags, table, found))

    def read(self, ags: str, table: str, found: Rows) -> bytes:
        """The rows of ``table`` that are one county's as CSV without head."""
        path = self._path(ags)
        if not path.exists():
            self._asked(ags, found.stamp)
        names = list(found.tables)
        with path.open("rb") as file:
            file.readline()
            file.seek(sum(found.tables[name][1] for name in names[: names.index(table)]), 1)
            return file.read(found.tables[table][1])

    def _path(self, ags: str) -> Path:
        return self.folder / ROWS / ags

    def _asked(self, ags: str, stamp: str) -> Rows:
        """Puts the rows of a county into a file, as they are kept or else asked anew; what is known of them."""
        self.kept.write(self._path(ags), stamp, partial(self._made, ags))
        with self._path(ags).open("rb") as file:
            return Rows.parsed([stamp, *json.loads(file.readline())])

    def _made(self, ags: str) -> bytes:
        """What is known of the rows of one county as JSON in a line, then these rows, table after table."""
        statements = [*self.lists, *self.districts[ags], *self.counties[ags]]
        dataset = Dataset.of(statements, self.queries.base)
        counting = compared(self.queries, dataset)
        dataset.store.extend(counting)
        bodies = {table.name: as_csv(rows(self.queries, dataset, table)).encode() for table in self.tables}
        known = {name: (hashlib.sha256(body).hexdigest(), len(body)) for name, body in bodies.items()}
        concepts = nquads([*_concepts(self.counties[ags], self.queries.base), *counting]).decode()
        return json.dumps([concepts, known]).encode() + b"\n" + b"".join(bodies.values())


def _concepts(quads: Sequence[Quad], base: str) -> list[Quad]:
    """Which county has which concept, and what kind of thing that is."""
    says = base + (NS + "county").removeprefix(CANONICAL_BASE)
    found = {quad.subject for quad in quads if quad.predicate.value == says}
    return [quad for quad in quads if quad.subject in found and quad.predicate.value in (says, RDF + "type")]


def _key(name: str) -> str:
    return key(b"rows of all", name.encode(), code=CODE)
