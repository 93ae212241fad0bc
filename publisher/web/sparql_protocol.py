"""What a request to the endpoint asks for: the SPARQL 1.1 Protocol without a query being run.

https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl

from pyoxigraph import NamedNode
from starlette.requests import Request

from publisher.core.messages import phrase
from publisher.core.refusals import BadRequest, QueryForbidden, QuerySyntax, QueryTooLarge
from publisher.endpoint.tokens import Outline
from publisher.graph.formats import DOCUMENT_FORMATS, SELECT_FORMATS, Format
from publisher.web import negotiation

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
HTML = Format("html", "text/html", "HTML")
XLSX = Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX (Excel)")
CSV_EXCEL = Format("csv-excel", "text/csv", "CSV (Excel)")
"""CSV for German Excel: asked for by this name only, since for programs ``text/csv`` is the recommendation's."""
SPREADSHEETS = (XLSX, CSV_EXCEL)

_TABLES = {"application/json": "json", "application/xml": "xml", "text/xml": "xml"}
_GRAPHS = {"application/json": "jsonld", "application/xml": "rdf", "text/xml": "rdf"}
"""General media types that programs ask for, and what they get."""
_NAMES_OF_GRAPHS = {
    "json": "jsonld",
    "json-ld": "jsonld",
    "xml": "rdf",
    "rdf+xml": "rdf",
    "rdfxml": "rdf",
    "turtle": "ttl",
    "n3": "ttl",
    "ntriples": "nt",
    "n-triples": "nt",
}
"""Names that client libraries send as ``format`` of a graph, and the endings they mean."""
_BYTES_PER_CHARACTER = 12
"""The most that one character can take in a form, percent-encoded."""
_ROOM_FOR_OTHERS = 65536
_ADDRESSES_KNOWN, _LONG = 128, 8192
"""So many addresses are not read again when they are asked again, if they have no more characters than that."""


class WrongBody(BadRequest):
    """The body of a POST is of a kind that no query comes in."""


@dataclass(frozen=True)
class Operation:
    """One request as it was meant; ``query`` is None when there is none in it."""

    query: str | None
    example: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    format: str
    """The value of ``format`` or ``output``; empty when only the Accept header says it."""


async def operation(request: Request, length: int) -> Operation:
    """The operation in ``request``, whose query may have ``length`` characters.

    Raises BadRequest, WrongBody (415), QueryForbidden, QuerySyntax or QueryTooLarge.
    """
    address = request.scope["query_string"].decode("latin-1")
    if request.method != "POST":
        return addressed(address) if len(address) <= _LONG else _operation(_fields(address), required=False)
    return await _posted(request, _fields(address), length)


@lru_cache(maxsize=_ADDRESSES_KNOWN)
def addressed(address: str) -> Operation:
    """The operation that the query string ``address`` names; raises as ``operation``."""
    return _operation(_fields(address), required=False)


async def _posted(request: Request, fields: list[tuple[str, str]], length: int) -> Operation:
    body = await _body(request, length * _BYTES_PER_CHARACTER + _ROOM_FOR_OTHERS)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == UPDATE:
        raise QueryForbidden(keyword=UPDATE)
    if kind not in (FORM, QUERY):
        raise WrongBody(name="Content-Type", value=kind, allowed=f"{FORM}, {QUERY}")
    fields += [("query", _text(body))] if kind == QUERY else _fields(_text(body))
    return _operation(fields, required=True)


def _operation(fields: Sequence[tuple[str, str]], required: bool) -> Operation:
    named = _grouped(fields)
    if "update" in named:
        raise QueryForbidden(keyword="update")
    if any(name in named for name in ("using-graph-uri", "using-named-graph-uri")):
        raise QueryForbidden(keyword="using-graph-uri")
    queries = named.get("query", [])
    if len(queries) > 1 or (required and not queries):
        raise BadRequest(name="query", value=len(queries), allowed=phrase("one-query"))
    return Operation(
        queries[0] if queries else None,
        named.get("beispiel", [""])[0],
        _iris("default-graph-uri", named),
        _iris("named-graph-uri", named),
        (named.get("format") or named.get("output") or [""])[0].strip(),
    )


def _fields(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=1000)
    except ValueError as error:
        raise QuerySyntax(detail=f"UTF-8: {error}") from None


def _grouped(fields: Sequence[tuple[str, str]]) -> Mapping[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for name, value in fields:
        grouped.setdefault(name, []).append(value)
    return grouped


def _iris(name: str, fields: Mapping[str, list[str]]) -> tuple[str, ...]:
    """The graphs named by ``name``: only ever compared with ours, never fetched."""
    for value in fields.get(name, []):
        try:
            NamedNode(value)
        except ValueError:
            raise BadRequest(name=name, value=value, allowed="IRI") from None
    return tuple(fields.get(name, []))


async def _body(request: Request, most: int) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            size = f"{most} Bytes"
            raise QueryTooLarge(what=phrase("request-body"), allowed=size)
    return bytes(body)


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise QuerySyntax(detail=f"UTF-8: {error}") from None


def formats(outline: Outline | None) -> tuple[Format, ...]:
    """The formats in which a query of this form can be answered."""
    return DOCUMENT_FORMATS if outline is None or outline.graph else SELECT_FORMATS


def choose(accept: str | None, wanted: str, outline: Outline | None) -> Format:
    """The format of the answer (HTML for the page): ``wanted`` by name, else by the Accept header.

    ``outline`` is None for the description of the endpoint. Raises BadRequest or NotAcceptable.
    """
    return _choice(accept, wanted, formats(outline), SPREADSHEETS if outline else ())


@lru_cache(maxsize=512)
def _choice(accept: str | None, wanted: str, offered: tuple[Format, ...], sheets: tuple[Format, ...]) -> Format:
    graph = offered is DOCUMENT_FORMATS
    endings = {fmt.ending: fmt for fmt in (*offered, *sheets, HTML)}
    if wanted:
        names = endings | {fmt.media: fmt for fmt in (*offered, HTML)}
        if graph:
            names |= {name: endings[ending] for name, ending in _NAMES_OF_GRAPHS.items()}
        if wanted not in names:
            raise BadRequest(name="format", value=wanted, allowed=", ".join(endings))
        return names[wanted]
    medias = {fmt.media: fmt for fmt in (*offered, *sheets[:1], HTML)}
    medias |= {media: endings[ending] for media, ending in (_GRAPHS if graph else _TABLES).items()}
    return medias[negotiation.negotiate(accept, list(medias))]
