"""The ten queries, one client on one kept connection: median and 99th percentile, and whether the answers agree."""

import http.client
import json
import statistics
import time
from dataclasses import asdict

from benchmarks import answers
from benchmarks.answers import Answer
from benchmarks.figures.asked import LEFT_OUT, Case
from benchmarks.material import typical
from benchmarks.results import Found
from benchmarks.servers import GRAPH, QUERY_SECONDS, RESULTS, Failed, fetch
from publisher.graph.queries import Query

LEAST, MOST = 5, 200
"""Runs of a query after the first, which warms up."""


def accepted(query: Query) -> str:
    """The format that is asked for."""
    return GRAPH if "CONSTRUCT" in query.sparql else RESULTS


def measure(case: Case) -> Found:
    """Every query in turn; one that fails or takes too long is named with what happened."""
    rows: list[Found] = []
    for query in typical():
        if case.over:
            rows.append({"query": query.name, "failed": LEFT_OUT})
            continue
        try:
            rows.append(_timed(case, query))
        except Failed as failure:
            rows.append({"query": query.name, "failed": str(failure)})
            if not case.server.alive or not case.server.calm():
                break
        case.say(f"  {rows[-1]}")
    return {"rows": rows}


def read(query: Query, raw: bytes) -> Answer:
    """The answer to ``query``; raises Failed when it is none."""
    try:
        return answers.graph(raw) if accepted(query) == GRAPH else answers.table(raw)
    except (ValueError, KeyError, SyntaxError) as error:
        raise Failed(f"no answer that can be read: {type(error).__name__}") from None


def _timed(case: Case, query: Query) -> Found:
    connection, target = case.server.connect(), case.server.target(query.with_values({}))
    first, raw = _once(connection, target, query)
    answer = read(query, raw)
    taken: list[float] = []
    end = time.monotonic() + case.seconds * 2
    while len(taken) < MOST and (time.monotonic() < end or len(taken) < (LEAST if first < case.seconds else 1)):
        taken.append(_once(connection, target, query)[0])
    p99 = statistics.quantiles(taken, n=100, method="inclusive")[98] if len(taken) > 1 else taken[0]
    return {
        "query": query.name,
        "p50": statistics.median(taken) * 1000,
        "p99": p99 * 1000,
        "runs": len(taken),
        "bytes": len(raw),
        **asdict(answer),
    }


def _reason(raw: bytes) -> str:
    """What a refusal says in short: the kind of problem (RFC 9457), else its first words."""
    try:
        return str(json.loads(raw)["type"]).rpartition("#")[2]
    except (ValueError, KeyError, TypeError):
        return raw[:80].decode(errors="replace").replace("|", " ").replace("\n", " ")


def _once(connection: http.client.HTTPConnection, target: str, query: Query) -> tuple[float, bytes]:
    start = time.perf_counter()
    try:
        status, raw = fetch(connection, target, accepted(query))
    except TimeoutError:
        connection.close()
        raise Failed(f"more than {QUERY_SECONDS:.0f} s") from None
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        raise Failed(f"connection broken: {type(error).__name__}") from None
    if status != http.client.OK:
        raise Failed(f"{status}: {_reason(raw)}")
    return time.perf_counter() - start, raw
