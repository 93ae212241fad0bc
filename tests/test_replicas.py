"""Three machines behind one address, as in deploy/replicas.conf: one is killed, then all go over to a new release."""

import http.client
import itertools
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from endpoint_host import VERSION, settings, start, write_release
from pyoxigraph import Literal, NamedNode, Quad

from publisher.core.terms import GRAPH, RDFS

CONFIG = (Path(__file__).parent.parent / "deploy/replicas.conf").read_text(encoding="utf-8")
NEXT = "2026-02-02-next"
QUERY = 'SELECT ?x { VALUES ?x { "a" } }'
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/sparql-results+json"}
REQUESTS: tuple[tuple[str, str, str, Mapping[str, str]], ...] = (
    ("GET", "/", "", {}),
    ("GET", "/doc/kreis/12071.html", "", {}),
    ("GET", f"/sparql?query={quote(QUERY)}", "", {"Accept": "text/csv"}),
    ("POST", "/sparql", urlencode({"query": QUERY}), FORM),
)
CLIENTS = 6
FEW: dict[str, object] = {"page_workers": 1, "query_workers": 1, "query_quick_workers": 1, "waiting_room": False}


@dataclass
class Machine:
    """One set of processes."""

    process: "subprocess.Popen[str]"
    port: int

    def kill(self) -> None:
        """Ends it as when the power fails: all processes at once, with what they were about to say."""
        if self.process.poll() is not None:
            return
        for pid in _family(self.process.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(30)


def _family(pid: int) -> list[int]:
    """``pid`` and all that it has started."""
    with suppress(FileNotFoundError, ProcessLookupError):
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        return [pid, *(one for child in children for one in _family(int(child)))]
    return [pid]


@dataclass(eq=False)
class Client(threading.Thread):
    """One visitor, with an address and a connection of its own, who asks until told to stop."""

    port: int
    host: str
    answers: list[tuple[int, str]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    again: int = 0
    enough: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def run(self) -> None:
        connection = self._connect()
        for request in itertools.cycle(REQUESTS):
            if self.enough.is_set():
                break
            try:
                self._ask(connection, *request)
            except (http.client.RemoteDisconnected, ConnectionError):
                # A kept connection may be closed before a request comes; whoever reads may ask again (RFC 9112, 9.3.1).
                self.again += 1
                connection.close()
                connection = self._connect()
                try:
                    self._ask(connection, *request)
                except (OSError, http.client.HTTPException) as error:
                    self.failures.append(repr(error))
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(repr(error))
            time.sleep(0.005)
        connection.close()

    def _connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30, source_address=(self.host, 0))

    def _ask(
        self, connection: http.client.HTTPConnection, method: str, path: str, body: str, headers: Mapping[str, str]
    ) -> None:
        connection.request(method, path, body or None, dict(headers))
        answer = connection.getresponse()
        answer.read()
        self.answers.append((answer.status, answer.headers.get("X-Kreisgraph-Release", "")))


@dataclass
class Proxy:
    """nginx with the sample configuration, its ports those of the machines."""

    folder: Path
    port: int

    def start(self, ports: Mapping[str, str]) -> None:
        """Starts it with "blue" in force."""
        text = re.sub(r":(80[01][1-3])\b", lambda match: f":{ports[match[1]]}", CONFIG)
        text = text.replace("listen 8080", f"listen 127.0.0.1:{self.port}")
        text = text.replace("/etc/nginx/kreisgraph-release.conf", str(self.folder / "release.conf"))
        temporary = "".join(
            f"{name}_temp_path {self.folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        whole = (
            f"pid {self.folder}/pid;\nworker_processes 2;\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}{text}}}\n"
        )
        (self.folder / "nginx.conf").write_text(whole, encoding="utf-8")
        self._choose("blue")
        self._call()

    def go_over(self, name: str) -> None:
        """Lets ``name`` answer from now on."""
        self._choose(name)
        self._call("-s", "reload")

    def stop(self) -> None:
        """Ends it."""
        self._call("-s", "stop")

    def _choose(self, name: str) -> None:
        (self.folder / "release.conf").write_text(f'map "" $release {{ default {name}; }}\n', encoding="utf-8")

    def _call(self, *arguments: str) -> None:
        program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        assert program, "nginx is missing: sh tools/nginx.sh"
        command = [program, "-p", str(self.folder), "-e", str(self.folder / "error.log"), "-c", "nginx.conf"]
        subprocess.run([*command, *arguments], check=True, capture_output=True)


def _free_port() -> int:
    with closing(socket.socket()) as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Proxy, list[Machine]]]:
    """Three machines that serve a release, one that serves the next one, the proxy before them."""
    folder = tmp_path_factory.mktemp("replicas")
    more = [
        Quad(NamedNode("http://e.example/new"), NamedNode(RDFS + "label"), Literal("new"), NamedNode(GRAPH + "12071"))
    ]
    write_release(folder / "blue")
    write_release(folder / "green", "two", NEXT, more)
    machines = []
    with ExitStack() as stack:
        for name in ("blue", "blue", "blue", "green"):
            port = _free_port()
            process = start("serve", folder / name, settings(folder / name, port=port, **FEW))
            machines.append(Machine(process, port))
            stack.callback(machines[-1].kill)
        for one in machines:
            assert one.process.stdout is not None and one.process.stdout.readline()
            stack.enter_context(one.process.stdout)
        ports = [str(one.port) for one in machines]
        named = dict(zip(("8001", "8002", "8003"), ports, strict=False))
        named |= dict.fromkeys(("8011", "8012", "8013"), ports[3])
        (folder / "nginx").mkdir()
        proxy = Proxy(folder / "nginx", _free_port())
        proxy.start(named)
        stack.callback(proxy.stop)
        yield proxy, machines


def _until(clients: list[Client], number: int) -> None:
    """Waits until every client has ``number`` more answers."""
    marks, patience = [len(one.answers) for one in clients], time.monotonic() + 60
    while any(len(one.answers) < mark + number for one, mark in zip(clients, marks, strict=True)):
        assert time.monotonic() < patience and not any(one.failures for one in clients), [
            one.failures for one in clients
        ]
        time.sleep(0.02)


def test_a_machine_dies_and_a_release_is_replaced_and_nobody_notices(site: tuple[Proxy, list[Machine]]) -> None:
    proxy, machines = site
    clients = [Client(proxy.port, f"127.0.0.{number + 2}") for number in range(CLIENTS)]
    for one in clients:
        one.start()
    _until(clients, 20)
    machines[1].kill()
    _until(clients, 40)
    again = sum(one.again for one in clients)
    proxy.go_over("green")
    _until(clients, 40)
    for one in clients:
        one.enough.set()
    for one in clients:
        one.join(30)
    assert [one.failures for one in clients] == [[]] * CLIENTS
    assert {status for one in clients for status, _ in one.answers} == {200}
    # The death of a machine is seen by nobody; when the proxy goes over, it closes connections that wait.
    assert again == 0
    for one in clients:
        seen = [release for release, _ in itertools.groupby(release for _, release in one.answers)]
        assert seen == [VERSION, NEXT], one.host


def test_machines_with_one_release_give_the_same_tags(site: tuple[Proxy, list[Machine]]) -> None:
    _, machines = site
    tags = set()
    for machine in (machines[0], machines[2]):
        connection = http.client.HTTPConnection("127.0.0.1", machine.port, timeout=30)
        connection.request("GET", "/doc/kreis/12071.html")
        answer = connection.getresponse()
        answer.read()
        connection.close()
        tags.add(answer.headers["ETag"])
    assert len(tags) == 1
