"""How heavy every kind of page is and how long it takes, with as many counties as a release holds.

Starts the application in this process on a release and asks for every kind of page, each address once and without
conditional headers, so that no answer comes from a cache. Times are processor time, that of the query workers apart: on
a busy machine the clock on the wall says more about the neighbours.
Usage: python -m benchmarks.pages RELEASES [--write docs/scale.md]
"""

import argparse
import asyncio
import gc
import os
import platform
import resource
import signal
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from fastapi import FastAPI

from benchmarks.release import files_of_build
from benchmarks.visits import Kind, kinds
from publisher.core.settings import load
from publisher.endpoint.client import Endpoint
from publisher.endpoint.crews import query_crews
from publisher.endpoint.functions import with_functions
from publisher.endpoint.pool import Pool
from publisher.endpoint.request import Limits
from publisher.graph.sources import find
from publisher.release.reader import Release, open_release
from publisher.views.ready import make_ready
from publisher.views.search_index import Index
from publisher.views.site import Site
from publisher.web.app import create_app
from publisher.web.master import SERVICES

BYTES, MILLISECONDS = 300_000, 100
"""The limits a page should keep: HTML as it leaves the templates, and median server time."""
REPEATS = 5
"""Visits to a kind of page at least, so that the median means something."""
HEAD = Path(__file__).parent / "scale.md.txt"


@dataclass(frozen=True)
class Visit:
    """One answer: its status, its size, and the processor time it took, that of its query apart."""

    status: int
    bytes: int
    milliseconds: float
    query: float


@dataclass(frozen=True)
class Line:
    """What one kind of page came to."""

    kind: str
    pages: int
    largest: int
    median: float
    slowest: float
    query: float
    """The median of the query workers' time; 0 where the page asks none."""
    bad: tuple[str, ...]

    @property
    def within(self) -> bool:
        """Whether the kind keeps the limits and every page answered with 200."""
        return self.largest <= BYTES and self.median <= MILLISECONDS and not self.bad


def ask(app: FastAPI, address: str) -> Visit:
    """One visit to ``address`` of ``app``."""
    path, _, query = address.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"accept", b"text/html")],
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 80),
    }
    sent: list[dict[str, Any]] = []

    asked: list[bool] = []

    async def receive() -> dict[str, Any]:
        if asked:
            # What comes after the request is that the visitor leaves, and this one stays.
            await asyncio.Event().wait()
        asked.append(True)
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    async def run() -> tuple[float, float]:
        before, start = _workers(), time.process_time()
        await app(scope, receive, send)
        taken, after = time.process_time() - start, _workers()
        queries = sum(spent - before.get(worker, 0) for worker, spent in after.items())
        return taken * 1000, queries / 1e6

    taken, queries = asyncio.run(run())
    return Visit(sent[0]["status"], sum(len(message.get("body", b"")) for message in sent[1:]), taken, queries)


def _workers() -> dict[Path, int]:
    """The processor time that each thread of the query workers has used so far, in nanoseconds (Linux)."""
    threads = [thread / "schedstat" for pid in _below(os.getpid()) for thread in _tasks(pid)]
    return {thread: int(words[0]) for thread in threads if (words := _words(thread))}


def _below(pid: int | str) -> list[str]:
    """The processes that ``pid`` and its descendants have started."""
    children = [child for thread in _tasks(pid) for child in _words(thread / "children")]
    return [*children, *(found for child in children for found in _below(child))]


def _tasks(pid: int | str) -> list[Path]:
    try:
        return list(Path(f"/proc/{pid}/task").iterdir())
    except (FileNotFoundError, ProcessLookupError):
        return []


def _words(file: Path) -> list[str]:
    """The words in a file of the kernel; none when its process or thread has just ended."""
    try:
        return file.read_text(encoding="utf-8").split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def measure(app: FastAPI, kind: Kind, repeats: int) -> Line:
    """Every address of ``kind`` once; a kind with fewer than ``repeats`` addresses goes round."""
    paths = kind.paths * -(-repeats // len(kind.paths))
    visits = [(path, ask(app, path)) for path in paths]
    times = [visit.milliseconds for _, visit in visits]
    bad = tuple(f"{path}: {visit.status}" for path, visit in visits if visit.status != 200)
    return Line(
        kind.name,
        len(kind.paths),
        max(visit.bytes for _, visit in visits),
        statistics.median(times),
        max(times),
        statistics.median(visit.query for _, visit in visits),
        bad,
    )


def as_built(release: Release) -> Release:
    """``release`` with a manifest that lists the files of a whole build, so that the data page has its full weight."""
    files = files_of_build(release.dataset.graphs())
    kept = [file for file in release.manifest.files if not file.path.startswith("dumps/")]
    return replace(release, manifest=replace(release.manifest, files=[*files, *kept]))


@contextmanager
def application(site: Site) -> Iterator[FastAPI]:
    """The whole application as it is served, its query workers in the care of a process of their own."""
    limits = Limits.of(site.settings)
    make_ready(site)
    with tempfile.TemporaryDirectory(prefix="kreisgraph-") as folder:
        dataset = with_functions(site.dataset, site.once(Index.of).vocabulary)
        keeper = _keep(lambda: Pool(query_crews(dataset, limits, Path(folder))))
        endpoint = Endpoint(Path(folder), limits)
        # As before the page processes are forked.
        gc.collect()
        gc.freeze()
        try:
            yield create_app(site, *(make(site, endpoint) for make in SERVICES))
        finally:
            os.kill(keeper, signal.SIGTERM)
            os.waitpid(keeper, 0)


def _keep(make: Callable[[], Pool]) -> int:
    """Forks a process that starts the pool and replaces its workers until SIGTERM; its number."""
    told, tell = os.pipe()
    keeper = os.fork()
    if keeper == 0:
        try:
            pool = make()
            pool.start()
            os.write(tell, b"!")
            pool.watch()
        finally:
            os._exit(0)
    os.close(tell)
    assert os.read(told, 1), "the query workers did not start"
    os.close(told)
    return keeper


def lines(site: Site, number: int, seed: str, only: str = "") -> Iterator[Line]:
    """The measured kinds, those whose name holds ``only``."""
    with application(site) as app:
        ask(app, "/leichte-sprache")
        for kind in kinds(site, number, Random(seed)):
            if kind.paths and only in kind.name:
                yield measure(app, kind, REPEATS)


def table(found: list[Line]) -> str:
    """The lines as a Markdown table."""
    head = "| kind of page | pages | largest HTML, kB | median ms | slowest ms | its query, median ms |\n"
    head += "|---|---:|---:|---:|---:|---:|\n"
    rows = (
        f"| {'' if line.within else '**'}{line.kind}{'' if line.within else '**'} | {line.pages} "
        f"| {line.largest / 1000:.0f} | {line.median:.0f} | {line.slowest:.0f} | {_query(line)} |\n"
        for line in found
    )
    return head + "".join(rows)


def _query(line: Line) -> str:
    return f"{line.query:.0f}" if line.query >= 1 else ""


def main() -> None:
    """The command."""
    command = argparse.ArgumentParser(description=__doc__)
    command.add_argument("releases", type=Path)
    command.add_argument("--pages", type=int, default=11, help="addresses of each kind")
    command.add_argument("--seed", default="kreisgraph")
    command.add_argument("--only", default="", help="kinds whose name holds this")
    command.add_argument("--write", type=Path, help="file for the table")
    options = command.parse_args()
    settings = load(releases=options.releases)
    start = time.process_time()
    site = Site.of(as_built(open_release(settings.releases)), find(settings.input), settings)
    loading = time.process_time() - start
    peak, memory = _memory()
    print(f"{site.release.manifest.triples} triples loaded in {loading:.0f} s, {memory} MB", flush=True)
    found = []
    for line in lines(site, options.pages, options.seed, options.only):
        found.append(line)
        mark = " " if line.within else "!"
        print(
            f"{mark} {line.kind:24} {line.pages:3} {line.largest:9,} B {line.median:8.1f} ms {line.slowest:8.1f} ms"
            f" {line.query:8.1f} ms",
            *line.bad,
            flush=True,
        )
    if options.write:
        manifest = site.release.manifest
        facts = {
            "machine": f"{_processor()}, Python {platform.python_version()}",
            "date": manifest.date,
            "counties": str(len(manifest.counties)),
            "triples": f"{manifest.triples:,}",
            "loading": f"{loading:.0f}",
            "peak": f"{peak:,}",
            "memory": f"{memory:,}",
            "table": table(found),
        }
        options.write.write_text(HEAD.read_text(encoding="utf-8").format(**facts), encoding="utf-8")


def _memory() -> tuple[int, int]:
    """The most memory the process ever had, and what it has now, in MB."""
    page = resource.getpagesize()
    now = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1]) * page
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, now // 1024 // 1024


def _processor() -> str:
    """The name of the processor."""
    facts = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = [line.partition(":")[2].strip() for line in facts if line.startswith("model name")]
    return f"{names[0]}, one core" if names else platform.machine()


if __name__ == "__main__":
    main()
