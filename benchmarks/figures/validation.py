"""Validation of all counties by `kreisgraph validate`, and of a few beside pySHACL: times, and whether they agree."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence

from benchmarks.material import Material, environment
from benchmarks.results import Found

SLOW_COUNTIES = 3
"""pySHACL takes several seconds a county, so it gets the last few (the made-up ones where there are any)."""


def measure(material: Material, seconds: float) -> dict[str, Found]:
    """All counties by our engine; then the same few by both. ``seconds`` mean nothing here."""
    few = material.keys[-SLOW_COUNTIES:]
    whole, _ = _validated(material, [], "")
    mine, said = _validated(material, few, "")
    peer, told = _validated(material, few, "pyshacl")
    alike = {"results": len(said), "same": Counter(said) == Counter(told), "counties": len(few)}
    return {
        "kreisgraph": {"title": "Kreisgraph", "whole": whole, "few": mine} | alike,
        "pyshacl": {"title": "pySHACL", "few": peer, "counties": len(few)},
    }


def _validated(material: Material, counties: Sequence[str], engine: str) -> tuple[Found, list[str]]:
    """Seconds on the clock and of the processor, and what was found, one text each."""
    with tempfile.TemporaryDirectory(prefix="kreisgraph-bench-") as cache:
        command = [sys.executable, "-m", "publisher", "validate", *counties, "--format", "json"]
        command += ["--engine", engine] if engine else []
        start, before = time.monotonic(), os.times()
        settings = {"input": str(material.input), "cache": cache}
        done = subprocess.run(command, env=environment(**settings), capture_output=True, text=True)
        after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return {"seconds": time.monotonic() - start, "processor": spent}, _texts(json.loads(done.stdout))


def _texts(value: object) -> list[str]:
    """Every finding of a report, whatever stands around it, as a text that can be compared."""
    if isinstance(value, dict):
        if "rule" in value:
            return [json.dumps(value, sort_keys=True, ensure_ascii=False)]
        return [text for part in value.values() for text in _texts(part)]
    return [text for part in value for text in _texts(part)] if isinstance(value, list) else []
