"""The process that runs visitors' queries: one at a time, and it may die of any of them.

A deadline is kept by the kernel: its timer ends the process even in the middle of the engine, and the parent
puts a new one in its place. Queries are parsed nowhere else, since a deep one can overflow the parser's stack.
"""

import os
import select
import signal
import socket
import threading
import time
from collections.abc import Callable, Mapping
from typing import NoReturn

from publisher.endpoint import confine, frames
from publisher.endpoint.borrowed import LOANS, Borrowed
from publisher.endpoint.keeping import Keeping
from publisher.endpoint.line import Lane
from publisher.endpoint.reply import reply
from publisher.endpoint.request import Limits, QueryRequest, armed
from publisher.endpoint.weight import Weight
from publisher.graph.store import Dataset

PATIENCE: Mapping[Lane, int] = {"quick": 3, "slow": 10}
"""How far queries stand back behind pages, and slow ones behind quick ones (the ``nice`` of the process)."""
LOOK_FOR_PARENT_SECONDS = 2.0
"""How often an idle worker makes sure that its parent lives, where the kernel does not say so."""
LOOK_FOR_VISITOR_SECONDS = 0.1
"""How often a worker at work makes sure that somebody still waits."""

_LET_GO_FIRST_SECONDS = 0.002
_ROOM_TO_CALL, _ROOM_FOR_LOANS = 32, LOANS + 1


def work(
    listener: socket.socket,
    dataset: Dataset,
    limits: Limits,
    parent: int,
    lane: Lane,
    *,
    calling: bool = False,
    borrow: Callable[[], Borrowed] | None = None,
) -> NoReturn:
    """Serves connections to ``listener`` of ``lane`` until the process or its parent ends. Called in a forked process.

    ``calling`` leaves it what it takes to call the services that are allowed; every other worker can call nobody.
    With ``borrow`` it answers query after query on one connection, and on those lent by it: for the express lane.

    ``parent`` is the process that forked, named before the fork: asked afterwards, it may already be another.
    """
    confine.die_with(parent, signal.SIGKILL)
    os.nice(PATIENCE[lane])
    _dispose_signals()
    watcher = None if borrow else _Watcher()
    confine.limit_memory(limits.memory_mb)
    listener, patience = _alone(listener, _ROOM_FOR_LOANS if borrow else _ROOM_TO_CALL if calling else 0)
    borrowed = borrow() if borrow else None
    weight = Weight(limits.memory_mb * 1024 * 1024 // 32, lane == "slow")

    def unneeded() -> bool:
        return os.getppid() != parent or weight.idle()

    while not weight.spent():
        connection = _accept(listener, patience, lane == "slow" and not weight.idle())
        if connection and watcher:
            _serve(connection, dataset, limits, watcher)
        elif connection and borrowed:
            Keeping(connection, dataset, limits, borrowed).serve(weight.spent, unneeded)
        elif unneeded():
            break
    # Memory that a large query leaves behind would be missing for the next one, so a new process takes over.
    os._exit(0)


def _dispose_signals() -> None:
    """Timers and the parent end the process; who sits at the terminal does not."""
    for number in (signal.SIGALRM, signal.SIGPROF, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _alone(listener: socket.socket, room: int) -> tuple[socket.socket, float]:
    """``listener`` as all that is open (``confine.only``), and how long it is waited at each time."""
    kept = confine.only(listener, room)
    patience = kept.gettimeout() or LOOK_FOR_PARENT_SECONDS
    kept.setblocking(False)
    return kept, patience


def _accept(listener: socket.socket, seconds: float, after: bool) -> socket.socket | None:
    """The next connection; None when there is none for ``seconds``.

    ``after`` others who wait for one as well: whoever has copied what he reads already is quicker with a slow query.
    """
    poller = select.poll()
    poller.register(listener, select.POLLIN)
    while poller.poll(seconds * 1000):
        if after:
            time.sleep(_LET_GO_FIRST_SECONDS)
        try:
            connection, _ = listener.accept()
        except BlockingIOError:
            continue
        connection.setblocking(True)
        return connection
    return None


def _serve(connection: socket.socket, dataset: Dataset, limits: Limits, watcher: "_Watcher") -> None:
    """One query."""
    signal.setitimer(signal.ITIMER_REAL, limits.seconds)
    try:
        frames.send(connection, frames.TAKEN)
        watcher.look_at(connection)
        _, raw = frames.receive(connection)
        _run(connection, raw, dataset, limits, watcher)
    except (BrokenPipeError, ConnectionResetError, EOFError):
        pass  # The visitor has gone: nobody waits for an answer.
    finally:
        watcher.look_at(None)
        signal.setitimer(signal.ITIMER_REAL, 0)
        connection.close()


def _run(connection: socket.socket, raw: bytes, dataset: Dataset, limits: Limits, watcher: "_Watcher") -> None:
    """Answers the query in ``raw`` within its time, or the process ends."""
    try:
        request = QueryRequest.decode(raw)
        signal.setitimer(signal.ITIMER_REAL, armed(min(request.seconds or limits.seconds, limits.seconds)))
        end = reply(connection, dataset, request, limits)
        watcher.look_at(None)
        connection.sendall(end)
    except MemoryError:
        os._exit(1)


class _Watcher:
    """Ends the process when the visitor goes away while the query runs: only so is the worker free again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._poller: select.poll | None = None
        threading.stack_size(256 * 1024)
        threading.Thread(target=self._watch, daemon=True).start()

    def look_at(self, connection: socket.socket | None) -> None:
        """From now on the visitor is the one at ``connection``."""
        poller = None
        if connection:
            poller = select.poll()
            poller.register(connection, 0)
        with self._lock:
            self._poller = poller

    def _watch(self) -> None:
        while True:
            time.sleep(LOOK_FOR_VISITOR_SECONDS)
            with self._lock:
                if self._poller and self._poller.poll(0):
                    os.kill(os.getpid(), signal.SIGKILL)
