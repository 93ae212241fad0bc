"""A new release takes the place of the old one under load, and no request is lost; the same when the server ends."""

import asyncio
import itertools
import json
import signal
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from endpoint_host import put_in_force, running, settings, start, write_release
from pyoxigraph import Literal, NamedNode, Quad

from publisher.core.settings import Settings
from publisher.core.terms import CANONICAL_BASE, GRAPH, RDFS

OLD, NEW = "2026-01-01-old", "2026-02-02-new"
LEAST = 1000
VISITORS = 100
CREW = 10
"""The line, three quick workers, two slow ones, two page processes with an express worker each."""
PATIENCE_SECONDS = 45.0
THING = CANONICAL_BASE + "id/kreis/12073"
MARK = f"SELECT ?label {{ <{THING}> <{RDFS}label> ?label }}"
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 60000"
PATHS = (
    "/uebersicht",
    "/en/uebersicht",
    "/doc/kreis/12073.nt",
    "/dumps/kreisgraph.nq",
    "/manifest.json",
    str(httpx.URL("/sparql", params={"query": MARK})),
    str(httpx.URL("/sparql", params={"query": MARK, "format": "html"})),
)
"""Pages, data, files and queries whose answers all tell the releases apart."""


def _release(releases: Path, name: str, version: str) -> None:
    label = Literal(f"words of {version}", language="de")
    more = [Quad(NamedNode(THING), NamedNode(RDFS + "label"), label, NamedNode(GRAPH + "lists"))]
    write_release(releases, name, version, more)


@pytest.fixture
def chosen(tmp_path: Path) -> Settings:
    releases = tmp_path / "releases"
    _release(releases, "new", NEW)
    _release(releases, "old", OLD)
    wide = {"query_share": 1000, "query_waiting": 1000, "query_rows": 100_000, "query_bytes": 80_000_000}
    return settings(releases, query_seconds=20.0, **wide)


class Visitors:
    """Many at once, each asking one thing after the other without a pause."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.seen: Counter[str] = Counter()
        self.faults: list[str] = []
        self.done = False

    async def visit(self, number: int) -> None:
        """Asks until told to stop; every answer must be right and of one release."""
        async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
            for path in itertools.islice(itertools.cycle(PATHS), number, None):
                if self.done:
                    return
                try:
                    response = await client.get(self.url + path)
                except httpx.HTTPError as error:
                    self.faults.append(f"{path}: {error!r}")
                    continue
                self._check(path, response)

    def _check(self, path: str, response: httpx.Response) -> None:
        release = response.headers.get("X-Kreisgraph-Release", "")
        other = {OLD: NEW, NEW: OLD}.get(release, "")
        text = response.text
        if response.status_code != 200 or release not in text or not other or other in text:
            self.faults.append(f"{path}: {response.status_code} {release} {text[:200]}")
        self.seen[release] += 1


async def _until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline, what
        await asyncio.sleep(0.05)


async def _read_slowly(url: str, going: Callable[[], bool]) -> tuple[str, int]:
    """A large answer, most of it read only when ``going`` says so: its release and its number of lines."""
    lines, params = 0, {"query": LARGE, "format": "tsv"}
    async with (
        httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client,
        client.stream("GET", f"{url}sparql", params=params, headers={"Accept-Encoding": "identity"}) as response,
    ):
        async for piece in response.aiter_raw(65536):
            lines += piece.count(b"\n")
            if not going():
                await _until(going, "the switch")
        return response.headers["X-Kreisgraph-Release"], lines


def test_no_request_is_lost_when_a_new_release_takes_over(chosen: Settings) -> None:
    async def go(process: "subprocess.Popen[str]", url: str) -> Visitors:
        visitors = Visitors(url)
        tasks = [asyncio.create_task(visitors.visit(number)) for number in range(VISITORS)]
        large = asyncio.create_task(_read_slowly(url, lambda: visitors.seen[NEW] > 0))
        await _until(lambda: visitors.seen[OLD] >= LEAST // 3, "answers of the old release")
        put_in_force(chosen.releases, "new")
        process.send_signal(signal.SIGHUP)
        await _until(lambda: visitors.seen[NEW] >= LEAST // 2 and visitors.seen.total() >= LEAST, "answers of the new")
        assert await large == (OLD, 60_001)
        visitors.done = True
        await asyncio.gather(*tasks)
        return visitors

    with running("serve", chosen.releases, chosen) as (process, line):
        assert OLD in line
        visitors = asyncio.run(go(process, line.split()[0]))
        assert visitors.faults == []
        assert visitors.seen.total() >= LEAST
        assert set(visitors.seen) == {OLD, NEW}
        _alone(process)
    assert process.returncode == 0


def _alone(process: "subprocess.Popen[str]") -> None:
    """Only one generation of processes is left, and the same process is in charge."""
    deadline = time.monotonic() + 15
    # A worker that has served enough is replaced: for a moment there is one less.
    while [len(_children(one)) for one in _children(process.pid)] != [CREW] and time.monotonic() < deadline:
        time.sleep(0.1)
    assert [len(_children(one)) for one in _children(process.pid)] == [CREW]


def _children(pid: int) -> list[int]:
    """The processes that ``pid`` has started; none once it has ended."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def test_a_damaged_release_leaves_the_old_one_in_service(chosen: Settings, tmp_path: Path) -> None:
    log = tmp_path / "log"
    fields = {"log_format": "json", "log_file": log}
    with running("serve", chosen.releases, chosen.model_copy(update=fields)) as (process, line):
        url = line.split()[0]
        with (chosen.releases / "new/dumps/kreisgraph.nq").open("ab") as file:
            file.write(b"<urn:a> <urn:b> <urn:c> .\n")
        put_in_force(chosen.releases, "new")
        process.send_signal(signal.SIGHUP)
        said = _said(log, "cannot be")
        assert OLD in said["message"]
        assert "kreisgraph.nq" in said["message"]
        assert said["event"] == "error"
        assert httpx.get(f"{url}ready").json() == {"state": "ready", "release": OLD}
        (chosen.releases / "new").rename(chosen.releases / "broken")
        _release(chosen.releases, "new", NEW)
        process.send_signal(signal.SIGHUP)
        assert OLD in _said(log, "in place of")["message"]
        assert _serves(url, NEW)


def _serves(url: str, version: str) -> bool:
    """Whether ``version`` answers; a connection may still reach the one before for a moment."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if httpx.get(f"{url}ready").json().get("release") == version:
            return True
        time.sleep(0.05)
    return False


def _said(log: Path, words: str) -> dict[str, str]:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        for line in log.read_text(encoding="utf-8").splitlines():
            if words in line:
                found: dict[str, str] = json.loads(line)
                return found
        time.sleep(0.05)
    raise AssertionError(words)


def test_systemd_is_told_how_it_goes(chosen: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "n"))
        listener.settimeout(PATIENCE_SECONDS)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "n"))
        with running("serve", chosen.releases, chosen) as (process, _):
            assert listener.recv(1000).decode() == f"READY=1\nSTATUS=release {OLD}"
            put_in_force(chosen.releases, "new")
            process.send_signal(signal.SIGHUP)
            assert listener.recv(1000).startswith(b"RELOADING=1\nMONOTONIC_USEC=")
            assert listener.recv(1000).decode() == f"READY=1\nSTATUS=release {NEW}"
        assert listener.recv(1000) == b"STOPPING=1"


def test_a_new_release_is_seen_without_being_told(chosen: Settings) -> None:
    with running("serve", chosen.releases, chosen.model_copy(update={"watch_seconds": 0.2})) as (_, line):
        url = line.split()[0]
        assert httpx.get(f"{url}ready").json()["release"] == OLD
        put_in_force(chosen.releases, "new")
        deadline = time.monotonic() + PATIENCE_SECONDS
        while httpx.get(f"{url}ready").json()["release"] == OLD and time.monotonic() < deadline:
            time.sleep(0.1)
        assert _serves(url, NEW)


def test_whoever_was_let_in_is_answered_when_the_server_ends(chosen: Settings) -> None:
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(isLiteral(?c)) }"

    async def go(process: "subprocess.Popen[str]", url: str) -> list[httpx.Response]:
        async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
            asked = [client.get(f"{url}sparql", params={"query": slow}) for _ in range(2)]
            asked += [client.get(f"{url}uebersicht") for _ in range(40)]
            tasks = [asyncio.create_task(one) for one in asked]
            await asyncio.sleep(0.5)
            process.send_signal(signal.SIGTERM)
            return await asyncio.gather(*tasks)

    with running("serve", chosen.releases, chosen) as (process, line):
        answers = asyncio.run(go(process, line.split()[0]))
        assert Counter(answer.status_code for answer in answers) == {200: 42}
        assert {answer.headers["X-Kreisgraph-Release"] for answer in answers} == {OLD}
    assert process.returncode == 0


def test_the_site_starts_again_when_its_processes_are_killed(chosen: Settings) -> None:
    with running("serve", chosen.releases, chosen) as (process, line):
        (master,) = _children(process.pid)
        before = _children(master)
        subprocess.run(["kill", "-KILL", str(master)], check=True)
        url, deadline = line.split()[0], time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            living = [one for one in _children(process.pid) if one != master]
            if len(living) == 1 and len(_children(living[0])) == CREW and httpx.get(f"{url}ready").status_code == 200:
                break
            time.sleep(0.1)
        assert httpx.get(f"{url}kreise").status_code == 200
        # The new ones may be there before the last of the old ones has noticed that its parent is gone.
        while any(_alive(pid) for pid in before) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not any(_alive(pid) for pid in before)


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_while_loading_the_site_says_so(chosen: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = start("late", chosen.releases, chosen.model_copy(update={"port": port}))
    try:
        answers = _asked_from_the_start(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.communicate(timeout=60)
    ready, health, page = answers[0]
    assert (ready.status_code, ready.json()["state"], int(ready.headers["Retry-After"]) > 0) == (503, "loading", True)
    assert (health.status_code, health.json()["state"]) == (200, "loading")
    assert page.status_code == 503
    assert '<html lang="en">' in page.text
    assert answers[-1][0].json() == {"state": "ready", "release": OLD}
    assert "no-store" in answers[-1][0].headers["Cache-Control"]
    states = [answer.status_code for ready, _, page in answers for answer in (ready, page)]
    assert states == [503] * states.count(503) + [200] * states.count(200), "once there, it is there"


def _asked_from_the_start(url: str) -> list[list[httpx.Response]]:
    """What /ready, /health and a page said until the site was ready, and a little longer."""
    answers: list[list[httpx.Response]] = []
    deadline = time.monotonic() + PATIENCE_SECONDS
    while sum(ready.status_code == 200 for ready, _, _ in answers) < 10 and time.monotonic() < deadline:
        try:
            found = [
                httpx.get(url + path, headers={"Accept": "text/html"}) for path in ("/ready", "/health", "/en/kreise")
            ]
        except httpx.ConnectError:
            time.sleep(0.01)
        else:
            answers.append(found)
    return answers
