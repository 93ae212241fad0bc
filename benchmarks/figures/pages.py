"""Pages of our site: one client after the other, and eight at once; from the shelf or rendered, as the server is set.

The processor time is that of all processes of the server: a rate per core follows from it on a busy machine, too.
"""

import http.client
import json
import statistics
import time
from collections.abc import Iterator
from dataclasses import asdict
from random import Random

from benchmarks.figures.asked import Case
from benchmarks.load import load
from benchmarks.material import asked
from benchmarks.results import Found
from benchmarks.servers import QUERY_SECONDS, RESULTS, Failed, Server, fetch
from publisher.core.terms import CANONICAL_BASE

CLIENTS = 8
CODING = "gzip"
"""As browsers ask for: what is kept is kept for each coding."""
WARM_UP, STILL_RISING = 10, 1.2
"""Most rounds before it counts, and how much faster than the one before a round must be for another."""
NUMBER = 40
"""Addresses of each kind."""
_WORDS = ("Sprache", "Wohnen", "Ehrenamt", "Schule", "Arbeitsmarkt", "Frauen", "Gesundheit", "Sport")


def measure(case: Case) -> Found:
    """Every kind of page; nothing for a server without pages."""
    if not case.server.kind.pages:
        return {"rows": []}
    rows = [_row(case, kind, paths) for kind, paths in kinds(case)]
    for row in rows:
        case.say(f"  {row}")
    return {"rows": rows}


def kinds(case: Case) -> Iterator[tuple[str, list[str]]]:
    """Kinds of pages, each with up to NUMBER addresses, drawn by a seed."""
    random, keys = Random("kreisgraph"), case.material.keys
    things = _things(case.server)
    yield "entity", [_page(iri) for iri in random.sample(things, min(NUMBER, len(things)))]
    yield "county", [f"/doc/kreis/{key}.html" for key in random.sample(keys, min(NUMBER, len(keys)))]
    several = [random.sample(keys, min(len(keys), 5)) for _ in range(NUMBER)]
    yield "compare", [f"/vergleich?kreis={','.join(some)}" for some in several]
    fields = (f"F{number % 16 + 1:02}" for number in range(NUMBER))
    yield (
        "side by side",
        [f"/gegenueber?kreis={','.join(some[:3])}&feld={f}" for some, f in zip(several, fields, strict=True)],
    )
    pairs = zip(_WORDS * -(-NUMBER // len(_WORDS)), several, strict=False)
    yield (
        "search",
        [f"/suche?q={word}&kreis={some[0]}" for word, some in pairs] + [f"/suche?q={word}" for word in _WORDS],
    )


def one_by_one(server: Server, paths: list[str], seconds: float, patience: float = QUERY_SECONDS) -> list[float]:
    """Milliseconds of each visit, in turn, each address once and then for ``seconds``; raises Failed."""
    connection = server.connect(patience)
    taken: list[float] = []
    end = time.monotonic() + seconds
    while len(taken) < len(paths) or time.monotonic() < end:
        start = time.perf_counter()
        path = paths[len(taken) % len(paths)]
        try:
            status, raw = fetch(connection, path, "text/html", CODING)
        except (OSError, http.client.HTTPException) as error:
            raise Failed(f"{path}: {type(error).__name__}") from None
        if status != http.client.OK:
            raise Failed(f"{path}: {status} {raw[:100]!r}")
        taken.append((time.perf_counter() - start) * 1000)
    return taken


def spread(taken: list[float]) -> Found:
    """Median and 99th percentile."""
    return {"p50": statistics.median(taken), "p99": statistics.quantiles(taken, n=100, method="inclusive")[98]}


def _row(case: Case, kind: str, paths: list[str]) -> Found:
    server = case.server
    _warm(case, paths)
    server.calm()
    spent = server.processor_seconds
    taken = one_by_one(server, paths, case.seconds)
    alone = (server.processor_seconds - spent) / len(taken)
    spent = server.processor_seconds
    found = load(server.port, paths, "text/html", CLIENTS, case.seconds, QUERY_SECONDS, CODING)
    together = (server.processor_seconds - spent) / max(1.0, found.rate * case.seconds)
    alone_row = spread(taken) | {"processor": alone * 1000}
    return {"page": kind, "addresses": len(paths), "alone": alone_row, "load": asdict(found) | {"processor": together}}


def _warm(case: Case, paths: list[str]) -> None:
    """What each process makes once, such as a template, it makes here; where answers are kept, each gets them all."""
    before = 0.0
    for _ in range(WARM_UP):
        found = load(case.server.port, paths, "text/html", CLIENTS, case.seconds, QUERY_SECONDS, CODING)
        if found.rate < before * STILL_RISING:
            return
        before = found.rate


def _things(server: Server) -> list[str]:
    status, raw = fetch(server.connect(), server.target(asked("measures")), RESULTS)
    if status != http.client.OK:
        raise Failed(f"measures: {status}")
    return [row["thing"]["value"] for row in json.loads(raw)["results"]["bindings"]]


def _page(iri: str) -> str:
    return f"/doc/{iri.removeprefix(CANONICAL_BASE + 'id/')}.html"
