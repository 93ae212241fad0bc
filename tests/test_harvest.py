"""The rehearsal of a harvest: our own server passes, and whatever breaks a harvest on the way is found."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from browser_site import running
from portal_site import DUMP, SMALL, Sent, answers, serving, spoiled

from publisher.cli.main import main
from publisher.core.settings import Settings
from publisher.graph.sources import Sources
from publisher.harvest import report
from publisher.harvest.findings import Rehearsal
from publisher.harvest.rehearse import Plan, rehearse
from publisher.release.reader import Release

REMOTE = b'{"@context": "https://elsewhere.example/context.jsonld", "@id": "urn:x"}'
NT = "/dumps/03457.nt"
FAULTS: dict[str, tuple[dict[str, Sent], set[str]]] = {
    "head-is-refused": (spoiled("/catalog", head=500), {"catalogue-head"}),
    "head-may-be-405": (spoiled("/catalog", head=405), set()),
    "still-loading": (spoiled("/catalog", status=503), {"catalogue-head", "catalogue-status"}),
    "a-page-for-browsers": (spoiled("/catalog", media="text/html"), {"catalogue-media"}),
    "plain-text": (spoiled("/catalog", media="text/plain"), {"catalogue-media"}),
    "some-xml": (spoiled("/catalog", media="application/octet-stream"), {"catalogue-media"}),
    "not-utf-8": (spoiled("/catalog", body="# Größe\n".encode("latin-1")), {"catalogue-utf8"}),
    "cut-in-two": (spoiled("/catalog", body=b"<https://daten.example/catalog> a "), {"catalogue-syntax"}),
    "context-elsewhere": (spoiled("/catalog", body=REMOTE, media="application/ld+json"), {"remote-context"}),
    "a-format-is-missing": (spoiled("/catalog.rdf", status=404), {"catalogue-head", "catalogue-status"}),
    "a-format-is-old": (spoiled("/catalog.ttl", body=b"<urn:a> <urn:b> <urn:c> ."), {"formats-differ"}),
    "file-is-gone": (spoiled(NT, status=404), {"file-status"}),
    "file-without-head": (spoiled(NT, head=404), {"file-head"}),
    "file-as-text": (spoiled(NT, media="text/plain"), {"file-media"}),
    "file-is-longer": (spoiled(NT, body=DUMP + b"#\n"), {"file-size", "file-digest"}),
    "file-is-another": (spoiled(NT, body=DUMP.replace(b"eins", b"zwei")), {"file-digest"}),
    "file-is-encoded": (spoiled(NT, headers={"Content-Encoding": "gzip"}), {"file-encoding"}),
    "file-is-broken": (spoiled(NT, body=b"x" * len(DUMP)), {"file-digest", "file-syntax"}),
    "void-counts-else": (
        spoiled("/.well-known/void", body=answers()["/.well-known/void"].body.replace(b"triples 1", b"triples 2")),
        {"file-triples", "counts-differ"},
    ),
    "void-names-another-endpoint": (
        spoiled("/.well-known/void", body=answers()["/.well-known/void"].body.replace(b"/sparql", b"/query")),
        {"other-endpoint"},
    ),
    "no-void": (spoiled("/.well-known/void", status=404), {"no-void"}),
    "endpoint-is-silent": (spoiled("/sparql", status=500), {"endpoint-silent", "file-status"}),
    "landing-page-is-gone": (spoiled("/datensatz/03457", status=404), {"landing-page"}),
    "sent-elsewhere": (
        spoiled(NT, status=302, headers={"Location": "https://elsewhere.example/03457.nt"}),
        {"other-host"},
    ),
}


def harvested(held: Mapping[str, Sent], sources: Sources, settings: Settings) -> Rehearsal:
    """What the rehearsal says of a site that answers with ``held``."""
    with serving(held) as (address, _):
        return rehearse(Plan(address), sources, settings)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_on_the_way_is_found(name: str, sources: Sources, settings: Settings) -> None:
    held, rules = FAULTS[name]
    found = harvested(held, sources, settings)
    assert {finding.rule for finding in found.findings} == rules
    assert found.passed == (rules <= {"no-void", "other-host"})


def test_it_asks_as_ckan_does(sources: Sources, settings: Settings) -> None:
    with serving(answers()) as (address, asked):
        found = rehearse(Plan(f"{address}/catalog"), sources, settings)
    assert found.passed
    assert asked[:2] == [("HEAD", "/catalog", ""), ("GET", "/catalog", "")]
    assert found.called == "https://daten.example"
    package = found.packages[0]
    assert package.title == "Integrationskonzept: Landkreis Leer"
    assert package.place.startswith("Landkreis Leer")
    assert [(one.bytes, one.triples) for one in package.resources] == [(len(DUMP), 1), (0, -1)]


def test_a_catalogue_with_a_fault_is_refused(sources: Sources, settings: Settings) -> None:
    text = SMALL.read_text(encoding="utf-8").replace("a foaf:Agent , foaf:Organization", "a foaf:Organization")
    found = harvested(answers(text), sources, settings)
    assert not found.passed
    assert {one.rule for one in found.of("https://daten.example/id/datensatz/03457")} == {"catalogue-dataset-publisher"}
    assert "Abgelehnt" in report.text(found, "de")
    assert "Refused" in report.text(found, "en")


def test_other_shapes_are_asked_too(sources: Sources, settings: Settings, tmp_path: Path) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix dcat: <http://www.w3.org/ns/dcat#> .\n"
        "<urn:shape> a sh:NodeShape ; sh:targetClass dcat:Dataset ;\n"
        "    sh:property [ sh:path dcat:inSeries ; sh:minCount 1 ] .",
        encoding="utf-8",
    )
    with serving(answers()) as (address, _):
        found = rehearse(Plan(address, shapes=(tmp_path,)), sources, settings)
    assert not found.passed


def test_nobody_there(sources: Sources, settings: Settings) -> None:
    found = rehearse(Plan("http://127.0.0.1:9"), sources, settings)
    assert {finding.rule for finding in found.findings} == {"catalogue-head", "catalogue-status"}


def test_our_own_server_passes(
    release: Release, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with running(settings, tmp_path / "log") as address:
        assert main(["harvest-check", address, "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
    files = [one for package in found["packages"] for one in package["resources"]]
    assert found["passed"]
    assert len(found["packages"]) == len(release.manifest.datasets) == 7
    assert all(one["fetched"] and one["license"] for one in files)
    counted = [one for one in files if one["triples"] >= 0]
    assert {one["address"].rpartition(".")[2] for one in counted} == {
        *("nq", "nt", "ttl", "trig", "rdf", "jsonld", "gz", "zst")
    }
    assert {one["address"].rpartition(".")[2] for one in files if one not in counted} - {"example/sparql"} >= {
        *("csv", "xlsx", "zip", "json")
    }
    assert {finding["severity"] for finding in found["findings"]} <= {"warning"}
