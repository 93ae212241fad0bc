"""No query makes the server call anybody or read a file: a listener next door hears nothing, whatever is sent."""

import os
import socket
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from endpoint_host import running, settings, write_release
from neighbour import Listener, listening

QUERIES = tomllib.loads((Path(__file__).parent / "data/http/calling.toml").read_text(encoding="utf-8"))["queries"]
SECRET = "kreisgraph-secret-that-stands-in-a-file-only"


@pytest.fixture(scope="module")
def neighbour() -> Iterator[Listener]:
    with listening() as listener:
        yield listener


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    chosen = settings(tmp_path_factory.mktemp("calling") / "releases", query_share=100)
    write_release(chosen.releases)
    with running("serve", chosen.releases, chosen) as (_, line), httpx.Client(timeout=30) as client:
        client.base_url = httpx.URL(line.partition("  Version ")[0])
        yield client


def _sent(query: str, address: str) -> Iterator[dict[str, Any]]:
    """The query in every way the protocol knows, then with its dataset named beside it."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    yield {"method": "GET", "params": {"query": query}}
    yield {"method": "GET", "params": {"query": query}, "headers": {"Accept": "text/html"}}
    yield {"method": "POST", "data": {"query": query}, "headers": form}
    yield {"method": "POST", "content": query.encode(), "headers": {"Content-Type": "application/sparql-query"}}
    yield {"method": "POST", "content": query.encode(), "headers": {"Content-Type": "application/sparql-update"}}
    yield {"method": "POST", "data": {"update": query}, "headers": form}
    named = {"default-graph-uri": address, "named-graph-uri": address, "using-graph-uri": address}
    yield {"method": "GET", "params": {"query": query} | named}
    yield {"method": "GET", "params": {"query": "SELECT * { ?s ?p ?o }", "default-graph-uri": address, "url": address}}


@pytest.mark.parametrize("query", QUERIES)
def test_nobody_is_called(client: httpx.Client, neighbour: Listener, query: str) -> None:
    text = query.replace("URL", neighbour.address)
    for sent in _sent(text, neighbour.address):
        answer = client.request(url="/sparql", **sent)
        assert answer.status_code in (200, 400), answer.text
        # What names a dataset that we do not have is answered from nothing.
        assert "from next door" not in answer.text
        assert answer.status_code == 400 or "text/html" in answer.headers["content-type"] or len(answer.text) < 600
    assert neighbour.calls == []


@pytest.mark.parametrize("query", QUERIES)
def test_no_file_is_read(client: httpx.Client, tmp_path: Path, query: str) -> None:
    secret = tmp_path / "secret.nt"
    secret.write_text(f'<x:s> <x:p> "{SECRET}" .\n', encoding="utf-8")
    os.utime(secret, (1, 1))
    for sent in _sent(query.replace("URL", secret.as_uri()), secret.as_uri()):
        assert SECRET not in client.request(url="/sparql", **sent).text
    for sent in _sent(query.replace("URL", "file:///etc/passwd"), "file:///etc/passwd"):
        assert "root:" not in client.request(url="/sparql", **sent).text


def test_the_listener_would_hear_a_call(neighbour: Listener) -> None:
    """Else the tests above could not fail."""
    calls = len(neighbour.calls)
    assert "from next door" in httpx.get(neighbour.address).text
    assert len(neighbour.calls) == calls + 1


def test_a_service_on_the_list_is_called_and_no_other(neighbour: Listener, tmp_path: Path) -> None:
    other = socket.create_server(("127.0.0.1", 0))
    chosen = settings(tmp_path / "releases", query_services=(neighbour.address,))
    write_release(chosen.releases)
    calls = len(neighbour.calls)
    with running("serve", chosen.releases, chosen) as (_, line), other:
        url = line.partition("  Version ")[0] + "sparql"
        answer = httpx.get(url, params={"query": f"SELECT * {{ SERVICE <{neighbour.address}> {{ ?s ?p ?o }} }}"})
        assert "from next door" in answer.text and len(neighbour.calls) == calls + 1
        elsewhere = f"http://127.0.0.1:{other.getsockname()[1]}/x"
        for query in QUERIES:
            httpx.get(url, params={"query": query.replace("URL", elsewhere)}, timeout=30)
        other.settimeout(0.2)
        with pytest.raises(TimeoutError):
            other.accept()
