"""What was to be reached, beside what was measured with as many counties as there are districts."""

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.material import typical
from benchmarks.measured import Measured
from benchmarks.written import number, ratio

COUNTIES = 400
OURS, KEEPING, EMBEDDED = "kreisgraph", "kreisgraph-keeping", "pyoxigraph"
CLIENTS = 8
SMALL_TIMES = {"rdflib-endpoint": 20.0, "oxigraph-memory": 1.0, "oxigraph-disk": 1.0}
ANALYTICAL_TIMES = {EMBEDDED: 1.2, "virtuoso": 1.0}
ENTITIES_PER_CORE, ENTITY_MS, COMPARE_MS = 3000.0, 5.0, 100.0
ATTACKED_TIMES, MEMORY_TIMES = 3.0, 1.5
VALIDATION_SECONDS, VALIDATION_TIMES = 60.0, 20.0
CHANGED_SECONDS = 5.0


@dataclass(frozen=True)
class Goal:
    """One line: what was asked for, what came out, and whether it is enough (None: could not be measured)."""

    what: str
    asked: str
    found: str
    reached: bool | None


def size_of(measured: Measured) -> int:
    """The number of counties that the goals are for, or the largest up to it that was measured."""
    return max((size for size in measured.sizes if size <= COUNTIES), default=measured.sizes[-1])


def table(measured: Measured) -> list[Goal]:
    """All goals."""
    size = size_of(measured)
    groups = (_small, _analytical, _pages, _attacked, _memory, _validation, _changed)
    return [goal for group in groups for goal in group(measured, size)]


def _small(measured: Measured, size: int) -> Iterator[Goal]:
    servers = measured.servers("throughput", size)
    names = [query.name for query in typical() if query.group == "small"]
    for peer, times in SMALL_TIMES.items():
        for ours, how in ((OURS, "nothing kept"), (KEEPING, "answers kept")):
            rates, said, below = [], [], False
            for name in names:
                mine = measured.row(servers.get(ours, {}), name, CLIENTS).get("rate")
                theirs = measured.row(servers.get(peer, {}), name, CLIENTS)
                beside = theirs.get("rate") or theirs.get("below")
                if mine and beside:
                    rates.append((name, mine / beside))
                    below = below or ("rate" in theirs and mine / beside < times)
                    said.append(f"{name} {'' if 'rate' in theirs else 'more than '}{number(mine / beside)}×")
            found = ", ".join(said) or "not measured"
            whole = len(rates) == len(names)
            what = f"small queries, {how}: throughput beside {measured.title(peer)}"
            reached = False if below else (all(value >= times for _, value in rates) if whole else None)
            yield Goal(what, f"≥ {times:g}×" if ours == OURS else "", found, reached if ours == OURS else None)


def _analytical(measured: Measured, size: int) -> Iterator[Goal]:
    names = [query.name for query in typical() if query.group == "analytical"]
    mine = measured.servers("queries", size).get(OURS, {})
    for peer, times in ANALYTICAL_TIMES.items():
        said = measured.servers("embedded" if peer == EMBEDDED else "queries", size).get(peer, {})
        pairs = {name: (measured.row(mine, name).get("p50"), measured.row(said, name).get("p50")) for name in names}
        both = {name: (a, b) for name, (a, b) in pairs.items() if a and b}
        ours, theirs = (sum(pair[place] for pair in both.values()) for place in (0, 1))
        left = ", ".join(name for name in names if name not in both)
        found = f"{number(ours)} ms beside {number(theirs)} ms: {ratio(ours, theirs)}" if both else "not measured"
        found += f" (without {left})" if left and both else ""
        what = f"sum of the analytical queries, beside {measured.title(peer)}"
        yield Goal(what, f"≤ {times:g}×", found, ours <= times * theirs if both else None)


def _pages(measured: Measured, size: int) -> Iterator[Goal]:
    servers = measured.servers("pages", size)
    rows = {name: {row["page"]: row for row in said.get("rows", ())} for name, said in servers.items()}
    kept, made = rows.get(KEEPING, {}).get("entity"), rows.get(OURS, {})
    per_core = 1 / kept["load"]["processor"] if kept and kept["load"]["processor"] else None
    found = f"{number(per_core)} (processor time of all processes)" if per_core else "not measured"
    reached = per_core >= ENTITIES_PER_CORE if per_core else None
    yield Goal("entity pages from the shelf, per second and core", f"≥ {ENTITIES_PER_CORE:,.0f}", found, reached)
    for page, limit in (("entity", ENTITY_MS), ("compare", COMPARE_MS)):
        row = made.get(page)
        said = (
            f"{number(row['alone']['p50'])} ms, {number(row['alone']['processor'])} ms of a core"
            if row
            else "not measured"
        )
        yield Goal(
            f"{page} pages rendered, median", f"< {limit:g} ms", said, row["alone"]["p50"] < limit if row else None
        )


def _attacked(measured: Measured, size: int) -> Iterator[Goal]:
    said = measured.servers("attacked", size).get(OURS, {})
    peace = {row["page"]: row.get("p99") for row in said.get("peace", ())}
    war = {row["page"]: row.get("p99") for row in said.get("pages", ())}
    times = {page: war[page] / peace[page] for page in war if war[page] and peace.get(page)}
    found = ", ".join(f"{page} {number(value)}×" for page, value in times.items()) or "not measured"
    reached = max(times.values()) <= ATTACKED_TIMES and len(times) == len(peace) if times else None
    yield Goal("pages' p99 while killers run, beside peace", f"≤ {ATTACKED_TIMES:g}×", found, reached)


def _memory(measured: Measured, size: int) -> Iterator[Goal]:
    ours = measured.servers("memory", size).get(OURS, {}).get("memory")
    store = measured.servers("embedded", size).get(EMBEDDED)
    one = store["memory"] - store["before"] if store else None
    found = f"{ours:.0f} MB beside {one:.0f} MB: {ratio(ours, one)}" if ours and one else "not measured"
    reached = ours <= MEMORY_TIMES * one if ours and one else None
    yield Goal(
        "memory (PSS) of all processes, beside one Oxigraph memory store", f"≤ {MEMORY_TIMES:g}×", found, reached
    )


def _validation(measured: Measured, size: int) -> Iterator[Goal]:
    servers = measured.servers("validation", size)
    mine, peer = servers.get(OURS), servers.get("pyshacl")
    if not mine or not peer:
        yield Goal("validation of all counties", f"< {VALIDATION_SECONDS:g} s", "not measured", None)
        return
    seconds = mine["whole"]["seconds"]
    yield Goal(
        "validation of all counties",
        f"< {VALIDATION_SECONDS:g} s",
        f"{number(seconds)} s",
        seconds < VALIDATION_SECONDS,
    )
    times = peer["few"]["processor"] / mine["few"]["processor"]
    found = f"{number(times)}×, findings {'identical' if mine['same'] else 'not identical'}"
    reached = times >= VALIDATION_TIMES and mine["same"]
    yield Goal(f"validation beside pySHACL, {mine['counties']} counties", f"≥ {VALIDATION_TIMES:g}×", found, reached)


def _changed(measured: Measured, size: int) -> Iterator[Goal]:
    said = measured.servers("changed", size).get(OURS)
    found, reached = "not measured", None
    if said:
        whole = f"{number(said['seconds'])} s, {said['failed']} of {said['requests']} requests failed"
        found, reached = whole, said["seconds"] < CHANGED_SECONDS and not said["failed"] and not said["mixed"]
    yield Goal("one county changed, from the saved file to the served page", f"< {CHANGED_SECONDS:g} s", found, reached)
