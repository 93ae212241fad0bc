"""Connections that ask small queries one after the other are lent to the express worker, and nothing is lost by it.

That a connection is lent shows when the page process is stopped: whoever is answered then is answered by the worker.
"""

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from endpoint_host import running, settings, write_release

from publisher.endpoint.borrowed import LOANS

PATIENCE_SECONDS = 20.0
JSON, GZIP = {"Accept": "application/sparql-results+json"}, {"Accept": "text/csv", "Accept-Encoding": "gzip"}
SMALL = [f'SELECT ?x {{ VALUES ?x {{ "{number}" }} }}' for number in range(8)]
WIDE = "SELECT * { ?a ?b ?c } LIMIT 300"
_SOME = "{ SELECT * { %s } LIMIT 500 }"
SLOW = f"SELECT (SUM(STRLEN(SHA256(CONCAT(STR(?a), STR(?d))))) AS ?n) {{ {_SOME % '?a ?b ?c'} {_SOME % '?d ?e ?f'} }}"
"""More of a processor's time than the lane grants."""
LARGE = f'SELECT ?a ("{"x" * 700}" AS ?x) {{ ?a ?b ?c }} LIMIT 1200'
"""An answer that fits into no buffer of the kernel, but is none of the large ones."""
_ADDRESS = ["127.0.0.1"]
"""Where the visitors of a test come from: who asked what takes long is remembered for a while."""
_OPEN: list[http.client.HTTPConnection] = []
Answer = tuple[int, list[tuple[str, str]], bytes]


@dataclass(frozen=True)
class Host:
    """A site with one page process."""

    process: "subprocess.Popen[str]"
    port: int

    def crew(self) -> tuple[int, int]:
        """The express worker, which has a seat for every loan, and the page process, which waits at the door."""
        (master,) = _children(self.process.pid)
        opened = {pid: _opened(pid) for pid in _children(master)}
        (worker,) = [pid for pid, files in opened.items() if len(files) > LOANS]
        # The waiting line has the door as well; it was born first.
        *_, page = [pid for pid, files in opened.items() if self._door() in files]
        return worker, page

    def _door(self) -> str:
        lines = [line.split() for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]]
        listening = f"0100007F:{self.port:04X}", "00000000:0000"
        return next(f"socket:[{line[9]}]" for line in lines if (line[1], line[2]) == listening)

    def connect(self) -> http.client.HTTPConnection:
        """A connection of a visitor, closed after the test."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=PATIENCE_SECONDS, source_address=(_ADDRESS[-1], 0)
        )
        _OPEN.append(connection)
        return connection


def _children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def _opened(pid: int) -> list[str]:
    """What the descriptors of a process lead to."""
    with suppress(FileNotFoundError):
        return [str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()]
    return []


@pytest.fixture(autouse=True)
def visitors() -> Iterator[None]:
    """Visitors of this test, who leave after it."""
    _ADDRESS.append(f"127.0.1.{len(_ADDRESS) + 1}")
    yield
    while _OPEN:
        _OPEN.pop().close()


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """A site that keeps no answers."""
    folder = tmp_path_factory.mktemp("loans")
    write_release(folder)
    chosen = settings(folder, page_workers=1, query_cache_mb=0, query_memory_mb=1024, metrics="public")
    with running("serve", folder, chosen) as (process, line):
        yield Host(process, int(line.partition("127.0.0.1:")[2].partition("/")[0]))


def _target(query: str) -> str:
    return f"/sparql?query={quote(query)}"


def _ask(
    connection: http.client.HTTPConnection, target: str, headers: dict[str, str], method: str = "GET", body: str = ""
) -> Answer:
    connection.request(method, target, body or None, headers)
    return _answer(connection.getresponse())


def _answer(response: http.client.HTTPResponse) -> Answer:
    headers = sorted((name.lower(), value) for name, value in response.getheaders() if name.lower() != "date")
    return response.status, headers, response.read()


@contextmanager
def _stopped(pid: int) -> Iterator[None]:
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def _lent(host: Host, headers: dict[str, str]) -> http.client.HTTPConnection:
    """A connection on loan: after so many small queries one is answered while the page process is stopped."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    connection = host.connect()
    while time.monotonic() < deadline:
        for query in SMALL:
            assert _ask(connection, _target(query), headers)[0] == 200
        time.sleep(0.05)
        if _is_lent(host, connection, headers):
            return connection
        # The worker had died a moment ago, or was not there yet.
    raise AssertionError("the connection was never lent")


def _is_lent(host: Host, connection: http.client.HTTPConnection, headers: dict[str, str]) -> bool:
    _, page = host.crew()
    with _stopped(page):
        connection.request("GET", _target(SMALL[0]), headers=headers)
        assert connection.sock
        connection.sock.settimeout(0.5)
        try:
            response = connection.getresponse()
        except TimeoutError:
            response = None
    connection.sock.settimeout(PATIENCE_SECONDS)
    (response or connection.getresponse()).read()
    return response is not None


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        (JSON, WIDE),
        (JSON, "ASK { ?a ?b ?c }"),
        (GZIP, WIDE),
        (GZIP, SMALL[0]),
        ({"Accept": "application/sparql-results+xml"}, WIDE),
        ({"Accept": "text/tab-separated-values", "Accept-Encoding": "zstd;q=0.5, br"}, WIDE),
        ({"Accept": "text/turtle, text/csv"}, "CONSTRUCT { ?a ?b ?c } { ?a ?b ?c } LIMIT 50"),
        ({}, WIDE),
    ],
)
def test_the_answer_is_the_same_as_elsewhere(host: Host, headers: dict[str, str], query: str) -> None:
    connection = _lent(host, headers)
    _, page = host.crew()
    with _stopped(page):
        found = _ask(connection, _target(query), headers)
    elsewhere = _ask(host.connect(), _target(query), headers)
    assert found == elsewhere and found[0] == 200


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("GET", "/sparql", ""),
        ("HEAD", _target(SMALL[0]), ""),
        ("POST", "/sparql", f"query={quote(SMALL[1])}"),
        ("GET", _target("nonsense"), ""),
        ("GET", _target("SELECT ?x { ?x }"), ""),
        ("GET", _target("SELECT ?x FROM <http://nowhere.example/> { ?x ?y ?z }"), ""),
        ("GET", f"{_target(SMALL[0])}&format=xlsx", ""),
        ("GET", f"{_target(SMALL[0])}&format=none", ""),
        ("GET", f"{_target(SMALL[0])}%zz", ""),
        ("GET", "/sparql?query=%FF", ""),
        ("GET", "/nothing", ""),
        ("GET", "/en/sparql?query=ASK%7B%7D", ""),
        ("GET", _target(SLOW), ""),
        ("GET", _target(LARGE.replace("1200", "3000")), ""),
        ("GET", _target("SELECT * { ?a ?b ?c . ?d ?e ?f }"), ""),
    ],
)
def test_whatever_else_comes_is_answered_as_elsewhere(host: Host, method: str, target: str, body: str) -> None:
    connection = _lent(host, JSON)
    more = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    found = _ask(connection, target, JSON | more, method, body)
    assert found[0::2] == _ask(host.connect(), target, JSON | more, method, body)[0::2]
    assert _ask(connection, _target(SMALL[2]), JSON)[2] == _ask(host.connect(), _target(SMALL[2]), JSON)[2]


def test_a_worker_that_dies_takes_no_connection_with_it(host: Host) -> None:
    connection = _lent(host, JSON)
    worker, _ = host.crew()
    os.kill(worker, signal.SIGKILL)
    assert _ask(connection, _target(SMALL[3]), JSON)[0] == 200
    assert _is_lent(host, _lent(host, JSON), JSON)


def test_behind_a_proxy_one_visitor_is_told_from_another(host: Host) -> None:
    _ADDRESS.append("127.0.0.1")  # the proxy that is trusted
    slow, friend = (JSON | {"X-Forwarded-For": f"10.1.1.{number}"} for number in (1, 2))
    connection = _lent(host, friend)
    assert _is_lent(host, connection, slow), "whoever it is"
    assert _ask(connection, _target(SLOW.replace("500", "499")), slow)[0] == 200
    connection = _lent(host, friend)
    assert not _is_lent(host, connection, slow), "who asked what takes long is answered elsewhere for a while"
    assert _is_lent(host, _lent(host, friend), friend)


def _raw(host: Host, *targets: str) -> list[bytes]:
    lines = "".join(f"{name}: {value}\r\n" for name, value in (JSON | {"Host": "somewhere"}).items())
    return [f"GET {target} HTTP/1.1\r\n{lines}\r\n".encode() for target in targets]


def _read(sock: socket.socket) -> bytes:
    response = http.client.HTTPResponse(sock)
    response.begin()
    return response.read()


@pytest.mark.parametrize("pieces", [1, 2, 5])
def test_requests_may_come_in_pieces_or_together(host: Host, pieces: int) -> None:
    bodies = [_ask(host.connect(), _target(query), JSON)[2] for query in SMALL[:3]]
    with socket.create_connection(("127.0.0.1", host.port), PATIENCE_SECONDS) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for request in _raw(host, *[_target(query) for query in SMALL]):
            sock.sendall(request)
            _read(sock)
        if pieces == 1:
            # One packet with three requests: their answers come in the same order.
            sock.sendall(b"".join(_raw(host, *[_target(query) for query in SMALL[:3]])))
            whole = bytearray()
            while sum(body in whole for body in bodies) < len(bodies):
                whole += sock.recv(1 << 16)
            assert [whole.index(body) for body in bodies] == sorted(whole.index(body) for body in bodies)
        for query, body in zip(SMALL[:3], bodies, strict=True):
            (request,) = _raw(host, _target(query))
            step = -(-len(request) // pieces)
            for place in range(0, len(request), step):
                sock.sendall(request[place : place + step])
                time.sleep(0.02)
            assert _read(sock) == body


def test_a_slow_reader_gets_all_and_holds_nobody_up(host: Host) -> None:
    whole = _ask(host.connect(), _target(LARGE), JSON)[2]
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.settimeout(PATIENCE_SECONDS)
        sock.connect(("127.0.0.1", host.port))
        for request in _raw(host, *[_target(query) for query in SMALL]):
            sock.sendall(request)
            _read(sock)
        sock.sendall(_raw(host, _target(LARGE))[0])
        time.sleep(0.3)
        other = _lent(host, JSON)
        assert _is_lent(host, other, JSON)
        assert _read(sock) == whole and len(whole) > 1 << 19


def test_a_reload_takes_lent_connections_back_before_it_ends_them(host: Host) -> None:
    connection = _lent(host, JSON)
    before = host.crew()
    host.process.send_signal(signal.SIGHUP)
    deadline, closed = time.monotonic() + PATIENCE_SECONDS, False
    while time.monotonic() < deadline and not closed:
        status, headers, _ = _ask(connection, _target(SMALL[4]), JSON)
        assert status == 200
        closed = ("connection", "close") in headers
    assert closed
    while len(_children(host.process.pid)) > 1 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert host.crew() != before
    assert _is_lent(host, _lent(host, JSON), JSON)


def test_every_answer_is_counted(host: Host) -> None:
    def total() -> float:
        text = _ask(host.connect(), "/metrics", {})[2].decode()
        lines = [line for line in text.splitlines() if line.startswith("kreisgraph_queries_total{")]
        return sum(float(line.split()[-1]) for line in lines)

    connection = _lent(host, JSON)
    before = total()
    for query in SMALL:
        _ask(connection, _target(query), JSON)
    assert total() == before + len(SMALL)


def test_where_answers_are_kept_a_query_that_comes_again_goes_to_who_keeps_them(tmp_path: Path) -> None:
    write_release(tmp_path)
    with running("serve", tmp_path, settings(tmp_path, page_workers=1, query_memory_mb=1024)) as (process, line):
        host = Host(process, int(line.partition("127.0.0.1:")[2].partition("/")[0]))
        connection = host.connect()
        for number in range(30):
            assert _ask(connection, _target(f"SELECT ({number} AS ?n) {{}}"), JSON)[0] == 200
        worker, page = host.crew()
        with _stopped(page):
            again = _ask(connection, _target("SELECT (99 AS ?n) {}"), JSON)
        assert again[0] == 200, "it is on loan"
        for _ in range(2):
            assert _ask(connection, _target("SELECT (99 AS ?n) {}"), JSON) == again
        with _stopped(worker):
            assert _ask(connection, _target("SELECT (99 AS ?n) {}"), JSON) == again
        connection.close()
