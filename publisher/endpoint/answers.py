"""Runs one query on the dataset and writes its answer piece by piece. Only ever called in a worker."""

import json
import sys
from collections.abc import Callable, Iterable
from itertools import islice
from typing import cast

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
    serialize,
)

from publisher.core.refusals import QueryRefused, ResultTooLarge
from publisher.endpoint import rows
from publisher.endpoint.called import without_calls
from publisher.endpoint.request import FORMATS, TABLE, Limits, QueryRequest
from publisher.endpoint.tokens import names_dataset, outline
from publisher.graph.formats import SELECT_FORMATS, Format
from publisher.graph.remote import Remote
from publisher.graph.store import Dataset, Result, Term
from publisher.graph.write import rewritten

Write = Callable[[bytes], None]
_AT_ONCE = {fmt.ending for fmt in SELECT_FORMATS if fmt.results != QueryResultsFormat.XML}
"""The formats in which the engine's result is the answer."""


def answer(dataset: Dataset, request: QueryRequest, limits: Limits, out: Write) -> None:
    """Runs ``request`` and hands the bytes of its answer to ``out``.

    Raises SyntaxError, RuntimeError, ValueError or OSError of the engine, ResultTooLarge, and EngineTrouble of another
    server that holds the data.
    """
    _written(dataset, request, limits, out)
    dataset.confirm()


def whole(dataset: Dataset, request: QueryRequest, limits: Limits, most: int) -> bytes | None:
    """The answer to ``request`` in one piece of at most ``most`` bytes; None when it is larger, or there is none.

    What is wrong then is said by whoever asks again with ``answer``.
    """
    fmt, body = FORMATS[request.format], b""
    try:
        if request.format in _AT_ONCE:
            # The engine is quicker at once than through a file of ours, and so small an answer needs no watching.
            result = cast(QuerySolutions | QueryBoolean, evaluate(dataset, request))
            body = cast(bytes, result.serialize(format=fmt.results))
        else:
            held = bytearray()
            answer(dataset, request, limits, held.extend)
            body = bytes(held)
    except (SyntaxError, RuntimeError, ValueError, OSError, QueryRefused):
        return None
    few = len(body) <= limits.rows or rows.counter(fmt.ending)(body) <= limits.rows
    return body if few and len(body) <= min(most, limits.bytes) else None


def _written(dataset: Dataset, request: QueryRequest, limits: Limits, out: Write) -> None:
    result = evaluate(dataset, request)
    measured = _Measured(out, limits.bytes)
    try:
        if request.format == TABLE:
            measured.write(json.dumps(_table(result, request.head)).encode())
        elif isinstance(result, QuerySolutions | QueryBoolean):
            _results(result, FORMATS[request.format], limits.rows, measured)
        else:
            measured.write(_document(dataset, result, FORMATS[request.format], limits.rows))
    except (SyntaxError, RuntimeError, ValueError, OSError) as error:
        raise dataset.broken(error) from None


def evaluate(dataset: Dataset, request: QueryRequest) -> Result:
    """The engine's result over the dataset that the request, or else the query, names.

    https://www.w3.org/TR/sparql11-protocol/#dataset
    """
    query, graph = request.query, False
    if isinstance(dataset, Remote):
        dataset.examine(query)
        graph = outline(query).graph
        query = without_calls(dataset, query)
    union = not names_dataset(request.query)
    return dataset.run(query, request.default_graphs, request.named_graphs, union, graph)


class _Measured:
    """A file for the engine that passes bytes on and stops it when they are too many."""

    def __init__(self, out: Write, limit: int, count: rows.Counter | None = None, most: int = 0) -> None:
        self.out, self.left, self.limit, self.count, self.most = out, limit, limit, count, most
        self._uncounted = bytearray()

    def write(self, piece: bytes) -> int:
        piece = bytes(piece)
        self.left -= len(piece)
        if self.left < 0:
            raise ResultTooLarge(allowed=f"{self.limit / 1_000_000:g} MB")
        if self.count and self._many(piece):
            raise too_many_rows(self.most)
        self.out(piece)
        return len(piece)

    def _many(self, piece: bytes) -> bool:
        """Whether there are too many rows with those in ``piece``."""
        assert self.count
        self._uncounted += piece
        if self.limit - self.left <= self.most:
            # A row takes a byte at least, so they need not be counted yet.
            return False
        found = self.count(bytes(self._uncounted))
        self._uncounted.clear()
        return found > self.most

    def flush(self) -> None:
        """Nothing is kept back here."""


def too_many_rows(most: int) -> ResultTooLarge:
    """The error for a result of more than ``most`` rows or triples."""
    return ResultTooLarge(allowed=f"{most} rows", rows=most)


def _results(result: QuerySolutions | QueryBoolean, fmt: Format, most: int, out: _Measured) -> None:
    if isinstance(result, QuerySolutions):
        out.count, out.most = rows.counter(fmt.ending), most
    if fmt.results == QueryResultsFormat.XML:
        # The engine writes carriage returns as they are, and every XML reader would lose them.
        result.serialize(_Escaping(out), fmt.results)  # type: ignore[arg-type]
    else:
        result.serialize(out, fmt.results)  # type: ignore[arg-type]


class _Escaping:
    """A file that writes carriage returns as XML needs them."""

    def __init__(self, out: _Measured) -> None:
        self.out = out

    def write(self, piece: bytes) -> int:
        self.out.write(bytes(piece).replace(b"\r", b"&#xD;"))
        return len(piece)

    def flush(self) -> None:
        """Nothing is kept back here."""


def _document(dataset: Dataset, triples: Iterable[Triple], fmt: Format, most: int) -> bytes:
    held = bytearray()
    lines = _Measured(held.extend, sys.maxsize, rows.counter("nt"), most)
    if isinstance(triples, QueryTriples):
        triples.serialize(lines, RdfFormat.N_TRIPLES)  # type: ignore[arg-type]
    else:
        serialize(triples, lines, RdfFormat.N_TRIPLES)  # type: ignore[arg-type]
    document = rewritten(bytes(held).splitlines(keepends=True), fmt, dataset.prefixes)
    return document.replace(b"\r", b"&#xD;") if fmt.rdf == RdfFormat.RDF_XML else document


def _table(result: Result, head: int) -> dict[str, object]:
    """The first ``head`` rows as lists of cells, and whether there are more."""
    if isinstance(result, QueryBoolean):
        return {"boolean": bool(result)}
    if not isinstance(result, QuerySolutions):
        names = ["subject", "predicate", "object"]
        found = [[t.subject, t.predicate, t.object] for t in islice(result, head + 1)]
    else:
        names = [variable.value for variable in result.variables]
        found = [[row[name] for name in names] for row in islice(result, head + 1)]
    cells = [[_cell(term) for term in row] for row in found[:head]]
    return {"variables": names, "rows": cells, "more": len(found) > head}


def _cell(term: Term | None) -> list[str]:
    if isinstance(term, NamedNode):
        return ["iri", term.value, "", ""]
    if isinstance(term, Literal):
        return ["literal", term.value, term.language or "", "" if term.language else term.datatype.value]
    if isinstance(term, BlankNode):
        return ["blank", term.value, "", ""]
    return ["none", "", "", ""] if term is None else ["triple", str(term), "", ""]
