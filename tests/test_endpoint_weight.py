"""What a worker has copied of its parent's memory by reading it, and that it gives it back when it is idle."""

import os
import sys
import time
from pathlib import Path

import pytest

from publisher.endpoint import weight, worker
from publisher.endpoint.pool import listen
from publisher.endpoint.request import Limits
from publisher.endpoint.weight import Weight
from publisher.graph.store import Dataset

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts faults so")
MEGABYTE = 1 << 20


def test_memory_that_is_taken_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    quick, slow = (Weight(1 << 40, keeping) for keeping in (False, True))
    assert not quick.idle()
    taken = bytearray(weight.AT_REST + MEGABYTE)
    taken[::4096] = bytes(len(taken[::4096]))
    assert quick.idle() and slow.idle() and not quick.spent()
    monkeypatch.setattr(weight, "AT_WORK", weight.AT_REST)
    assert quick.spent() and not slow.spent()


@pytest.mark.parametrize(("rest", "leaves"), [(0, True), (1 << 40, False)])
def test_an_idle_worker_with_memory_of_its_own_leaves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rest: int, leaves: bool
) -> None:
    monkeypatch.setattr(weight, "AT_REST", rest)
    parent = os.getpid()
    with listen(tmp_path / "quick", 0.05) as listener:
        pid = os.fork()
        if pid == 0:
            try:
                worker.work(listener, Dataset.of([]), Limits(), parent, "quick")
            finally:
                os._exit(1)
    deadline = time.monotonic() + (20 if leaves else 1)
    ended = (0, 0)
    while time.monotonic() < deadline and ended[0] == 0:
        time.sleep(0.02)
        ended = os.waitpid(pid, os.WNOHANG)
    if ended[0] == 0:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
    assert ended == ((pid, 0) if leaves else (0, 0))
