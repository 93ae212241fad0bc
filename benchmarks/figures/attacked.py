"""While killer queries run: the ten queries at eight clients, and pages one by one, in peace and under attack."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from benchmarks.figures import pages, throughput
from benchmarks.figures.asked import Case
from benchmarks.material import asked, environment, typical
from benchmarks.results import Found
from benchmarks.servers import RESULTS, Failed, Server, fetch

CLIENTS, ADDRESSES, PATIENCE = 32, 16, 20.0
SMALL_CLIENTS = 8
MOST_MB = 6000
"""A server that takes so much more memory under attack is ended, so that the machine stays usable."""


def measure(case: Case) -> Found:
    """In peace, then under attack; where the server dies, after how long."""
    # Which pages there are is asked in peace.
    kinds = list(pages.kinds(case)) if case.server.kind.pages else []
    peace = _pages(case, kinds)
    before, start = case.server.memory, time.monotonic()
    under: list[Found] = []
    seconds = (len(typical()) + len(peace) + 2) * (case.seconds + 1)
    with _killers(case.server, seconds) as rude, _watched(case.server, before + MOST_MB) as most:
        time.sleep(1)
        for query in typical():
            under.append(throughput.under(case, query, SMALL_CLIENTS))
            case.say(f"  attacked: {under[-1]}")
            if not case.server.alive:
                # What was measured while it died means nothing.
                under.pop()
                break
        war = _pages(case, kinds) if case.server.alive else []
    found: Found = {"rows": under, "peace": peace, "pages": war, "before": before, "most": most[0]}
    found["killers"] = rude
    if most[0] >= before + MOST_MB:
        found["failed"] = f"took more than {MOST_MB} MB more and was ended"
    elif not case.server.alive:
        found["failed"] = f"died within {time.monotonic() - start:.0f} s ({_end(case.server.process.returncode)})"
    else:
        found["answers"] = _answers(case.server)
    return found


def _pages(case: Case, kinds: Sequence[tuple[str, list[str]]]) -> list[Found]:
    rows: list[Found] = []
    for kind, paths in kinds:
        try:
            # Each address once is enough: this is repeated while killers run.
            rows.append({"page": kind} | pages.spread(pages.one_by_one(case.server, paths, case.seconds, PATIENCE)))
        except Failed as failure:
            rows.append({"page": kind, "failed": str(failure)})
        case.say(f"  {rows[-1]}")
    return rows


def _end(code: int | None) -> str:
    return signal.Signals(-code).name if code and code < 0 else f"exit {code}"


def _answers(server: Server) -> bool:
    """Whether a small question is answered afterwards."""
    try:
        return fetch(server.connect(PATIENCE), server.target(asked("alive")), RESULTS)[0] == http.client.OK
    except (OSError, http.client.HTTPException):
        return False


@contextmanager
def _killers(server: Server, seconds: float) -> Iterator[dict[str, Any]]:
    """Rude clients in a process of their own; what they saw is there at the end."""
    arguments = map(str, (server.port, CLIENTS, ADDRESSES, seconds, PATIENCE, server.kind.path))
    command = [sys.executable, "-m", "benchmarks.attack", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment())
    seen: dict[str, Any] = {}
    end = time.monotonic() + seconds + PATIENCE + 5
    try:
        yield seen
        said = process.communicate(timeout=end - time.monotonic())[0] if server.alive else ""
        told = json.loads(said) if said else {"outcomes": {}, "wrong": []}
        seen |= {"outcomes": told["outcomes"], "dishonest": len(told["wrong"])}
    except subprocess.TimeoutExpired:
        # Their connections were never even closed.
        seen["hung"] = True
    finally:
        process.kill()
        process.wait(10)


@contextmanager
def _watched(server: Server, limit: float) -> Iterator[list[float]]:
    """The most memory that is seen meanwhile; a server above ``limit`` is ended."""
    most, over = [0.0], threading.Event()

    def watch() -> None:
        while not over.wait(0.5):
            most[0] = max(most[0], server.memory)
            if most[0] >= limit and server.alive:
                os.kill(server.process.pid, signal.SIGKILL)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield most
    finally:
        over.set()
        thread.join(5)
