"""Processes for the tests of the endpoint: query workers alone, or the whole site, over a small made-up store.

Run as a program (``workers FOLDER SETTINGS``, ``serve RELEASES SETTINGS``, or ``late`` for a site that takes its time
to be there), so that forks come from a process without threads.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from fastapi import APIRouter
from pyoxigraph import Literal, NamedNode, Quad

from publisher.core.settings import Settings, load
from publisher.core.terms import CANONICAL_BASE, GRAPH, RDFS
from publisher.endpoint.crews import query_crews
from publisher.endpoint.functions import with_functions
from publisher.endpoint.pool import Pool
from publisher.endpoint.request import Limits
from publisher.endpoint.slip import Slip
from publisher.graph.queries import Queries
from publisher.graph.store import Dataset
from publisher.graph.write import nquads, ntriples
from publisher.language.vocabulary import Vocabulary
from publisher.release.elsewhere import open_elsewhere
from publisher.release.manifest import CountyState, Manifest, describe
from publisher.release.reader import MANIFEST, WHOLE, Release

ROOT = Path(__file__).parent.parent
VERSION = "2026-01-01-test"
LATE_SECONDS, FORK_SECONDS = 2.0, 0.1
NASTY = 'a\r\nb\tc"d\\" },{ <result> & "}},{"'
"""A text with every mark that a result's syntax gives a meaning."""


def quads() -> list[Quad]:
    """3000 statements in two graphs, one label that is hard to write, two of our own things."""
    first, second = NamedNode(GRAPH + "12071"), NamedNode(GRAPH + "lists")
    found = [
        Quad(
            NamedNode(f"http://e.example/{i}"),
            NamedNode(f"http://e.example/p{i % 3}"),
            NamedNode(f"http://e.example/{i * 7 % 1000}") if i % 2 else Literal(f"text {i}"),
            first,
        )
        for i in range(3000)
    ]
    label = NamedNode(RDFS + "label")
    return [
        *found,
        Quad(NamedNode("http://e.example/nasty"), label, Literal(NASTY), second),
        Quad(NamedNode(CANONICAL_BASE + "id/kreis/12071"), label, Literal("Spree-Neiße", language="de"), first),
        Quad(NamedNode(CANONICAL_BASE + "id/kreis/12072"), label, Literal("<script>alert(1)</script>"), second),
    ]


def write_release(releases: Path, name: str = "one", version: str = VERSION, more: Iterable[Quad] = ()) -> Release:
    """A release of those statements and ``more`` in ``releases``, put in force."""
    folder = releases / name
    (folder / "dumps").mkdir(parents=True)
    whole = [*quads(), *more]
    raw = nquads(whole)
    (folder / WHOLE).write_bytes(raw)
    files = [describe(folder, WHOLE, "application/n-quads")]
    for graph in sorted({quad.graph_name.value for quad in whole}):  # type: ignore[union-attr]
        path = f"dumps/{graph.rpartition('/')[2]}.nt"
        own = nquads(quad for quad in whole if quad.graph_name == NamedNode(graph))
        (folder / path).write_bytes(ntriples(own, graph))
        files.append(describe(folder, path, "application/n-triples", graph))
    states = [CountyState("12071", "current", version, 3001)]
    manifest = Manifest(version, "2026-01-01", CANONICAL_BASE, len(whole), files, states)
    (folder / MANIFEST).write_text(manifest.json(), encoding="utf-8")
    put_in_force(releases, name)
    return Release(folder, manifest, Dataset.read(raw))


def put_in_force(releases: Path, name: str) -> None:
    """Lets the link to the release in force lead to ``name``, in one step."""
    link = releases / ".link"
    link.symlink_to(name)
    link.replace(releases / "current")


def settings(releases: Path, **changes: object) -> Settings:
    """Settings with narrow limits."""
    narrow: dict[str, object] = {
        "releases": releases,
        "input": ROOT,
        "host": "127.0.0.1",
        "port": 0,
        "query_seconds": 1.5,
        "query_wait_seconds": 20.0,
        "query_memory_mb": 64,
        "query_rows": 5000,
        "query_bytes": 3_000_000,
    }
    return load(**(narrow | changes))


def start(mode: str, place: Path, chosen: Settings) -> "subprocess.Popen[str]":
    """The processes, begun but perhaps not ready."""
    return subprocess.Popen(
        [sys.executable, __file__, mode, str(place), chosen.model_dump_json()],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )


@contextmanager
def running(mode: str, place: Path, chosen: Settings) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """The processes while they run, and the line they said when they were ready."""
    process = start(mode, place, chosen)
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline().strip()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        process.stdout.close()


class _Nothing:
    """Answers nothing directly."""

    start, keeps = b"GET /nothing?", False

    def read(self, tail: bytes, peer: str) -> None:
        pass

    def prepare(self, target: bytes, head: object) -> None:
        pass

    def ended(self, seconds: float, size: int) -> None:
        pass


def _workers(folder: Path, given: Settings) -> None:
    held = Dataset.of(quads())
    if given.store:
        held = open_elsewhere(given, Queries(ROOT / "sparql")).dataset
        held.close()
    dataset = with_functions(held, Vocabulary([NASTY, "Wohnungssuche"]))
    pool = Pool(query_crews(dataset, Limits.of(given), folder, [(_Nothing(), Slip())]))
    pool.start()
    print("ready", flush=True)
    pool.watch()


def _late(*_: object) -> APIRouter:
    """A service without routes that takes its time."""
    time.sleep(LATE_SECONDS)
    return APIRouter()


if __name__ == "__main__":
    mode, place, raw = sys.argv[1:]
    given = load(**json.loads(raw))
    if mode == "workers":
        _workers(Path(place), given)
    else:
        from publisher.web.serve import serve

        if mode == "late":
            # As where much memory is shared.
            os.register_at_fork(after_in_parent=lambda: time.sleep(FORK_SECONDS))
        serve(given, lambda line: print(line, flush=True), guests=[_late] if mode == "late" else [])
