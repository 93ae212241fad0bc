"""Answers a second of each of the ten queries at 8 and at 64 clients.

Where there is no answer, ``below`` is the rate that even a server with an answer for every client a moment later would
not have reached: what is said of ratios to it stays true.
"""

import http.client
import time
from dataclasses import asdict

from benchmarks.figures.asked import LEFT_OUT, Case
from benchmarks.figures.queries import accepted
from benchmarks.load import load
from benchmarks.material import typical
from benchmarks.results import Found
from benchmarks.servers import QUERY_SECONDS, fetch
from publisher.graph.queries import Query

CLIENTS = (8, 64)


def measure(case: Case) -> Found:
    """Every query at every number of clients, unless one answer takes longer than the measurement."""
    rows: list[Found] = []
    for query in typical():
        if case.over:
            rows.append({"query": query.name, "failed": LEFT_OUT})
            continue
        alone = _alone(case, query)
        if alone > case.seconds:
            failed = f"one client waits {_seconds(alone)}"
            rows.append({"query": query.name, "failed": failed, "below": CLIENTS[0] / alone})
        else:
            rows += [under(case, query, clients) for clients in CLIENTS]
        case.say(f"  {rows[-1]}")
        if not case.server.alive:
            rows.append({"query": query.name, "failed": "the server died"})
            break
        if not case.server.calm():
            rows.append({"query": query.name, "failed": "the server did not come to rest"})
            break
    return {"rows": rows}


def under(case: Case, query: Query, clients: int) -> Found:
    """One query at ``clients`` connections."""
    target = case.server.target(query.with_values({}))
    spent = case.server.processor_seconds
    try:
        found = asdict(load(case.server.port, [target], accepted(query), clients, case.seconds, QUERY_SECONDS))
    except OSError as error:
        return {"query": query.name, "clients": clients, "failed": str(error)}
    good = found["rate"] * case.seconds
    if not good:
        failed = f"no answer in {case.seconds:g} s"
        row = {"query": query.name, "clients": clients, "failed": failed, "below": clients / case.seconds}
        return row | {name: found[name] for name in ("refused", "broken")}
    found["processor"] = (case.server.processor_seconds - spent) / good
    return {"query": query.name} | found


def _alone(case: Case, query: Query) -> float:
    """Seconds that one client waits, after another that warms up."""
    connection, target = case.server.connect(), case.server.target(query.with_values({}))
    taken = QUERY_SECONDS
    for _ in range(2):
        start = time.perf_counter()
        try:
            fetch(connection, target, accepted(query))
        except (OSError, http.client.HTTPException):
            return QUERY_SECONDS
        taken = time.perf_counter() - start
        if taken > case.seconds:
            break
    return taken


def _seconds(taken: float) -> str:
    return f"{taken:.1f} s" if taken < QUERY_SECONDS else f"more than {QUERY_SECONDS:.0f} s"
