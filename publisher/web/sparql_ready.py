"""A query at the endpoint, understood but for its running: what the workers are asked, the headers of the answer."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from publisher.core.messages import phrase
from publisher.core.refusals import QueryRefused, QuerySyntax, UnknownGraph
from publisher.endpoint import tokens
from publisher.endpoint.request import TABLE, Limits, QueryRequest
from publisher.graph.formats import Format
from publisher.graph.remote import Remote
from publisher.views.site import Site
from publisher.web import negotiation, sparql_asked
from publisher.web.caching import CACHE_CONTROL, etag
from publisher.web.sparql_desk import Desk
from publisher.web.sparql_protocol import HTML, SPREADSHEETS, Operation, choose
from publisher.web.sparql_table import ROWS

LONG = 5000
"""Queries of more characters take a while to read."""


@dataclass(frozen=True)
class Ready:
    """One query that may be run."""

    asked: QueryRequest
    fmt: Format
    headers: dict[str, str]
    tag: str
    """The tag of the answer; empty where it is not to be kept."""


def with_example(desk: Desk, meant: Operation) -> Operation:
    """``meant`` with the text of the example it names in place of a query of its own."""
    if meant.query is not None or not meant.example:
        return meant
    query = desk.frame.site.queries.get(sparql_asked.FOLDER + meant.example)
    return replace(meant, query=sparql_asked.example_text(query))


def check(query: str, limits: Limits) -> tokens.Outline:
    """The outline of ``query``; raises QueryTooLarge or QueryForbidden."""
    return tokens.check(query, limits.length, limits.nesting, limits.services)


read = lru_cache(maxsize=256)(check)
"""``check`` that remembers the last queries."""


def ready(desk: Desk, accept: str | None, meant: Operation, outline: tokens.Outline, steady: bool) -> Ready:
    """The query of ``meant``, whose text says ``outline``; ``steady`` where an answer to the request may be kept.

    Raises QuerySyntax, UnknownGraph, QueryRefused, BadRequest or NotAcceptable.
    """
    assert meant.query is not None
    if outline.form is None:
        raise QuerySyntax(detail=", ".join(tokens.FORMS) + "?")
    _known(desk.frame.site, (*meant.default_graphs, *meant.named_graphs) or outline.graphs)
    if isinstance(desk.frame.site.dataset, Remote) and outline.abridged:
        # Only what is written out can be told from the graphs of others in the same store.
        raise QueryRefused(what=phrase("from-in-full"))
    fmt = choose(accept, meant.format, outline)
    headers, tag = desk.headers | {"Content-Type": fmt.content_type, "Cache-Control": "no-store"}, ""
    if outline.steady and not outline.services and steady:
        tag = etag(desk.frame.stamp, desk.language, fmt.ending, repr(meant))
        headers |= {"ETag": tag, "Cache-Control": CACHE_CONTROL}
    if fmt in SPREADSHEETS or (fmt is not HTML and meant.format and negotiation.prefers_html(accept)):
        headers["Content-Disposition"] = _attached(meant, fmt)
    format_name, calls = TABLE if fmt is HTML else fmt.ending, bool(outline.services)
    asked = QueryRequest(meant.query, format_name, meant.default_graphs, meant.named_graphs, ROWS, calls)
    return Ready(asked, fmt, headers, tag)


def _known(site: Site, graphs: Iterable[str]) -> None:
    """Raises UnknownGraph when one of ``graphs`` is not ours: no answer would look like one about the counties.

    A relative name depends on a BASE that only the engine reads, and is left to it.
    """
    for graph in graphs:
        if ":" in graph and not site.dataset.has_graph(graph):
            known = site.dataset.graphs()
            raise UnknownGraph(graph=graph, count=len(known), known=", ".join(known[:3]))


def _attached(meant: Operation, fmt: Format) -> str:
    # What stands beside a query of its own is no example that was looked up, and could be anything.
    name = meant.example if re.fullmatch(r"\w+", meant.example, re.ASCII) else "abfrage"
    return f'attachment; filename="{name}.{fmt.ending.partition("-")[0]}"'
