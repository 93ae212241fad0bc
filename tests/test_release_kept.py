"""What earlier builds wrote is taken again, but never what was changed since, and never without end."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from publisher.core.terms import CANONICAL_BASE, DCT, GRAPH
from publisher.release import kept as module
from publisher.release.dumps import write_dumps
from publisher.release.kept import Kept, key

CONTEXT = {"title": DCT + "title"}


def _quads(*titles: str) -> list[Quad]:
    graphs = (NamedNode(f"{GRAPH}{number:05}") for number in range(len(titles)))
    return [
        Quad(graph, NamedNode(DCT + "title"), Literal(title), graph)
        for graph, title in zip(graphs, titles, strict=True)
    ]


def _dumps(folder: Path, cache: Path, quads: list[Quad], base: str = CANONICAL_BASE) -> dict[str, bytes]:
    """The dumps of ``quads`` in ``folder``, each compared with what is said of it."""
    found = {}
    for file in write_dumps(folder, quads, base, CONTEXT, Kept(cache)):
        body = (folder / file.path).read_bytes()
        assert (file.bytes, file.sha256) == (len(body), hashlib.sha256(body).hexdigest()), file.path
        found[file.path] = body
    return found


def _append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"x")


def _swap(path: Path) -> None:
    other = next(one for one in sorted(path.parent.parent.glob("*/*")) if one != path)
    path.write_bytes(other.read_bytes())


SPOILINGS: dict[str, Callable[[Path], object]] = {
    "longer": _append,
    "shorter": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "empty": lambda path: path.write_bytes(b""),
    "other-bytes": lambda path: path.write_bytes(bytes(reversed(path.read_bytes()))),
    "the-file-of-another": _swap,
    "gone": lambda path: path.unlink(),
    "a-folder": lambda path: (path.unlink(), path.mkdir()),
}


@pytest.mark.parametrize("name", SPOILINGS)
def test_a_changed_file_is_made_again(name: str, tmp_path: Path) -> None:
    first = _dumps(tmp_path / "first", tmp_path / "cache", _quads("eins", "zwei"))
    kept = sorted((tmp_path / "cache/files").glob("*/*"))
    for path in kept:
        SPOILINGS[name](path)
    assert len(kept) == 2 * 3, "Turtle, RDF/XML and JSON-LD of two graphs"
    assert _dumps(tmp_path / "second", tmp_path / "cache", _quads("eins", "zwei")) == first


def test_only_what_changed_is_made_again(tmp_path: Path) -> None:
    made: list[str] = []

    def make(name: str) -> Callable[[], bytes]:
        return lambda: (made.append(name), name.encode())[1]

    kept = Kept(tmp_path / "cache")
    for name in ("eins", "zwei", "eins"):
        kept.write(tmp_path / name, key(name.encode()), make(name))
    assert made == ["eins", "zwei"]
    assert (tmp_path / "eins").read_bytes() == b"eins"


def test_a_release_shares_no_file_with_the_cache(tmp_path: Path) -> None:
    for name in ("first", "second"):
        _dumps(tmp_path / name, tmp_path / "cache", _quads("eins"))
    assert {path.stat().st_nlink for path in tmp_path.rglob("*") if path.is_file()} == {1}


def test_base_and_context_are_part_of_what_a_file_follows_from(tmp_path: Path) -> None:
    quads = [
        Quad(one.subject, NamedNode(CANONICAL_BASE + "ns#x"), one.object, one.graph_name) for one in _quads("eins")
    ]
    first = _dumps(tmp_path / "first", tmp_path / "cache", quads)
    other = _dumps(tmp_path / "other", tmp_path / "cache", quads, "https://x.example/")
    assert b"@prefix ic:" in first["dumps/00000.ttl"]
    assert b"@prefix ic:" not in other["dumps/00000.ttl"]


def test_nowhere_to_keep_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be", encoding="utf-8")
    assert _dumps(tmp_path / "first", tmp_path / "cache", _quads("eins"))["dumps/kreisgraph.nt"].count(b"\n") == 1


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LEAST", 1000)
    for number in range(20):
        old = Kept(tmp_path / "cache")
        old.write(tmp_path / "file", key(bytes([number])), lambda: b"x" * 100)
        newest = next((tmp_path / "cache/files").glob(f"*/{key(bytes([number]))}-*"))
        os.utime(newest, (number, number))
    first = key(bytes([0]))
    used = Kept(tmp_path / "cache")
    used.write(tmp_path / "file", first, lambda: b"")
    used.tidy()
    left = {path.name.partition("-")[0] for path in (tmp_path / "cache/files").glob("*/*")}
    assert left == {first, *(key(bytes([number])) for number in range(11, 20))}
