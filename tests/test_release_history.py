"""The place of a build among the releases, and what is kept of earlier ones."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from publisher.release.history import archive, retention
from publisher.release.history.archive import REMOVED
from publisher.release.history.events import event
from publisher.release.manifest import File, Manifest

A, B = "2026-11-20-aaaaaaaaaa", "2026-11-25-bbbbbbbbbb"


def _add(releases: Path, name: str, manifest: Manifest | None = None, folder: str = "") -> Path:
    """A release as a build would leave it; the one in force."""
    place = event(releases, name, name[:10])
    made = manifest or place.of(Manifest("", name[:10], "https://e.org/", 1, [File("dumps/kreisgraph.nq", "", 1, "0")]))
    target = releases / (folder or made.version)
    for inner in ("dumps", "changes", "sources/12071"):
        (target / inner).mkdir(parents=True)
        (target / inner / "kreisgraph.nq").write_text("x", encoding="utf-8")
    (target / "manifest.json").write_text(made.json(), encoding="utf-8")
    (releases / "current").unlink(missing_ok=True)
    (releases / "current").symlink_to(target.name)
    return target


def test_the_same_content_is_no_event_and_what_comes_back_is_one(tmp_path: Path) -> None:
    _add(tmp_path, A)
    first = event(tmp_path, A, A[:10])
    assert (first.version, first.number, first.previous, first.published) == (A, 1, "", "2026-11-20T00:00:00Z")
    _add(tmp_path, B)
    third = event(tmp_path, A, A[:10])
    assert (third.version, third.number, third.previous) == (f"{A}-2", 3, B)
    assert third.published == "2026-11-25T00:00:01Z", "always later than the one before"
    _add(tmp_path, A)
    assert event(tmp_path, A, A[:10]) == third
    assert event(tmp_path, B, B[:10]).version == f"{B}-2"


def test_after_a_release_of_an_earlier_program_the_order_goes_on(tmp_path: Path) -> None:
    old = Manifest(A, A[:10], "https://e.org/", 1)
    _add(tmp_path, A, replace(old, version="2026-11-19-0000000000", date="2026-11-19"))
    _add(tmp_path, A, old, folder=f"{A}-2")
    raw = json.loads((tmp_path / f"{A}-2" / "manifest.json").read_text(encoding="utf-8"))
    for name in ("number", "previous", "published", "datasets"):
        del raw[name]
    (tmp_path / f"{A}-2" / "manifest.json").write_text(json.dumps(raw), encoding="utf-8")
    again = event(tmp_path, A, A[:10])
    assert (again.version, again.number, again.previous) == (f"{A}-2", 2, "2026-11-19-0000000000")
    other = event(tmp_path, B, B[:10])
    assert (other.version, other.number, other.previous) == (B, 3, f"{A}-2")


def test_going_back_by_hand_does_not_change_the_order(tmp_path: Path) -> None:
    _add(tmp_path, A)
    _add(tmp_path, B)
    (tmp_path / "current").unlink()
    (tmp_path / "current").symlink_to(A)
    assert [past.version for past in archive.archive(tmp_path)] == [B, A]
    assert event(tmp_path, "2026-11-26-cccccccccc", "2026-11-26").previous == B


def test_what_cannot_be_read_is_no_release(tmp_path: Path) -> None:
    _add(tmp_path, A)
    (tmp_path / ".building-x").mkdir()
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "manifest.json").write_text("{", encoding="utf-8")
    assert [past.version for past in archive.archive(tmp_path)] == [A]
    assert archive.archive(tmp_path / "nowhere") == ()


@pytest.fixture
def five(tmp_path: Path) -> Path:
    """A folder with five releases."""
    for day in range(1, 6):
        _add(tmp_path, f"2026-12-0{day}-{day:010}")
    return tmp_path


def _with_files(releases: Path) -> list[str]:
    return sorted(past.version[:10] for past in archive.archive(releases) if (past.folder / "dumps").exists())


@pytest.mark.parametrize(
    ("keep", "kept"),
    [(0, [1, 2, 3, 4, 5]), (1, [4, 5]), (2, [4, 5]), (3, [3, 4, 5]), (9, [1, 2, 3, 4, 5])],
)
def test_the_newest_keep_their_files(five: Path, keep: int, kept: list[int]) -> None:
    told: list[str] = []
    retention.retire(five, keep, told.append)
    assert _with_files(five) == [f"2026-12-0{day}" for day in kept]
    assert len(told) == 5 - len(kept)
    for past in archive.archive(five):
        assert past.removed == (past.version in told)
        assert (past.folder / "manifest.json").is_file() and (past.folder / "changes").is_dir()
    retention.retire(five, keep, told.append)
    assert len(told) == 5 - len(kept), "what is removed already is not told again"


def test_the_release_in_force_keeps_its_files_though_it_is_old(five: Path) -> None:
    (five / "current").unlink()
    (five / "current").symlink_to("2026-12-01-0000000001")
    retention.retire(five, 1)
    assert _with_files(five) == ["2026-12-01", "2026-12-04", "2026-12-05"]


def test_what_a_server_holds_is_not_taken_away(five: Path) -> None:
    with retention.hold(five / "2026-12-02-0000000002"):
        retention.retire(five, 1)
        assert _with_files(five) == ["2026-12-02", "2026-12-04", "2026-12-05"]
    retention.retire(five, 1)
    assert _with_files(five) == ["2026-12-04", "2026-12-05"]


def test_a_removal_that_was_stopped_is_finished(five: Path) -> None:
    half = five / "2026-12-04-0000000004"
    (half / REMOVED).write_text("{}", encoding="utf-8")
    (half / "dumps" / "kreisgraph.nq").unlink()
    assert next(past for past in archive.archive(five) if past.folder == half).removed
    retention.retire(five, 0)
    assert not (half / "dumps").exists() and not (half / "sources").exists()
    assert (half / "changes" / "kreisgraph.nq").is_file()
