"""Ours beside other servers, over HTTP, on the same data and machine: measures, keeps what it found, writes the report.

    python -m benchmarks.compare all --counties 5,50,400
    python -m benchmarks.compare queries --counties 50 --server kreisgraph,virtuoso
    python -m benchmarks.compare report

Each server is started once and asked for all the figures that are wanted, then stopped, then the next. What was found
stands in .kreisgraph/bench/results, one file for each figure and size; measured again, it is replaced.
"""

import argparse
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from subprocess import CalledProcessError

from benchmarks import report, results
from benchmarks.figures import attacked, build, changed, embedded, memory, pages, queries, throughput, validation
from benchmarks.figures.asked import Case, Figure
from benchmarks.material import SIZES, Material, material
from benchmarks.results import Found
from benchmarks.servers import Failed, Kind, kinds, running

OF_SERVERS: dict[str, Figure] = {
    "loading": memory.loading,
    "queries": queries.measure,
    "throughput": throughput.measure,
    "pages": pages.measure,
    "memory": memory.memory,
    "attacked": attacked.measure,
}
"""Figures that are asked of each server, in this order: the last may kill it."""
ALONE: dict[str, Callable[[Material, float], dict[str, Found]]] = {
    "build": build.measure,
    "changed": changed.measure,
    "embedded": embedded.measure,
    "validation": validation.measure,
}
"""Figures that start what they need themselves."""
LONG, MANY = ("build", "changed"), 100
"""Above so many counties these take more than ten minutes, so ``all`` leaves them out; named, they are measured."""
FOLDER = Path(".kreisgraph") / "bench"


def measure(chosen: Sequence[str], data: Material, servers: Sequence[str], seconds: float, folder: Path) -> None:
    """Measures the figures ``chosen`` and keeps what was found in ``folder``."""
    data.prepare()
    for name in chosen:
        if name in ALONE:
            _say(f"{data.counties} counties: {name}")
            try:
                found = ALONE[name](data, seconds)
            except (Failed, CalledProcessError) as failure:
                _say(f"  {failure}")
                continue
            results.keep(folder, name, data.counties, data.triples, found)
    figures = [name for name in chosen if name in OF_SERVERS]
    for kind in kinds():
        wanted = [name for name in figures if not kind.figures or name in kind.figures]
        if wanted and (not servers or kind.name in servers):
            _serve(kind, wanted, data, seconds, folder)


def every(size: int) -> list[str]:
    """All figures for ``size`` counties, but for those that take too long."""
    return [name for name in (*ALONE, *OF_SERVERS) if size <= MANY or name not in LONG]


def _serve(kind: Kind, figures: Sequence[str], data: Material, seconds: float, folder: Path) -> None:
    """All ``figures`` of one server; where it fails, that is what was found."""

    def keep(name: str, found: Found) -> None:
        whole = {"title": kind.title, "version": kind.version, "setup": kind.setup, "differs": kind.differs} | found
        results.keep(folder, name, data.counties, data.triples, {kind.name: whole})

    _say(f"{data.counties} counties: {kind.title} {kind.version}")
    left = list(figures)
    try:
        with running(kind, data.data, data.releases) as server:
            while left:
                _say(f" {left[0]}")
                if not server.alive:
                    raise Failed("the server had died")
                keep(left[0], OF_SERVERS[left[0]](Case(server, data, seconds, _say)))
                left.pop(0)
    except Failed as failure:
        _say(f"  {failure}")
        for name in left:
            keep(name, {"failed": str(failure)})


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def main() -> None:
    """The command."""
    command = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    command.add_argument("figure", choices=["all", "report", *ALONE, *OF_SERVERS], nargs="+")
    command.add_argument("--counties", default=",".join(map(str, SIZES)), help="sizes of the data, with commas between")
    command.add_argument("--server", default="", help="names of servers in servers.toml, with commas between")
    command.add_argument("--seconds", type=float, default=2, help="length of each single measurement")
    command.add_argument("--folder", type=Path, default=FOLDER, help="for data and results")
    command.add_argument("--input", type=Path, help="an input folder that is there already")
    command.add_argument("--releases", type=Path, help="releases of it that are there already")
    command.add_argument("--write", type=Path, default=Path("docs") / "benchmarks.md", help="the report")
    options = command.parse_args()
    # As at an interrupt, the server that runs is stopped and its folder goes.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    named = [name for name in options.figure if name not in ("all", "report")]
    servers = [name for name in options.server.split(",") if name]
    for size in map(int, options.counties.split(",")):
        chosen = list(dict.fromkeys([*named, *(every(size) if "all" in options.figure else ())]))
        if not chosen:
            continue
        made = material(options.folder, size)
        data = Material(size, options.input or made.input, options.releases or made.releases)
        measure(chosen, data, servers, options.seconds, options.folder / "results")
    if {"all", "report"} & set(options.figure):
        options.write.write_text(report.text(results.read(options.folder / "results")), encoding="utf-8")
        _say(f"{options.write} written")


if __name__ == "__main__":
    main()
