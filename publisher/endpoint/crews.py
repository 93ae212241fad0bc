"""The processes behind the endpoint: the usher of the waiting line, the workers of both lanes."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from publisher.endpoint import frames
from publisher.endpoint.line import Lane
from publisher.endpoint.pool import Crew, listen
from publisher.endpoint.request import Limits
from publisher.endpoint.usher import usher
from publisher.endpoint.worker import LOOK_FOR_PARENT_SECONDS, work
from publisher.graph.store import Dataset


def query_crews(dataset: Dataset, limits: Limits, folder: Path, pages: int = 0) -> list[Crew]:
    """The crews that answer queries about ``dataset`` at sockets in ``folder``. The caller is their parent.

    Each of ``pages`` page processes has an express worker of its own.
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
    for row in range(pages):
        own = listen(folder / frames.express(row), LOOK_FOR_PARENT_SECONDS)
        crews.append(Crew("express", 1, partial(work, own, dataset, limits, parent, "quick", keeping=True)))
    if limits.services:
        caller = listen(folder / frames.CALLING, LOOK_FOR_PARENT_SECONDS)
        crews.append(Crew("calling", 1, lambda: work(caller, dataset, limits, parent, "slow", calling=True)))
    return crews
