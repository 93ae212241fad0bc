"""One county changed, one came, one went: the release says exactly that, in every form, and nothing else."""

import gzip
import hashlib
import json
import re
import shutil
from io import BytesIO
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse
from releases_input import CHANGES, COMES, GOES, NEW, OLD, STAYS
from releases_story import DATE, Story

from publisher.cli.main import main
from publisher.core.terms import OA
from publisher.release.changes import patch, told
from publisher.release.history.archive import REMOVED, archive
from publisher.release.manifest import DatasetState
from publisher.release.reader import read_manifest

pytest_plugins = ["releases_fixtures"]


def _states(folder: Path) -> dict[str, DatasetState]:
    return {state.name: state for state in read_manifest(folder).datasets}


def test_only_what_changed_has_another_date_version_and_hash(story: Story) -> None:
    before, after = _states(story.old), _states(story.new)
    assert set(before) - set(after) == {GOES}
    assert set(after) - set(before) == {COMES}
    assert {name for name in set(before) & set(after) if before[name] != after[name]} == {"gesamt", CHANGES}
    for name in ("gesamt", CHANGES):
        assert before[name].content != after[name].content
        assert (before[name].since, after[name].since) == (story.first, story.second)
        assert after[name].modified == DATE > before[name].modified
        assert after[name].issued == before[name].issued
    files = [{f.path: f.sha256 for f in read_manifest(side).files} for side in (story.old, story.new)]
    same = [path for path in files[0] if path.startswith(f"dumps/{STAYS}.")]
    assert same
    assert [files[0][path] for path in same] == [files[1][path] for path in same]


def test_the_summary_and_the_rows_say_exactly_that(story: Story) -> None:
    summary = told.read_summary(story.new)
    assert summary is not None
    assert summary.previous == story.first
    changes = {one.name: one.change for one in summary.sets}
    assert changes == {"gesamt": "changed", CHANGES: "changed", COMES: "created", GOES: "withdrawn"}
    changed = told.read(story.new, CHANGES)
    assert changed is not None
    reworded = [row for row in changed.rows if row.reworded]
    assert [(row.old, row.new) for row in reworded] == [(OLD, NEW)]
    assert reworded[0].quoted
    quoted = [fact for fact in reworded[0].facts if fact.property == OA + "exact"]
    assert [(fact.old[0].de, fact.new[0].de) for fact in quoted] == [(OLD, NEW)]
    assert {row.change for row in changed.rows} == {"changed"}
    came, went = told.read(story.new, COMES), told.read(story.new, GOES)
    assert came is not None and went is not None
    assert came.counts == {"added": sum(came.kinds.values())}
    assert went.counts == {"removed": sum(went.kinds.values())}
    assert went.title.de == "Landkreis Germersheim"


@pytest.mark.parametrize("back", [False, True], ids=["forward", "back"])
@pytest.mark.parametrize("name", ["kreisgraph", CHANGES])
def test_the_patch_turns_one_dump_into_the_other_byte_for_byte(story: Story, name: str, back: bool) -> None:
    file = next((story.new / "changes").glob(f"{name}.rdfp*"))
    old, new = (side / "dumps" / f"{name}.nq" for side in (story.old, story.new))
    if back:
        old, new = new, old
    made = BytesIO()
    patch.apply(patch.read(file), old, made, back)
    assert made.getvalue() == new.read_bytes()


def test_added_and_removed_statements_are_the_difference_of_the_dumps(story: Story) -> None:
    old, new = ({*(side / "dumps/kreisgraph.nq").read_bytes().splitlines(True)} for side in (story.old, story.new))
    for name, lines in (("added", new - old), ("removed", old - new)):
        file = next((story.new / "changes").glob(f"kreisgraph-{name}.nq*"))
        with patch.opened(file) as opened:
            assert list(opened) == sorted(lines)


def test_the_command_says_the_same(story: Story, monkeypatch: pytest.MonkeyPatch, capsysbinary, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("KREISGRAPH_RELEASES", str(story.settings.releases))
    assert main(["diff", story.first, "current"]) == 1
    text = capsysbinary.readouterr().out.decode()
    assert f"- {OLD}\n" in text and f"+ {NEW}\n" in text
    assert "Landkreis Leer: neu aufgenommen" in text
    assert "Landkreis Germersheim: zurückgezogen" in text
    assert "Spree-Neiße" not in text
    assert main(["diff", story.first, story.second, "--lang", "en", "--format", "html"]) == 1
    html = capsysbinary.readouterr().out.decode()
    assert f"<ins>{NEW}</ins>" in html and "newly recorded" in html
    assert main(["diff", str(story.old), str(story.new), "--format", "json"]) == 1
    assert {one["name"] for one in json.loads(capsysbinary.readouterr().out)["sets"]} == {
        "gesamt",
        CHANGES,
        COMES,
        GOES,
    }
    assert main(["diff", story.first, story.second, "--format", "rdfpatch"]) == 1
    (tmp_path / "changes.rdfp").write_bytes(capsysbinary.readouterr().out)
    target = tmp_path / "new.nq"
    dump = story.old / "dumps/kreisgraph.nq"
    assert main(["patch", str(dump), str(tmp_path / "changes.rdfp"), "--output", str(target)]) == 0
    assert target.read_bytes() == (story.new / "dumps/kreisgraph.nq").read_bytes()
    assert main(["diff", story.second]) == 0
    assert "Es hat sich nichts geändert" in capsysbinary.readouterr().out.decode()
    assert main(["diff", story.first, "2020-01-01-0000000000"]) == 2


def test_building_the_same_again_adds_nothing(story: Story) -> None:
    assert story.before == story.after


def test_what_goes_back_is_a_release_of_its_own(story: Story) -> None:
    assert story.third == f"{story.first}-2"
    manifests = [read_manifest(story.later.releases / name) for name in (story.first, story.second, story.third)]
    assert [one.number for one in manifests] == [1, 2, 3]
    assert [one.previous for one in manifests] == ["", story.first, story.second]
    assert sorted({one.published for one in manifests}) == [one.published for one in manifests]
    states = {state.name: state for state in manifests[2].datasets}
    assert states[CHANGES].since == story.third
    assert states[CHANGES].modified >= DATE, "a date never goes back"
    assert states[STAYS].since == story.first
    summary = told.read_summary(story.later.releases / story.third)
    assert summary is not None
    assert {one.name: one.change for one in summary.sets if one.name != "gesamt"} == {
        CHANGES: "changed",
        COMES: "withdrawn",
        GOES: "created",
    }


def test_of_a_release_that_is_not_kept_the_record_stays(story: Story) -> None:
    past = {one.version: one for one in archive(story.later.releases)}
    assert [version for version, one in past.items() if one.removed] == [story.first]
    left = {path.name for path in past[story.first].folder.iterdir()}
    assert left == {"manifest.json", REMOVED, "changes", "feeds", "citation"}
    made = BytesIO()
    # Its data can be worked back from the newer ones.
    file = next((story.later.releases / story.second / "changes").glob("kreisgraph.rdfp*"))
    patch.apply(patch.read(file), story.later.releases / story.second / "dumps/kreisgraph.nq", made, back=True)
    assert hashlib.sha256(made.getvalue()).hexdigest() == next(
        one.sha256 for one in past[story.first].manifest().files if one.path == "dumps/kreisgraph.nq"
    )


def test_sums_of_all_files_are_right(story: Story) -> None:
    lines = (story.new / "citation/SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert len(lines) > 50
    for line in lines:
        digest, path = re.fullmatch(r"([0-9a-f]{64})  (.+)", line).groups()  # type: ignore[union-attr]
        assert hashlib.sha256((story.new / path).read_bytes()).hexdigest() == digest
    listed = {file.path for file in read_manifest(story.new).files}
    assert {line[66:] for line in lines} == listed - {"citation/SHA256SUMS"}


def test_following_the_stream_gives_the_graphs_of_the_counties(story: Story) -> None:
    for settings, last in ((story.settings, story.second), (story.later, story.third)):
        held: dict[str, set[tuple[str, ...]]] = {}
        for past in reversed(archive(settings.releases)):
            for page in sorted((past.folder / "feeds/elements").glob("*.trig.gz")):
                _follow(gzip.decompress(page.read_bytes()), held)
        graphs = list((settings.releases / last / "dumps").glob("[0-9]*.nq"))
        wanted = {
            tuple(map(str, quad.triple)) for path in graphs for quad in parse(path=str(path), format=RdfFormat.N_QUADS)
        }
        assert set().union(*held.values()) == wanted


def _follow(trig: bytes, held: dict[str, set[tuple[str, ...]]]) -> None:
    """Does to ``held`` (thing → its statements) what the members of a page say."""
    quads = list(parse(trig, format=RdfFormat.TRIG))
    space = "https://www.w3.org/ns/activitystreams#"
    for quad in quads:
        if quad.predicate.value == space + "object":
            assert isinstance(quad.object, NamedNode)
            payload = {tuple(map(str, one.triple)) for one in quads if one.graph_name == quad.subject}
            if payload:
                held[quad.object.value] = payload
            else:
                del held[quad.object.value]


def test_a_damaged_release_is_written_anew_under_its_own_name(story: Story, tmp_path: Path) -> None:
    copied = tmp_path / "releases"
    shutil.copytree(story.settings.releases, copied, symlinks=True)
    shutil.copytree(copied / story.second, copied / f"{story.second}.2")
    found = {past.version: past.folder.name for past in archive(copied)}
    assert found == {story.first: story.first, story.second: f"{story.second}.2"}
