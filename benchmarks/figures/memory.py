"""What a server holds: memory of all its processes, and how long it took to have its data."""

import time

from benchmarks.figures.asked import Case
from benchmarks.results import Found

REST_SECONDS = 12.0
"""How long nobody asks before the memory is looked at."""


def loading(case: Case) -> Found:
    """From the data to the first answer, and the memory then."""
    server = case.server
    return {"seconds": server.loading, "processor": server.processor, "memory": server.memory}


def memory(case: Case) -> Found:
    """Memory after all that was asked before, and some seconds of rest."""
    time.sleep(REST_SECONDS)
    return {"memory": case.server.memory}
