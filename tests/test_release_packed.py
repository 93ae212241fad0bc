"""Compressed files: the same bytes for the same content, the content of the plain file, only where it is large."""

import gzip
import os
from pathlib import Path

import pytest
import zstandard

from publisher.release.kept import Kept
from publisher.release.manifest import File, describe
from publisher.release.packed import pack
from publisher.release.packings import LARGE, is_packed
from publisher.release.reader import Release

UNPACK = {".gz": gzip.decompress, ".zst": lambda body: zstandard.decompress(body)}


def _file(folder: Path, name: str, size: int, media: str) -> File:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(b"abcdefgh\n" * (size // 9 + 1))
    return describe(folder, name, media)


@pytest.mark.parametrize(
    ("name", "size", "media", "packed"),
    [
        ("dumps/12071.nq", LARGE, "application/n-quads", True),
        ("dumps/12071.ttl", LARGE // 2, "text/turtle", False),
        ("dumps/kreisgraph.jsonld", 10, "application/ld+json", True),
        ("tabellen/zitate.csv", LARGE, "text/csv", True),
        ("tabellen/kreisgraph-tabellen.zip", LARGE, "application/zip", False),
        ("tabellen/x.xlsx", LARGE, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", False),
    ],
)
def test_what_is_large_and_text_lies_there_compressed(
    tmp_path: Path, name: str, size: int, media: str, packed: bool
) -> None:
    file = _file(tmp_path / "a", name, size, media)
    found = pack(tmp_path / "a", [file], Kept(tmp_path / "cache"))
    assert [one.path for one in found] == ([f"{name}.zst", f"{name}.gz"] if packed else [])
    assert not pack(tmp_path / "a", found, Kept(tmp_path / "cache")), "nothing is compressed twice"
    for one in found:
        body = (tmp_path / "a" / one.path).read_bytes()
        assert UNPACK[Path(one.path).suffix](body) == (tmp_path / "a" / name).read_bytes()
        assert one.bytes == len(body) < file.bytes or size < LARGE


def test_neither_time_nor_name_is_part_of_it(tmp_path: Path) -> None:
    first = _file(tmp_path / "a", "dumps/kreisgraph.nt", 5000, "application/n-triples")
    second = _file(tmp_path / "b", "dumps/kreisgraph.ttl", 5000, "text/turtle")
    os.utime(tmp_path / "b" / second.path, (1, 1))
    found = [
        {one.media: one.sha256 for one in pack(tmp_path / place, [file], Kept(tmp_path / place / "cache"))}
        for place, file in (("a", first), ("b", second))
    ]
    assert found[0] == found[1]
    assert (tmp_path / "a/dumps/kreisgraph.nt.gz").read_bytes()[3:8] == b"\0\0\0\0\0", "no flags, no time"


def test_a_compressed_file_of_the_release_holds_the_plain_one(release: Release) -> None:
    listed = {file.path for file in release.manifest.files}
    # Some files are there compressed alone, such as patches.
    packed = [
        file for file in release.manifest.files if is_packed(file.path) and file.path.rpartition(".")[0] in listed
    ]
    assert len(packed) >= 2 * 6
    for file in packed:
        plain = release.folder / file.path.rpartition(".")[0]
        assert UNPACK[Path(file.path).suffix]((release.folder / file.path).read_bytes()) == plain.read_bytes()
