"""The same work on many things, spread over processes that inherit what it needs."""

import ctypes
import gc
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing import get_context
from typing import Any, TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")
_FEW = 2
"""So many things are not worth a process."""
_DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG of Linux: which signal a process gets when the one that forked it ends."""
_SELDOM = 200_000
"""So many new objects the collector waits for."""
_work: tuple[Callable[[Any], Any], Sequence[Any]] | None = None


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0))


def spread(work: Callable[[Item], Made], items: Sequence[Item], jobs: int = 0) -> Iterator[Made]:
    """What ``work`` makes of each of ``items``, in their order, as it is ready.

    ``jobs`` processes at most, 0: one for each processor. They are forked here, so ``work`` and ``items`` need no way
    to be sent and share all memory that is not written to; what is made is sent back. Raises what ``work`` raises.
    """
    number = min(jobs or processors(), len(items))
    if number < 2 or len(items) < _FEW:
        yield from map(work, items)
        return
    with _pool(number, work, items) as pool:
        yield from pool.map(_at, range(len(items)), chunksize=_chunk(len(items), number))


def begun(work: Callable[[Item], Made], items: Sequence[Item], jobs: int = 0) -> Iterator[Made]:
    """As ``spread``, but it begins at once, in processes of its own, while who calls does something else."""
    if not items or jobs == 1:
        return map(work, items)
    ends = ExitStack()
    pool = ends.enter_context(_pool(min(jobs or processors(), len(items)), work, items))
    made = pool.map(_at, range(len(items)), chunksize=_chunk(len(items), jobs or processors()))

    def taken() -> Iterator[Made]:
        with ends:
            yield from made

    return taken()


def _chunk(items: int, number: int) -> int:
    """How many of ``items`` a process takes at a time."""
    return max(1, items // (number * 50))


def pursue(
    work: Callable[[list[Item]], Made],
    items: Iterable[Item],
    more: Callable[[Made], Iterable[Item]],
    piece: int,
    jobs: int = 0,
) -> Iterator[Made]:
    """What ``work`` makes of ``items`` and of all that ``more`` says these lead to, each once, as it is ready.

    ``work`` takes up to ``piece`` of them at a time. Processes and errors are as in ``spread``, but items are sent.
    """
    number = jobs or processors()
    waiting = deque(dict.fromkeys(items))
    seen, running = set(waiting), set[Future[Made]]()

    def taken() -> list[Item]:
        return [waiting.popleft() for _ in range(max(1, min(piece, len(waiting) // (2 * number))))]

    def follow(made: Made) -> Made:
        fresh = [item for item in dict.fromkeys(more(made)) if item not in seen]
        seen.update(fresh)
        waiting.extend(fresh)
        return made

    if number < 2:
        while waiting:
            yield follow(work(taken()))
        return
    with _pool(number, work) as pool:
        while waiting or running:
            while waiting and len(running) < 2 * number:
                running.add(pool.submit(_on, taken()))
            done, running = wait(running, return_when=FIRST_COMPLETED)
            yield from [follow(one.result()) for one in done]


@contextmanager
def _pool(number: int, work: Callable[[Any], Any], items: Sequence[Any] = ()) -> Iterator[ProcessPoolExecutor]:
    """``number`` processes, forked here, that know ``work`` and ``items``."""
    global _work
    held, _work = _work, (work, items)
    # Without this the collector of each process would walk, and so copy, what they share.
    gc.freeze()
    try:
        with ProcessPoolExecutor(number, get_context("fork"), initializer=_begin) as pool:
            yield pool
    finally:
        gc.unfreeze()
        _work = held


def _begin() -> None:
    """The collector of cycles looks seldom: what is made here is large and soon forgotten.

    A process that is killed takes these along: they would wait for ever, and hold its locks.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL)
    gc.freeze()
    gc.set_threshold(_SELDOM, 10, 10)


def _at(place: int) -> Any:
    assert _work is not None
    work, items = _work
    return work(items[place])


def _on(piece: Any) -> Any:
    assert _work is not None
    return _work[0](piece)
