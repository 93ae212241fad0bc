"""A release whose statements another SPARQL server holds: asked over HTTP, the same to all who ask as one in memory.

The default graph of every query is the copy of the whole release under a name of its own, so it does not matter what
the server takes for a default graph, which graphs of others it holds, or that a newer release is being loaded.
"""

import re
import sys
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from pyoxigraph import (
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    parse,
    parse_query_results,
)

from publisher.core.refusals import EngineBroken, OtherRelease, QueryForbidden, QueryRefused
from publisher.graph import dialect
from publisher.graph.order import in_order
from publisher.graph.queries import Queries
from publisher.graph.store import Dataset, Function, Result, Row, Term
from publisher.graph.wire import TABLE, TRIPLES, Wire

Made = TypeVar("Made")
UNION = "urn:kreisgraph:release:"
"""How the name of the graph begins that holds a whole release; its version follows."""
STORE = "urn:kreisgraph:store"
"""The graph that says what the store holds, and the thing that it says it of."""
GRAPHS, SHA256 = "urn:kreisgraph:graphs", "urn:kreisgraph:sha256"
"""Says of the store of which release its named graphs are; of a graph, of which dump it was loaded."""
_BY_NAME = re.compile(r"\bGRAPH\b")
_IRI = re.compile(r"<([^<>\"{}|^`\\\x00-\x20]*)>")
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_REMEMBERED = 4000
"""Things whose statements a process keeps."""
_TOGETHER = 60
"""Things that are looked up together: most pages look up what an answer has just named."""
_PIECE = 1 << 16


@dataclass(frozen=True)
class Remote(Dataset):
    """The statements of release ``version`` on the server behind ``wire``."""

    wire: Wire = field(kw_only=True)
    own_queries: Queries = field(kw_only=True, repr=False)
    version: str = field(kw_only=True)
    sha256: str = field(kw_only=True)
    """Of the file with all its statements."""
    names: tuple[str, ...] = field(kw_only=True)
    """The names of its graphs, sorted."""
    read_graph: Callable[[str], Iterator[Quad]] = field(kw_only=True, repr=False)
    """The statements of one graph, from the files of the release."""
    _known: "OrderedDict[str, tuple[tuple[str, Term], ...]]" = field(default_factory=OrderedDict, repr=False)
    _named: "deque[str]" = field(default_factory=lambda: deque(maxlen=_TOGETHER * 4), repr=False)
    filled = True

    def run(
        self,
        query: str,
        default: Sequence[str] = (),
        named: Sequence[str] = (),
        union: bool = True,
        graph: bool = False,
    ) -> Result:
        """The result of ``query``; see ``Dataset.run``. Raises EngineTrouble, QueryTimeout or QueryForbidden."""
        query = self._public(query)
        if self.wire.server.ways.peculiar:
            query = dialect.asked(dialect.over(query) if default or named else query)
        return self._result(query, self._graphs(query, default, named, union), graph)

    def examine(self, query: str) -> None:
        """Lets our own parser read a visitor's ``query``: what it does not take, or dies of, never gets to the server.

        Raises SyntaxError, ValueError, RuntimeError (a function that is not SPARQL's or ours) or OSError.
        """
        examined(query, self.store, dict(self.functions))

    def select(self, query: str, parameters: Mapping[str, Term] | None = None) -> list[Row]:
        """See ``Dataset.select``; raises EngineTrouble or QueryTimeout."""
        rows = self._rows(query, self._graphs(query))
        return in_order(query, rows) if self.wire.server.ways.peculiar else rows

    def construct(self, query: str, parameters: Mapping[str, Term] | None = None) -> list[Triple]:
        """See ``Dataset.construct``; raises EngineTrouble or QueryTimeout."""
        return self._whole(lambda: list(cast(Iterable[Triple], self._result(query, self._graphs(query), True))))

    def ask(self, query: str, parameters: Mapping[str, Term] | None = None) -> bool:
        """See ``Dataset.ask``; raises EngineTrouble or QueryTimeout."""
        return bool(self._result(query, self._graphs(query), False))

    def outgoing(self, iri: str) -> Iterator[Quad]:
        """See ``Dataset.outgoing``."""
        for row in self._rows(self._text("about_in_graphs", subject=(iri,))):
            if (graph := row["graph"].value) in self.names:
                yield Quad(NamedNode(iri), cast(NamedNode, row["predicate"]), row["object"], NamedNode(graph))

    def about(self, iri: str) -> list[Triple]:
        """See ``Dataset.about``."""
        return [Triple(NamedNode(iri), NamedNode(name), value) for name, value in self._about(iri)]

    def incoming(self, iri: str, apart: Container[str] = ()) -> Iterator[tuple[str, str]]:
        """See ``Dataset.incoming``."""
        for row in self._rows(self._text("referring", object=(iri,))):
            graph = row["graph"].value
            if graph in self.names and graph not in apart and isinstance(row["subject"], NamedNode):
                yield row["subject"].value, row["predicate"].value

    def objects(self, iri: str, predicate: str) -> list[Term]:
        """See ``Dataset.objects``."""
        wanted = self.own(predicate)
        return sorted({value for said, value in self._about(iri) if said == wanted}, key=str)

    def known(self, iri: str) -> bool:
        """See ``Dataset.known``."""
        return bool(self._about(iri)) or self.has_graph(iri)

    def has_graph(self, iri: str) -> bool:
        """See ``Dataset.has_graph``."""
        return iri in self.names

    def graph(self, iri: str) -> Iterator[Quad]:
        """See ``Dataset.graph``: from the files of the release, which lie here anyway."""
        return self.read_graph(iri) if iri in self.names else iter(())

    def graphs(self) -> list[str]:
        """See ``Dataset.graphs``."""
        return list(self.names)

    def confirm(self) -> None:
        """Makes sure that the server holds all of this release, after an answer as before it; else OtherRelease.

        Loading takes the note away before it changes anything that this release is made of.
        """
        if not self.complete():
            raise OtherRelease(release=self.version)

    def complete(self) -> bool:
        """Whether the server holds all of this release."""
        rows = self._rows(self._text("complete", part=(UNION + self.version, STORE)))
        said = {(row["part"].value, row["property"].value, row["value"].value) for row in rows}
        return said >= {(UNION + self.version, SHA256, self.sha256), (STORE, GRAPHS, self.version)}

    def size(self, graph: str) -> int:
        """How many statements the graph ``graph`` of the server has, whether of this release or not."""
        rows = self._rows(self._text("size", graph=(graph,)))
        return int(rows[0]["total"].value) if rows else 0

    def close(self) -> None:
        """See ``Dataset.close``: the next query makes a new connection."""
        self.wire.close()

    def broken(self, error: Exception) -> Exception:
        """See ``Dataset.broken``: what cannot be read was cut off."""
        return error if isinstance(error, QueryRefused) else EngineBroken(reason=str(error)[:100])

    def _public(self, query: str) -> str:
        """``query`` without escapes; raises QueryForbidden when it may call functions of the server by their names."""
        secret = self.wire.server.ways.secret
        if not secret:
            return query
        query = _ESCAPE.sub(_unescaped, query)
        for iri in filter(None, map(str.lower, _IRI.findall(query))):
            # A namespace may hold only the beginning.
            if iri.startswith(secret) or any(name.startswith(iri) for name in secret):
                raise QueryForbidden(keyword=f"<{iri.partition(':')[0]}:…>")
        return query

    def _about(self, iri: str) -> tuple[tuple[str, Term], ...]:
        """What is said about ``iri``: predicate and value. Looks up what was named lately along with it."""
        if iri not in self._known:
            wanted = [iri, *self._lately(iri)]
            found: dict[str, list[tuple[str, Term]]] = {name: [] for name in wanted}
            for row in self._rows(self._text("about", subject=tuple(wanted)), self._graphs("")):
                # Some servers write names differently than they were asked for.
                found.setdefault(row["subject"].value, []).append((row["predicate"].value, row["object"]))
            for name, said in found.items():
                self._known[name] = tuple(said)
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
            return tuple(found[iri])
        return self._known[iri]

    def _lately(self, iri: str) -> list[str]:
        names = dict.fromkeys(name for name in reversed(tuple(self._named)) if name != iri and name not in self._known)
        return list(names)[:_TOGETHER]

    def _graphs(
        self, query: str, default: Sequence[str] = (), named: Sequence[str] = (), union: bool = True
    ) -> list[tuple[str, str]]:
        """The fields that name the dataset of ``query``: nothing but graphs of this release, whatever it says."""
        if default or named:
            return [*(("default-graph-uri", iri) for iri in default), *(("named-graph-uri", iri) for iri in named)]
        if not union:
            return []
        graphs = [("default-graph-uri", UNION + self.version)]
        if _BY_NAME.search(query.upper()):
            graphs += [("named-graph-uri", iri) for iri in self.names]
        return graphs

    def _text(self, name: str, **values: Iterable[str]) -> str:
        return self.own_queries.get(f"engine/{name}").with_constants(values)

    def _rows(self, query: str, graphs: Sequence[tuple[str, str]] = ()) -> list[Row]:
        rows = self._whole(lambda: rows_of(cast(QuerySolutions, self._result(query, graphs, False))))
        self._named.extend(
            term.value
            for row in rows[:_TOGETHER]
            for term in row.values()
            if isinstance(term, NamedNode) and term.value.startswith(self.base)
        )
        return rows

    def _result(self, query: str, graphs: Sequence[tuple[str, str]], graph: bool) -> Result:
        peculiar = self.wire.server.ways.peculiar
        answer: Any = self.wire.ask(query, TRIPLES if graph else TABLE, graphs)
        if peculiar:
            answer = dialect.Mended(answer, dialect.triples if graph else dialect.table(query))
        if graph:
            return (quad.triple for quad in parse(answer, format=RdfFormat.N_TRIPLES))
        return cast(Result, self._whole(lambda: parse_query_results(answer, format=QueryResultsFormat.JSON)))

    def _whole(self, read: Callable[[], Made]) -> Made:
        try:
            return read()
        except (SyntaxError, OSError, ValueError) as error:
            raise self.broken(error) from None


def _unescaped(found: re.Match[str]) -> str:
    number = int(found[1] or found[2], 16)
    sign = chr(number) if number <= sys.maxunicode else ""
    if not sign.isalnum():
        raise QueryForbidden(keyword=found[0])
    return sign


def examined(query: str, empty: Store, functions: dict[NamedNode, Function]) -> None:
    """Lets our own engine read ``query``, in a thread whose stack is smaller than any server's.

    Raises what the engine does. A query that is too deep ends this process instead of the server.
    """
    said: list[Exception] = []

    def read() -> None:
        try:
            empty.query(query, use_default_graph_as_union=True, custom_functions=functions)
        except (SyntaxError, ValueError, RuntimeError, OSError) as error:
            said.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
    if said:
        raise said[0]


def held(wire: Wire, queries: Queries) -> list[Row]:
    """What the store says it holds: part, property, value."""
    query = queries.get("engine/held").with_values({})
    answer = wire.ask(query, TABLE)
    try:
        return rows_of(cast(QuerySolutions, parse_query_results(cast(Any, answer), format=QueryResultsFormat.JSON)))
    except (SyntaxError, OSError, ValueError) as error:
        raise EngineBroken(reason=str(error)[:100]) from None


def rows_of(solutions: QuerySolutions) -> list[Row]:
    """``solutions`` as rows of the variables that are bound."""
    names = [variable.value for variable in solutions.variables]
    try:
        return [{name: cast(Term, value) for name in names if (value := row[name]) is not None} for row in solutions]
    finally:
        # It may only be let go in its own thread, and an error that is passed on would keep it.
        del solutions
