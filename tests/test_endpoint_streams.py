"""Large answers over real connections: whole or visibly broken off, and no reader ever holds a worker."""

import socket
import time
from collections.abc import Iterator
from http.client import HTTPResponse
from urllib.parse import urlencode, urlsplit

import httpx
import pytest
from endpoint_host import running, settings, write_release

LONG = "x" * 600
WHOLE = f'SELECT ?a (CONCAT("{LONG}", STR(?c)) AS ?x) {{ ?a ?b ?c }}'
"""About 2 MB: more than is held back, less than is allowed."""
ROWS = 3003
_TURNED = "{ { ?a ?b ?c } UNION { ?c ?b ?a } UNION { ?b ?c ?a } }"
TOO_MUCH = f'SELECT ?a (CONCAT("{LONG}", STR(?c)) AS ?x) {_TURNED}'
"""The limit of rows strikes long after the first part has gone out."""
_SELDOM = '{ ?a ?b ?c . ?d ?e ?f FILTER(STRENDS(SHA256(CONCAT(STR(?a), STR(?d))), "000")) }'
_WIDE = ", ".join([f'"{LONG}"', *["STR(?a)"] * 3000])
ENDLESS = f"SELECT (CONCAT({_WIDE}) AS ?x) {_SELDOM}"
"""Rows come slowly, and time is over before the last one."""
END_OF_CHUNKS = b"0\r\n\r\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site with every query in the slow lane, so that large answers are sent while they come."""
    chosen = settings(
        tmp_path_factory.mktemp("streams") / "releases",
        query_quick_seconds=0.001,
        query_seconds=4.0,
        query_bytes=200_000_000,
        query_share=20,
    )
    write_release(chosen.releases)
    with running("serve", chosen.releases, chosen) as (_, line):
        yield line.partition("  Version ")[0].rstrip("/")


def _raw(site: str, query: str, version: str = "1.1", accept: str = "text/csv") -> bytes:
    """The bytes of an answer until the server closes the connection."""
    with _asked(site, query, version, accept) as sock:
        sock.settimeout(30)
        return b"".join(iter(lambda: sock.recv(1 << 16), b""))


def _asked(site: str, query: str, version: str = "1.1", accept: str = "text/csv") -> socket.socket:
    address = urlsplit(site)
    sock = socket.create_connection((address.hostname, address.port))
    head = (
        f"GET /sparql?{urlencode({'query': query})} HTTP/{version}\r\nHost: x\r\nAccept: {accept}\r\nConnection: close"
    )
    sock.sendall(f"{head}\r\n\r\n".encode())
    return sock


def _body(sock: socket.socket) -> bytes:
    sock.settimeout(30)
    with sock, HTTPResponse(sock) as response:
        response.begin()
        return response.read()


def test_a_large_answer_comes_in_pieces_and_is_whole(site: str) -> None:
    raw = _raw(site, WHOLE)
    assert raw.startswith(b"HTTP/1.1 200") and raw.endswith(END_OF_CHUNKS)
    assert _body(_asked(site, WHOLE)).count(LONG.encode()) == ROWS
    parameters = {"query": WHOLE, "format": "csv"}
    compressed = httpx.get(f"{site}/sparql", params=parameters, headers={"Accept-Encoding": "zstd"})
    assert compressed.headers["content-encoding"] == "zstd" and compressed.text.count(LONG) == ROWS


@pytest.mark.parametrize("query", [TOO_MUCH, ENDLESS])
def test_an_answer_that_fails_on_the_way_is_broken_off(site: str, query: str) -> None:
    raw = _raw(site, query)
    assert raw.startswith(b"HTTP/1.1 200") and b"transfer-encoding: chunked" in raw[:2000].lower()
    assert len(raw) > 1_000_000 and not raw.endswith(END_OF_CHUNKS)
    for coding in ("identity", "gzip", "br", "zstd"):
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.get(f"{site}/sparql", params={"query": query}, headers={"Accept-Encoding": coding}, timeout=30)


@pytest.mark.parametrize(("query", "status"), [(TOO_MUCH, b"413"), (ENDLESS, b"503")])
def test_where_breaking_off_cannot_be_seen_the_failure_is_a_status(site: str, query: str, status: bytes) -> None:
    assert _raw(site, query, version="1.0").split()[1] == status


def test_a_page_never_breaks_off(site: str) -> None:
    answer = httpx.get(f"{site}/sparql", params={"query": TOO_MUCH}, headers={"Accept": "text/html"}, timeout=30)
    assert answer.status_code == 200 and "200" in answer.text


def test_who_does_not_read_holds_no_worker(site: str) -> None:
    """Eight of them, on two workers: only if each worker is free again at once, the others are served."""
    readers = [_asked(site, WHOLE) for _ in range(8)]
    start = time.monotonic()
    try:
        assert httpx.get(f"{site}/sparql", params={"query": "ASK {}"}, timeout=30).json()["boolean"] is True
        assert time.monotonic() - start < 10
        for sock in readers:
            assert _body(sock).count(LONG.encode()) in (0, ROWS)
    finally:
        for sock in readers:
            sock.close()


def test_who_goes_away_while_the_answer_comes_frees_the_worker(site: str) -> None:
    for _ in range(6):
        sock = _asked(site, ENDLESS)
        assert sock.recv(1000)
        sock.close()
    start = time.monotonic()
    assert httpx.get(f"{site}/sparql", params={"query": "ASK {}"}, timeout=30).json()["boolean"] is True
    assert time.monotonic() - start < 5
