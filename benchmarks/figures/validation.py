"""Validation of all counties by `kreisgraph validate`, and of a few by our engine and by pySHACL on the same graphs.

    python -m benchmarks.figures.validation INPUT ENGINE KEY…

prints the processor time of one engine for those counties and what it found.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.material import Material, environment
from benchmarks.results import Found
from benchmarks.servers import Failed
from publisher.core.settings import load
from publisher.graph.sources import find, read_graph
from publisher.quality import engines
from publisher.quality.check import read_common
from publisher.quality.shapes import ntriples

SLOW_COUNTIES = 3
"""pySHACL takes several seconds a county, so it gets the last few (made-up ones where there are any)."""
PEER = "pyshacl"


def measure(material: Material, seconds: float) -> dict[str, Found]:
    """All counties by the command; then the same few by both engines. ``seconds`` mean nothing here. Raises Failed."""
    whole = _command(material)
    few, ours = material.keys[-SLOW_COUNTIES:], load().engine
    mine, peer = (_engine(material, engine, few) for engine in (ours, PEER))
    said, told = mine.pop("results"), peer.pop("results")
    alike = {"results": len(said), "same": Counter(said) == Counter(told), "counties": len(few)}
    return {
        "kreisgraph": {"title": f"Kreisgraph ({ours})", "whole": whole, "few": mine} | alike,
        PEER: {"title": "pySHACL", "few": peer, "counties": len(few)},
    }


def inside(folder: Path, engine: str, keys: Sequence[str]) -> Found:
    """One engine on the graphs of some counties, in this process; shapes are read once, before."""
    sources = find(folder)
    common = read_common(sources)
    counties = [read_graph(one.files, one.graph) for one in sources.counties() if one.ags in keys]
    data = [ntriples(county) + common.context(county) for county in counties]
    run = engines.runner(engine, common.book.ntriples)
    start, spent = time.perf_counter(), time.process_time()
    results = [found for one in data for found in run(one)]
    taken = {"seconds": time.perf_counter() - start, "processor": time.process_time() - spent}
    return taken | {"results": sorted(map(repr, results))}


def _engine(material: Material, engine: str, keys: Sequence[str]) -> Found:
    command = [sys.executable, "-m", "benchmarks.figures.validation", str(material.input), engine, *keys]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True)
    if done.returncode:
        raise Failed(done.stderr.strip()[-300:])
    found: Found = json.loads(done.stdout)
    return found


def _command(material: Material) -> Found:
    """Seconds on the clock and of the processor that the command takes for all, with nothing kept from before."""
    with tempfile.TemporaryDirectory(prefix="kreisgraph-bench-") as cache:
        command = [sys.executable, "-m", "publisher", "validate", "--format", "json"]
        start, before = time.monotonic(), os.times()
        settings = {"input": str(material.input), "cache": cache}
        done = subprocess.run(command, env=environment(**settings), capture_output=True, text=True)
        after = os.times()
    if not done.stdout:
        raise Failed(done.stderr.strip()[-300:] or f"ended with {done.returncode}")
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return {"seconds": time.monotonic() - start, "processor": spent}


if __name__ == "__main__":
    json.dump(inside(Path(sys.argv[1]), sys.argv[2], sys.argv[3:]), sys.stdout)
