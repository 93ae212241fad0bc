"""kreisgraph coverage: which line of each source document became which elements, as Markdown tables."""

import argparse
import sys
from pathlib import Path

from publisher.core.errors import SourceError
from publisher.core.settings import load
from publisher.core.terms import COUNTY
from publisher.graph.queries import Queries
from publisher.graph.sources import CountySource, find, read_graph
from publisher.graph.store import Dataset
from publisher.quality.coverage import Coverage, Line, coverage

NAME = "coverage"
HELP = "Tabelle: welche Zeile der Quellen zu welchem Element wurde (which line of the sources became which element)"
_SUMS = {
    "de": "{path}: {lines} Zeilen, {missing} ohne Element und Grund",
    "en": "{path}: {lines} lines, {missing} without element and reason",
}
_HEAD = """# {title}

Erzeugt mit `kreisgraph coverage`; nicht von Hand ändern. (Generated; do not edit.)
Jede Zeile mit Inhalt, der Wortlaut, die Elemente, die daraus zitieren, und was ohne Element bleibt – mit Grund.
Namen wie `1/ziel-01` stehen für `{base}…`.

| Zeile | Wortlaut | Elemente | ohne Element |
|---:|---|---|---|
"""


def arguments(command: argparse.ArgumentParser) -> None:
    """Where to write."""
    command.add_argument("--output", type=Path, default=Path("docs/coverage"), help="Ordner (default: docs/coverage)")


def run(options: argparse.Namespace) -> int:
    """Write one table a county; 1 when a line is neither quoted nor explained, 2 when a county cannot be read."""
    sources = find(load().input)
    queries = Queries(sources.queries)
    options.output.mkdir(parents=True, exist_ok=True)
    return max((_write(county, queries, options) for county in sources.counties()), default=0)


def _write(county: CountySource, queries: Queries, options: argparse.Namespace) -> int:
    """Write the table of one county; what ``run`` returns for it alone."""
    try:
        parts = coverage(Dataset.of(read_graph(county.files, county.graph)), queries, county)
    except SourceError as error:
        print(f"kreisgraph: {error.text(options.lang)}", file=sys.stderr)
        return 2
    path = options.output / f"{county.folder.name}.md"
    path.write_text(table(county, parts), encoding="utf-8")
    missing = sum(bool(line.rest and not line.reason) for part in parts for line in part.lines)
    lines = sum(len(part.lines) for part in parts)
    print(_SUMS[options.lang].format(path=path, lines=lines, missing=missing))
    return 1 if missing else 0


def table(county: CountySource, parts: list[Coverage]) -> str:
    """The Markdown page of one county."""
    base = f"{COUNTY}{county.ags}/"
    pages = []
    for part in parts:
        rows = "".join(_row(line, base) for line in part.lines)
        pages.append(_HEAD.format(title=f"{county.folder.name}: {part.name}", base=base) + rows)
    return "\n".join(pages)


def _row(line: Line, base: str) -> str:
    elements = ", ".join(f"`{iri.removeprefix(base)}`" for iri in line.elements)
    rest = f"„{_cell(line.rest)}“" if line.rest else ""
    reason = f"{rest} {_cell(line.reason)}".strip()
    return f"| {line.number} | {_cell(line.text)} | {elements} | {reason} |\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("*", "\\*").replace("<", "&lt;")
