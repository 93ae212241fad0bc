"""Benchmarks: the ten queries are standard and ask what they say, answers are compared fairly, the report says what was
found."""

import http.server
import json
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode, QueryResultsFormat, QuerySolutions, QueryTriples, RdfFormat
from rdflib.plugins.sparql import prepareQuery

from benchmarks import answers, goals, processes, report, results, trend
from benchmarks.answers import Answer
from benchmarks.compare import ALONE, OF_SERVERS
from benchmarks.figures import pages, queries
from benchmarks.figures.asked import Case
from benchmarks.load import load
from benchmarks.material import Material, asked, typical
from benchmarks.measured import Measured
from benchmarks.servers import Failed, Kind, kinds, running
from publisher.core.terms import COUNTY, FIELD, GRAPH, SKOS
from publisher.graph.queries import Query
from publisher.release.reader import Release

QUERIES = {query.name: query for query in typical()}


def _answer(release: Release, text: str) -> Answer:
    found = release.dataset.store.query(text, use_default_graph_as_union=True)
    if isinstance(found, QueryTriples):
        return answers.graph(found.serialize(format=RdfFormat.N_TRIPLES) or b"")
    assert isinstance(found, QuerySolutions)
    return answers.table(found.serialize(format=QueryResultsFormat.JSON) or b"")


def test_there_are_ten_typical_queries() -> None:
    assert len(QUERIES) == 10
    assert {query.group for query in QUERIES.values()} == {"small", "analytical"}


@pytest.mark.parametrize("query", typical(), ids=lambda query: query.name)
def test_query_is_standard_and_gives_rows(query: Query, release: Release) -> None:
    prepareQuery(query.sparql)
    assert _answer(release, query.with_values({})).rows > 0


def test_queries_give_what_they_say(release: Release) -> None:
    store, county = release.dataset.store, NamedNode(COUNTY + "12071")
    graph = list(store.quads_for_pattern(None, None, None, NamedNode(GRAPH + "12071")))
    out = {(quad.predicate, quad.object) for quad in store.quads_for_pattern(county, None, None)}
    into = {(quad.subject, quad.predicate) for quad in store.quads_for_pattern(None, None, county)}
    below, found = set[Any]([NamedNode(FIELD + "F03")]), set[Any]()
    while below:
        found |= below
        below = {q.subject for f in below for q in store.quads_for_pattern(None, NamedNode(SKOS + "broader"), f)}
    rows = {name: _answer(release, query.with_values({})).rows for name, query in QUERIES.items()}
    assert rows["county"] == len(graph)
    assert rows["entity"] == len(out) + len(into)
    assert rows["path"] == len(found)
    count = store.query(QUERIES["count"].sparql)
    assert isinstance(count, QuerySolutions)
    assert next(count)[0].value == str(len(store))


@pytest.mark.parametrize("name", ["measures", "alive"])
def test_other_queries_are_answered(name: str, release: Release) -> None:
    assert release.dataset.store.query(asked(name), use_default_graph_as_union=True)


def _table(*rows: dict[str, dict[str, str]]) -> bytes:
    return json.dumps({"results": {"bindings": rows}}).encode()


def _cell(value: str, **more: str) -> dict[str, dict[str, str]]:
    return {"x": {"type": "literal", "value": value} | more}


def test_same_answers_are_recognised() -> None:
    integer = "http://www.w3.org/2001/XMLSchema#integer"
    one = _table(_cell("a | b"), _cell("7", datatype=integer), {"x": {"type": "bnode", "value": "b1"}})
    other = _table({"x": {"type": "bnode", "value": "n9"}}, _cell("7.0", datatype=integer), _cell("b | a"))
    assert answers.table(one) == answers.table(other)


@pytest.mark.parametrize(
    "other", [_table(_cell("b")), _table(_cell("a"), _cell("a")), _table(_cell("a", **{"xml:lang": "de"}))]
)
def test_other_answers_are_told_apart(other: bytes) -> None:
    assert answers.table(_table(_cell("a"))).sum != answers.table(other).sum


def _times(p50: float, sum_: str = "s") -> dict[str, Any]:
    return {"rows": [{"query": name, "p50": p50, "p99": p50 * 2, "rows": 3, "sum": sum_} for name in QUERIES]}


def _rates(rate: float) -> dict[str, Any]:
    counted = [(name, clients) for name in QUERIES for clients in (8, 64)]
    return {"rows": [{"query": name, "clients": clients, "rate": rate, "p99": 2} for name, clients in counted]}


def _held(folder: Path, figure: str, counties: int = 5, **servers: dict[str, Any]) -> None:
    named = {
        name.replace("_", "-"): {"title": name, "version": "1", "setup": "plain"} | said
        for name, said in servers.items()
    }
    results.keep(folder, figure, counties, 200 * counties, named)


def test_report_tells_what_was_found(tmp_path: Path) -> None:
    _held(tmp_path, "queries", kreisgraph=_times(2), virtuoso=_times(8, "t"))
    _held(tmp_path, "throughput", kreisgraph=_rates(300), oxigraph_memory={"failed": "ended while loading"})
    _held(tmp_path, "throughput", rdflib_endpoint=_rates(10))
    text = report.text(results.read(tmp_path))
    assert "| entity | 3 | 2.00 (4.00) | 8.00 (16.0), 4.00× |" in text
    assert "| entity | 8 | 300 (2.00) | 10.0 (2.00), 0.03× | ended while loading |" in text
    assert "| 5 | entity | virtuoso | 3 | 3 |" in text
    assert "entity 30.0×, path 30.0×, two_counties 30.0× | yes |" in text
    assert "14.0 ms beside 56.0 ms: 0.25× | yes |" in text


def test_trend_is_a_line_through_the_two_largest_sizes(tmp_path: Path) -> None:
    # A fixed part and one for each county: 3 + 0.1 n seconds, and so on.
    for counties in (5, 400, 2000):
        _held(tmp_path, "validation", counties, kreisgraph={"whole": {"seconds": 1, "processor": 3 + 0.1 * counties}})
        built = {"seconds": 1.0, "processor": 10 + counties, "largest": 100 + counties}
        _held(tmp_path, "build", counties, kreisgraph=built)
        _held(tmp_path, "loading", counties, kreisgraph={"seconds": 2, "processor": 2, "memory": 250 + 5 * counties})
    head, rows = trend.table(Measured(results.read(tmp_path)))
    assert [row[0] for row in rows] == ["5", "400", "2,000", "10,000, reckoned"]
    times = ("1,003 (100)", "10,010 (1,001)")
    assert rows[-1] == ("10,000, reckoned", "2,000,000", *times, "10,100", "2.00", "50.2 (5.03)")
    assert {len(row) for row in rows} == {len(head)}
    assert goals.size_of(Measured(results.read(tmp_path))) == 400


SLOW = {"rows": [{"query": name, "clients": 8, "failed": "no answer in 2 s", "below": 4} for name in QUERIES]}


@pytest.mark.parametrize(
    ("ours", "theirs", "reached"),
    [
        (_rates(199), _rates(10), False),
        (_rates(200), _rates(10), True),
        (_rates(80), SLOW, True),
        (_rates(79), SLOW, False),
        (_rates(200), {"failed": "not loaded after 600 s"}, None),
        ({"failed": "died"}, _rates(10), None),
    ],
)
def test_goal_is_judged_by_the_numbers(
    ours: dict[str, Any], theirs: dict[str, Any], reached: bool | None, tmp_path: Path
) -> None:
    _held(tmp_path, "throughput", kreisgraph=ours, rdflib_endpoint=theirs)
    found = goals.table(Measured(results.read(tmp_path)))
    assert next(goal.reached for goal in found if "rdflib_endpoint" in goal.what) is reached


def test_report_names_every_figure_that_can_be_measured() -> None:
    template = Path(report.__file__).with_name(report.TEMPLATE).read_text(encoding="utf-8")
    named = re.search(r"^Figures: (.*)\. The results", template, re.MULTILINE)
    assert named and set(re.findall(r"`(\w+)`", named[1])) == {*ALONE, *OF_SERVERS}
    assert {name for kind in kinds() for name in kind.figures} <= {*OF_SERVERS}


def test_measured_again_one_server_is_replaced_and_the_others_stay(tmp_path: Path) -> None:
    for number in (1, 2):
        results.keep(tmp_path, "memory", 5, 1000, {"a": {"memory": number}})
        results.keep(tmp_path, "memory", 5, 1000, {"b": {"memory": 7}} if number == 1 else {})
    servers = results.read(tmp_path)[0]["servers"]
    assert (servers["a"]["memory"], servers["b"]["memory"]) == (2, 7)


@pytest.mark.parametrize(
    ("serve", "said"), [(["false"], "ended while loading"), ([sys.executable, "-c", "raise SystemExit(3)"], r"\(3\)")]
)
def test_server_that_ends_is_reported(serve: list[str], said: str, tmp_path: Path) -> None:
    (tmp_path / "data.nq").touch()
    kind = Kind("x", "x", "/", serve, "", distribution="kreisgraph")
    with pytest.raises(Failed, match=said), running(kind, tmp_path / "data.nq", tmp_path):
        pass


def test_server_that_is_not_installed_is_reported(tmp_path: Path) -> None:
    kind = Kind("x", "x", "/", ["no-such-program"], "", program=["no-such-program"])
    with pytest.raises(Failed, match="not installed"), running(kind, tmp_path, tmp_path):
        pass


def test_memory_and_time_of_all_processes_are_counted() -> None:
    work = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'sum(range(10**7)); input()'])"
    process = subprocess.Popen([sys.executable, "-c", work], stdin=subprocess.PIPE)
    try:
        while processes.processor_seconds(process.pid) < 0.1:
            assert process.poll() is None
        assert len(processes.tree(process.pid)) == 2
        assert processes.memory(process.pid) > 1
    finally:
        process.communicate(b"\n")
    assert processes.tree(process.pid) == []


class _Half(http.server.BaseHTTPRequestHandler):
    """Answers one address and refuses the other."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answers."""
        self.send_response(200 if self.path == "/good" else 503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        """Says nothing."""


@pytest.fixture
def half() -> Iterator[int]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Half)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.mark.skipif(not shutil.which("wrk"), reason="wrk is installed for make bench only")
def test_load_counts_good_answers_and_refused_ones(half: int) -> None:
    found = load(half, ["/good", "/bad"], "text/html", 2, 1, 10)
    assert found.rate > 0 and found.p99 > 0
    assert found.refused == pytest.approx(found.rate, rel=0.5)
    assert found.broken == 0


def test_pages_are_drawn_from_the_release(monkeypatch: pytest.MonkeyPatch, release: Release, tmp_path: Path) -> None:
    keys = [county.ags for county in release.manifest.counties]
    monkeypatch.setattr(Material, "keys", keys)
    monkeypatch.setattr(pages, "_things", lambda server: [f"{COUNTY}{keys[0]}/1/massnahme-01"])
    case = Case(None, Material(5, tmp_path, tmp_path), 1)  # type: ignore[arg-type]
    found = dict(pages.kinds(case))
    assert found["entity"] == [f"/doc/kreis/{keys[0]}/1/massnahme-01.html"]
    assert sorted(found["county"]) == sorted(f"/doc/kreis/{key}.html" for key in keys)
    assert set(found) == {"entity", "county", "compare", "side by side", "search"}


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b'{"type": "/methode#QueryTimeout", "status": 503}', "QueryTimeout"),
        (b"Virtuoso 42000 Error\nSR319 | row too long", "Virtuoso 42000 Error SR319   row too long"),
        (b"[1]", "[1]"),
    ],
)
def test_refusal_is_told_in_a_cell_of_a_table(raw: bytes, reason: str) -> None:
    assert queries._reason(raw) == reason
