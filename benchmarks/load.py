"""Load by wrk: so many connections, addresses in turn, for so many seconds."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

TURNS = Path(__file__).parent / "turns.lua"


@dataclass(frozen=True)
class Load:
    """What came of it: good answers a second, how many were refused or broken, times in milliseconds."""

    clients: int
    rate: float
    p50: float
    p99: float
    refused: int
    """Answers with a status of 400 or more."""
    broken: int
    """Connections that broke, and answers that did not come in time."""
    processor: float = 0.0
    """Seconds of processor time of the server for each good answer; 0 where nobody looked."""


def load(
    port: int,
    targets: Sequence[str],
    accept: str,
    clients: int,
    seconds: float,
    patience: float,
    encoding: str = "identity",
) -> Load:
    """Puts ``clients`` connections on the server at ``port``; an answer after ``patience`` seconds counts as broken."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.write("\n".join(targets) + "\n")
        file.flush()
        command = [shutil.which("wrk") or "wrk", "-t1", f"-c{clients}", f"-d{max(1, round(seconds))}s"]
        command += ["--timeout", f"{max(1, round(patience))}s", "-s", str(TURNS), f"http://127.0.0.1:{port}", "--"]
        done = subprocess.run(
            [*command, file.name, accept, encoding], capture_output=True, text=True, timeout=seconds + 60
        )
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if not lines:
        raise OSError((done.stderr or done.stdout).strip()[-300:])
    said = json.loads(lines[-1])
    good = said["answers"] - said["refused"]
    return Load(clients, good / said["seconds"], said["p50"], said["p99"], said["refused"], said["broken"])
