"""make bench: medians and ratios against a named peer run beside us, in this process, on this machine.

Prints one row a case: our median, the peer's median in milliseconds, and the ratio peer / ours.
Absolute times on a shared machine mean little; the ratios are what to quote.
"""

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import rdflib

from publisher.graph.queries import Queries
from publisher.graph.sources import find, read_graph
from publisher.graph.store import Dataset
from publisher.graph.write import nquads
from publisher.quality import engines
from publisher.quality.check import read_common
from publisher.quality.shapes import ntriples

QUERIES = ("fields_by_county", "goals_by_level", "common_fields_by_county", "volunteering", "neighbours")
RUNS = 5


def median(run: Callable[[], object]) -> float:
    """Median of RUNS runs after one warm-up, in milliseconds."""
    run()
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def row(case: str, ours: Callable[[], object], peer: Callable[[], object]) -> None:
    """Measure and print one case."""
    a, b = median(ours), median(peer)
    print(f"{case:45} {a:10.1f} {b:10.1f} {b / a:8.1f}x", flush=True)


def main() -> None:
    """Queries against rdflib, validation against pySHACL."""
    sources = find(Path(__file__).parent.parent)
    common = read_common(sources)
    counties = [read_graph(county.files, county.graph) for county in sources.counties()]
    quads = [*common.quads, *(quad for county in counties for quad in county)]
    dataset = Dataset.of(quads)
    peer = rdflib.Dataset(default_union=True)
    peer.parse(data=nquads(quads), format="nquads")
    queries = Queries(sources.queries)
    print(f"{'case':45} {'ours ms':>10} {'peer ms':>10} {'ratio':>9}")
    for name in QUERIES:
        sparql = queries.get(f"examples/{name}").sparql
        row(f"{name} (peer: rdflib)", lambda q=sparql: dataset.select(q), lambda q=sparql: list(peer.query(q)))  # type: ignore[misc]
    for source, county in zip(sources.counties()[:2], counties[:2], strict=True):
        data = ntriples(county) + common.context(county)
        fast, slow = (engines.runner(engine, common.book.ntriples) for engine in ("pyrudof", "pyshacl"))
        row(f"validate {source.ags} (peer: pySHACL)", lambda f=fast, d=data: f(d), lambda s=slow, d=data: s(d))  # type: ignore[misc]


if __name__ == "__main__":
    main()
