"""Small queries over HTTP: our endpoint beside rdflib-endpoint and the Oxigraph server, on the same data and machine.

    python -m benchmarks.endpoint RELEASES

One client on one kept connection, servers one after the other, answers compared. Prints medians and ratios to ours;
a ratio above 1 says that the peer takes longer. Every server that prints nothing of itself runs as it is shipped.
"""

import argparse
import http.client
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.killers import free_port, running
from publisher.graph.queries import Queries
from publisher.graph.sources import find
from publisher.release.reader import WHOLE, open_release

ROUNDS, WARM_UP = 60, 10
SECONDS = 1.5
"""A case ends after so many seconds, when that comes before all rounds."""
BIN = Path(sys.executable).parent
QUERIES = {
    "ASK": "ASK {}",
    "one thing": "SELECT ?p ?o { <https://w3id.org/kreisgraph/id/kreis/12071> ?p ?o }",
    "in and out": "SELECT * { VALUES ?x { <https://w3id.org/kreisgraph/id/feld/F01> } { ?x ?p ?o } UNION { ?s ?q ?x }}",
    "types": "SELECT ?type (COUNT(*) AS ?n) { ?s a ?type } GROUP BY ?type",
}
EXAMPLES = ("fields_by_county", "goals_by_level", "common_fields_by_county", "volunteering", "neighbours")


@dataclass(frozen=True)
class Server:
    """An endpoint at a port; ``path`` is where it answers queries."""

    name: str
    port: int
    path: str

    def ask(self, connection: http.client.HTTPConnection, query: str) -> bytes:
        """The JSON of the answer; raises AssertionError for any other status than 200."""
        headers = {"Accept": "application/sparql-results+json", "Accept-Encoding": "identity"}
        connection.request("GET", f"{self.path}?{urlencode({'query': query})}", headers=headers)
        answer = connection.getresponse()
        raw = answer.read()
        assert answer.status == 200, (self.name, answer.status, raw[:300])
        return raw

    def wait(self) -> None:
        """Waits until it answers."""
        for _ in range(600):
            try:
                self.ask(self.connect(), "ASK {}")
                return
            except OSError:
                time.sleep(0.1)
        raise TimeoutError(self.name)

    def connect(self) -> http.client.HTTPConnection:
        """A connection that is kept."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)


@contextmanager
def _process(name: str, path: str, command: Callable[[int], list[str]]) -> Iterator[Server]:
    server = Server(name, free_port(), path)
    process = subprocess.Popen(command(server.port), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        server.wait()
        yield server
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def ours(releases: Path) -> Iterator[Server]:
    """Our site over ``releases``."""
    with running(releases) as site:
        yield Server("kreisgraph", site.port, "/sparql")


@contextmanager
def rdflib_endpoint(data: Path) -> Iterator[Server]:
    """rdflib-endpoint with its own store."""
    serve = [str(BIN / "rdflib-endpoint"), "serve", str(data)]
    with _process("rdflib-endpoint", "/", lambda port: [*serve, "--host", "127.0.0.1", "--port", str(port)]) as server:
        yield server


@contextmanager
def oxigraph_server(data: Path) -> Iterator[Server]:
    """The Oxigraph server over a database on disk, read-only, all graphs as the default graph."""
    program = str(BIN / "oxigraph")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([program, "load", "--location", folder, "--file", str(data)], check=True, capture_output=True)
        serve = [program, "serve-read-only", "--location", folder, "--union-default-graph", "--timeout-s", "10"]
        with _process("oxigraph", "/query", lambda port: [*serve, "--bind", f"127.0.0.1:{port}"]) as server:
            yield server


def times(server: Server, queries: dict[str, str]) -> dict[str, tuple[float, int]]:
    """For each query the median in milliseconds and the number of rows."""
    found = {}
    connection = server.connect()
    for name, query in queries.items():
        raw = b""
        for _ in range(WARM_UP):
            raw = server.ask(connection, query)
        taken: list[float] = []
        end = time.monotonic() + SECONDS
        while len(taken) < ROUNDS and (time.monotonic() < end or len(taken) < 5):
            start = time.perf_counter()
            server.ask(connection, query)
            taken.append((time.perf_counter() - start) * 1000)
        rows = len(json.loads(raw).get("results", {}).get("bindings", ()))
        found[name] = statistics.median(taken), rows
    return found


def main() -> None:
    """Measure all three and print the table."""
    command = argparse.ArgumentParser(description=__doc__)
    command.add_argument("releases", type=Path)
    releases = command.parse_args().releases
    queries = Queries(find(None).queries)
    asked = QUERIES | {name: queries.get(f"examples/{name}").with_values({}) for name in EXAMPLES}
    data = open_release(releases).folder / WHOLE
    with ours(releases) as server:
        mine = times(server, asked)
    peers = {}
    for peer in (rdflib_endpoint, oxigraph_server):
        with peer(data) as server:
            peers[server.name] = times(server, asked)
    print(f"{'median ms':26} {'rows':>5} {'ours':>8} " + " ".join(f"{name:>16} {'ratio':>7}" for name in peers))
    for name, (median, rows) in mine.items():
        cells = [
            f"{peer[name][0]:16.2f} {peer[name][0] / median:6.1f}x{'' if peer[name][1] == rows else ' rows differ!'}"
            for peer in peers.values()
        ]
        print(f"{name:26} {rows:5} {median:8.2f} " + " ".join(cells), flush=True)


if __name__ == "__main__":
    main()
