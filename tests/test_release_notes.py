"""What builds note for later ones: found again, but never torn, changed or forgotten while it is of use."""

import os
import random
from array import array
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from publisher.core.terms import CANONICAL_BASE, COUNTY, DCT, GRAPH
from publisher.graph.formats import N_QUADS
from publisher.release import notes as module
from publisher.release.dumps import WHOLE_FORMATS, Writer
from publisher.release.forms import WRITTEN
from publisher.release.kept import Gone, Kept, key
from publisher.release.notes import Notes
from publisher.release.objects import Objects, hashes_parsed, hashes_raw

CONTEXT = {"title": DCT + "title"}
A, B, C = (key(name) for name in (b"a", b"b", b"c"))


def _notes(path: Path) -> Notes:
    first = Notes(path)
    first.put(A, b"eins\n\x00")
    first.put(B, b"zwei")
    first.put(A, b"drei")
    assert first.get(A) == b"drei", "the process that noted it finds it at once"
    return Notes(path)


def test_the_last_note_of_a_key_counts(tmp_path: Path) -> None:
    notes = _notes(tmp_path / "notes")
    assert (notes.get(A), notes.get(B), notes.get(C)) == (b"drei", b"zwei", None)
    assert notes.has(B) and not notes.has(C)


SPOILINGS: dict[str, tuple[Callable[[bytes], bytes], bytes | None, bytes | None]] = {
    "torn": (lambda raw: raw[:-3], None, b"zwei"),
    "body-changed": (lambda raw: raw.replace(b"zwei", b"zwo!"), b"drei", None),
    "head-changed": (lambda raw: raw.replace(b"note " + B.encode(), b"note " + B.upper().encode()), b"drei", None),
    "rubbish-before": (lambda raw: b"rubbish" + raw, b"drei", b"zwei"),
    "length-changed": (lambda raw: raw.replace(b" 4\nzwei", b" 9999\nzwei"), b"drei", None),
    "empty": (lambda raw: b"", None, None),
}


@pytest.mark.parametrize("name", SPOILINGS)
def test_what_was_changed_is_not_found_and_what_follows_is(name: str, tmp_path: Path) -> None:
    spoil, first, second = SPOILINGS[name]
    _notes(tmp_path / "notes")
    (tmp_path / "notes").write_bytes(spoil((tmp_path / "notes").read_bytes()))
    spoilt = Notes(tmp_path / "notes")
    assert (spoilt.get(A), spoilt.get(B)) == (first, second)
    spoilt.put(C, b"neu")
    assert Notes(tmp_path / "notes").get(C) == b"neu"


def test_nowhere_to_note_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file where the folder should be", encoding="utf-8")
    notes = Notes(tmp_path / "file/notes")
    notes.put(A, b"eins")
    assert notes.get(A) is None
    notes.tidy()


def test_processes_write_beside_each_other(tmp_path: Path) -> None:
    """Each record whole, whatever the others write meanwhile."""
    notes = Notes(tmp_path / "notes")
    assert notes.get(A) is None
    names = [[key(bytes([process, number])) for number in range(50)] for process in range(3)]
    children = []
    for held in names:
        if not (child := os.fork()):
            for name in held:
                notes.put(name, name.encode() * 500)
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    found = Notes(tmp_path / "notes")
    assert all(found.get(name) == name.encode() * 500 for held in names for name in held)


def test_what_was_not_used_goes_when_it_is_the_most(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "notes"
    for number in range(20):
        Notes(path).put(key(bytes([number])), b"x" * 100)
    used = Notes(path)
    assert used.get(key(bytes([3]))) and used.has(key(bytes([4])))
    used.put(A, b"neu")
    used.tidy()
    assert Notes(path).has(key(bytes([9]))), "so little may always lie there"
    monkeypatch.setattr(module, "LEAST", 1000)
    used = Notes(path)
    assert used.get(key(bytes([3]))) and used.has(key(bytes([4])))
    used.put(B, b"neu")
    used.tidy()
    left = Notes(path)
    assert [n for n in range(20) if left.get(key(bytes([n])))] == [3, 4]
    assert (left.get(A), left.get(B)) == (None, b"neu")
    assert path.stat().st_size < 1000


def test_objects_reckoned_on_are_those_counted_anew() -> None:
    chance = random.Random(8)
    names = ("p", "q", "r")

    def share() -> dict[str, bytes]:
        found = {name: sorted(chance.sample(range(60), chance.randrange(0, 30))) for name in names}
        return {name: array("Q", held).tobytes() for name, held in found.items() if held}

    shares = [share() for _ in range(6)]
    held = Objects().changed([], shares)
    for _ in range(40):
        gone, come = chance.sample(shares, chance.randrange(0, 3)), [share() for _ in range(chance.randrange(0, 3))]
        shares = [one for one in shares if not any(one is other for other in gone)] + come
        held = Objects.parsed(held.changed(gone, come).raw())
        assert held == Objects().changed([], shares)
        for name in names:
            numbers = {one for some in shares for one in array("Q", some.get(name, b""))}
            assert held.distinct(name) == len(numbers)
            assert held.distinct(name, {3, 70}) == len(numbers | {3, 70})
    assert hashes_parsed(hashes_raw(shares[0])) == shares[0]


def _quads(graph: str, ags: str, title: str) -> list[Quad]:
    one = NamedNode(f"{COUNTY}{ags}/zelle")
    return [Quad(one, NamedNode(DCT + name), Literal(title), NamedNode(graph)) for name in ("title", "description")]


def test_a_part_is_cut_out_of_the_last_release(tmp_path: Path) -> None:
    graph, titles = GRAPH + "comparison", {"01001": "eins", "01002": "zwei", "01003": "drei"}
    first = Writer.of(tmp_path / "a", CANONICAL_BASE, CONTEXT, Kept(tmp_path / "cache"))
    contents = {(graph, ags): first.parts.write(graph, ags, _quads(graph, ags, title)) for ags, title in titles.items()}
    files = first.joined(graph, contents)
    assert len(files) == len(WHOLE_FORMATS)
    last = {file.sha256: (tmp_path / "a" / file.path, file.bytes) for file in files}
    for path in (tmp_path / "cache/files").glob("*/*"):
        path.unlink()
    second = Writer.of(tmp_path / "b", CANONICAL_BASE, CONTEXT, Kept(tmp_path / "cache", last))
    for (_, ags), content in contents.items():
        assert second.parts.take(graph, ags, content)
        assert not (tmp_path / f"b/.parts/comparison/{ags}.nq").exists(), "it is cut out when it is asked for"
        for fmt in WRITTEN:
            made = second.parts.file(fmt, graph, ags, content)
            assert made.read_bytes() == (tmp_path / "a" / made.relative_to(tmp_path / "b")).read_bytes()
    assert second.joined(graph, contents) == files
    assert all((tmp_path / "b" / file.path).stat().st_nlink == 2 for file in files), "nothing of it changed"
    assert not second.parts.take(graph, "01001", first.parts.write(graph, "x", _quads(graph, "01001", "anders")))


def test_a_part_that_is_not_what_it_was_is_gone(tmp_path: Path) -> None:
    graph = GRAPH + "comparison"
    first = Writer.of(tmp_path / "a", CANONICAL_BASE, CONTEXT, Kept(tmp_path / "cache"))
    contents = {(graph, ags): first.parts.write(graph, ags, _quads(graph, ags, "x")) for ags in ("01001", "01002")}
    files = first.joined(graph, contents)
    lies = tmp_path / "a/dumps/comparison.nq"
    lies.write_bytes(lies.read_bytes().replace(b'"x"', b'"y"', 1))
    for path in (tmp_path / "cache/files").glob("*/*"):
        path.unlink()
    last = {file.sha256: (tmp_path / "a" / file.path, file.bytes) for file in files}
    second = Writer.of(tmp_path / "b", CANONICAL_BASE, CONTEXT, Kept(tmp_path / "cache", last))
    assert second.parts.take(graph, "01001", contents[graph, "01001"])
    with pytest.raises(Gone):
        second.parts.file(N_QUADS, graph, "01001", contents[graph, "01001"])
    assert second.parts.file(N_QUADS, graph, "01002", contents[graph, "01002"]).read_bytes()
