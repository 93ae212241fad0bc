"""One county changed: from the saved file to the served page, while visitors go on reading.

A note is reworded, the next release is built, the running site sees it (KREISGRAPH_WATCH_SECONDS), and a page that
shows the note is asked for until it shows the new words. Once a process that stays builds (`kreisgraph build --watch`),
once a new one for each change. Built is into a folder of its own, which stays: the first build there is one from
nothing and takes its time.
"""

import http.client
import os
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from benchmarks.material import Material, environment
from benchmarks.results import Found
from benchmarks.servers import Failed, Server, kinds, running
from publisher.core.terms import CANONICAL_BASE, ID, NS
from publisher.release.reader import CURRENT

ROUNDS = 3
LOOKS = "0.2"
"""Seconds between two looks of the site for a new release."""
MOST_SECONDS = 300.0
OURS, SHIPPED = "kreisgraph", "kreisgraph-keeping"
"""What the figure is called after, and how the site is set: as shipped, it keeps the pages that it made."""
_RELEASE = "X-Kreisgraph-Release"
_BESIDE = ("/", "/vergleich", "/felder", "/kreise")


@dataclass(frozen=True)
class Note:
    """A note in a file of a county, and the page that shows it."""

    file: Path
    words: str
    page: str

    def reword(self, words: str) -> None:
        """Saves the file with ``words`` in place of the note's own, the way editors do: another file of that name."""
        text = self.file.read_text(encoding="utf-8").replace(self.words, words)
        new = self.file.with_suffix(".new")
        new.write_text(text, encoding="utf-8")
        new.replace(self.file)


@dataclass
class Visitor:
    """Somebody who reads all the time: what he saw."""

    requests: int = 0
    failed: int = 0
    releases: list[str] = field(default_factory=list)
    """The releases in the order in which they were seen, each as often as it began."""

    def see(self, status: int, release: str) -> None:
        """Notes one answer."""
        self.requests += 1
        self.failed += status != http.client.OK
        if not self.releases or self.releases[-1] != release:
            self.releases.append(release)


def measure(material: Material, seconds: float) -> dict[str, Found]:
    """Medians of some rounds; ``seconds`` mean nothing here. Raises Failed."""
    folder = material.input.parent / "changed"
    settings = {name: str(folder / name) for name in ("input", "releases", "cache")}
    if not (folder / "input").exists():
        shutil.copytree(material.input, folder / "input", copy_function=os.link)
    _build(settings)
    note = _note(folder / "input")
    ours = next(one for one in kinds() if one.name == SHIPPED)
    kind = replace(ours, environment={**ours.environment, "KREISGRAPH_WATCH_SECONDS": LOOKS})
    try:
        with running(kind, folder, folder / "releases") as server:
            change = _Change(server, note, folder / "releases" / CURRENT)
            single = _measured([change.made(f"single {number}", lambda: _build(settings)) for number in range(ROUNDS)])
            with _watching(settings, folder / "watch.log"):
                stays = _measured([change.made(f"stays {number}") for number in range(ROUNDS)])
    finally:
        note.reword(note.words)
    return {OURS: {"title": "Kreisgraph", "rounds": ROUNDS, **stays, "single": single}}


def _measured(rounds: Sequence[Mapping[str, float]]) -> Found:
    """Medians of the times of some rounds, and sums of what was counted."""
    middle = {name: statistics.median(one[name] for one in rounds) for name in ("seconds", "built", "served")}
    return middle | {name: sum(one[name] for one in rounds) for name in ("requests", "failed", "mixed")}


@dataclass(frozen=True)
class _Change:
    """Changes a note and waits for its page."""

    server: Server
    note: Note
    link: Path
    """Leads to the release in force."""

    def made(self, name: str, build: Callable[[], None] | None = None) -> dict[str, float]:
        """One round, with ``name`` behind the words of the note; ``build`` where no process builds by itself."""
        words = f"{self.note.words} ({name})"
        with _visited(self.server) as visitor:
            before, start = os.readlink(self.link), time.monotonic()
            self.note.reword(words)
            if build:
                build()
            _until(lambda: os.readlink(self.link) != before, "there is no new release")
            built = time.monotonic()
            _until(lambda: self._shown(words), "the new release is not served")
            end = time.monotonic()
            time.sleep(1)
        Note(self.note.file, words, self.note.page).reword(self.note.words)
        if not build:
            _until(lambda: not self._shown(words), "the release after that is not served")
        mixed = len(visitor.releases) - len(set(visitor.releases))
        counts = {"requests": visitor.requests, "failed": visitor.failed, "mixed": mixed}
        return {"seconds": end - start, "built": built - start, "served": end - built} | counts

    def _shown(self, words: str) -> bool:
        connection = self.server.connect()
        connection.request("GET", self.note.page)
        found = words in connection.getresponse().read().decode()
        connection.close()
        return found


def _until(true: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + MOST_SECONDS
    while not true():
        if time.monotonic() > deadline:
            raise Failed(f"{otherwise} after {MOST_SECONDS:.0f} s")
        time.sleep(0.02)


@contextmanager
def _watching(settings: dict[str, str], log: Path) -> Iterator[None]:
    """A process that builds whatever is saved; it has built, and waits."""
    command = [sys.executable, "-m", "publisher", "build", "--watch", "--lang", "en"]
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=environment(**settings), stdout=out, stderr=out)
    try:
        _until(lambda: b"Waiting for changes" in log.read_bytes(), "the process that builds does not wait")
        yield
    finally:
        process.terminate()
        process.wait()


@contextmanager
def _visited(server: Server) -> Iterator[Visitor]:
    visitor, over = Visitor(), threading.Event()

    def read() -> None:
        connection = server.connect()
        while not over.is_set():
            try:
                connection.request("GET", _BESIDE[visitor.requests % len(_BESIDE)])
                answer = connection.getresponse()
                answer.read()
                visitor.see(answer.status, answer.headers.get(_RELEASE, ""))
            except (OSError, http.client.HTTPException):
                visitor.requests, visitor.failed = visitor.requests + 1, visitor.failed + 1
                connection.close()
            time.sleep(0.01)

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    try:
        yield visitor
    finally:
        over.set()
        thread.join()


def _note(folder: Path) -> Note:
    """A note of the last county that stands there only once; raises Failed."""
    for file in sorted(folder.glob("data/counties/*/*.ttl"), reverse=True):
        text = file.read_text(encoding="utf-8")
        for quad in parse(text, format=RdfFormat.TURTLE, base_iri=CANONICAL_BASE):
            value = quad.object
            if quad.predicate == NamedNode(NS + "note") and isinstance(value, Literal) and text.count(value.value) == 1:
                assert isinstance(quad.subject, NamedNode)
                return Note(file, value.value, f"/doc/{quad.subject.value.removeprefix(ID)}.html")
    raise Failed("no note to change")


def _build(settings: dict[str, str]) -> None:
    command = [sys.executable, "-m", "publisher", "build"]
    done = subprocess.run(command, env=environment(**settings), capture_output=True, text=True)
    if done.returncode:
        raise Failed((done.stderr or done.stdout).strip()[-300:])
