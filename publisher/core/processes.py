"""The same work on many things, spread over processes that inherit what it needs."""

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")
_FEW = 2
"""So many things are not worth a process."""
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
    global _work
    held, _work = _work, (work, items)
    # Without this the collector of each process would walk, and so copy, what they share.
    gc.freeze()
    try:
        with ProcessPoolExecutor(number, get_context("fork"), initializer=_begin) as pool:
            yield from pool.map(_run, range(len(items)), chunksize=max(1, len(items) // (number * 50)))
    finally:
        gc.unfreeze()
        _work = held


def _begin() -> None:
    """The collector of cycles looks seldom: what is made here is large and soon forgotten."""
    gc.freeze()
    gc.set_threshold(_SELDOM, 10, 10)


def _run(place: int) -> Any:
    assert _work is not None
    work, items = _work
    return work(items[place])
