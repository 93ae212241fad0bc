"""Rude clients for some seconds: every answer is honest, nothing dies, and all places are free afterwards.

The whole suite, for a minute and with times, is `python -m benchmarks.killers RELEASES`.
"""

import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path

import httpx
from endpoint_host import running, settings, write_release

from benchmarks.attack import judged, killers
from publisher.endpoint.turn import stats

ROOT = Path(__file__).parent.parent


def test_there_are_enough_killers() -> None:
    names = [killer.name for killer in killers()]
    assert len(names) == len(set(names)) >= 30


def test_an_attack_is_survived_honestly(tmp_path: Path) -> None:
    chosen = settings(tmp_path / "releases", query_seconds=1.0, query_wait_seconds=3.0, query_share=3)
    write_release(chosen.releases)
    with running("serve", chosen.releases, chosen) as (process, line):
        url = line.partition("  Version ")[0]
        arguments = (url.rstrip("/").rpartition(":")[2], "24", "12", "8", "40")
        command = [sys.executable, "-m", "benchmarks.attack", *arguments]
        said = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
        assert said["wrong"] == [] and sum(said["outcomes"].values()) > 30, said
        assert process.poll() is None
        assert httpx.get(f"{url}sparql", params={"query": "ASK {}"}, timeout=30).json()["boolean"] is True
        (parent,) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split()
        sockets = _sockets(int(parent))
        deadline = time.monotonic() + 20
        while any(places := _places(sockets)) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert not any(places)


def _sockets(pid: int) -> str:
    """The socket of the waiting line at which the parent ``pid`` of the processes of a release listens."""
    lines = Path(f"/proc/{pid}/net/unix").read_text(encoding="utf-8").splitlines()
    held = {
        link.readlink().name for link in Path(f"/proc/{pid}/fd").iterdir() if link.readlink().name.startswith("socket")
    }
    numbers = {name.removeprefix("socket:[").removesuffix("]") for name in held}
    return next(path for *_, number, path in map(str.split, lines) if number in numbers and path.endswith("/line"))


def _places(path: str) -> list[int]:
    numbers = asyncio.run(stats(path))
    return [numbers[name] for name in numbers if name.startswith(("running_", "waiting_"))]


def test_the_judge_knows_an_answer_that_lies() -> None:
    killer = killers()[0]
    good = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    reason = b'HTTP/1.1 503 x\r\nContent-Type: application/problem+json\r\nContent-Length: 14\r\n\r\n{"detail":"x"}'
    broken = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
    assert [judged(raw, killer)[1] for raw in (good, reason, broken)] == [True] * 3
    lies = (
        b"",
        good[:-1],
        reason.replace(b"detail", b"nothin"),
        good.replace(b"200", b"500"),
        b"HTTP/1.1 200 OK\r\n\r\n{}",
    )
    assert [judged(raw, killer)[1] for raw in lies] == [False] * 5
