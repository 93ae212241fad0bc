"""What the page of the endpoint shows: the query, examples, the first rows of its result or why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass

from publisher.core.errors import KreisgraphError
from publisher.endpoint.client import Table
from publisher.graph.queries import Query
from publisher.web import headers as policies
from publisher.web.frame import Page, Visit
from publisher.web.pages_sparql import TERMS
from publisher.web.sparql_asked import Asked, examples
from publisher.web.sparql_mistake import Mistake, mistake
from publisher.web.sparql_protocol import Operation
from publisher.web.sparql_table import Rows, rows

GROUPS = ("overview", "plans", "actors", "documents", "wording")
"""Under which headings the examples stand, in this order."""


@dataclass(frozen=True)
class Shown:
    """All the page shows."""

    asked: Asked
    """The query in the text field."""
    sent: bool
    """Whether the visitor sent it; else it only stands ready."""
    groups: Mapping[str, tuple[Query, ...]]
    """The examples by group."""
    terms: str
    """Where the editor finds the words of the data."""
    table: Table | None = None
    rows: Rows | None = None
    refusal: Mistake | None = None


def page(
    visit: Visit,
    meant: Operation,
    table: Table | None = None,
    error: KreisgraphError | None = None,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Page:
    """The page for the operation ``meant``, with its result or its error."""
    asked = Asked.of(visit, meant)
    shown = rows(visit, table) if table else None
    data = Shown(
        asked,
        meant.query is not None,
        groups(visit),
        visit.href(TERMS),
        table,
        shown,
        mistake(visit, asked.query, error) if error else None,
    )
    cut = {"X-Kreisgraph-Cut": shown.cut.header} if shown and shown.cut.header else {}
    # The editor is a script of ours; every other page does without.
    given = (headers or {}) | cut | {"Content-Security-Policy": policies.SCRIPTS}
    return Page("sparql.html", data, section="/sparql", status=status, headers=given)


def groups(visit: Visit) -> dict[str, tuple[Query, ...]]:
    """The examples by group."""
    known = examples(visit.site.queries)
    return {name: tuple(query for query in known if query.group == name) for name in GROUPS}
