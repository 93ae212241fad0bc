"""Shapes of others: what is ill-formed is named and left out, code lists are looked up, findings are told apart."""

import json
from pathlib import Path

import pytest
import rdflib
from portal_site import SMALL, answers, serving
from pyoxigraph import RdfFormat, parse, serialize

from publisher.cli.main import main
from publisher.core.errors import BrokenRdf, BrokenSyntax, MissingSource, NoFiles, NoShapes
from publisher.harvest import foreign, report, shacl
from publisher.harvest.findings import Finding, Rehearsal

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix : <urn:rules/> .
"""
NO_SERIES = ":S a sh:NodeShape ; sh:targetClass dcat:Dataset ; sh:property [ sh:path dcat:inSeries ; sh:minCount 1 ] ."
LICENSES = "http://dcat-ap.de/def/licenses"
LISTED = (
    ":L a sh:NodeShape ; sh:targetObjectsOf dct:license ;\n"
    f" sh:property [ sh:path skos:inScheme ; sh:hasValue <{LICENSES}> ] ."
)
LIST = f"<{LICENSES}/cc-by/4.0> skos:inScheme <{LICENSES}> . <{LICENSES}/other> a skos:Concept ; skos:prefLabel 'x' ."

CASES: dict[str, tuple[str, set[tuple[str, str]]]] = {
    # name: shapes, then severity and rule of each kind of finding
    "fires": (NO_SERIES, {("refused", "S/inSeries")}),
    "property-without-a-path": (
        NO_SERIES + ":S sh:property [ ] .",
        {("refused", "S/inSeries"), ("note", "shape-left-out")},
    ),
    "node-with-a-path": (
        NO_SERIES + ":S sh:property [ sh:path dct:license ; sh:node [ sh:path skos:inScheme ; sh:hasValue :x ] ] .",
        {("refused", "S/inSeries"), ("note", "shape-left-out")},
    ),
    "two-paths": (
        NO_SERIES + ":S sh:property [ sh:path dct:license , dct:title ; sh:minCount 9 ] .",
        {("refused", "S/inSeries"), ("note", "shape-left-out")},
    ),
    "shape-elsewhere": (
        NO_SERIES + ":S sh:property [ sh:path dct:license ; sh:node :elsewhere ] , :nowhere .",
        {("refused", "S/inSeries"), ("note", "shape-left-out")},
    ),
    "no-regular-expression": (
        NO_SERIES
        + ":P a sh:NodeShape ; sh:targetClass dcat:Catalog ; sh:property [ sh:path dct:title ; sh:pattern '(' ] .",
        {("refused", "S/inSeries"), ("note", "shape-broken")},
    ),
    "no-number": (
        NO_SERIES
        + ":P a sh:NodeShape ; sh:targetClass dcat:Catalog ; sh:property [ sh:path dct:title ; sh:minCount 'x' ] .",
        {("refused", "S/inSeries"), ("note", "shape-broken")},
    ),
    "warning": (NO_SERIES.replace("minCount 1", "minCount 1 ; sh:severity sh:Warning"), {("warning", "S/inSeries")}),
    "info": (NO_SERIES.replace("minCount 1", "minCount 1 ; sh:severity sh:Info"), {("note", "S/inSeries")}),
    "a-severity-of-their-own": (
        NO_SERIES.replace("minCount 1", "minCount 1 ; sh:severity :mild"),
        {("note", "S/inSeries")},
    ),
    "code-list-is-missing": (LISTED, {("refused", "L/inScheme")}),
    "code-list-in-the-folder": (LISTED + LIST, set()),
    "the-code-list-is-not-checked": (
        LIST + ":C a sh:NodeShape ; sh:targetClass skos:Concept ;"
        " sh:property [ sh:path skos:prefLabel ; sh:nodeKind sh:IRI ] .",
        {("refused", "C/prefLabel")},
    ),
    "a-class-hierarchy-is-seen": (
        "dcat:Dataset rdfs:subClassOf :Thing .\n:T a sh:NodeShape ; sh:targetClass :Thing ;"
        " sh:property [ sh:path dct:title ; sh:maxCount 0 ] .",
        {("refused", "T/title")},
    ),
}


@pytest.fixture(scope="module")
def catalogue() -> rdflib.Graph:
    return rdflib.Graph().parse(data=SMALL.read_text(encoding="utf-8").replace("SUM", "ab" * 32), format="turtle")


def found(catalogue: rdflib.Graph, folder: Path, *vocabularies: Path) -> list[Finding]:
    others = foreign.read([folder], vocabularies)
    return shacl.check_others(catalogue, shacl.as_ntriples(catalogue), others)


@pytest.mark.parametrize("name", CASES)
def test_shapes_as_they_are_published(name: str, catalogue: rdflib.Graph, tmp_path: Path) -> None:
    text, expected = CASES[name]
    (tmp_path / "rules.ttl").write_text(PREFIXES + text, encoding="utf-8")
    findings = found(catalogue, tmp_path)
    assert {(one.severity, one.rule) for one in findings} == expected
    assert all(f"{LICENSES}/other" != one.about for one in findings)
    for one in findings:
        assert "urn:shape:" not in one.message.de + one.rule + one.about, "a name that nobody gave it"


def test_a_note_names_file_and_shape(catalogue: rdflib.Graph, tmp_path: Path) -> None:
    (tmp_path / "rules.ttl").write_text(PREFIXES + CASES["node-with-a-path"][0], encoding="utf-8")
    one = next(one for one in found(catalogue, tmp_path) if one.rule == "shape-left-out")
    assert one.about == "urn:rules/S"
    assert str(tmp_path / "rules.ttl") in one.message.en
    assert "sh:node" in one.message.en


def test_a_shape_without_a_message_tells_path_and_constraint(catalogue: rdflib.Graph, tmp_path: Path) -> None:
    (tmp_path / "rules.ttl").write_text(PREFIXES + NO_SERIES, encoding="utf-8")
    (one,) = found(catalogue, tmp_path)
    assert one.message.de == "dcat:inSeries: nicht erfüllt: sh:minCount 1"
    (tmp_path / "rules.ttl").write_text(PREFIXES + NO_SERIES.replace("minCount 1", "minCount 1 ; sh:message 'Series!'"))
    assert found(catalogue, tmp_path)[0].message.de == "Series!"


@pytest.mark.parametrize("ending", ["ttl", "rdf", "nt"])
def test_code_lists_in_a_folder_of_their_own(ending: str, catalogue: rdflib.Graph, tmp_path: Path) -> None:
    rules, lists = tmp_path / "rules", tmp_path / "lists"
    rules.mkdir()
    lists.mkdir()
    (rules / "rules.ttl").write_text(PREFIXES + LISTED, encoding="utf-8")
    triples = [quad.triple for quad in parse(PREFIXES + LIST, format=RdfFormat.TURTLE)]
    fmt = RdfFormat.from_extension(ending)
    assert fmt is not None
    (lists / f"list.{ending}").write_bytes(serialize(triples, format=fmt))  # type: ignore[arg-type]
    assert [one.rule for one in found(catalogue, rules)] == ["L/inScheme"]
    assert found(catalogue, rules, lists) == []


@pytest.mark.parametrize(
    ("files", "error"),
    [
        ({}, NoFiles),
        ({"readme.txt": "shapes"}, NoFiles),
        ({"list.ttl": PREFIXES + LIST}, NoShapes),
        ({"rules.ttl": "<urn:a> "}, BrokenSyntax),
        ({"rules.rdf": "<rdf:RDF>"}, BrokenRdf),
        (None, MissingSource),
    ],
)
def test_a_folder_without_shapes_says_so(
    files: dict[str, str] | None, error: type[Exception], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "shapes"
    if files is not None:
        folder.mkdir()
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(error):
        foreign.read([folder])
    assert main(["harvest-check", "http://127.0.0.1:9", "--shapes", str(folder)]) == 2
    assert str(folder) in capsys.readouterr().err


def test_equal_findings_are_one_line_with_three_places(catalogue: rdflib.Graph) -> None:
    one = Finding("refused", "r", "urn:1", shacl.said("shape-fired-here", constraint="sh:or"), "urn:d1", "v")
    several = tuple(Finding(one.severity, one.rule, f"urn:{n}", one.message, f"urn:d{n % 2}", "v") for n in range(165))
    text = report.text(Rehearsal("a", "", "text/turtle", 1, (), several, {}), "de")
    assert "Abgelehnt (165-mal): nicht erfüllt: sh:or  [r]" in text
    assert text.count("urn:") == 3
    assert "und 162 weitere" in text


def test_the_command_takes_shapes_and_code_lists(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in (("rules", LISTED + ":L sh:property [ ] ."), ("lists", LIST)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.ttl").write_text(PREFIXES + text, encoding="utf-8")
    with serving(answers()) as (address, _):
        options = ["--shapes", str(tmp_path / "rules"), "--vocabulary", str(tmp_path / "lists"), "--json"]
        assert main(["harvest-check", address, *options]) == 0
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert [(one["severity"], one["rule"]) for one in findings] == [("note", "shape-left-out")]
