"""What other servers say wrongly with a straight face: a table of answers, and what ours makes of each."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from publisher.core.refusals import EngineBroken, EngineCannot, EngineDown, OtherRelease, QueryTimeout
from publisher.endpoint.answers import answer
from publisher.endpoint.request import Limits, QueryRequest
from publisher.graph import dialect
from publisher.graph.queries import Queries
from publisher.graph.remote import GRAPHS, SHA256, STORE, UNION, Remote
from publisher.graph.sources import find
from publisher.graph.store import Dataset
from publisher.graph.wire import PASSWORD, TOKEN, USER, Server, Wire, credentials

TABLE = "application/sparql-results+json"
ROWS = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"urn:a"}}]}}'


@dataclass(frozen=True)
class Said:
    """One answer, and the error that it has to become; None for none."""

    error: type[Exception] | None
    body: bytes = ROWS
    status: int = 200
    media: str = TABLE
    header: tuple[str, str] = ("X-None", "")
    cut: bool = False
    """Whether the connection is closed before all of it was sent."""


ANSWERS = {
    "whole": Said(None),
    "what there was when time was up": Said(QueryTimeout, header=("X-SQL-State", "S1TAT")),
    "the first rows only": Said(EngineBroken, header=("X-SPARQL-MaxRows", "10000")),
    "an error within rows": Said(EngineBroken, ROWS[:-3] + b",The query was interrupted"),
    "the beginning": Said(EngineBroken, ROWS[:-20]),
    "the beginning, then silence": Said(EngineBroken, ROWS, cut=True),
    "a page for people": Said(EngineBroken, b"<html>", media="text/html"),
    "nothing": Said(EngineBroken, b""),
    "an internal error": Said(EngineCannot, b"SR319: row too long", 500, "text/plain"),
    "out of time": Said(QueryTimeout, b"Virtuoso S1T00 Error SR171: Transaction timed out", 500, "text/plain"),
    "out of time by a proxy": Said(EngineDown, b"", 504, "text/plain"),
    "too many at once": Said(EngineDown, b"", 503, "text/plain"),
    "no access": Said(EngineDown, b"", 401, "text/plain"),
    "elsewhere": Said(EngineCannot, b"", 302, "text/plain", ("Location", "http://127.0.0.1:1/")),
}


class _Teller(BaseHTTPRequestHandler):
    """Answers every query with ``said``, and what the store holds as long as it is ``held``."""

    protocol_version = "HTTP/1.1"
    said = ANSWERS["whole"]
    held = True
    asked: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.asked.append(raw)
        one = Said(None, _held(self.held)) if "property" in raw else self.said
        self.send_response(one.status)
        self.send_header("Content-Type", one.media)
        self.send_header(*one.header)
        self.send_header("Content-Length", str(len(one.body) + (50 if one.cut else 0)))
        self.end_headers()
        self.wfile.write(one.body)
        self.close_connection = one.cut

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def _held(held: bool) -> bytes:
    said = [(UNION + "v", SHA256, "sha"), (STORE, GRAPHS, "v" if held else "w")]
    rows = [
        {
            "part": {"type": "uri", "value": part},
            "property": {"type": "uri", "value": name},
            "value": {"type": "literal", "value": value},
        }
        for part, name, value in said
    ]
    return json.dumps({"head": {"vars": ["part", "property", "value"]}, "results": {"bindings": rows}}).encode()


@pytest.fixture
def teller() -> Iterator[type[_Teller]]:
    class Teller(_Teller):
        asked: ClassVar[list[str]] = []

    server = ThreadingHTTPServer(("127.0.0.1", 0), Teller)
    Teller.address = f"http://127.0.0.1:{server.server_port}/sparql"  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield Teller
    server.shutdown()
    server.server_close()


def _remote(teller: type[_Teller], kind: str = "virtuoso") -> Remote:
    return Remote(
        Dataset.of(()).store,
        wire=Wire(Server(teller.address, kind, seconds=3)),  # type: ignore[attr-defined]
        own_queries=Queries(find(None).queries),
        version="v",
        sha256="sha",
        names=("urn:g",),
        read_graph=lambda _: iter(()),
    )


@pytest.mark.parametrize("name", ANSWERS)
def test_no_half_answer_passes_for_a_whole_one(teller: type[_Teller], name: str) -> None:
    said = teller.said = ANSWERS[name]
    dataset, out = _remote(teller), bytearray()
    request = QueryRequest("SELECT ?s { ?s ?p ?o }", "csv")
    if said.error is None:
        answer(dataset, request, Limits(), out.extend)
        assert bytes(out) == b"s\r\nurn:a\r\n"
        return
    with pytest.raises(said.error):
        answer(dataset, request, Limits(), out.extend)
    with pytest.raises(said.error):
        dataset.select("SELECT ?s { ?s ?p ?o }")


def test_an_answer_counts_only_when_the_release_is_still_there_afterwards(teller: type[_Teller]) -> None:
    teller.held = False
    with pytest.raises(OtherRelease):
        answer(_remote(teller), QueryRequest("SELECT ?s { ?s ?p ?o }", "csv"), Limits(), bytearray().extend)


def test_every_query_says_how_long_it_may_run_and_over_what(teller: type[_Teller]) -> None:
    dataset = _remote(teller)
    answer(dataset, QueryRequest("SELECT ?s { GRAPH ?g { ?s ?p ?o } }", "csv"), Limits(), bytearray().extend)
    assert "timeout=3000" in teller.asked[0] and "default-graph-uri=urn%3Akreisgraph%3Arelease%3Av" in teller.asked[0]
    assert "named-graph-uri=urn%3Ag" in teller.asked[0]


def test_nobody_listens() -> None:
    dataset = _remote(type("Nobody", (_Teller,), {"address": "http://127.0.0.1:9/sparql"}))
    with pytest.raises(EngineDown):
        dataset.select("SELECT ?s { ?s ?p ?o }")


def test_credentials_come_from_the_environment() -> None:
    assert credentials({}) == {}
    assert credentials({USER: "a", PASSWORD: "b"}) == {"Authorization": "Basic YTpi"}
    assert credentials({USER: "a", TOKEN: "t"}) == {"Authorization": "Bearer t"}


QUERIES = {
    "one thing at the start": (
        "SELECT * { VALUES ?x { <urn:a> } ?x ic:part* ?y }",
        "SELECT * { BIND(<urn:a> AS ?x) ?x ic:part* ?y }",
    ),
    "no path": ("SELECT * { VALUES ?x { <urn:a> } ?x ic:part ?y }", None),
    "a path from elsewhere": ("SELECT * { VALUES ?x { <urn:a> } ?x a ?z . ?z ic:part* ?y }", None),
    "a path in a text": ('SELECT * { VALUES ?x { <urn:a> } ?x a "?x ic:part* " }', None),
}


@pytest.mark.parametrize("name", QUERIES)
def test_what_virtuoso_is_asked(name: str) -> None:
    query, expected = QUERIES[name]
    assert dialect.asked(query) == (expected or query)


def test_what_virtuoso_says_is_put_right_however_it_is_cut() -> None:
    integer, boolean = (f"http://www.w3.org/2001/XMLSchema#{name}" for name in ("integer", "boolean"))
    said = (
        f'{{ "x": {{ "type": "typed-literal", "datatype": "{integer}", "value": "1" }}, '
        f'"n": {{ "type": "typed-literal", "datatype": "{integer}", "value": "1" }}\n'
        f'"b": {{ "type": "typed-literal", "datatype": "{boolean}", "value": "0" }}, '
        f'"t": {{ "type": "literal", "value": "\\"datatype\\": \\"{dialect.KEPT}" }}, '
        f'"w": {{ "type": "typed-literal", "datatype": "{dialect.KEPT}urn:w", "value": "POINT(1 2)" }}, '
        '"k": { "type": "bnode", "value": "nodeID://b1" }'
    ).encode()

    class Pieces:
        def __init__(self, size: int) -> None:
            self.size, self.rest = size, said

        def read(self, _: int) -> bytes:
            piece, self.rest = self.rest[: self.size], self.rest[self.size :]
            return piece

    query = "SELECT * { BIND(EXISTS { ?a ?b ?c } AS ?x) }"
    found = set()
    for size in (1, 7, 1000):
        mended, whole = dialect.Mended(Pieces(size), dialect.table(query)), b""
        while piece := mended.read(5):
            whole += piece
        found.add(whole.decode())
    (text,) = found
    assert f'"x": {{ "type": "typed-literal", "datatype": "{boolean}", "value": "true"' in text
    assert f'"n": {{ "type": "typed-literal", "datatype": "{integer}", "value": "1"' in text
    assert f'"datatype": "{boolean}", "value": "false"' in text
    assert '"datatype": "urn:w"' in text and f'\\"{dialect.KEPT}' in text and '"value": "b1"' in text
