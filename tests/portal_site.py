"""A small site with a catalogue, as a program of its own would serve it; tests spoil its answers."""

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import rdflib

SMALL = Path(__file__).parent / "data" / "catalog" / "small.ttl"
DUMP = b'<https://daten.example/a> <https://daten.example/b> "eins" .\n'
GRAPH = "https://daten.example/id/graph/03457"
VOID = """
@prefix void: <http://rdfs.org/ns/void#> .
<https://daten.example/id/datensatz> a void:Dataset ; void:triples 1 ; void:subset <GRAPH> ;
    void:sparqlEndpoint <https://daten.example/sparql> .
<GRAPH> void:triples 1 .
""".replace("GRAPH", GRAPH)


@dataclass(frozen=True)
class Sent:
    """One answer."""

    body: bytes
    media: str
    status: int = 200
    head: int = 0
    """The status of HEAD, where it is another."""
    headers: Mapping[str, str] = field(default_factory=dict)


def answers(text: str = "") -> dict[str, Sent]:
    """The answers of the sound site by path, with the catalogue ``text`` (Turtle)."""
    text = text or SMALL.read_text(encoding="utf-8")
    text = text.replace("SUM", hashlib.sha256(DUMP).hexdigest()).replace('"62"', f'"{len(DUMP)}"')
    graph = rdflib.Graph().parse(data=text, format="turtle")
    rows = [{"graph": {"value": GRAPH}, "triples": {"value": "1"}}]
    files = {"files": [{"path": "dumps/03457.nt", "graph": GRAPH}]}
    turtle = text.encode()
    return {
        "/catalog": Sent(turtle, "text/turtle; charset=utf-8"),
        "/catalog.ttl": Sent(turtle, "text/turtle; charset=utf-8"),
        "/catalog.rdf": Sent(graph.serialize(format="xml", encoding="utf-8"), "application/rdf+xml"),
        "/catalog.jsonld": Sent(graph.serialize(format="json-ld", encoding="utf-8"), "application/ld+json"),
        "/dumps/03457.nt": Sent(DUMP, "application/n-triples"),
        "/datensatz/03457": Sent(b"<!doctype html>", "text/html; charset=utf-8"),
        "/sparql": Sent(json.dumps({"results": {"bindings": rows}}).encode(), "application/sparql-results+json"),
        "/.well-known/void": Sent(VOID.encode(), "text/turtle"),
        "/manifest.json": Sent(json.dumps(files).encode(), "application/json"),
    }


def spoiled(path: str, **changes: object) -> dict[str, Sent]:
    """The answers with one of them changed."""
    found = answers()
    return found | {path: replace(found[path], **changes)}  # type: ignore[arg-type]


@contextmanager
def serving(held: Mapping[str, Sent]) -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """The address at which ``held`` is served, and the requests that came: method, path, Accept."""
    asked: list[tuple[str, str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(True)

        def do_HEAD(self) -> None:
            self._answer(False)

        def _answer(self, full: bool) -> None:
            asked.append((self.command, self.path, self.headers.get("Accept", "")))
            sent = held.get(self.path.partition("?")[0], Sent(b"", "text/plain", 404))
            self.send_response(sent.status if full or not sent.head else sent.head)
            headers = {"Content-Type": sent.media, "Content-Length": str(len(sent.body)), **sent.headers}
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            if full:
                self.wfile.write(sent.body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
