"""A process that stays builds what single builds do, byte for byte, whatever is saved; it notices, goes on, ends."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import watchfiles
from pyoxigraph import Quad
from releases_input import CHANGES, GOES, STAYS, put, reword, small, take

from publisher.core.errors import SavedMeanwhile
from publisher.core.hashed import Hash
from publisher.core.memory import Memory
from publisher.core.settings import Settings, load
from publisher.graph import files
from publisher.graph.files import Files
from publisher.graph.saved import Saved
from publisher.graph.sources import Sources, read_graph
from publisher.release import counties, dumps, packings
from publisher.release.build import build
from publisher.release.tables import files as tables

PATIENCE_SECONDS = 60.0


def _edited(path: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(root: Path) -> None:
        file = root / path
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {path}"
        file.write_text(text.replace(old, new), encoding="utf-8")

    return edit


def _elements(root: Path) -> Path:
    return next((root / "data/counties").glob(f"{CHANGES}-*")) / "elements.ttl"


def _break(root: Path) -> None:
    with _elements(root).open("a", encoding="utf-8") as file:
        file.write("half a stat")


def _mend(root: Path) -> None:
    file = _elements(root)
    file.write_text(file.read_text(encoding="utf-8").removesuffix("half a stat"), encoding="utf-8")


def _correct_and_take(root: Path) -> None:
    _mend(root)
    take(root, GOES)
    _edited("sparql/tables/kreise.rq", "#+ title:", "#+ title: Alle")(root)


def _shape_and_put(root: Path) -> None:
    _edited("shapes/evidence.ttl", "sh:message", "sh:name 'x' ; sh:message")(root)
    put(root, GOES)


CHANGES_IN_TURN: dict[str, Callable[[Path], None]] = {
    "a text": lambda root: reword(root, "2026-12-01"),
    "a mistake": _break,
    "its correction, a county that goes, another question": _correct_and_take,
    "a county that comes, another shape": _shape_and_put,
}
COMPARED = ("a mistake", "a county that comes, another shape")


def _files(folder: Path) -> dict[str, str]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def _settings(folder: Path, name: str, jobs: int) -> Settings:
    return load(releases=folder / name, cache=folder / f"cache-{name}", input=folder / "input", jobs=jobs)


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    """Two counties."""
    made = small(tmp_path / "input")
    take(made.root, STAYS)
    return made


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few counties count as many; files are known by what the file system says of them, however young."""
    monkeypatch.setattr(dumps, "MOST_BYTES", 1)
    monkeypatch.setattr(tables, "MOST_BYTES", 1)
    monkeypatch.setattr(packings, "LARGE", 40_000)
    monkeypatch.setattr(files, "_REST", 0)


@pytest.mark.usefixtures("many")
def test_builds_of_a_process_that_stays_are_those_of_single_ones(sources: Sources, tmp_path: Path) -> None:
    stays, single = (_settings(tmp_path, name, jobs) for name, jobs in (("a", 2), ("b", 1)))
    memory, held = Memory(), list[int]()
    build(sources, stays, memory=memory)
    for name, change in CHANGES_IN_TURN.items():
        memory.turn()
        held.append(memory.count)
        shutil.rmtree(single.releases, ignore_errors=True)
        shutil.copytree(stays.releases, single.releases, symlinks=True)
        change(sources.root)
        watched, manifest, _ = build(sources, stays, memory=memory)
        assert [county.state for county in manifest.counties].count("kept") == (name == "a mistake")
        if name in COMPARED:
            # With the cache that the comparison before left; at first from nothing.
            alone, _, _ = build(sources, single)
            assert (watched.name, _files(watched)) == (alone.name, _files(alone)), name
    memory.turn()
    assert memory.count <= 1.1 * held[1], "what is known does not grow"
    _not_what_was_checked(sources, stays, memory)


def _not_what_was_checked(sources: Sources, settings: Settings, memory: Memory) -> None:
    """What is saved after its check is not published."""
    before = (settings.releases / "current").resolve()
    _edited(str(_elements(sources.root).relative_to(sources.root)), "@de", "@de ")(sources.root)

    def late(paths: list[Path], graph: str) -> list[Quad]:
        found = read_graph(paths, graph)
        _break(sources.root)
        return found

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(counties, "read_graph", late)
        with pytest.raises(SavedMeanwhile):
            build(sources, settings, memory=memory)
    assert (settings.releases / "current").resolve() == before
    assert not list(settings.releases.glob(".building-*"))


def test_a_file_is_known_only_while_the_kernel_says_the_same_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, known = tmp_path / "a.ttl", Files()
    file.write_bytes(b"one")
    one = Hash(hashlib.sha256(b"one").digest())
    assert known.hash(file) == one and known.memory.count == 0, "it was saved just now"
    monkeypatch.setattr(files, "_REST", 0)
    assert known.hash(file) == one and known.memory.count == 1
    about = file.stat()
    time.sleep(0.02)
    file.write_bytes(b"two")
    os.utime(file, ns=(about.st_atime_ns, about.st_mtime_ns))
    assert known.hash(file) == hashlib.sha256(b"two").digest(), "same size, same time of change"


def test_changes_are_noticed_once_they_are_over(tmp_path: Path) -> None:
    folder = tmp_path / "data/counties/12345-x"
    folder.mkdir(parents=True)
    saved, idle = Saved(tmp_path), list[int]()
    saved.settle()

    def save() -> None:
        for number in range(1, 6):
            (folder / ".graph.ttl.swp").write_text("x" * number)
            (folder / "graph.ttl").write_text("x" * number)
            time.sleep(0.03)

    saving = threading.Timer(0.2, save)
    saving.start()
    start = time.monotonic()
    saved.wait(lambda: idle.append(1))
    assert (folder / "graph.ttl").read_text() == "xxxxx", "not while it was being saved"
    assert not idle and time.monotonic() - start < 1.8, "the system told of it"
    saving.join()
    assert not saved.look()


def test_what_the_system_does_not_tell_is_seen_a_little_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").mkdir()
    saved, idle = Saved(tmp_path), list[int]()
    saved.settle()

    def silent(*_: object, **__: object) -> Iterator[set[object]]:
        yield set()
        (tmp_path / "data" / "graph.ttl").write_text("x")
        yield set()

    monkeypatch.setattr(watchfiles, "watch", silent)
    saved.wait(lambda: idle.append(1))
    assert len(idle) == 2 and not saved.look()


@contextmanager
def _watching(settings: Settings, log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    names = {name: str(getattr(settings, name)) for name in ("releases", "cache", "input")}
    own = {f"KREISGRAPH_{name.upper()}": value for name, value in names.items()} | {"PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "publisher", "build", "--watch"]
    with log.open("wb") as out, subprocess.Popen(command, env=os.environ | own, stdout=out, stderr=out) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                process.kill()


def _until(true: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
        time.sleep(0.05)


def test_the_command_builds_after_each_change_until_it_is_told_to_end(sources: Sources, tmp_path: Path) -> None:
    settings, log = _settings(tmp_path, "a", 2), tmp_path / "log"
    take(sources.root, GOES)

    def waits(times: int) -> bool:
        return log.read_text(encoding="utf-8").count("Wartet auf Änderungen") == times

    with _watching(settings, log) as process:
        _until(lambda: waits(1), log)
        _break(sources.root)
        _until(lambda: waits(2), log)
        assert "1 Fehler in den neuen Daten; es bleibt der Stand aus" in log.read_text(encoding="utf-8")
        _mend(sources.root)
        reword(sources.root, "2026-12-01")
        _until(lambda: os.readlink(settings.releases / "current").startswith("2026-12-01") and waits(3), log)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_SECONDS) == 0
    assert "Traceback" not in log.read_text(encoding="utf-8")
    assert not list(settings.releases.glob(".building-*"))
