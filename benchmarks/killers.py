"""The killer suite: rude clients attack the endpoint while others read pages and ask small questions.

    python -m benchmarks.killers RELEASES [--clients 64] [--addresses 32] [--seconds 60]

Starts the site on a free port, measures it in peace, under attack and afterwards, and prints what came of every query.
Ends with 1 when an answer was not honest, a query outlived its deadline, memory did not come back, or others suffered.
"""

import argparse
import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks import processes
from publisher.core.settings import load
from publisher.endpoint import frames
from publisher.endpoint.turn import stats

SMALL = (
    "SELECT ?label { <https://w3id.org/kreisgraph/id/kreis/12071> <http://www.w3.org/2000/01/rdf-schema#label> ?label }"
)
PROBES = {"page": "/kreise", "thing": "/doc/kreis/12071.ttl", "query": "/sparql?" + urlencode({"query": SMALL})}
TIMES_SLOWER = 3.0
"""How many times slower than in peace others may become, in the 99th percentile."""
FLOOR_MS = 40.0
"""Below this nobody notices: peace on an idle machine must not make the bar unreachable on a busy one."""
DEADLINE_SLACK = 0.25
WARM_UP_SECONDS, CALM_SECONDS = 30.0, 3.0
MEMORY_BACK = 1.15
"""Memory afterwards, as a share of that before."""


@dataclass(frozen=True)
class Running:
    """A running site: its process, its port, the folder with its sockets."""

    process: "subprocess.Popen[str]"
    port: int
    sockets: Path

    def memory(self) -> float:
        """Megabytes that all its processes hold, what they share counted once."""
        return processes.memory(self.process.pid)

    def line(self) -> dict[str, Any]:
        """The numbers of the waiting line."""
        return asyncio.run(stats(str(next(self.sockets.glob(f"kreisgraph-*/*/{frames.LINE}")))))


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def running(releases: Path) -> Iterator[Running]:
    """The site over ``releases`` while it runs."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"KREISGRAPH_RELEASES": str(releases), "TMPDIR": folder, "PORT": str(port)}
        process = subprocess.Popen(
            [sys.executable, "-m", "publisher", "serve"], env=environment, stdout=subprocess.PIPE, text=True
        )
        try:
            assert process.stdout is not None
            while not process.stdout.readline().startswith("http://"):
                assert process.poll() is None, "the site did not start"
            yield Running(process, port, Path(folder))
        finally:
            process.terminate()
            process.wait(60)


def _times(port: int, seconds: float, failed: list[str]) -> dict[str, list[float]]:
    """Milliseconds of each probe, one after the other, for ``seconds``; ``failed`` takes what went wrong."""
    times: dict[str, list[float]] = {name: [] for name in PROBES}
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for name, path in PROBES.items():
            start = time.perf_counter()
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
                    answer.read()
                times[name].append((time.perf_counter() - start) * 1000)
            except OSError as error:
                failed.append(f"{name}: {error} after {time.perf_counter() - start:.1f} s")
        time.sleep(0.02)
    return times


def _p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[98]


def measure(site: Running, clients: int, addresses: int, seconds: float) -> list[str]:
    """Attack ``site`` and print what came of it; what went wrong, a line each."""
    limits = load()
    patience = limits.query_wait_seconds * 2 + limits.query_quick_seconds + limits.query_seconds + 5
    failed: list[str] = []
    fresh = site.memory()
    # What each process makes or touches once, such as the templates of errors, it keeps: an attack before sees to it,
    # so that memory afterwards shows what every further attack would add.
    _attack(site.port, clients, addresses, WARM_UP_SECONDS, patience).communicate(timeout=patience + 30)
    time.sleep(CALM_SECONDS)
    before, quiet = site.memory(), _times(site.port, max(5, seconds / 4), failed)
    rude = _attack(site.port, clients, addresses, seconds, patience)
    time.sleep(1)
    loud = _times(site.port, seconds - 2, failed)
    peak = site.memory()
    said = json.loads(rude.communicate(timeout=patience + 30)[0])
    time.sleep(CALM_SECONDS)
    after, numbers = site.memory(), site.line()
    print(f"{clients} clients from {addresses} addresses for {seconds:g} s")
    for outcome, number in sorted(said["outcomes"].items(), key=lambda item: -item[1]):
        print(f"  {number:6} {outcome}")
    print(f"longest run {numbers['longest_seconds']:.2f} s (limit {limits.query_seconds:g} s)")
    print(f"memory MB: fresh {fresh:.0f}, before {before:.0f}, under attack {peak:.0f}, afterwards {after:.0f}")
    return [*failed, *said["wrong"][:20], *_judged(quiet, loud), *_limits(numbers, limits.query_seconds, before, after)]


def _attack(port: int, clients: int, addresses: int, seconds: float, patience: float) -> "subprocess.Popen[str]":
    arguments = map(str, (port, clients, addresses, seconds, patience))
    return subprocess.Popen([sys.executable, "-m", "benchmarks.attack", *arguments], stdout=subprocess.PIPE, text=True)


def _judged(quiet: dict[str, list[float]], loud: dict[str, list[float]]) -> Iterator[str]:
    print(f"{'ms':8} {'quiet p50':>10} {'p99':>8} {'attack p50':>11} {'p99':>8} {'p99 ratio':>10} {'asked':>6}")
    for name in PROBES:
        calm, rough = _p99(quiet[name]), _p99(loud[name])
        middle = statistics.median(quiet[name]), statistics.median(loud[name])
        peace, war = f"{middle[0]:10.1f} {calm:8.1f}", f"{middle[1]:11.1f} {rough:8.1f}"
        print(f"{name:8} {peace} {war} {rough / calm:9.1f}x {len(loud[name]):6}")
        if rough > max(FLOOR_MS, calm * TIMES_SLOWER):
            yield f"{name}: p99 {rough:.0f} ms under attack, {calm:.0f} ms in peace"


def _limits(numbers: dict[str, Any], seconds: float, before: float, after: float) -> Iterator[str]:
    if numbers["longest_seconds"] > seconds + DEADLINE_SLACK:
        yield f"a query ran for {numbers['longest_seconds']:.2f} s"
    if numbers["running_slow"] or numbers["running_quick"]:
        yield f"queries still run: {numbers}"
    if after > before * MEMORY_BACK:
        yield f"memory: {after:.0f} MB afterwards, {before:.0f} MB before"


def main() -> None:
    """Measure, print, judge."""
    command = argparse.ArgumentParser(description=__doc__)
    command.add_argument("releases", type=Path)
    command.add_argument("--clients", type=int, default=64)
    command.add_argument("--addresses", type=int, default=32)
    command.add_argument("--seconds", type=float, default=60)
    options = command.parse_args()
    with running(options.releases) as site:
        wrong = measure(site, options.clients, options.addresses, options.seconds)
        if site.process.poll() is not None:
            wrong.append("the site has died")
    print("\n".join(f"WRONG {line}" for line in wrong) or "all honest")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
