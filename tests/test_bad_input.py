"""Bad input of officers and operators: every failure says what, where and what to do, and nothing is lost."""

import errno
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import rdflib

from publisher.cli.main import main
from publisher.core.errors import BuildRunning, KreisgraphError, LostState, MissingSource, SettingsError
from publisher.core.settings import Settings, load
from publisher.core.terms import COUNTY, NS, OA
from publisher.graph.sources import Sources, find
from publisher.quality import report
from publisher.quality.check import Validation, choose
from publisher.quality.findings import Finding
from publisher.release.build import build
from publisher.release.reader import CURRENT, open_release
from publisher.release.switch import alone

SPN = "data/counties/12071-spree-neisse"
LEER = "data/counties/03457-leer"
KEPT = ("03457", "12071")


@pytest.fixture
def small(copied: Sources) -> Sources:
    """The input with two counties."""
    for folder in (copied.root / "data/counties").iterdir():
        if folder.name[:5] not in KEPT:
            shutil.rmtree(folder)
    return copied


@dataclass(frozen=True)
class Bad:
    """``spoil`` the input; then ``rule`` fires in the county ``part`` and says ``says``, in a file like ``file``."""

    name: str
    spoil: Callable[[Path], object]
    rule: str
    says: str
    part: str = "12071"
    file: str = SPN


def _add(text: str, file: str = f"{SPN}/elements.ttl") -> Callable[[Path], object]:
    """Append a statement."""
    return lambda root: (root / file).write_text((root / file).read_text(encoding="utf-8") + text, encoding="utf-8")


def _swap(old: str, new: str, file: str = f"{SPN}/elements.ttl") -> Callable[[Path], object]:
    """Replace the first ``old``."""

    def swap(root: Path) -> None:
        text = (root / file).read_text(encoding="utf-8")
        assert old in text
        (root / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return swap


def _rename(name: str) -> Callable[[Path], object]:
    return lambda root: (root / SPN).rename(root / "data/counties" / name)


def _folder(name: str) -> Callable[[Path], object]:
    return lambda root: (root / "data/counties" / name).mkdir()


SOURCE, CONCEPT = '"source-1.txt"', f"{SPN}/concept.ttl"
BOM = b"\xef\xbb\xbf"
OMITTED = f"""
<{COUNTY}12071/1/zeile-1> a <{NS}OmittedLine> ; <{OA}hasSource> <{COUNTY}12071/1/quelle> ;
    <{NS}line> "drei" ; <{NS}note> "Leerzeile"@de ."""
MONTH = '"2018-04"^^xsd:gYearMonth'
LINE = "    ic:line 52 ."
BAD = [
    Bad("a folder without a key", _folder("neu"), "folder-name", "districts.tsv", "neu", "neu"),
    Bad("the key of no district", _rename("99999-x"), "folder-name", "99999-x", "99999", "99999-x"),
    Bad("the key of another district", _rename("12062-x"), "wrong-folder", "vom Kreis 12071", "12062", "12062-x"),
    Bad("a key twice", lambda r: shutil.copytree(r / SPN, r / f"{SPN}-2"), "folder-twice", "führen Sie sie zusammen"),
    Bad("an empty folder", _folder("12052-x"), "county-empty", "12052-x", "12052", "12052-x"),
    Bad("no date of the graph", lambda r: (r / SPN / "graph.ttl").unlink(), "graph-date", "dct:modified"),
    Bad("a date that is none", _swap("2026-11-23", "../../etc", f"{SPN}/graph.ttl"), "graph-date", "Tag"),
    Bad("a folder named like a file", lambda r: (r / SPN / "x.ttl").mkdir(), "unusable-file", "wirklich eine Datei"),
    Bad("a byte order mark", lambda r: (r / SPN / "x.ttl").write_bytes(BOM), "unusable-file", "ohne BOM"),
    Bad("an empty source", lambda r: (r / SPN / "source-1.txt").write_text(""), "document-empty", "ist leer"),
    Bad("a source elsewhere", _swap(SOURCE, '"../x.txt"', CONCEPT), "document-name", "ohne Ordner"),
    Bad("data as a source", _swap(SOURCE, '"actors.ttl"', CONCEPT), "document-name", ".txt"),
    Bad("a line in words", _swap(LINE, '    ic:line "drei" .'), "quotation-line", "angegeben ist Zeile –"),
    Bad("a line of many digits", _swap(LINE, f"    ic:line {'9' * 5000} ."), "quotation-line", "Zeile 52"),
    Bad("an omitted line in words", _add(OMITTED, f"{SPN}/omitted.ttl"), "line-number", "ganze Zahl"),
    Bad("a node without an IRI", _add("v:ziel-01 ic:mention [ a ic:Mention ] ."), "blank-node", "IRI"),
    Bad("a subject without an IRI", _add("\n[] a ic:Goal ."), "blank-node", "IRI"),
    Bad("a statement about a statement", _add("v:ziel-01 ic:note <<( v:a v:b v:c )>> ."), "rdf-1-2", "RDF 1.2"),
    Bad("a month that is none", _swap('"2018-04"^^', '"2018-13"^^', CONCEPT), "literal-form", "2018-13"),
    Bad("a day that is none", _swap(MONTH, '"2018-02-30"^^xsd:date', CONCEPT), "literal-form", "02-30"),
    Bad("a reference to another county", _add(f"v:ziel-01 ic:inField <{COUNTY}03457/1/x> ."), "foreign-term", "03457"),
    Bad("a control character", _add('v:ziel-01 ic:note "a\\u0007"@de .'), "control-character", "U+0007"),
    Bad("a statement about the county", _add(f'<{COUNTY}12071> ic:name "x"@de .'), "foreign-subject", "districts.ttl"),
]  # fmt: skip


def _violations(sources: Sources, cache: Path) -> dict[str, list[Finding]]:
    parts = Validation(sources, load(cache=cache)).check_counties(sources.counties())
    return {
        part.result.part: [f for f in part.result.findings if f.severity == "violation"]
        for part in parts
        if not part.result.valid
    }


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_bad_input_is_a_finding_and_the_other_county_is_checked(small: Sources, cache: Path, bad: Bad) -> None:
    bad.spoil(small.root)
    violations = _violations(small, cache)
    assert set(violations) == {bad.part}
    found = [f for f in violations[bad.part] if bad.rule in f.rule]
    assert found, violations
    assert all(bad.file in f.file for f in found), found
    assert any(bad.says in f.de for f in found), found
    assert all(str(small.root) not in f.de + f.en for f in violations[bad.part]), "reports do not depend on the machine"


def test_what_did_not_change_is_not_checked_again(small: Sources, cache: Path) -> None:
    for expected in (None, True):
        validation = Validation(small, load(cache=cache))
        parts = [validation.check_common(), *validation.check_counties(small.counties())]
        assert expected is None or all(part.result.cached for part in parts)


def test_a_moved_line_is_told_anew_although_the_statements_are_the_same(small: Sources, cache: Path) -> None:
    path = small.root / SPN / "elements.ttl"
    _swap("Gewinnung und Öffnung", "Gewinn und Öffnung")(small.root)
    before = _violations(small, cache)["12071"]
    path.write_text("# one line more\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    after = _violations(small, cache)["12071"]
    assert [f.line for f in after] == [f.line + 1 for f in before]


def test_reports_hold_any_value_and_keep_to_the_form_of_shacl(small: Sources, cache: Path) -> None:
    shutil.rmtree(small.root / LEER)
    _add('v:ziel-01 ic:version <javascript:x> ; ic:assertion "http://a b <script>" ; ic:nix 1 .')(small.root)
    results = [part.result for part in Validation(small, load(cache=cache)).check_counties(small.counties())]
    assert "<script" not in report.FORMATS["html"](results, "de")
    assert len(json.loads(report.FORMATS["json"](results, "de"))[0]["findings"]) > 2
    graph = rdflib.Graph().parse(data=report.FORMATS["turtle"](results, "de"), format="turtle")
    nodes = list(graph.objects(None, rdflib.SH.result))
    for required in (rdflib.SH.focusNode, rdflib.SH.resultSeverity, rdflib.SH.sourceConstraintComponent):
        assert all(isinstance(graph.value(node, required, any=False), rdflib.URIRef) for node in nodes)
    assert rdflib.URIRef("javascript:x") in set(graph.objects(None, rdflib.SH.value))


@pytest.mark.parametrize("missing", ["data/counties", "shapes", "sparql", "ontology"])
def test_a_missing_folder_is_named(copied: Sources, missing: str) -> None:
    shutil.rmtree(copied.root / missing)
    with pytest.raises(MissingSource, match="KREISGRAPH_INPUT") as error:
        find(copied.root)
    assert missing in error.value.text("de")


def test_hidden_folders_and_files_are_not_counties(small: Sources) -> None:
    (small.root / "data/counties/.git").mkdir()
    (small.root / "data/counties/README.md").write_text("x")
    assert tuple(county.ags for county in small.counties()) == KEPT


def test_an_unknown_county_is_answered_with_the_known_ones(small: Sources) -> None:
    with pytest.raises(KreisgraphError) as error:
        choose(small, ["Cottbus"])
    assert "'Cottbus'" in error.value.text("de")
    assert "12071-spree-neisse" in error.value.text("de")


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("BASE", "https://x", "mit / am Ende"),
        ("PUBLIC_URL", "x", "ohne / am Ende"),
        ("SITE_NAME", "", "Text mit mindestens 1 Zeichen"),
        ("PUBLIC_BODY", "vielleicht", "true oder false"),
        ("PORT", "abc", "eine ganze Zahl ab 0 bis 65535"),
        ("QUERY_SECONDS", "nan", "eine Zahl über 0 bis 3600"),
        ("ENGINE", "jena", "pyrudof oder pyshacl"),
    ],
)
def test_a_bad_setting_says_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, allowed: str
) -> None:
    monkeypatch.setenv(f"KREISGRAPH_{name}", value)
    with pytest.raises(SettingsError) as error:
        load()
    assert f"KREISGRAPH_{name} hat den Wert {value!r}. Erlaubt ist: " in error.value.text("de")
    assert error.value.text("de").endswith(f"{allowed}.")
    assert "Allowed: " in error.value.text("en")


@pytest.mark.parametrize(
    ("text", "says"),
    [(b"quatsch = 1", "quatsch"), (b"port =\n", "line 1"), (b'operator = "M\xfcller"', "UTF-8"), (BOM, "TOML")],
)
def test_a_bad_settings_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: bytes, says: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kreisgraph.toml").write_bytes(text)
    with pytest.raises(SettingsError, match=r"kreisgraph\.toml") as error:
        load()
    assert says in error.value.text("de")


def _settings(sources: Sources, cache: Path) -> Settings:
    return load(input=sources.root, releases=sources.root / "releases", cache=cache)


def test_a_build_never_publishes_or_loses_a_damaged_last_state(small: Sources, cache: Path) -> None:
    settings = _settings(small, cache)
    first, _, _ = build(small, settings)
    good = (small.root / SPN / "elements.ttl").read_bytes()
    _swap("Gewinnung und Öffnung", "Gewinn und Öffnung")(small.root)
    with (first / "dumps/12071.nq").open("ab") as file:
        file.write(b"\n")
    with pytest.raises(LostState, match="12071"):
        build(small, settings)
    (first / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(LostState, match="manifest"):
        build(small, settings)
    (small.root / SPN / "elements.ttl").write_bytes(good)
    second, manifest, _ = build(small, settings)
    assert second.name == f"{manifest.version}.2", "the damaged folder stays, the new one is in force"
    assert open_release(settings.releases).folder == second
    shutil.rmtree(second)
    assert (settings.releases / CURRENT).is_symlink()
    assert build(small, settings)[0] == second, "a link that leads nowhere is mended"


def test_an_emptied_folder_keeps_the_county_and_a_removed_one_drops_it_with_a_word(small: Sources, cache: Path) -> None:
    settings = _settings(small, cache)
    build(small, settings)
    for path in (small.root / SPN).iterdir():
        path.unlink()
    (small.root / "data/counties/neu").mkdir()
    _, manifest, results = build(small, settings)
    assert [(c.ags, c.state) for c in manifest.counties] == [("03457", "current"), ("12071", "kept")]
    assert [result.part for result in results if not result.valid] == ["12071", "neu"]
    shutil.rmtree(small.root / SPN)
    told: list[tuple[str, str]] = []
    _, manifest, _ = build(small, settings, lambda step, part: told.append((step, part)))
    assert [c.ags for c in manifest.counties] == ["03457"]
    assert ("dropped", "12071") in told


def test_a_second_build_at_the_same_time_is_refused(small: Sources, cache: Path) -> None:
    settings = _settings(small, cache)
    with alone(settings.releases), pytest.raises(BuildRunning, match="Another build"):
        build(small, settings)


def test_a_build_that_fails_leaves_nothing_behind(small: Sources, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("publisher.release.dumps.Writer.graph", full)
    settings = _settings(small, cache)
    with pytest.raises(OSError, match="No space"):
        build(small, settings)
    assert os.listdir(settings.releases) == [".lock"]


@pytest.mark.parametrize("language", ["de", "en"])
def test_folders_that_cannot_be_written_end_with_a_message(
    small: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("KREISGRAPH_INPUT", str(small.root))
    monkeypatch.setenv("KREISGRAPH_RELEASES", str(tmp_path / "file"))
    assert main(["build", "--lang", language]) == 2
    assert "KREISGRAPH_RELEASES" in capsys.readouterr().err


def test_a_cache_that_cannot_be_used_stops_nothing(small: Sources, tmp_path: Path) -> None:
    shutil.rmtree(small.root / SPN)
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert _violations(small, blocked) == {}


def test_coverage_goes_on_after_a_county_that_cannot_be_read(
    small: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KREISGRAPH_INPUT", str(small.root))
    _add(" broken", f"{LEER}/elements.ttl")(small.root)
    assert main(["coverage", "--output", str(tmp_path / "out")]) == 2
    assert "03457-leer/elements.ttl, Zeile" in capsys.readouterr().err
    assert os.listdir(tmp_path / "out") == ["12071-spree-neisse.md"]
