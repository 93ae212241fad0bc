"""What the search can find is the same whether it is read from files of the release or from its statements."""

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from publisher.core.errors import DamagedRelease
from publisher.core.settings import Settings
from publisher.core.terms import CANONICAL_BASE, COUNTY, GRAPH, ID, NS, RDF, SKOS
from publisher.graph.queries import Queries
from publisher.graph.sources import Sources
from publisher.graph.store import Dataset
from publisher.graph.write import nquads
from publisher.release.findable import Found, is_noted, noted, things, topics, write
from publisher.release.manifest import CountyState, File, Manifest
from publisher.release.reader import CURRENT, Release
from publisher.views.ready import open_ready
from publisher.views.search_entries import belonging, entries_noted, entries_said
from publisher.views.search_index import Index
from publisher.views.site import Site

ONE, OTHER = COUNTY + "12071", COUNTY + "03357"
SAID = {
    "lists": [
        (ID + "feld/F01", SKOS + "inScheme", ID + "feld"),
        (ID + "feld/F01", SKOS + "prefLabel", Literal("Sprache", language="de")),
        (ID + "feld/F01-1", SKOS + "inScheme", ID + "feld"),
        (ID + "feld/F01-1", SKOS + "broader", ID + "feld/F01"),
        (ID + "feld/F01-1", SKOS + "prefLabel", Literal("Kurse", language="de")),
        *((ID + f"feld/{name}", RDF + "type", SKOS + "Concept") for name in ("F01", "F01-1")),
        *((county, RDF + "type", NS + "District") for county in (ONE, OTHER)),
        # What is shared may speak of a thing below a county.
        (f"{ONE}/ziel-1", RDF + "type", SKOS + "Concept"),
    ],
    "12071": [
        (ONE, NS + "name", Literal("Spree-Neiße", language="de")),
        (f"{ONE}/ziel-1", NS + "text", Literal("Kurse anbieten", language="de")),
        (f"{ONE}/ziel-1", RDF + "type", NS + "Goal"),
        (f"{ONE}/ziel-1", NS + "version", f"{ONE}/v1"),
        (f"{ONE}/ziel-1", NS + "responsibleText", Literal("Amt")),
        (f"{ONE}/ziel-1", NS + "responsibleText", Literal("Amt", language="de")),
        (f"{ONE}/v1", NS + "versionStatus", NS + "Superseded"),
        # And a county of what others use, too.
        (ID + "feld/F01", SKOS + "altLabel", Literal("Deutsch", language="de")),
    ],
    "03357": [
        (f"{OTHER}/stelle-1", RDF + "type", NS + "Body"),
        (f"{OTHER}/stelle-1", NS + "suppliedName", f"{OTHER}/name-1"),
        (f"{OTHER}/name-1", NS + "text", Literal("Büro", language="de")),
        (f"{OTHER}/name-1", RDF + "type", NS + "SuppliedName"),
    ],
    "comparison": [
        (f"{ONE}/zelle-1", NS + "topic", ID + "feld/F01"),
        (f"{ONE}/zelle-1", NS + "contains", f"{ONE}/ziel-1"),
        (f"{OTHER}/zelle-1", NS + "topic", ID + "feld/F01-1"),
        (f"{OTHER}/zelle-1", NS + "containsThroughField", f"{OTHER}/stelle-1"),
        (ID + "verfahren/1", NS + "topic", ID + "feld/F01"),
        (ID + "verfahren/1", NS + "contains", ID + "feld/F01-1"),
    ],
}
"""What named graphs say, in some of the ways in which things are found."""
EXPECTED = {
    f"{ONE}/ziel-1": ((SKOS + "Concept", NS + "Goal"), (("Amt", ""), ("Kurse anbieten", "de")), True),
    f"{OTHER}/stelle-1": ((NS + "Body",), (("Büro", "de"),), False),
    ONE: ((NS + "District",), (("Spree-Neiße", "de"),), False),
    ID + "feld/F01": ((SKOS + "Concept",), (("Deutsch", "de"), ("Sprache", "de")), False),
    ID + "feld/F01-1": ((SKOS + "Concept",), (("Kurse", "de"),), False),
}


@pytest.fixture(scope="module")
def queries(sources: Sources) -> Queries:
    return Queries(sources.queries, CANONICAL_BASE)


def _quads(name: str) -> list[Quad]:
    return [
        Quad(NamedNode(s), NamedNode(p), NamedNode(o) if isinstance(o, str) else o, NamedNode(GRAPH + name))
        for s, p, o in SAID[name]
    ]


def _release(folder: Path, queries: Queries) -> Manifest:
    """A release of SAID with what can be found of its counties, as a build makes it."""
    (folder / "dumps").mkdir()
    files = []
    for name in SAID:
        body = nquads(_quads(name))
        (folder / f"dumps/{name}.nq").write_bytes(body)
        digest = sha256(body).hexdigest()
        files.append(File(f"dumps/{name}.nq", "application/n-quads", len(body), digest, GRAPH + name))
    for ags in ("12071", "03357"):
        start = f"{COUNTY}{ags}/"
        everything = [*_quads("lists"), *_quads("comparison"), *_quads(ags)]
        beside = [quad for quad in everything if quad.subject.value.startswith(start)]  # type: ignore[union-attr]
        own, all_of_it = Dataset.of([*_quads(ags), *beside]), Dataset.of(everything)
        apart = [quad for quad in _quads(ags) if quad not in beside]
        files.append(write(folder, ags, Found(things(queries, own), topics(queries, all_of_it)), apart, CANONICAL_BASE))
    states = [CountyState(ags, "current", "1") for ags in ("12071", "03357")]
    return Manifest("1", "2026-01-01", CANONICAL_BASE, 1, files, [*states, CountyState("01001", "left_out", "")])


def test_what_is_noted_is_what_is_said(tmp_path: Path, queries: Queries) -> None:
    manifest = _release(tmp_path, queries)
    assert is_noted(manifest)
    found, whole = noted(tmp_path, manifest, queries), Dataset.of([quad for name in SAID for quad in _quads(name)])
    said = things(queries, whole)
    assert {one.iri: (one.classes, one.texts, one.superseded) for one in said} == EXPECTED
    assert sorted(found.things, key=lambda one: one.iri) == said
    assert found.topics == topics(queries, whole)
    assert found.topics[ID + "feld/F01"] == {f"{ONE}/ziel-1", ID + "feld/F01", ID + "feld/F01-1"}


def test_without_the_file_of_a_county_nothing_is_noted(tmp_path: Path, queries: Queries) -> None:
    manifest = _release(tmp_path, queries)
    assert not is_noted(replace(manifest, files=[file for file in manifest.files if "search/03357" not in file.path]))
    assert not is_noted(replace(manifest, files=[replace(file, graph="") for file in manifest.files]))


def test_a_release_notes_what_its_statements_say(site: Site) -> None:
    assert is_noted(site.release.manifest)
    assert entries_noted(site) == (entries_said(site), belonging(site))


def test_damage_of_what_is_noted_is_named(released: Settings, sources: Sources) -> None:
    path = released.releases / CURRENT / "search/12071.json"
    path.write_bytes(path.read_bytes().replace(b"Integration", b"Integratiom", 1))
    with pytest.raises(DamagedRelease, match=r"search/12071\.json"):
        open_ready(released, sources)


def test_a_release_without_these_files_is_indexed_by_its_statements(release: Release, site: Site) -> None:
    manifest = replace(
        release.manifest, files=[file for file in release.manifest.files if not file.path.startswith("search/")]
    )
    other = Site.of(replace(release, manifest=manifest), Sources(site.settings.input or Path()), site.settings)
    assert other.once(Index.of).entries == site.once(Index.of).entries
    assert other.once(Index.of).belonging == site.once(Index.of).belonging
