"""Differences of sorted files and patches: exact, reversible, refused where they do not fit."""

import gzip
import random
from io import BytesIO
from pathlib import Path

import pytest

from publisher.core.errors import BrokenPatch, PatchMisfit
from publisher.release.changes import patch
from publisher.release.changes.merge import difference, graph_of, rebased
from publisher.release.changes.things import by_thing, thing_of


def _line(number: int, text: str = "x") -> bytes:
    return f'<https://e.org/{number:04}> <https://e.org/p> "{text}" <https://e.org/g> .\n'.encode()


def _random(chance: random.Random) -> list[bytes]:
    return sorted({_line(chance.randrange(60), chance.choice("äb\\")) for _ in range(chance.randrange(60))})


@pytest.mark.parametrize("seed", range(40))
def test_a_patch_leads_there_and_back(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    old, new = _random(chance), _random(chance)
    marked = list(difference(old, new))
    removed, added = ([line for is_new, line in marked if is_new == side] for side in (False, True))
    assert set(removed) == set(old) - set(new) and set(added) == set(new) - set(old)
    body = b"".join(patch.rows(patch.Header("https://e.org/2", "https://e.org/1"), removed, added))
    file, first, second = tmp_path / "p.rdfp.gz", tmp_path / "old.nq.gz", tmp_path / "new.nq"
    file.write_bytes(gzip.compress(body))
    first.write_bytes(gzip.compress(b"".join(old)))
    second.write_bytes(b"".join(new))
    found = patch.read(file)
    assert (found.header.id, found.header.prev) == ("https://e.org/2", "https://e.org/1")
    for source, back, wanted in ((first, False, new), (second, True, old)):
        made = BytesIO()
        patch.apply(found, source, made, back)
        assert made.getvalue() == b"".join(wanted)


MISFITS = {
    "what goes is not there": (b"TX .\nD " + _line(5) + b"TC .\n", PatchMisfit),
    "what goes comes after all": (b"TX .\nD " + _line(99) + b"TC .\n", PatchMisfit),
    "what comes is there": (b"TX .\nA " + _line(1) + b"TC .\n", PatchMisfit),
    "another file before": (b'H old-sha256 "00" .\nTX .\nTC .\n', PatchMisfit),
    "another file after": (b'H new-sha256 "00" .\nTX .\nTC .\n', PatchMisfit),
    "no patch": (b"<urn:a> <urn:b> <urn:c> .\n", BrokenPatch),
    "prefixes": (b'TX .\nPA "a" "urn:a" .\nTC .\n', BrokenPatch),
    "cut off": (gzip.compress(b"TX .\nA " + _line(7) + b"TC .\n")[:-12], BrokenPatch),
}


@pytest.mark.parametrize("name", MISFITS)
def test_a_patch_that_does_not_fit_is_refused(name: str, tmp_path: Path) -> None:
    body, error = MISFITS[name]
    (tmp_path / "p.rdfp").write_bytes(body)
    (tmp_path / "old.nq").write_bytes(_line(1) + _line(3))
    with pytest.raises(error):
        patch.apply(patch.read(tmp_path / "p.rdfp"), tmp_path / "old.nq", BytesIO())


def test_the_graph_of_a_line_is_its_last_term() -> None:
    assert graph_of(b'<urn:a> <urn:b> "<urn:no> <urn:g2>" <urn:g> .\n') == "urn:g"


def test_a_new_base_alone_changes_no_line() -> None:
    lines = [b"<https://old/id/a> <urn:b> <https://old/id/b> <https://old/g> .\n"]
    assert rebased(lines, "https://old/", "https://new/") == [line.replace(b"//old", b"//new") for line in lines]


@pytest.mark.parametrize(
    ("iri", "thing"),
    [
        ("k/1/ziel-01", "k/1/ziel-01"),
        ("k/1/ziel-01-beleg-1", "k/1/ziel-01"),
        ("k/1/ziel-01-nennung-2-beleg-1", "k/1/ziel-01"),
        ("k/1/feld-01-zuordnung-12", "k/1/feld-01"),
        ("k/gremium-kreistag-ausschuss", "k/gremium-kreistag-ausschuss"),
        ("k/1/beteiligung-1", "k/1/beteiligung-1"),
    ],
)
def test_a_part_belongs_to_its_thing(iri: str, thing: str) -> None:
    assert thing_of(iri) == thing


def test_lines_are_gathered_by_thing() -> None:
    lines = [b"<k/ziel-1-beleg-1> a\n", b"<k/ziel-10> b\n", b"<k/ziel-1> c\n", b"_:x d\n"]
    assert by_thing(lines) == {"k/ziel-1": [lines[0], lines[2]], "k/ziel-10": [lines[1]]}
