"""A build touches what depends on a change and nothing else; validation finds the faults that were put in."""

import shutil
from pathlib import Path
from random import Random

import pytest

from benchmarks.counties import District, write_one
from benchmarks.faults import KINDS, Fault, read_list, spoil_county, write_list
from benchmarks.places import made_up, write_districts
from publisher.core.processes import pursue, spread
from publisher.core.settings import Settings, load
from publisher.core.timings import Timings
from publisher.graph.formats import JSON_LD, N_QUADS
from publisher.graph.sources import Sources, find, read_graph
from publisher.quality import engines
from publisher.quality.check import Validation
from publisher.release.build import build
from publisher.release.joined import join
from publisher.release.manifest import Manifest

ROOT = Path(__file__).parent.parent
SHARED = ("ontology", "shapes", "sparql")
COUNTIES = (
    District("05116", "Mönchengladbach", "Mönchengladbach", "Kreisfreie Stadt"),
    District("07320", "Zweibrücken", "Zweibrücken", "Kreisfreie Stadt"),
    District("90000", "Obersteinfeld (erfunden)", "Obersteinfeld (erfunden)", "Landkreis"),
)


@pytest.fixture
def made(tmp_path: Path) -> Sources:
    """Three made-up counties, one of them in a made-up district."""
    root = tmp_path / "input"
    shutil.copytree(ROOT / "data", root / "data", ignore=lambda _, names: {"counties"} & set(names))
    for name in SHARED:
        (root / name).symlink_to(ROOT / name)
    write_districts(root / "data", 1)
    for district in COUNTIES:
        write_one(root / "data" / "counties", district, "kreisgraph")
    return find(root)


def _settings(tmp_path: Path, name: str = "") -> Settings:
    return load(releases=tmp_path / f"releases{name}", cache=tmp_path / f"cache{name}", jobs=2)


def test_validation_finds_every_fault_where_it_was_put(made: Sources, tmp_path: Path) -> None:
    one, sound, other = (county.folder for county in made.counties())
    faults = [fault for folder in (one, other) for fault in _spoilt(folder)]
    write_list(tmp_path / "faults.tsv", faults)
    assert read_list(tmp_path / "faults.tsv") == faults
    assert {fault.kind for fault in faults} == {kind.name for kind in KINDS}
    validation = Validation(made, load(cache=tmp_path / "cache", jobs=2))
    assert validation.check_common().result.valid
    results = {part.result.part: part.result for part in validation.check_counties(validation.counties)}
    for fault in faults:
        found = {(finding.node, finding.rule) for finding in results[fault.ags].findings}
        assert (fault.node, fault.rule) in found, fault
    assert results[sound.name[:5]].valid


def _spoilt(folder: Path) -> list[Fault]:
    """Draws again until every kind of fault was put somewhere."""
    found: dict[str, Fault] = {}
    for turn in range(30):
        for fault in spoil_county(folder, Random(f"{folder.name} {turn}")):
            found.setdefault(fault.kind, fault)
        if len(found) == len(KINDS):
            break
    return list(found.values())


def test_all_engines_find_the_same_faults(made: Sources) -> None:
    county = made.counties()[1]
    _spoilt(county.folder)
    common = Validation(made, load()).common
    quads = read_graph(county.files, county.graph)
    data = [*quads, *common.looked_up(quads)]
    expected = engines.run("pyshacl", data, common.book.ntriples)
    assert len({result.shape for result in expected}) >= 3
    for engine in ("compiled", "pyrudof"):
        assert engines.run(engine, data, common.book.ntriples) == expected
    assert [result.component for result in engines.run("compiled", data, common.book.ntriples)] == [
        result.component for result in expected
    ]


def _built(made: Sources, settings: Settings) -> tuple[Path, Manifest, dict[str, tuple[int, int]]]:
    timings = Timings()
    folder, manifest, _ = build(made, settings, timings=timings)
    counted = {step.name: (step.done, step.kept) for step in timings.steps if step.done or step.kept}
    return folder, manifest, counted


def _refused(*_: object) -> None:
    raise OSError("another file system")


def test_one_changed_county_is_made_anew_and_the_others_are_taken(
    made: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(made.counties()[2].folder)
    settings = _settings(tmp_path)
    first, old, counted = _built(made, settings)
    assert counted == {"counties": (2, 0), "parts": (2, 0)}
    with monkeypatch.context() as patch:
        patch.setattr("os.link", _refused)
        again, same, counted = _built(made, settings)
        assert (again, same) == (first, old), "where nothing can be linked it is copied or made anew"
    assert counted["counties"] == (0, 2)
    path = made.counties()[1].folder / "graph.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace("2026-", "2027-"), encoding="utf-8")
    second, new, counted = _built(made, settings)
    assert counted == {"counties": (1, 1), "parts": (1, 1)}
    before, after = ({file.path: file.sha256 for file in one.files} for one in (old, new))
    changed = {path.partition("/")[2].partition(".")[0] for path in after if before.get(path) != after[path]}
    assert "07320" in changed
    assert {"05116", "similar", "reading", "comparison"} & changed == set()
    for name in ("dumps/05116.ttl", "dumps/05116.jsonld", "dumps/05116.nq"):
        assert (second / name).samefile(first / name), "an unchanged file takes no room of its own"
    _, fresh, _ = _built(made, _settings(tmp_path, "-fresh"))
    whole = {file.path: file.sha256 for file in fresh.files if file.path.startswith("dumps/")}
    assert whole == {path: sha256 for path, sha256 in after.items() if path in whole}


def test_sorted_files_are_merged_line_by_line(tmp_path: Path) -> None:
    random = Random("merge")
    for case in range(30):
        lines = [f"<{random.randint(0, 300):03}> {'x' * random.randint(0, 90)} .\n" for _ in range(500)]
        parts = []
        for number in range(random.randint(1, 6)):
            held = sorted(set(random.sample(lines, random.randint(0, 200))))
            parts.append(tmp_path / f"{case}-{number}")
            parts[-1].write_text("".join(held))
        join(N_QUADS, parts, tmp_path / "out")
        expected = sorted({line for part in parts for line in part.read_text().splitlines(keepends=True)})
        assert (tmp_path / "out").read_text() == "".join(expected)


def test_documents_of_one_thing_are_joined_with_lists_of_things(tmp_path: Path) -> None:
    one, several = tmp_path / "one", tmp_path / "several"
    one.write_text('{\n "@context": {\n  "a": "urn:a"\n },\n "a": "1",\n "id": "urn:x"\n}\n')
    several.write_text(
        '{\n "@context": {\n  "a": "urn:a"\n },\n "@graph": [\n  {\n   "a": "2"\n  },\n  {\n   "a": "3"\n  }\n ]\n}\n'
    )
    join(JSON_LD, [one, several], tmp_path / "out")
    things = '  {\n   "a": "1",\n   "id": "urn:x"\n  },\n  {\n   "a": "2"\n  },\n  {\n   "a": "3"\n  }'
    assert (tmp_path / "out").read_text() == (
        f'{{\n "@context": {{\n  "a": "urn:a"\n }},\n "@graph": [\n{things}\n ]\n}}\n'
    )


def test_made_up_districts_have_names_and_keys_of_their_own() -> None:
    found = list(made_up(3000))
    assert len({key for key, _ in found}) == len({name for _, name in found}) == 3000
    assert all(name.endswith("(erfunden)") and key >= "90000" for key, name in found)


def test_work_is_spread_in_order_and_errors_come_back() -> None:
    assert list(spread(lambda number: number * number, range(50), 3)) == [number**2 for number in range(50)]
    with pytest.raises(ZeroDivisionError):
        list(spread(lambda number: 1 // number, [1, 2, 0, 3], 2))


@pytest.mark.parametrize("jobs", [1, 2])
def test_work_that_leads_to_more_work_is_all_done_once(jobs: int) -> None:
    """From 1 every number below 500 is reached by doubling and adding one, most on several ways."""
    made = pursue(
        lambda piece: piece, [1], lambda piece: [n for one in piece for n in (2 * one, one + 1) if n < 500], 7, jobs
    )
    assert sorted(one for piece in made for one in piece) == list(range(1, 500))
    with pytest.raises(ZeroDivisionError):
        list(pursue(lambda piece: 1 // piece[0], [1, 0], lambda _: (), 1, jobs))
