"""SPARQL servers of others for the tests: Oxigraph (PyPI) and Virtuoso (Debian), each on a free port with a folder of
its own."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from publisher.core.settings import Settings
from publisher.graph import wire
from publisher.graph.queries import Queries
from publisher.graph.sources import find
from publisher.release.elsewhere import Loading, server_of
from publisher.release.reader import current_folder, read_manifest

ROOT = Path(__file__).parent.parent
KINDS = ("oxigraph", "virtuoso")
USER, PASSWORD = "dba", "dba"
_INI = ROOT / "tests" / "data" / "engines" / "virtuoso.ini"
_SECONDS = 180.0


@dataclass(frozen=True)
class Running:
    """A server that runs: its kind, the address of queries, its process."""

    kind: str
    address: str
    process: "subprocess.Popen[bytes]"

    def settings(self, settings: Settings) -> Settings:
        """``settings`` with this server as the store."""
        return settings.model_copy(update={"store": self.address, "store_kind": self.kind})


@contextmanager
def server(kind: str, folder: Path) -> Iterator[Running]:
    """A server of ``kind`` with nothing in it, while it runs in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    command = _oxigraph(port) if kind == "oxigraph" else _virtuoso(port, folder)
    address = f"http://127.0.0.1:{port}/{'query' if kind == 'oxigraph' else 'sparql'}"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        _wait(address, process, folder)
        yield Running(kind, address, process)
    finally:
        process.kill()
        process.wait(_SECONDS)


def load(settings: Settings) -> list[tuple[str, str]]:
    """Loads the release of ``settings`` into their store; what was done."""
    folder = current_folder(settings.releases)
    manifest = read_manifest(folder)
    queries = Queries(find(settings.input).queries, manifest.base)
    done: list[tuple[str, str]] = []
    Loading(folder, manifest, server_of(settings), queries, lambda *step: done.append(step)).run()
    return done


@contextmanager
def credentials() -> Iterator[None]:
    """The environment with the password of the servers, which only loading needs."""
    os.environ |= {wire.USER: USER, wire.PASSWORD: PASSWORD}
    try:
        yield
    finally:
        del os.environ[wire.USER], os.environ[wire.PASSWORD]


def _oxigraph(port: int) -> list[str]:
    program = Path(sys.executable).parent / "oxigraph"
    assert program.is_file(), "pip install 'kreisgraph[test]' brings the Oxigraph server"
    return [str(program), "serve", "--bind", f"127.0.0.1:{port}", "--timeout-s", "4"]


def _virtuoso(port: int, folder: Path) -> list[str]:
    unpacked = ROOT / ".kreisgraph" / "virtuoso" / "usr" / "bin" / "virtuoso-t"
    program = os.environ.get("KREISGRAPH_VIRTUOSO") or shutil.which("virtuoso-t") or str(unpacked)
    assert Path(program).is_file(), "Virtuoso is missing: sh tools/virtuoso.sh installs it or says how"
    text = _INI.read_text(encoding="utf-8").replace("{http}", str(port)).replace("{sql}", str(_free_port()))
    (folder / "virtuoso.ini").write_text(text, encoding="utf-8")
    return [program, "+foreground", "+configfile", "virtuoso.ini"]


def _wait(address: str, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            if requests.post(address, data={"query": "ASK {}"}, timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not start: {(folder / 'log').read_text(errors='replace')[-2000:]}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])
