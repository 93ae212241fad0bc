"""Oxigraph in memory inside one Python process, without HTTP: what the engine alone takes.

    python -m benchmarks.figures.embedded DATA INPUT SECONDS

prints what was found. Answers are written as the servers write them (JSON, N-Triples).
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pyoxigraph
from pyoxigraph import NamedNode, QueryResultsFormat, QuerySolutions, RdfFormat, Store

from benchmarks import processes
from benchmarks.figures.queries import LEAST, MOST, read
from benchmarks.material import Material, environment, typical
from benchmarks.results import Found
from publisher.graph.queries import Query
from publisher.graph.sources import find


def measure(material: Material, seconds: float) -> dict[str, Found]:
    """In a process of its own, whose memory is then that of the store."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.figures.embedded",
        str(material.data),
        str(material.input),
        str(seconds),
    ]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment())
    found: Found = json.loads(done.stdout)
    return {"pyoxigraph": found}


def inside(data: Path, folder: Path, seconds: float) -> Found:
    """Loading, memory and the ten queries in this process."""
    before = processes.memory(os.getpid())
    start, spent = time.perf_counter(), time.process_time()
    store = Store()
    store.load(path=data, format=RdfFormat.N_QUADS)
    found: Found = {"loading": time.perf_counter() - start, "processor": time.process_time() - spent}
    found |= {"memory": processes.memory(os.getpid()), "before": before}
    found["rows"] = [_timed(store, query, seconds) for query in typical()]
    del store
    start, spent = time.perf_counter(), time.process_time()
    bare = Store()
    for path, name in _turtle(folder):
        bare.load(path=path, format=RdfFormat.TURTLE, to_graph=NamedNode(name))
    found["bare"] = {"seconds": time.perf_counter() - start, "processor": time.process_time() - spent}
    title = {"title": "Oxigraph in this process", "version": pyoxigraph.__version__}
    return title | {"setup": "pyoxigraph, all in memory, no HTTP, no limits"} | found


def _turtle(folder: Path) -> Iterator[tuple[Path, str]]:
    """Every Turtle file of an input folder and the graph it belongs to."""
    sources = find(folder)
    for name, files in sources.common.items():
        yield from ((path, name) for path in files)
    for county in sources.counties():
        yield from ((path, county.graph) for path in county.files)


def _timed(store: Store, query: Query, seconds: float) -> Found:
    text = query.with_values({})
    answer = read(query, _answer(store, text))
    taken: list[float] = []
    end = time.monotonic() + seconds
    while len(taken) < MOST and (time.monotonic() < end or len(taken) < LEAST):
        start = time.perf_counter()
        _answer(store, text)
        taken.append((time.perf_counter() - start) * 1000)
    return {"query": query.name, "p50": statistics.median(taken), "runs": len(taken), **asdict(answer)}


def _answer(store: Store, text: str) -> bytes:
    found = store.query(text, use_default_graph_as_union=True)
    form = QueryResultsFormat.JSON if isinstance(found, QuerySolutions) else RdfFormat.N_TRIPLES
    return found.serialize(format=form) or b""  # type: ignore[arg-type]


if __name__ == "__main__":
    json.dump(inside(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])), sys.stdout)
