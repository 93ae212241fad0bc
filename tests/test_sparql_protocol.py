"""The endpoint by the SPARQL 1.1 Protocol: a table of requests (data/http/sparql.toml) and what goes beyond one."""

import asyncio
import socket
import time
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from endpoint_host import VERSION, running, settings, write_release
from fastapi import FastAPI

from publisher.core.errors import SettingsError
from publisher.core.settings import Settings
from publisher.endpoint.client import Endpoint
from publisher.endpoint.held import FIRST
from publisher.endpoint.request import Limits
from publisher.graph import sources
from publisher.views.site import Site
from publisher.web import serve, sparql
from publisher.web.app import create_app
from publisher.web.sparql_asked import examples

CASES = tomllib.loads((Path(__file__).parent / "data/http/sparql.toml").read_text(encoding="utf-8"))["case"]
_STEPS = " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(24))
DOUBLING = f"SELECT (STRLEN(?x24) AS ?n) {{ BIND('{'x' * 64}' AS ?x0) {_STEPS} }}"
"""A text of a gigabyte, made in no time."""
KILLER = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@dataclass(frozen=True)
class Case:
    """One request and what must come back."""

    name: str
    method: str = "GET"
    path: str = "/sparql"
    params: list[list[str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    status: int = 200
    type: str = ""
    header: dict[str, str] = field(default_factory=dict)
    has: list[str] = field(default_factory=list)
    lacks: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def chosen(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Narrow limits; no answer is so large that it goes out before it is whole, however slow the machine is."""
    return settings(tmp_path_factory.mktemp("site") / "releases", query_bytes=FIRST, query_seconds=3.5)


@pytest.fixture(scope="module")
def site(chosen: Settings) -> Site:
    return Site.of(write_release(chosen.releases), sources.find(chosen.input), chosen)


@pytest.fixture(scope="module")
def app(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    folder = tmp_path_factory.mktemp("s")
    with running("workers", folder, site.settings):
        yield create_app(site, sparql.router(site, Endpoint(folder, Limits.of(site.settings))))


@dataclass(frozen=True)
class Client:
    """Asks an application in this process; sends no Accept header of its own."""

    app: FastAPI

    def request(self, method: str, path: str = "/sparql", **given: Any) -> httpx.Response:
        """The answer."""

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://site.example") as client:
                del client.headers["accept"]
                return await client.request(method, path, **given)

        return asyncio.run(ask())

    def get(self, path: str = "/sparql", **given: Any) -> httpx.Response:
        """The answer to a GET."""
        return self.request("GET", path, **given)


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Client:
    return Client(app)


def _ask(client: Client, case: Case) -> httpx.Response:
    query = httpx.QueryParams([(name, value) for name, value in case.params])
    path = f"{case.path}?{query}" if case.params else case.path
    return client.request(case.method, path, headers=case.headers, content=case.body.encode())


@pytest.mark.parametrize("raw", CASES, ids=[case["name"] for case in CASES])
def test_the_protocol(client: Client, raw: dict[str, Any]) -> None:
    case = Case(**raw)
    response = _ask(client, case)
    assert response.status_code == case.status, response.text
    assert response.headers.get("content-type", "").startswith(case.type)
    for name, value in case.header.items():
        found = response.headers[name].replace(", Accept-Encoding", "")
        assert found == value
    for part in case.has:
        assert part in response.content.decode()
    for part in case.lacks:
        assert part not in response.text
    if case.method == "HEAD":
        assert response.content == b""


def test_each_format_has_its_own_tag_and_nothing_is_sent_twice(client: Client) -> None:
    tags = set()
    for accept in ("application/sparql-results+json", "text/csv", "text/html"):
        params = {"query": "SELECT * { ?s ?p ?o } LIMIT 2"}
        first = client.get("/sparql", params=params, headers={"Accept": accept})
        again = client.get("/sparql", params=params, headers={"Accept": accept, "If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
        tags.add(first.headers["ETag"])
    other = client.get("/sparql", params={"query": "SELECT * { ?s ?p ?o } LIMIT 3"})
    assert len(tags | {other.headers["ETag"]}) == 4


def test_a_long_query_is_refused_before_it_is_read(client: Client) -> None:
    assert client.request("POST", "/sparql", content="ASK {" + " " * 100_000 + "}", headers=_QUERY).status_code == 413
    assert client.request("POST", "/sparql", content="A" * 2_000_000, headers=_QUERY).status_code == 413


_QUERY = {"Content-Type": "application/sparql-query"}


def test_a_query_that_never_ends_is_an_error_with_the_cause(client: Client) -> None:
    response = client.get("/sparql", params={"query": KILLER})
    # To come again would not help.
    assert (response.status_code, response.headers.get("Retry-After")) == (503, None)
    assert "3.5" in response.json()["details"]["en"]
    page = client.get("/sparql", params={"query": KILLER}, headers={"Accept": "text/html"})
    assert page.status_code == 503
    assert "Kein Ergebnis" in page.text


@pytest.mark.parametrize(
    ("query", "status", "limit"),
    [
        (KILLER, 503, "query_seconds"),
        (DOUBLING, 413, "query_memory_mb"),
        ("SELECT ?a { ?a ?b ?c . ?d ?e ?f }", 413, "query_rows"),
        (f"SELECT (CONCAT('{'x' * 5000}', STR(?c)) AS ?x) {{ ?a ?b ?c }}", 413, "query_bytes"),
        ("ASK { " + "{" * 120 + "}" * 120 + " }", 413, "query_nesting"),
        ("ASK {} #" + "x" * 100_000, 413, "query_length"),
    ],
)
def test_every_limit_says_which_it_is_and_what_to_do(client: Client, query: str, status: int, limit: str) -> None:
    response = client.request("POST", "/sparql", content=query.encode(), headers=_QUERY)
    said = response.json()
    assert (response.status_code, said["status"], said["limit"]["name"]) == (status, status, limit), said
    assert response.headers["content-type"] == "application/problem+json"
    assert said["limit"]["value"] and len(said["details"]["de"]) > 60 and len(said["details"]["en"]) > 60
    assert said["type"].startswith("/methode#") and said["type"].partition("#")[2]


def test_a_client_has_its_share_and_is_told_when_to_come_again(app: FastAPI) -> None:
    async def ask_all() -> list[httpx.Response]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://site.example") as many:
            await many.get("/sparql", params={"query": KILLER})
            return await asyncio.gather(*(many.get("/sparql", params={"query": KILLER}) for _ in range(7)))

    answers = asyncio.run(ask_all())
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [429, 429, 429, 503, 503, 503, 503]
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.headers["Retry-After"] == "20" and refused.json()["limit"] == {"name": "query_share", "value": 4}


def test_without_workers_the_endpoint_is_busy(site: Site, tmp_path: Path) -> None:
    endpoint = Endpoint(tmp_path / "nobody", Limits())
    client = Client(create_app(site, sparql.router(site, endpoint)))
    assert client.get("/sparql", params={"query": "ASK {}"}).status_code == 503


def test_too_many_large_answers_at_once_are_refused_and_room_is_given_back(app: FastAPI, client: Client) -> None:
    for _ in range(12):
        response = client.get("/sparql", params={"query": "SELECT * { ?s ?p ?o }", "format": "xml"})
        assert response.status_code == 200
        assert int(response.headers.get("Content-Length", len(response.content))) == len(response.content)


def test_every_example_runs_in_the_page(client: Client, site: Site) -> None:
    for query in examples(site.queries):
        name = query.name.removeprefix("examples/")
        response = client.get("/en/sparql", params={"beispiel": name}, headers={"Accept": "text/html"})
        assert response.status_code == 200, name
        assert "#+" not in response.text


def test_the_whole_site_serves_pages_while_queries_burn(site: Site) -> None:
    with running("serve", site.settings.releases, site.settings) as (process, line):
        url, _, version = line.partition("  Version ")
        assert version == VERSION
        with httpx.Client(base_url=url, timeout=30) as client, ThreadPoolExecutor(4) as burners:
            query = {"params": {"query": KILLER}, "timeout": 30}
            burning = [burners.submit(httpx.get, f"{url}sparql", **query) for _ in range(4)]
            pages = [client.get("/uebersicht").status_code for _ in range(20)]
            assert pages == [200] * 20
            assert [answer.result().status_code for answer in burning] == [503] * 4
            assert client.get("/sparql", params={"query": "ASK {}"}).json()["boolean"] is True
        (master,) = _children(process.pid)
        deadline = time.monotonic() + 10
        while len(_children(master)) < 10 and time.monotonic() < deadline:
            time.sleep(0.05)
        children = [master, *_children(master)]
        assert len(children) == 11
    assert process.returncode == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in children)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_visitors_who_go_away_or_do_not_read_block_nobody(site: Site) -> None:
    with running("serve", site.settings.releases, site.settings) as (_, line):
        url = line.split()[0]
        host, port = str(urlsplit(url).hostname), urlsplit(url).port
        idle = [_open(host, port, "SELECT * { ?s ?p ?o }", "xml") for _ in range(6)]
        for _ in range(20):
            _open(host, port, KILLER, "json").close()
        start = time.monotonic()
        assert httpx.get(f"{url}sparql", params={"query": "ASK {}"}, timeout=40).status_code == 200
        # Run to their deadlines, the twenty would hold both workers for fifteen seconds.
        assert time.monotonic() - start < 10
        for sock in idle:
            sock.close()


def _open(host: str, port: int | None, query: str, fmt: str) -> socket.socket:
    sock = socket.create_connection((host, port))
    asked = httpx.QueryParams({"query": query, "format": fmt})
    sock.sendall(f"GET /sparql?{asked} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    return sock


def test_a_taken_port_is_named(site: Site) -> None:
    with running("serve", site.settings.releases, site.settings) as (_, line):
        taken = urlsplit(line.split()[0]).port
        with pytest.raises(SettingsError, match=str(taken)):
            serve.serve(site.settings.model_copy(update={"port": taken}))
