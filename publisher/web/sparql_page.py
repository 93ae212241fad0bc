"""What the page of the endpoint shows: the query, examples, the first rows of its result or why there is none."""

from dataclasses import dataclass
from urllib.parse import urlencode

from publisher.core.errors import KreisgraphError
from publisher.core.messages import phrase
from publisher.core.terms import shorten
from publisher.endpoint.client import Cell, Table
from publisher.endpoint.tokens import Outline, outline
from publisher.graph.formats import Format
from publisher.graph.queries import Queries, Query
from publisher.web.frame import Page, Visit
from publisher.web.sparql_protocol import Operation, formats

ROWS = 200
"""How many rows the page shows; the files hold all of them."""
FOLDER = "examples/"


@dataclass(frozen=True)
class Shown:
    """One value as the page shows it; ``href`` is empty when it leads nowhere."""

    text: str
    language: str = ""
    href: str = ""


@dataclass(frozen=True)
class Refusal:
    """Why there is no result: the message, and the line of the query it is about when that is known."""

    detail: str
    line: int = 0
    column: int = 0
    excerpt: str = ""


@dataclass(frozen=True)
class Download:
    """The same result as a file."""

    fmt: Format
    href: str


@dataclass(frozen=True)
class Asked:
    """All the page shows."""

    query: str
    example: Query | None
    examples: tuple[Query, ...]
    offered: tuple[Format, ...]
    address: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    asked: bool = False
    table: Table | None = None
    rows: tuple[tuple[Shown, ...], ...] = ()
    refusal: Refusal | None = None
    downloads: tuple[Download, ...] = ()


def examples(queries: Queries) -> tuple[Query, ...]:
    """The examples that run as they stand, by name."""
    return tuple(query for query in queries if query.name.startswith(FOLDER) and not query.parameters)


def example_text(query: Query) -> str:
    """The text of an example without its head."""
    lines = query.sparql.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("#+"))


def page(
    visit: Visit,
    meant: Operation,
    table: Table | None = None,
    error: KreisgraphError | None = None,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Page:
    """The page for the operation ``meant``, with its result or its error."""
    known = examples(visit.site.queries)
    example = next((query for query in known if query.name == FOLDER + meant.example), None)
    asked = meant.query is not None
    query = meant.query if meant.query is not None else example_text(example or known[0]) if known else ""
    data = Asked(
        query,
        example,
        known,
        formats(outline(query)),
        address(visit),
        meant.default_graphs,
        meant.named_graphs,
        asked,
        table,
        _rows(visit, table),
        _refusal(visit, query, error) if error else None,
        _downloads(visit, meant, outline(query)) if table else (),
    )
    return Page("sparql.html", data, section="/sparql", status=status, headers=headers)


def address(visit: Visit) -> str:
    """The address of the endpoint for programs."""
    return visit.links.whole(visit.links.href("/sparql"))


def _downloads(visit: Visit, meant: Operation, found: Outline) -> tuple[Download, ...]:
    if not meant.query:
        return ()
    graphs = [("default-graph-uri", iri) for iri in meant.default_graphs]
    graphs += [("named-graph-uri", iri) for iri in meant.named_graphs]
    path = visit.links.href("/sparql")
    return tuple(
        Download(fmt, f"{path}?{urlencode([('query', meant.query), *graphs, ('format', fmt.ending)])}")
        for fmt in formats(found)
    )


def _rows(visit: Visit, table: Table | None) -> tuple[tuple[Shown, ...], ...]:
    return tuple(tuple(_shown(visit, cell) for cell in row) for row in table.rows) if table else ()


def _shown(visit: Visit, cell: Cell) -> Shown:
    if cell.kind == "iri":
        if visit.links.is_own(cell.text) and visit.site.known(cell.text):
            label = visit.label(cell.text)
            return Shown(label.value, label.language, visit.page(cell.text))
        foreign = cell.text.startswith(("http://", "https://")) and not visit.links.is_own(cell.text)
        return Shown(shorten(cell.text, visit.site.base), "", cell.text if foreign else "")
    if cell.kind == "blank":
        return Shown(f"_:{cell.text[:8]}")
    return Shown(cell.text, cell.language)


def _refusal(visit: Visit, query: str, error: KreisgraphError) -> Refusal:
    line, column = error.facts.get("line"), error.facts.get("column")
    lines = query.splitlines()
    if isinstance(line, int) and isinstance(column, int) and 0 < line <= len(lines):
        return Refusal(message(error, visit.language), line, column, lines[line - 1][:200])
    return Refusal(message(error, visit.language))


def message(error: KreisgraphError, language: str) -> str:
    """What ``error`` says in ``language``, positions and numbers of rows in its words as well."""
    facts = dict(error.facts)
    if "line" in facts:
        place = phrase("position", line=facts["line"], column=facts["column"]).text(language)
        facts["detail"] = ". ".join(part for part in (place, str(facts["reason"])) if part)
    if "rows" in facts:
        facts["allowed"] = phrase("rows", number=facts["rows"])
    return type(error)(**facts).text(language)
