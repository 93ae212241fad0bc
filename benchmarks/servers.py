"""The servers of ``servers.toml``: each loaded and started with the same data, waited for, measured, stopped."""

import http.client
import importlib.metadata
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from benchmarks import processes
from benchmarks.material import asked

HERE = Path(__file__).parent
LOADING_SECONDS = 600.0
"""A server that has not loaded its data after so long is left out, and the report says so."""
QUERY_SECONDS = 60.0
"""A query that has no answer after so long is given up."""
RESULTS, GRAPH = "application/sparql-results+json", "application/n-triples"
_CALM_SHARE, _CALM_SECONDS = 0.1, 30.0


class Failed(Exception):
    """A server did not do what it should; the text says what, for the report."""


@dataclass(frozen=True)
class Kind:
    """A row of ``servers.toml``."""

    name: str
    title: str
    path: str
    serve: list[str]
    setup: str
    distribution: str = ""
    program: list[str] = field(default_factory=list)
    before: list[list[str]] = field(default_factory=list)
    after: list[list[str]] = field(default_factory=list)
    upload: str = ""
    ini: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    pages: bool = False
    """Whether it serves pages beside its endpoint."""
    figures: list[str] = field(default_factory=list)
    """The figures that it is asked for; none named: all."""
    differs: dict[str, str] = field(default_factory=dict)
    """Query → why the answer to it is another than ours."""

    @property
    def version(self) -> str:
        """The version that runs; "" where it is not installed."""
        if self.distribution:
            try:
                return importlib.metadata.version(self.distribution)
            except importlib.metadata.PackageNotFoundError:
                return ""
        if not shutil.which(self.program[0]):
            return ""
        said = subprocess.run(self.program, capture_output=True, text=True)
        found = re.search(r"\d+\.\d+[.\d]*", said.stdout + said.stderr)
        return found[0] if found else ""


def kinds() -> list[Kind]:
    """All rows of the table."""
    rows = tomllib.loads((HERE / "servers.toml").read_text(encoding="utf-8"))["server"]
    return [Kind(**row) for row in rows]


@dataclass(frozen=True)
class Server:
    """A server that runs and has its data; ``loading`` is the time from the data to the first answer, in seconds."""

    kind: Kind
    port: int
    process: "subprocess.Popen[bytes]"
    loading: float
    processor: float
    """Seconds of processor time that loading took, those of its helpers included."""

    def connect(self, seconds: float = QUERY_SECONDS) -> http.client.HTTPConnection:
        """A connection that is kept."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)

    def target(self, query: str) -> str:
        """The address that asks ``query``."""
        return f"{self.kind.path}?{urlencode({'query': query})}"

    @property
    def alive(self) -> bool:
        """Whether the process is still there."""
        return self.process.poll() is None

    @property
    def memory(self) -> float:
        """Megabytes (PSS) of all its processes."""
        return processes.memory(self.process.pid)

    @property
    def processor_seconds(self) -> float:
        """Processor time of all its processes so far."""
        return processes.processor_seconds(self.process.pid)

    def calm(self) -> bool:
        """Waits until it has nothing to do any more; False when it goes on."""
        end = time.monotonic() + _CALM_SECONDS
        while time.monotonic() < end:
            before = self.processor_seconds
            time.sleep(0.3)
            if self.processor_seconds - before < 0.3 * _CALM_SHARE:
                return True
        return False


def fetch(
    connection: http.client.HTTPConnection, target: str, accept: str, encoding: str = "identity"
) -> tuple[int, bytes]:
    """Status and body of one answer; raises OSError or HTTPException."""
    connection.request("GET", target, headers={"Accept": accept, "Accept-Encoding": encoding})
    answer = connection.getresponse()
    return answer.status, answer.read()


@contextmanager
def running(kind: Kind, data: Path, releases: Path) -> Iterator[Server]:
    """A server of ``kind`` over ``data`` (N-Quads) or ``releases`` while it runs; raises Failed."""
    if not kind.version:
        raise Failed("not installed")
    with tempfile.TemporaryDirectory(prefix="kreisgraph-bench-") as name:
        folder, port, sql = Path(name), _free_port(), _free_port()
        values = {"port": str(port), "sql": str(sql), "data": str(data.resolve()), "folder": name}
        values |= {
            "releases": str(releases.resolve()),
            "python": sys.executable,
            "bin": str(Path(sys.executable).parent),
        }
        if kind.ini:
            ini = _filled([(HERE / kind.ini).read_text(encoding="utf-8")], {"http": str(port), "sql": str(sql)})[0]
            (folder / kind.ini).write_text(ini, encoding="utf-8")
            (folder / "data.nq").symlink_to(data.resolve())
        start, times = time.monotonic(), os.times()
        for command in kind.before:
            _run(_filled(command, values), folder)
        process = _start(kind, values, folder)
        try:
            _fill(kind, values, folder, process, port, data)
            helpers = os.times()
            spent = helpers.children_user + helpers.children_system - times.children_user - times.children_system
            spent += processes.processor_seconds(process.pid)
            yield Server(kind, port, process, time.monotonic() - start, spent)
        finally:
            _stop(process)


def _start(kind: Kind, values: Mapping[str, str], folder: Path) -> "subprocess.Popen[bytes]":
    environment = {name: value.format(**values) for name, value in kind.environment.items()}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("KREISGRAPH_")}
    # Ours is started from the checkout it is imported from.
    environment = inherited | {"PYTHONPATH": str(HERE.parent), "TMPDIR": str(folder)} | environment
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(_filled(kind.serve, values), cwd=folder, env=environment, stdout=log, stderr=log)


def _fill(
    kind: Kind, values: Mapping[str, str], folder: Path, process: "subprocess.Popen[bytes]", port: int, data: Path
) -> None:
    end = time.monotonic() + LOADING_SECONDS
    _wait(kind, process, port, end)
    if kind.upload:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LOADING_SECONDS)
        with data.open("rb") as file:
            headers = {"Content-Type": "application/n-quads", "Content-Length": str(data.stat().st_size)}
            connection.request("POST", kind.upload, file, headers)
            answer = connection.getresponse()
        if answer.status >= http.client.BAD_REQUEST:
            raise Failed(f"the data were refused: {answer.status}")
    for command in kind.after:
        _run(_filled(command, values), folder)


def _wait(kind: Kind, process: "subprocess.Popen[bytes]", port: int, end: float) -> None:
    while time.monotonic() < end:
        if process.poll() is not None:
            raise Failed(f"ended while loading ({process.returncode})")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            status, _ = fetch(connection, f"{kind.path}?{urlencode({'query': asked('alive')})}", RESULTS)
            if status == http.client.OK:
                return
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.05)
    raise Failed(f"not loaded after {LOADING_SECONDS:.0f} s")


def _run(command: list[str], folder: Path) -> None:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=LOADING_SECONDS)
    except subprocess.TimeoutExpired:
        raise Failed(f"not loaded after {LOADING_SECONDS:.0f} s") from None
    except FileNotFoundError:
        raise Failed(f"{command[0]} is not installed") from None
    if done.returncode:
        raise Failed(f"{Path(command[0]).name}: {(done.stderr or done.stdout).strip()[-300:]}")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """Politely, then not: a server that runs a killer query may not hear."""
    below = processes.tree(process.pid)
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        for pid in below:
            _kill(pid)
        process.wait(10)


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _filled(command: list[str], values: Mapping[str, str]) -> list[str]:
    # Only our own names: the words of other programs may hold brackets.
    return [re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), word) for word in command]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])
