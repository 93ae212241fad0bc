"""The figures of the pipeline, measured again: validation beside pySHACL, Turtle to answering beside the bare load.

Times are seconds of processors, of this process and those it started, since other programs run beside it; divide by
the number of processors for the clock of a machine that does nothing else.
Usage: python -m benchmarks.pipeline INPUT [--sample N] [--build FOLDER]
"""

import argparse
import tempfile
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TypeVar

from pyoxigraph import RdfFormat, Store

from publisher.cli.timed import table
from publisher.core.processes import processors
from publisher.core.settings import load
from publisher.core.timings import Timings
from publisher.graph.sources import CountySource, Sources, find, read_graph
from publisher.quality import engines
from publisher.quality.check import Validation
from publisher.release.build import build

Made = TypeVar("Made")
QUESTION = "ASK { ?thing a <https://w3id.org/kreisgraph/ns#Goal> }"


def measured(name: str, work: Callable[[], Made]) -> tuple[Made, float]:
    """What ``work`` gives, and the seconds of processors it took, which are printed."""
    timings = Timings()
    with timings.step(name):
        made = work()
    step = timings.steps[0]
    print(f"{name:52} {step.processor:9.2f} {step.wall:9.2f} {step.memory:7}", flush=True)
    return made, step.processor


def validation(sources: Sources, sample: int) -> None:
    """All counties as ``kreisgraph validate`` checks them with an empty cache; a sample through each engine."""
    with tempfile.TemporaryDirectory(prefix="kreisgraph-") as aside:
        checked = Validation(sources, load(cache=Path(aside)))
        counties = checked.counties
        _, whole = measured(f"validate, {len(counties)} counties", lambda: checked.check_counties(counties))
    chosen = counties[:: max(1, len(counties) // sample)][:sample]
    common = checked.common
    data = []
    for county in chosen:
        quads = read_graph(county.files, county.graph)
        data.append([*quads, *common.looked_up(quads)])
    found: dict[str, list[list[engines.ShaclResult]]] = {}
    times: dict[str, float] = {}
    for engine in ("compiled", "pyrudof", "pyshacl"):
        every = partial(map, engines.runner(engine, common.book.ntriples), data)
        found[engine], times[engine] = measured(f"{engine} on {len(chosen)} of them", partial(_all, every))
    same = found["compiled"] == found["pyrudof"] == found["pyshacl"]
    print(f"identical results of all engines: {same}")
    print(f"SHACL alone, pySHACL / ours: {times['pyshacl'] / times['compiled']:.0f} x")
    each = whole / len(counties)
    print(f"pySHACL's SHACL / all our checks: {times['pyshacl'] / len(chosen) / each:.0f} x; {each:.3f} s a county")
    print(f"on {processors()} processors that do nothing else: {whole / processors():.0f} s")


def _all(every: Callable[[], Iterable[Made]]) -> list[Made]:
    return list(every())


def load_turtle(counties: list[CountySource]) -> Store:
    """A store filled from the Turtle files as fast as it can be, as the bare measure."""
    store = Store()
    for county in counties:
        for path in county.files:
            store.load(path=str(path), format=RdfFormat.TURTLE)
    assert store.query(QUESTION)
    return store


def release(sources: Sources, folder: Path) -> None:
    """A build from nothing, one with nothing changed, and one with one county changed."""
    settings = load(releases=folder / "releases", cache=folder / "cache")
    county = sources.counties()[len(sources.counties()) // 2]
    graph = county.folder / "graph.ttl"
    text = graph.read_text(encoding="utf-8")
    for name in ("from nothing", "nothing changed", "one county changed"):
        if name.startswith("one"):
            graph.write_text(text.replace('"2026-', '"2027-'), encoding="utf-8")
        timings = Timings()
        try:
            build(sources, settings, timings=timings)
        finally:
            graph.write_text(text, encoding="utf-8")
        print(f"\nbuild, {name}\n{table(timings, 'en')}", flush=True)


def main() -> None:
    """The command."""
    command = argparse.ArgumentParser(description=__doc__)
    command.add_argument("input", type=Path)
    command.add_argument("--sample", type=int, default=5, help="counties for the engines beside each other")
    command.add_argument("--build", type=Path, help="folder to build releases in as well")
    options = command.parse_args()
    sources = find(options.input)
    print(f"{'':52} {'processor':>9} {'clock':>9} {'MiB':>7}")
    validation(sources, options.sample)
    measured("bare load of the Turtle files", lambda: load_turtle(sources.counties()))
    if options.build:
        release(sources, options.build)


if __name__ == "__main__":
    main()
