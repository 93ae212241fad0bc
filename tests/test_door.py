"""A page process that holds much of its own ends in a quiet moment, and only then."""

import http.client
import mmap
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse

from publisher.endpoint.weight import own_memory
from publisher.web import door
from publisher.web.connections import Bounds

PATIENCE_SECONDS = 20.0
QUIET_SECONDS = 1.0


def _served(doors: socket.socket, heavy: Callable[[], bool]) -> int:
    pid = os.fork()
    if pid == 0:
        try:
            door.serve_visitors(PlainTextResponse("here"), doors, Bounds(), heavy=heavy)
            os._exit(0)
        finally:
            os._exit(1)
    return pid


def _ended(pid: int, seconds: float) -> tuple[int, int]:
    deadline, found = time.monotonic() + seconds, (0, 0)
    while time.monotonic() < deadline and found[0] == 0:
        time.sleep(0.02)
        found = os.waitpid(pid, os.WNOHANG)
    return found


@pytest.mark.parametrize("heavy", [True, False])
def test_it_ends_when_it_is_heavy_and_nobody_is_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, heavy: bool
) -> None:
    monkeypatch.setattr(door, "_REST_TICKS", 1)
    visited = tmp_path / "visited"
    with socket.create_server(("127.0.0.1", 0)) as doors:
        pid = _served(doors, lambda: heavy and visited.exists())
        try:
            visitor = http.client.HTTPConnection(*doors.getsockname(), timeout=PATIENCE_SECONDS)
            visitor.request("GET", "/")
            assert visitor.getresponse().read() == b"here"
            visited.touch()
            assert _ended(pid, QUIET_SECONDS) == (0, 0), "somebody was there"
            visitor.close()
            assert _ended(pid, PATIENCE_SECONDS if heavy else QUIET_SECONDS) == ((pid, 0) if heavy else (0, 0))
        finally:
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_own_memory_is_what_is_shared_with_nobody() -> None:
    before = own_memory()
    # Not from the heap, where pages may lie that were written before.
    taken = mmap.mmap(-1, 1 << 26, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    for place in range(0, len(taken), mmap.PAGESIZE):
        taken[place] = 1
    assert 0.9 * len(taken) < own_memory() - before < 1.5 * len(taken)
