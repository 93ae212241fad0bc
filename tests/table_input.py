"""The tables of two invented counties (tests/data/tables), one of which has a concept."""

from dataclasses import dataclass
from pathlib import Path

from publisher.core.settings import load
from publisher.core.terms import GRAPH
from publisher.graph.queries import Queries
from publisher.graph.sources import find, read_graph
from publisher.graph.store import Dataset
from publisher.release.dumps import read_context, write_dumps
from publisher.release.kept import Kept
from publisher.release.manifest import File
from publisher.release.tables.files import add_tables, begin_tables
from publisher.release.tables.written import Statements
from publisher.release.versions import compared

CASES = Path(__file__).parent / "data" / "tables"
SOURCES = find(Path(__file__).parent.parent)
AGS, VERSION, DATE = "09999", "2026-03-01-0123456789", "2026-03-01"


@dataclass(frozen=True)
class Made:
    """The folder of a release that holds nothing but the tables and the dumps they follow from."""

    folder: Path
    files: list[File]


def made(folder: Path, cache: Path) -> Made:
    """Writes the tables of the invented counties below ``folder``."""
    county = read_graph([CASES / "county.ttl"], GRAPH + AGS)
    lists = [quad for name in ("fields", "lists") for quad in read_graph(SOURCES.common[GRAPH + name], GRAPH + name)]
    quads = [*county, *lists, *read_graph([CASES / "districts.ttl"], GRAPH + "districts")]
    quads += compared(Queries(SOURCES.queries), Dataset.of(quads))
    settings, kept = load(), Kept(cache)
    dumps = write_dumps(folder, county, settings.base, read_context(SOURCES, settings.base), kept)
    queries = Queries(SOURCES.queries, settings.base)
    files = add_tables(
        folder,
        begin_tables(folder, Statements(quads, {AGS: county}, dumps), queries, settings, kept),
        {},
        queries,
        settings,
        VERSION,
        DATE,
        kept,
    )
    return Made(folder, files)
