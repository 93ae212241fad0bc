"""What was measured, as files: one for each figure and size of the data, so that each can be measured again alone."""

import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Found = dict[str, Any]
"""What was measured of one server for one figure: names and numbers, as JSON holds them."""


def keep(folder: Path, figure: str, counties: int, triples: int, servers: dict[str, Found]) -> Path:
    """Writes what was found of ``servers``; others that were measured before keep what they have."""
    path = folder / f"{figure}-{counties}.json"
    before = json.loads(path.read_text(encoding="utf-8"))["servers"] if path.exists() else {}
    now = {name: found | {"date": f"{datetime.now(UTC):%Y-%m-%d}"} for name, found in servers.items()}
    held = {
        "figure": figure,
        "counties": counties,
        "triples": triples,
        "machine": machine(),
        "servers": before | now,
    }
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(held, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def read(folder: Path) -> list[dict[str, Any]]:
    """All files, by figure and size."""
    held = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*-*.json")]
    return sorted(held, key=lambda one: (one["figure"], one["counties"]))


def machine() -> str:
    """Processor, how many of it, memory, system, Python."""
    facts = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = [line.partition(":")[2].strip() for line in facts if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    cores = len(os.sched_getaffinity(0))
    return (
        f"{names[0] if names else platform.machine()}, {cores} cores, {memory:.0f} GB, "
        f"Linux {platform.release()}, Python {platform.python_version()}"
    )
