"""From Turtle to an answer: a whole build with nothing kept from earlier, and what it needs."""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.material import Material, environment
from benchmarks.results import Found

MOST_SECONDS, MOST_SECONDS_EACH = 900.0, 5.0
"""A build may take the larger of the two: so long altogether, or for each county."""


def measure(material: Material, seconds: float) -> dict[str, Found]:
    """``kreisgraph build`` of the input into a new folder; ``seconds`` mean nothing here."""
    with tempfile.TemporaryDirectory(prefix="kreisgraph-bench-", dir=material.input.parent) as name:
        folder = Path(name)
        settings = {"input": str(material.input), "releases": str(folder / "releases"), "cache": str(folder / "cache")}
        most = max(MOST_SECONDS, MOST_SECONDS_EACH * material.counties)
        start, before = time.monotonic(), os.times()
        command = [sys.executable, "-m", "publisher", "build"]
        try:
            done = subprocess.run(command, env=environment(**settings), capture_output=True, text=True, timeout=most)
        except subprocess.TimeoutExpired:
            return {"kreisgraph": {"failed": f"not built after {most:.0f} s"}}
        after = os.times()
        if not (folder / "releases" / "current").exists():
            return {"kreisgraph": {"failed": (done.stderr or done.stdout).strip()[-300:]}}
        spent = after.children_user + after.children_system - before.children_user - before.children_system
        largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
        found = {"seconds": time.monotonic() - start, "processor": spent, "largest": largest, "disk": size / 1e6}
        shutil.rmtree(folder / "releases")
    return {"kreisgraph": {"title": "Kreisgraph"} | found}
