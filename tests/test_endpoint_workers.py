"""Queries that never end, eat memory, call others or are left alone: each ends, and the next one is answered."""

import asyncio
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from endpoint_host import running, settings
from neighbour import Listener, listening

from publisher.core.refusals import QueryRefused, QuerySyntax, QueryTimeout, QueryTooCostly, ResultTooLarge
from publisher.core.settings import Settings
from publisher.endpoint.client import Endpoint, Table
from publisher.endpoint.request import TABLE, Limits, QueryRequest

PROCESSES = 7
"""The usher, three quick workers, two slow ones and an express worker."""
SLACK_SECONDS = 3.0
"""What a busy machine may add to a deadline."""

PATIENCE_SECONDS = 60
"""For what happens at once on a quiet machine."""

KILLERS = {
    "cartesian": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "path": "SELECT (COUNT(*) AS ?n) { ?a (!<x:x>)* ?b . ?c (!<x:x>)* ?d . ?e (!<x:x>)* ?f }",
    "function": "SELECT * { ?a ?b ?c . ?d ?e ?f FILTER(<https://w3id.org/kreisgraph/ns#matches>(?c, STR(?f))) }",
    "sort": "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f",
    "concatenation": "SELECT (GROUP_CONCAT(?c) AS ?x) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "deep chain": "SELECT (" + "!" * 50_000 + "1 AS ?x) {}",
    "deep brackets": "ASK " + "{" * 40_000 + "}" * 40_000,
    "long path": "ASK { ?a " + "<x:y>/" * 15_000 + "<x:z> ?b }",
}


@dataclass(frozen=True)
class Workers:
    """The living workers of both lanes and how to reach them."""

    endpoint: Endpoint
    process: subprocess.Popen[str]

    def run(self, query: str, fmt: str = "json", **named: tuple[str, ...]) -> bytes:
        """The whole answer."""

        async def ask() -> bytes:
            return await self.endpoint.whole(QueryRequest(query, fmt, **named))

        return asyncio.run(ask())

    def pids(self) -> set[int]:
        """The processes at work."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return {int(pid) for pid in path.read_text().split()}


@pytest.fixture(scope="module")
def chosen(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return settings(tmp_path_factory.mktemp("releases"))


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory, chosen: Settings) -> Iterator[Workers]:
    folder = tmp_path_factory.mktemp("s")
    with running("workers", folder, chosen) as (process, line):
        assert line == "ready"
        yield Workers(Endpoint(folder, Limits.of(chosen)), process)
    assert process.returncode == 0


@pytest.mark.parametrize("name", KILLERS)
def test_a_killer_ends_by_its_deadline_and_the_next_query_is_answered(workers: Workers, name: str) -> None:
    start = time.monotonic()
    with pytest.raises((QueryTimeout, QueryTooCostly)):
        workers.run(KILLERS[name])
    assert time.monotonic() - start < workers.endpoint.limits.seconds + SLACK_SECONDS
    assert b"true" in workers.run("ASK {}")


@pytest.mark.parametrize("fmt", ["json", "xml", "csv", "tsv"])
def test_an_endless_result_ends_with_the_limit_it_passed(workers: Workers, fmt: str) -> None:
    with pytest.raises(ResultTooLarge, match="5000 rows"):
        workers.run("SELECT ?a { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", fmt)
    with pytest.raises(ResultTooLarge, match="3 MB"):
        workers.run("SELECT * { ?a ?b ?c . ?a ?b ?d BIND(REPEAT AS ?x) }".replace("REPEAT", _long()), fmt)


def _long() -> str:
    return "CONCAT(" + ", ".join(["STR(?c)", '"' + "x" * 2000 + '"']) + ")"


@pytest.mark.parametrize("fmt", ["ttl", "jsonld", "nt", "rdf"])
def test_an_endless_graph_ends_with_the_limit_it_passed(workers: Workers, fmt: str) -> None:
    with pytest.raises(ResultTooLarge, match="5000 rows"):
        workers.run("CONSTRUCT { ?a ?e ?i } { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", fmt)


@pytest.fixture
def neighbour() -> Iterator[Listener]:
    with listening() as listener:
        yield listener


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
        "SELECT * { BIND(<URL> AS ?x) SERVICE ?x { ?s ?p ?o } }",
        "SELECT * FROM <URL> { ?s ?p ?o }",
        "SELECT * FROM NAMED <URL> { GRAPH ?g { ?s ?p ?o } }",
        "LOAD <URL>",
    ],
)
def test_even_a_worker_that_is_handed_it_calls_nobody(workers: Workers, neighbour: Listener, query: str) -> None:
    try:
        assert b'"bindings":[]' in workers.run(query.replace("URL", neighbour.address))
    except QueryRefused as refused:
        assert isinstance(refused, QuerySyntax)
    named = {"default_graphs": (neighbour.address,), "named_graphs": (neighbour.address,)}
    assert b'"bindings":[]' in workers.run("SELECT * { ?s ?p ?o }", **named)
    assert neighbour.calls == []


def test_no_file_is_read(workers: Workers) -> None:
    assert b'"bindings":[]' in workers.run("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }")


def test_a_visitor_who_goes_away_frees_the_workers(workers: Workers) -> None:
    """Each of them leaves both workers with a long query behind; only a freed worker answers soon."""

    async def leave() -> None:
        tasks = [asyncio.create_task(workers.endpoint.run(QueryRequest(KILLERS["cartesian"]))) for _ in range(2)]
        await asyncio.sleep(0.6)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    for _ in range(5):
        asyncio.run(leave())
    assert b"true" in workers.run("ASK {}")


@pytest.mark.parametrize("name", ["line", "quick", "slow"])
def test_a_rude_visitor_does_no_harm(workers: Workers, name: str) -> None:
    for raw in (b"", b"Q", b"Q\x00\x00\x00\x05{", b"Q\x00\x00\x00\x02{}", b"\xff" * 100):
        with socket.socket(socket.AF_UNIX) as sock:
            sock.connect(str(workers.endpoint.folder / name))
            sock.sendall(raw)
    assert b"true" in workers.run("ASK {}")


def test_a_dead_worker_is_replaced(workers: Workers) -> None:
    before = workers.pids()
    for pid in before:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    assert b"true" in workers.run("ASK {}")
    _until(lambda: len(workers.pids()) == PROCESSES and not workers.pids() & before)


def test_the_first_rows_say_whether_there_are_more(workers: Workers) -> None:
    def first(query: str) -> Table:
        return asyncio.run(workers.endpoint.table(QueryRequest(query, TABLE, head=2)))

    assert first("ASK {}") == Table(boolean=True)
    many = first("SELECT ?s ?o ?none { ?s ?p ?o . ?a ?b ?c . ?d ?e ?f }")
    assert (many.variables, len(many.rows), many.more) == (("s", "o", "none"), 2, True)
    assert many.rows[0][2].kind == "none"
    assert first("SELECT ?s { ?s ?p ?o } LIMIT 2").more is False
    assert first("CONSTRUCT WHERE { ?s ?p ?o }").variables == ("subject", "predicate", "object")


def test_workers_die_with_their_parent(tmp_path: Path, chosen: Settings) -> None:
    with running("workers", tmp_path, chosen) as (process, _):
        pids = Workers(Endpoint(tmp_path, Limits()), process).pids()
        process.kill()
        process.wait()
        _until(lambda: not any(_alive(pid) for pid in pids))


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert true()


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
