"""Files put together from parts: copied from the last release where it has them, made anew where it is damaged."""

from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pytest

from publisher.release.joined import beginning
from publisher.release.kept import Kept, Written
from publisher.release.stitched import Part, pieces, stitch

PATH = "tabellen/x.csv"
OLD, NEW = [b"head\n", b"one\n", b"two\n", b"three\n"], [b"head\n", b"one\n", b"2\n", b"three\n"]


@dataclass
class Build:
    """A build that notes which parts it was asked for."""

    folder: Path
    kept: Kept
    asked: list[bytes] = field(default_factory=list)

    def stitch(self, bodies: list[bytes]) -> Written:
        """Writes the file, which holds ``bodies``."""
        (self.folder / "tabellen").mkdir(parents=True)
        return stitch(self.folder, PATH, [self._part(body) for body in bodies], self.kept)

    def _part(self, body: bytes) -> Part:
        def read() -> bytes:
            self.asked.append(body)
            return body

        return Part(sha256(body).hexdigest(), len(body), read)


def _builds(tmp_path: Path) -> tuple[Build, Build]:
    """A build, which has written its file, and the one after it."""
    first = Build(tmp_path / "old", Kept(tmp_path / "cache"))
    written = first.stitch(OLD)
    last = {written.sha256: (first.folder / PATH, written.bytes)}
    return first, Build(tmp_path / "new", Kept(tmp_path / "cache", last))


@pytest.mark.parametrize(
    ("bodies", "asked"),
    [
        (OLD, []),
        (NEW, [b"2\n"]),
        (OLD[:2], []),
        ([*OLD, b"four\n"], [b"four\n"]),
        ([OLD[0], *reversed(OLD[1:])], []),
        ([b"other\n", *OLD[1:]], [b"other\n"]),
        ([OLD[0], b"", OLD[1]], []),
    ],
)
def test_only_what_is_new_is_asked_for(tmp_path: Path, bodies: list[bytes], asked: list[bytes]) -> None:
    first, second = _builds(tmp_path)
    assert first.asked == OLD
    written = second.stitch(bodies)
    made = (second.folder / PATH).read_bytes()
    assert (made, [body for body in second.asked if body]) == (b"".join(bodies), asked)
    assert (written.bytes, written.sha256) == (len(made), sha256(made).hexdigest())
    same = (second.folder / PATH).samefile(first.folder / PATH)
    assert same == (bodies == OLD), "the file of the last release where nothing changed"


@pytest.mark.parametrize("damaged", [b"head\nXne\ntwo\nthree\n", b"head\n", b""])
def test_a_damaged_part_of_the_last_release_is_made_anew(tmp_path: Path, damaged: bytes) -> None:
    first, second = _builds(tmp_path)
    (first.folder / PATH).write_bytes(damaged)
    second.stitch(NEW)
    assert (second.folder / PATH).read_bytes() == b"".join(NEW)
    assert b"one\n" in second.asked and b"2\n" in second.asked


@pytest.mark.parametrize("lost", ["file", "notes"])
def test_what_is_lost_is_made_anew(tmp_path: Path, lost: str) -> None:
    first, second = _builds(tmp_path)
    if lost == "file":
        (first.folder / PATH).unlink()
    else:
        second.kept = Kept(tmp_path / "empty", {sha256(b"".join(OLD)).hexdigest(): (first.folder / PATH, 19)})
    second.stitch(NEW)
    assert (second.folder / PATH).read_bytes() == b"".join(NEW)
    assert second.asked == NEW


def test_a_packed_file_reads_the_parts_from_the_plain_one(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"".join(OLD))
    assert [one.make() for one in pieces(tmp_path / "x", [Part.of(body) for body in OLD])] == OLD


@pytest.mark.parametrize("subject", ["https://a.example/1", "https://a.example/2", "https://a.example/3"])
def test_lines_of_a_thing_are_looked_up(tmp_path: Path, subject: str) -> None:
    names = (f"https://a.example/{number}" for number in (1, 11, 2, 22))
    lines = sorted(f'<{name}> <p:{word}> "{word}" <g:g> .\n'.encode() for name in names for word in ("a", "b", "bb"))
    (tmp_path / "x.nq").write_bytes(b"".join(lines))
    (tmp_path / "empty.nq").write_bytes(b"")
    start = f"<{subject}> <p:b> ".encode()
    wanted = [line for line in lines if line.startswith(start)]
    assert beginning(tmp_path / "x.nq", start) == b"".join(wanted)
    assert len(wanted) == (subject[-1] != "3")
    assert beginning(tmp_path / "empty.nq", start) == b""
