"""A release is whole, repeatable, atomic; invalid data never replaces valid data."""

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import CanonicalizationAlgorithm, NamedNode, RdfFormat, parse
from pyoxigraph import Dataset as Quads

from publisher.core.errors import DamagedRelease, NoRelease, ReleaseError
from publisher.core.settings import Settings, load
from publisher.core.terms import CANONICAL_BASE
from publisher.graph.formats import DOCUMENT_FORMATS
from publisher.graph.sources import Sources
from publisher.release.build import build
from publisher.release.reader import CURRENT, Release, open_release

SPN = "data/counties/12071-spree-neisse"


def _settings(sources: Sources, cache: Path, **more: object) -> Settings:
    return load(releases=sources.root / "releases", cache=cache, **more)


def _hashes(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _canonical(graph: rdflib.Graph) -> set[str]:
    """The statements as rdflib read them, the blank nodes named by RDFC-1.0."""
    quads = Quads(parse(graph.serialize(format="nt", encoding="utf-8"), format=RdfFormat.N_TRIPLES))
    quads.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in quads}


def _spoil(sources: Sources) -> None:
    path = sources.root / SPN / "elements.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace("Gewinnung und", "Gewinn und"), encoding="utf-8")


def test_two_builds_are_byte_identical(release: Release, copied: Sources, tmp_path: Path) -> None:
    """The second one of input in another folder, and with nothing kept."""
    second, _, _ = build(copied, load(releases=tmp_path / "other", cache=tmp_path / "other-cache"))
    assert release.folder.name == second.name
    assert _hashes(release.folder) == _hashes(second)


def test_manifest_lists_every_file_with_its_checksum(release: Release) -> None:
    listed = {file.path: file.sha256 for file in release.manifest.files}
    found = _hashes(release.folder)
    del found["manifest.json"]
    assert found == listed
    assert [county.state for county in release.manifest.counties] == ["current"] * 5


@pytest.mark.parametrize("name", ["12071", "districts", "lists", "shapes"])
def test_every_format_of_a_dump_holds_the_same_triples(release: Release, name: str) -> None:
    found = []
    for fmt in DOCUMENT_FORMATS:
        path = release.folder / "dumps" / f"{name}.{fmt.ending}"
        parser = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml"}[fmt.ending]
        found.append(_canonical(rdflib.Graph().parse(path, format=parser)))
    assert found[0]
    for lines in found[1:]:
        assert lines == found[0]


def test_no_county_statement_has_a_blank_node(release: Release) -> None:
    for county in release.manifest.counties:
        text = (release.folder / "dumps" / f"{county.ags}.nq").read_text(encoding="utf-8")
        assert not any(line.startswith("_:") or " _:" in line.split('"')[0] for line in text.splitlines())


def test_invalid_county_keeps_its_last_valid_state(copied: Sources, released: Settings, release: Release) -> None:
    first, before = release.folder, release.manifest
    _spoil(copied)
    second, after, _results = build(copied, released)
    state = after.county("12071")
    assert state is not None
    assert (state.state, state.since) == ("kept", before.version)
    assert state.violations > 0
    assert (second / "dumps/12071.nq").read_bytes() == (first / "dumps/12071.nq").read_bytes()
    assert {c.ags: c.state for c in after.counties if c.ags != "12071"} == dict.fromkeys(
        ("03357", "03457", "07334", "12061"), "current"
    )
    third, again, _ = build(copied, released)
    assert third == second, "the same input gives the same release"
    assert again.county("12071") == state


def test_kept_county_moves_with_a_new_base(copied: Sources, released: Settings) -> None:
    _spoil(copied)
    base = "https://example.org/kg/"
    folder, manifest, _ = build(copied, _settings(copied, released.cache, base=base))
    assert manifest.county("12071").state == "kept"  # type: ignore[union-attr]
    assert CANONICAL_BASE not in (folder / "dumps/12071.nq").read_text(encoding="utf-8")
    assert CANONICAL_BASE not in (folder / "dumps/kreisgraph.jsonld").read_text(encoding="utf-8")
    dataset = open_release(copied.root / "releases").dataset
    assert dataset.known(f"{base}id/kreis/12071/konzept")
    assert dataset.label(f"{base}ns#Goal", "en") is not None


def test_invalid_county_without_a_past_is_left_out_and_named(copied: Sources, cache: Path) -> None:
    _spoil(copied)
    folder, manifest, _ = build(copied, _settings(copied, cache))
    state = manifest.county("12071")
    assert state is not None
    assert state.state == "left_out"
    assert not (folder / "dumps/12071.nq").exists()
    assert "12071" in (folder / "validation/report.html").read_text(encoding="utf-8")
    dataset = open_release(copied.root / "releases").dataset
    assert not dataset.known(f"{CANONICAL_BASE}id/kreis/12071/konzept")
    assert dataset.known(f"{CANONICAL_BASE}id/kreis/12071")


def test_invalid_common_graph_stops_the_build(copied: Sources, released: Settings, release: Release) -> None:
    path = copied.root / "data/districts.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace("kreis:14625, ", ""), encoding="utf-8")
    with pytest.raises(ReleaseError):
        build(copied, released)
    assert open_release(released.releases).manifest.version == release.manifest.version


def test_build_killed_at_any_moment_leaves_the_last_release(copied: Sources, released: Settings) -> None:
    settings = released
    manifest = open_release(settings.releases).manifest
    path = copied.root / SPN / "graph.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace("2026-11-23", "2026-11-24"), encoding="utf-8")
    environment = {
        **os.environ,
        "KREISGRAPH_INPUT": str(copied.root),
        "KREISGRAPH_RELEASES": str(settings.releases),
        "KREISGRAPH_CACHE": str(settings.cache),
    }
    chance = random.Random(7)
    for _ in range(6):
        process = subprocess.Popen(
            [sys.executable, "-m", "publisher", "build"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(chance.uniform(0.3, 4.0))
        process.send_signal(signal.SIGKILL)
        process.wait()
        opened = open_release(settings.releases)
        versions = {opened.manifest.version} - {manifest.version}
        assert not versions or (opened.folder / "dumps/12071.nq").read_bytes().count(b"2026-11-24") == 1
    build(copied, settings)
    opened = open_release(settings.releases)
    assert opened.manifest.version != manifest.version
    assert b"2026-11-24" in (opened.folder / "dumps/12071.nq").read_bytes()
    assert not list(settings.releases.glob(".building-*"))


def test_nothing_built_and_damage_are_named(released: Settings, tmp_path: Path) -> None:
    settings = released
    with pytest.raises(NoRelease, match="kreisgraph build"):
        open_release(tmp_path / "none")
    with (settings.releases / CURRENT / "dumps/12071.nq").open("ab") as file:
        file.write(b"<urn:a> <urn:b> <urn:c> .\n")
    with pytest.raises(DamagedRelease, match=r"12071\.nq"):
        open_release(settings.releases)
    (settings.releases / CURRENT).unlink()
    with pytest.raises(NoRelease):
        open_release(settings.releases)


def test_every_iri_of_ours_is_described_somewhere(release: Release) -> None:
    dataset = release.dataset
    own = {
        term.value
        for quad in dataset.store
        for term in (quad.subject, quad.predicate, quad.object)
        if isinstance(term, NamedNode) and term.value.startswith((CANONICAL_BASE + "id/", CANONICAL_BASE + "ns"))
    }
    assert sorted(iri for iri in own if not dataset.known(iri)) == []
