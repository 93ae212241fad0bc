"""One county changed: from the saved file to the served page, while visitors go on reading.

A note is reworded, `kreisgraph build` makes the next release, the running site is told to take it (SIGHUP), and a page
that shows the note is asked for until it shows the new words. Built is into a folder of its own, which stays: the first
build there is one from nothing and takes its time.
"""

import http.client
import os
import shutil
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from benchmarks.material import Material, environment
from benchmarks.results import Found
from benchmarks.servers import Failed, Server, kinds, running
from publisher.core.terms import CANONICAL_BASE, ID, NS

ROUNDS = 3
MOST_SECONDS = 300.0
OURS = "kreisgraph"
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
    kind = next(one for one in kinds() if one.name == OURS)
    with running(kind, folder, folder / "releases") as server:
        try:
            rounds = [_round(server, note, settings, f"{note.words} ({number})") for number in range(ROUNDS)]
        finally:
            note.reword(note.words)
    middle = {name: statistics.median(one[name] for one in rounds) for name in ("seconds", "built", "served")}
    whole = {name: sum(one[name] for one in rounds) for name in ("requests", "failed", "mixed")}
    return {OURS: {"title": "Kreisgraph", "rounds": ROUNDS} | middle | whole}


def _round(server: Server, note: Note, settings: dict[str, str], words: str) -> dict[str, float]:
    with _visited(server) as visitor:
        start = time.monotonic()
        note.reword(words)
        try:
            _build(settings)
            built = time.monotonic()
            os.kill(server.process.pid, signal.SIGHUP)
            _wait(server, note.page, words)
            end = time.monotonic()
        finally:
            Note(note.file, words, note.page).reword(note.words)
        time.sleep(1)
    mixed = len(visitor.releases) - len(set(visitor.releases))
    counts = {"requests": visitor.requests, "failed": visitor.failed, "mixed": mixed}
    return {"seconds": end - start, "built": built - start, "served": end - built} | counts


def _wait(server: Server, page: str, words: str) -> None:
    deadline = time.monotonic() + MOST_SECONDS
    while time.monotonic() < deadline:
        connection = server.connect()
        connection.request("GET", page)
        if words in connection.getresponse().read().decode():
            return
        connection.close()
        time.sleep(0.02)
    raise Failed(f"{page} was not served anew after {MOST_SECONDS:.0f} s")


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
