"""What the people who run the site rely on: bounds of connections, the log, the numbers, /health and /ready."""

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
import pytest
from endpoint_host import VERSION, running, settings, write_release
from prometheus_client.parser import text_string_to_metric_families
from starlette.requests import Request
from web_client import Client

from publisher.core.settings import Settings
from publisher.endpoint.client import Endpoint
from publisher.endpoint.request import Limits
from publisher.endpoint.roll import Roll, cause
from publisher.endpoint.shared import Shared
from publisher.graph import sources
from publisher.views.site import Site
from publisher.web import logs, operations
from publisher.web.app import create_app
from publisher.web.counts import Counts, kind_of
from publisher.web.records import Record

SECRET = "ein-geheimes-Wort"
KILLER = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
HEAD = b"GET /uebersicht HTTP/1.1\r\nHost: site.example\r\n"
CONNECTIONS = 10
CAUSES = [(0, "ended"), (256, "aborted"), (9, "killed"), (14, "deadline"), (6, "aborted"), (10, "other")]


class Served(NamedTuple):
    """The running site and its log."""

    url: str
    log: Path
    pid: int

    def connect(self) -> socket.socket:
        """A connection of a visitor who does as the test wants."""
        place = urlsplit(self.url)
        return socket.create_connection((str(place.hostname), place.port or 0), timeout=10)

    def numbers(self) -> dict[str, float]:
        """Every sample of /metrics by its name and labels."""
        text = httpx.get(f"{self.url}metrics").text
        samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
        return {
            " ".join([one.name, *(f"{k}={v}" for k, v in sorted(one.labels.items()))]): one.value for one in samples
        }


@pytest.fixture(scope="module")
def chosen(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("site")
    write_release(folder / "releases")
    bounds = {"head_seconds": 0.6, "body_seconds": 0.9, "unread_seconds": 1.0, "page_connections": CONNECTIONS}
    told = {"metrics": "local", "log_format": "json", "log_file": folder / "log"}
    return settings(folder / "releases", page_workers=1, **bounds, **told)


@pytest.fixture(scope="module")
def served(chosen: Settings) -> Iterator[Served]:
    assert chosen.log_file
    with running("serve", chosen.releases, chosen) as (process, line):
        yield Served(line.split()[0], chosen.log_file, process.pid)
    assert process.returncode == 0


def _answer(sock: socket.socket) -> bytes:
    """Everything that comes until the other side closes."""
    found = b""
    while piece := sock.recv(65536):
        found += piece
    return found


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"", b""),
        (b"\r\n", b""),
        (b"GET /uebersicht", b"408"),
        (HEAD, b"408"),
        (
            HEAD.replace(b"GET /uebersicht", b"POST /sparql")
            + b"Content-Type: application/sparql-query\r\nContent-Length: 9\r\n\r\nASK",
            b"408",
        ),
        (b"nonsense\r\n\r\n", b"400"),
        (HEAD + b"Connection: close\r\n\r\n", b"200"),
    ],
    ids=["nothing", "a line", "half a line", "half a head", "half a body", "nonsense", "all"],
)
def test_a_half_sent_request_is_ended_with_the_reason(served: Served, sent: bytes, status: bytes) -> None:
    start = time.monotonic()
    with served.connect() as sock:
        sock.sendall(sent)
        head = _answer(sock).partition(b"\r\n")[0]
    assert head.split(b" ")[1:2] == ([status] if status else [])
    assert time.monotonic() - start < 4


def test_an_endless_head_is_cut_off(served: Served) -> None:
    with served.connect() as sock, suppress(ConnectionError):
        sent = 0
        while sent < 100_000_000:
            sent += sock.send(b"GET /" if not sent else b"a" * 65536)
    # What the kernel holds on both sides is not taken by the server.
    assert sent < 20_000_000
    assert httpx.get(f"{served.url}uebersicht").status_code == 200


def test_who_sends_byte_after_byte_is_not_waited_for(served: Served) -> None:
    start = time.monotonic()
    with served.connect() as sock, suppress(ConnectionError):
        for byte in HEAD * 20:
            sock.sendall(bytes([byte]))
            time.sleep(0.05)
    assert time.monotonic() - start < 4


def test_a_connection_that_is_used_again_has_its_time_anew(served: Served) -> None:
    with httpx.Client(base_url=served.url) as client:
        for _ in range(4):
            assert client.get("/uebersicht").status_code == 200
            time.sleep(0.4)


def test_half_sent_requests_take_no_places_from_others(served: Served) -> None:
    held = [served.connect() for _ in range(CONNECTIONS + 5)]
    for sock in held:
        sock.sendall(HEAD)
    refused = httpx.get(f"{served.url}uebersicht")
    assert refused.status_code == 503
    assert refused.headers["content-type"] == "application/problem+json"
    assert int(refused.headers["retry-after"]) > 0
    time.sleep(1)
    assert httpx.get(f"{served.url}uebersicht").status_code == 200
    for sock in held:
        sock.close()


def test_who_does_not_read_loses_the_connection(served: Served) -> None:
    with served.connect() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.sendall(b"".join(HEAD.replace(b"uebersicht", b"dumps/kreisgraph.nq") + b"\r\n" for _ in range(30)))
        assert _connected(served.pid, sock)
        deadline = time.monotonic() + 15
        while _connected(served.pid, sock) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert not _connected(served.pid, sock)


def _connected(pid: int, sock: socket.socket) -> bool:
    """Whether the kernel knows the server's end of ``sock`` as established."""
    mine, theirs = (f":{address[1]:04X}" for address in (sock.getsockname(), sock.getpeername()))
    rows = [row.split() for row in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]]
    return any(row[1].endswith(theirs) and row[2].endswith(mine) and row[3] == "01" for row in rows)


def _lines(log: Path, path: str) -> list[dict[str, object]]:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        found = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
        if right := [one for one in found if one.get("path") == path]:
            return right
        time.sleep(0.05)
    raise AssertionError(path)


def test_the_log_says_what_happened_and_nothing_of_the_visitor(served: Served) -> None:
    query = f'SELECT * {{ ?s ?p "{SECRET}" }}'
    for media in ("application/sparql-results+json", "text/csv"):
        httpx.get(f"{served.url}sparql", params={"query": query}, headers={"Accept": media})
    httpx.get(f"{served.url}suche", params={"q": SECRET})
    line = _lines(served.log, "/sparql")[-1]
    assert (line["event"], line["method"], line["status"], line["release"]) == ("request", "GET", 200, VERSION)
    asked = [one["queries"][0] for one in _lines(served.log, "/sparql") if "queries" in one]  # type: ignore[index]
    assert asked[-1]["outcome"] == "answered" and asked[-1]["lane"] in ("express", "quick")
    assert asked[-1]["query"] == asked[-2]["query"]
    assert _lines(served.log, "/suche")[-1]["kind"] == "page"
    whole = served.log.read_text(encoding="utf-8")
    assert SECRET not in whole
    assert "127.0.0.1" not in whole


ENDED = "kreisgraph_processes_ended_total cause=deadline crew=slow"
STARTED = "kreisgraph_processes_started_total crew=slow"


def test_a_query_that_was_stopped_is_in_the_log_and_in_the_numbers(served: Served) -> None:
    before, patience = served.numbers(), time.monotonic() + 20
    assert httpx.get(f"{served.url}sparql", params={"query": KILLER}, timeout=30).status_code == 503
    after = served.numbers()

    def grown(name: str) -> float:
        return after.get(name, 0) - before.get(name, 0)

    while not (grown(ENDED) and grown(STARTED)) and time.monotonic() < patience:
        # The visitor learns of the end before the parent does.
        time.sleep(0.1)
        after = served.numbers()

    asked = _lines(served.log, "/sparql")[-1]["queries"]
    assert (asked[0]["outcome"], asked[0]["lane"]) == ("QueryTimeout", "slow")  # type: ignore[index]
    assert grown("kreisgraph_queries_total outcome=QueryTimeout") == 1
    assert grown("kreisgraph_queries_moved_total") == 1
    assert grown("kreisgraph_requests_total kind=sparql status=503") == 1
    assert grown(ENDED) == 1
    assert grown(STARTED) == 1
    assert grown("kreisgraph_request_seconds_count kind=sparql") == 1
    assert grown("kreisgraph_query_seconds_bucket le=+Inf") == 1


def test_the_numbers_add_up(served: Served) -> None:
    for _ in range(3):
        httpx.get(f"{served.url}uebersicht")
    found = served.numbers()
    assert found["kreisgraph_triples"] == 3003
    assert found[f"kreisgraph_release_info date=2026-01-01 version={VERSION}"] == 1
    assert {crew: found[f"kreisgraph_processes crew={crew}"] for crew in ("line", "quick", "slow", "pages")} == {
        "line": 1, "quick": 3, "slow": 2, "pages": 1,
    }  # fmt: skip
    assert found["kreisgraph_memory_bytes crew=pages"] > 1_000_000
    assert found["kreisgraph_line_up"] == 1
    pages = sum(value for name, value in found.items() if name.startswith("kreisgraph_requests_total kind=page"))
    assert found["kreisgraph_request_seconds_count kind=page"] == pages
    assert found["kreisgraph_request_seconds_bucket kind=page le=+Inf"] == pages


@pytest.mark.parametrize("path", ["health", "ready"])
def test_health_and_readiness(served: Served, path: str) -> None:
    state = {"health": "alive", "ready": "ready"}[path]
    response = httpx.get(f"{served.url}{path}")
    assert response.json() == {"state": state, "release": VERSION}
    assert response.headers["cache-control"] == "no-store"
    assert httpx.head(f"{served.url}{path}").status_code == 200


def test_the_site_is_not_ready_when_nobody_keeps_the_line(chosen: Settings, tmp_path: Path) -> None:
    from publisher.release.reader import open_release

    release = open_release(chosen.releases)
    site = Site.of(release, sources.find(chosen.input), chosen)
    endpoint = Endpoint(tmp_path, Limits())
    app = create_app(site, operations.router(chosen, release.manifest, endpoint, lambda stats: (b"x", "text/plain")))
    client = Client(app)
    assert client.ask("/ready").status_code == 503
    assert client.ask("/health").json()["state"] == "alive"
    assert client.ask("/metrics").content == b"x"
    assert client.ask("/metrics", x_forwarded_for="192.0.2.1").status_code == 404


@pytest.mark.parametrize(
    ("who", "client", "headers", "expected"),
    [
        ("off", "127.0.0.1", {}, False),
        ("local", "127.0.0.1", {}, True),
        ("local", "::1", {}, True),
        ("local", "192.0.2.1", {}, False),
        ("local", "127.0.0.1", {"x-forwarded-for": "127.0.0.1"}, False),
        ("local", "127.0.0.1", {"forwarded": "for=127.0.0.1"}, False),
        ("public", "192.0.2.1", {}, True),
    ],
)
def test_who_may_read_the_numbers(who: str, client: str, headers: dict[str, str], expected: bool) -> None:
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    request = Request({"type": "http", "headers": raw, "client": (client, 1), "method": "GET", "path": "/metrics"})
    assert operations.allowed(who, request) is expected


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "page"),
        ("/en/sparql", "sparql"),
        ("/doc/kreis/12071.html", "page"),
        ("/doc/kreis/12071.ttl", "data"),
        ("/en/vergleich.xlsx", "data"),
        ("/id/kreis/12071", "thing"),
        ("/en/fragen/goals.csv", "question"),
        ("/api/v1/goals", "question"),
        ("/static/site.css", "static"),
        ("/ready", "operations"),
        ("/dumps/kreisgraph.nq", "data"),
    ],
)
def test_kinds_of_requests(path: str, kind: str) -> None:
    assert kind_of(path) == kind


def test_what_the_log_holds_is_what_the_settings_say(chosen: Settings) -> None:
    record = Record("GET", "/suche", f"q={SECRET}", "192.0.2.7", "page", 200, 5, True, 0.01)
    assert SECRET not in json.dumps(logs.line(record, chosen, "r"))
    told = logs.line(record, chosen.model_copy(update={"log_queries": True, "log_clients": True}), "r")
    assert (told["query_string"], told["client"]) == (f"q={SECRET}", "192.0.2.7")
    record.whole = False
    assert logs.line(record, chosen, "r")["broken_off"] is True


def test_a_line_of_text_stays_one_line(chosen: Settings, tmp_path: Path) -> None:
    place = tmp_path / "log"
    told = chosen.model_copy(update={"log_format": "text", "log_queries": True})
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT)
    write = logs.writer(told, "r", descriptor)
    assert write
    write(Record("GET", "/suche\n\x1b[31m", "q=a b\r\nfalsch", "", "page", 200, 5, True, 0.01))
    os.close(descriptor)
    text = place.read_text(encoding="utf-8")
    assert text.count("\n") == 1
    assert "\x1b" not in text


def test_shared_numbers_are_seen_by_the_parent() -> None:
    shared, roll, counts = Shared(2, ("a", "b")), Roll(["x"], [2]), Counts(2)
    pid = os.fork()
    if pid == 0:
        shared.add(1, "b", 2.5)
        counts.ended(1, "page", 200, 0.02, 7)
        counts.ended(1, "page", 999, 50.0, 1)
        os._exit(0)
    roll.born("x", pid)
    assert list(roll.living()) == [("x", pid)]
    _, status = os.waitpid(pid, 0)
    roll.gone("x", pid, status)
    assert (shared.get(1, "b"), shared.total("b"), shared.get(0, "b")) == (2.5, 2.5, 0)
    assert (list(roll.living()), roll.started("x"), roll.ended("x", "ended")) == ([], 1, 1)
    assert list(counts.statuses()) == [("page", 0, 1), ("page", 200, 1)]
    assert dict(counts.classes("page"))[0.03] == 1
    assert dict(counts.classes("page"))[float("inf")] == 1
    assert (counts.bytes("page"), counts.seconds("page")) == (8, 50.02)


@pytest.mark.parametrize(("status", "how"), CAUSES)
def test_causes_of_an_end(status: int, how: str) -> None:
    assert cause(status) == how
