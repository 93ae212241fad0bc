"""docs/benchmarks.md from the files of results: tables of medians and ratios, and what was to be reached."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from benchmarks import goals, trend
from benchmarks.material import typical
from benchmarks.measured import Measured
from benchmarks.results import Found
from benchmarks.servers import kinds
from benchmarks.written import number, ratio

TEMPLATE = "benchmarks.md.txt"
OURS, EMBEDDED = "kreisgraph", "pyoxigraph"


@dataclass(frozen=True)
class Table:
    """A table of the report: what stands above the columns, and the rows."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]


def text(held: list[dict[str, Any]]) -> str:
    """The report of the files ``held``; raises ValueError when there are none."""
    if not held:
        raise ValueError("nothing was measured yet: python -m benchmarks.compare all")
    measured = Measured(held)
    folder = Path(__file__).parent
    environment = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )
    return environment.get_template(TEMPLATE).render(
        machine=", ".join(sorted({one["machine"] for one in held})),
        dates=measured.dates,
        sizes=[(size, f"{measured.triples(size):,}") for size in measured.sizes],
        servers=_servers(measured),
        questions=[(query.name, query.title["en"], query.text["en"]) for query in typical()],
        goals=goals.table(measured),
        largest=goals.size_of(measured),
        loading=_each(measured, "loading", _loading),
        queries=_each(measured, "queries", _queries),
        throughput=_each(measured, "throughput", _throughput),
        attacked=_each(measured, "attacked", _attacked),
        pages=_each(measured, "pages", _pages),
        validation=_validation(measured),
        changed=_changed(measured),
        trend=Table(*trend.table(measured)),
        beyond=trend.BEYOND,
        differences=_differences(measured),
    )


def _each(measured: Measured, figure: str, table: Any) -> list[tuple[int, Table]]:
    """The table of each size for which the figure was measured."""
    return [(size, table(measured, size)) for size in measured.sizes if measured.servers(figure, size)]


def _servers(measured: Measured) -> Table:
    found = {
        (kind.title, said["version"], said["setup"])
        for kind in kinds()
        for said in measured.named(kind.name)
        if "version" in said
    }
    found |= {(said["title"], said["version"], said["setup"]) for said in measured.named(EMBEDDED)}
    return Table(("server", "version", "how it is set"), sorted(found))


def _loading(measured: Measured, size: int) -> Table:
    servers = measured.servers("loading", size)
    ours, after = servers.get(OURS, {}).get("seconds"), measured.servers("memory", size)
    rows = []
    for name, said in servers.items():
        if "failed" in said:
            rows.append((measured.title(name), said["failed"], "", "", "", ""))
            continue
        later = after.get(name, {}).get("memory")
        cells = (number(said["seconds"]), ratio(said["seconds"], ours), number(said["processor"]))
        rows.append((measured.title(name), *cells, f"{said['memory']:.0f}", f"{later:.0f}" if later else ""))
    for said in measured.servers("embedded", size).values():
        cells = (number(said["loading"]), ratio(said["loading"], ours), number(said["processor"]))
        rows.append((said["title"], *cells, f"{said['memory'] - said['before']:.0f}", ""))
    head = (
        "server",
        "s until it answers",
        "ours = 1",
        "processor s",
        "memory then, MB",
        "memory after all queries and a rest, MB",
    )
    return Table(head, rows)


def _queries(measured: Measured, size: int) -> Table:
    servers = {**measured.servers("queries", size), **measured.servers("embedded", size)}
    ours = measured.rows("queries", size, OURS)
    head = ["median ms (p99)", "rows", *(measured.title(name) for name in servers)]
    rows = []
    for query in typical():
        mine = ours.get((query.name,), {})
        cells = [
            _cell(measured.row(said, query.name), "p50", mine.get("p50") if name != OURS else None)
            for name, said in servers.items()
        ]
        rows.append((query.name, str(mine.get("rows", "")), *cells))
    return Table(head, rows)


def _throughput(measured: Measured, size: int) -> Table:
    servers = measured.servers("throughput", size)
    head = ["good answers/s (p99 ms)", "clients", *(measured.title(name) for name in servers)]
    rows = []
    for query in typical():
        for clients in (8, 64):
            mine = measured.row(servers.get(OURS, {}), query.name, clients).get("rate")
            cells = [
                _cell(measured.row(said, query.name, clients), "rate", mine if name != OURS else None)
                for name, said in servers.items()
            ]
            rows.append((query.name, str(clients), *cells))
    return Table(head, rows)


def _attacked(measured: Measured, size: int) -> Table:
    servers = measured.servers("attacked", size)
    quiet = measured.servers("throughput", size)
    rows = []
    for query in typical():
        cells = []
        for name, said in servers.items():
            calm = measured.row(quiet.get(name, {}), query.name, 8)
            cells.append(f"{_cell(calm, 'rate')} → {_cell(measured.row(said, query.name, 8), 'rate')}")
        rows.append((query.name, *cells))
    rows.append(("what became of it", *(_fate(said) for said in servers.values())))
    return Table(["answers/s in peace → attacked (p99 ms)", *(measured.title(name) for name in servers)], rows)


def _fate(said: Found) -> str:
    if "failed" in said:
        return str(said["failed"])
    most = f"at most {said['most']:.0f} MB"
    killers = said["killers"]
    honest = (
        "some killers never heard from it"
        if killers.get("hung")
        else f"{killers.get('dishonest', 0)} answers cut or false"
    )
    return f"{most}; {honest}; answers afterwards: {'yes' if said['answers'] else 'no'}"


def _pages(measured: Measured, size: int) -> Table:
    rows = []
    attacked = measured.servers("attacked", size).get(OURS, {})
    peace = {row["page"]: row for row in attacked.get("peace", ())}
    war = {row["page"]: row for row in attacked.get("pages", ())}
    for name, said in measured.servers("pages", size).items():
        for row in said.get("rows", ()):
            alone, together = row["alone"], row["load"]
            per_core = 1 / together["processor"] if together["processor"] else 0
            cells = [number(alone["p50"]), number(alone["p99"]), number(alone["processor"])]
            cells += [number(together["rate"]), number(together["p99"]), number(per_core)]
            beside = (peace.get(row["page"], {}), war.get(row["page"], {})) if name == OURS else ({}, {})
            cells.append(" → ".join(_time(one) for one in beside) if any(beside) else "")
            rows.append((f"{row['page']}, {'rendered' if name == OURS else 'from the shelf'}", *cells))
    head = ("page", "median ms", "p99", "processor ms", "8 clients: pages/s", "p99 ms", "pages per s and core")
    return Table((*head, "p99 ms in peace → attacked"), rows)


def _time(row: Found) -> str:
    return number(row["p99"]) if "p99" in row else str(row.get("failed", ""))


def _validation(measured: Measured) -> Table:
    rows = []
    for size in measured.sizes:
        servers = measured.servers("validation", size)
        built = measured.servers("build", size).get(OURS, {})
        bare = measured.servers("embedded", size).get(EMBEDDED, {}).get("bare", {})
        build = built.get("failed") or (number(built["seconds"]) if "seconds" in built else "")
        start = measured.servers("loading", size).get(OURS, {}).get("seconds")
        times = ratio(built["seconds"] + start, bare["seconds"]) if "seconds" in built and bare and start else ""
        mine, peer = servers.get(OURS), servers.get("pyshacl")
        if mine or build:
            whole = mine["whole"] if mine else {}
            cells = (number(whole[name]) if whole else "" for name in ("seconds", "processor"))
            rows.append((str(size), *cells, *_beside_pyshacl(mine, peer), build, times))
    head = ("counties", "all validated, s", "processor s", "beside pySHACL: counties", "ours, processor s")
    return Table((*head, "pySHACL", "ratio", "same findings", "whole build, s", "build and start; bare load = 1"), rows)


def _beside_pyshacl(mine: Found | None, peer: Found | None) -> tuple[str, ...]:
    """Counties, processor seconds of both, their ratio, whether the findings agree; empty where not both were run."""
    if not (mine and peer):
        return ("",) * 5
    ours, theirs = mine["few"]["processor"], peer["few"]["processor"]
    agree = f"yes, {mine['results']}" if mine["same"] else "no"
    return str(mine["counties"]), number(ours), number(theirs), ratio(theirs, ours), agree


def _changed(measured: Measured) -> Table:
    rows = []
    for size in measured.sizes:
        said = measured.servers("changed", size).get(OURS) or {}
        for built, found in (("by a process that stays", said), ("by a new process", said.get("single"))):
            if found:
                times = (number(found[name]) for name in ("seconds", "built", "served"))
                counts = (str(found[name]) for name in ("requests", "failed", "mixed"))
                rows.append((str(size), built, *times, *counts))
    head = ("counties", "built", "saved file to served page, s", "until the release is in force", "and the reload")
    return Table((*head, "requests meanwhile", "failed", "back to the old release"), rows)


def _differences(measured: Measured) -> Table:
    return Table(("counties", "query", "server", "rows, ours", "rows, theirs", "why"), list(_differing(measured)))


def _differing(measured: Measured) -> Iterator[tuple[str, ...]]:
    for size in measured.sizes:
        servers = {**measured.servers("queries", size), **measured.servers("embedded", size)}
        ours = servers.get(OURS, {})
        for query in typical():
            mine = measured.row(ours, query.name)
            for name, said in servers.items():
                theirs = measured.row(said, query.name)
                if "sum" in mine and "sum" in theirs and mine["sum"] != theirs["sum"]:
                    why = said.get("differs", {}).get(query.name, "")
                    yield str(size), query.name, measured.title(name), str(mine["rows"]), str(theirs["rows"]), why


def _cell(row: Found, key: str, beside: float | None = None) -> str:
    """A number with its p99, and how it stands to ours; or what happened instead."""
    if not row:
        return "–"
    if "failed" in row:
        refused = f", {row['refused']} refused" if row.get("refused") else ""
        return f"{row['failed']}{refused}"
    p99 = f" ({number(row['p99'])})" if "p99" in row else ""
    notes = [f"{row[name]} {name}" for name in ("refused", "broken") if row.get(name)]
    return (
        number(row[key]) + p99 + (f", {ratio(row[key], beside)}" if beside else "") + "".join(f", {n}" for n in notes)
    )
