"""The processes behind the endpoint: the usher of the waiting line, the workers of both lanes."""

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from publisher.endpoint import frames
from publisher.endpoint.borrowed import Borrowed
from publisher.endpoint.direct import Direct
from publisher.endpoint.line import Lane
from publisher.endpoint.pool import Crew, listen
from publisher.endpoint.request import Limits
from publisher.endpoint.slip import Slip
from publisher.endpoint.usher import usher
from publisher.endpoint.worker import LOOK_FOR_PARENT_SECONDS, work
from publisher.graph.store import Dataset


def query_crews(
    dataset: Dataset, limits: Limits, folder: Path, express: Sequence[tuple[Direct, Slip]] = ()
) -> list[Crew]:
    """The crews that answer queries about ``dataset`` at sockets in ``folder``. The caller is their parent.

    Each page process has an ``express`` worker of its own, which notes on the slip what it does.
    """
    parent = os.getpid()
    line = listen(folder / frames.LINE, LOOK_FOR_PARENT_SECONDS)

    def worker(lane: Lane) -> Callable[[], None]:
        listener = listen(folder / lane, LOOK_FOR_PARENT_SECONDS)
        return lambda: work(listener, dataset, limits, parent, lane, calling=dataset.filled)

    crews = [
        Crew("line", 1, lambda: usher(line, limits, parent)),
        Crew("quick", limits.quick_workers, worker("quick")),
        Crew("slow", limits.workers, worker("slow")),
    ]
    for row, (direct, slip) in enumerate(express):
        own = listen(folder / frames.express(row), LOOK_FOR_PARENT_SECONDS)
        borrow = partial(Borrowed, dataset, limits, direct, slip)
        crews.append(Crew("express", 1, partial(work, own, dataset, limits, parent, "quick", borrow=borrow)))
    if limits.services:
        caller = listen(folder / frames.CALLING, LOOK_FOR_PARENT_SECONDS)
        crews.append(Crew("calling", 1, lambda: work(caller, dataset, limits, parent, "slow", calling=True)))
    return crews
