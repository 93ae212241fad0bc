"""Where counties are many, files of everything are put together from pieces: nothing of that may be seen in them."""

import gzip
import hashlib
import json
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse
from releases_input import CHANGES, GOES, reword, small, take
from web_client import Client

from publisher.cli.main import main
from publisher.core.settings import Settings, load
from publisher.export.options import Exported, Options
from publisher.export.servers import samples
from publisher.graph.sources import Sources
from publisher.release import dumps, gathered, packings
from publisher.release.build import build
from publisher.release.catalogue.fragments import Fragments
from publisher.release.catalogue.listing import DCAT
from publisher.release.changes import patch
from publisher.release.changes.merge import whole_file
from publisher.release.description import VOID
from publisher.release.gathered import Piece, gather
from publisher.release.kept import Kept
from publisher.release.maker import Maker
from publisher.release.manifest import Manifest
from publisher.release.reader import MANIFEST, open_release, read_manifest
from publisher.release.tables import files as tables
from publisher.release.tables.local import Local
from publisher.views.site import Site
from publisher.web.app import create_app
from publisher.web.frame import Frame

LARGE = 40_000
"""So large a file must be here to lie there packed."""
FORMATS = {
    "nq": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}


@dataclass(frozen=True)
class Built:
    """Two releases of counties that count as many: one was changed in the second, of which one part was made anew."""

    sources: Sources
    settings: Settings
    old: Path
    new: Path
    again: Path
    """The second one made from nothing."""
    spoilt: Path
    """The second one where what was noted of unchanged texts was changed since."""
    begun: list[int]
    """How often each of the four was begun."""
    packed: list[int]
    """How many pieces were compressed for each of the three."""
    asked: list[int]
    """For how many counties rows of tables were asked for in each of the three."""
    told: list[int]
    """For how many counties their part of the catalogue was written in each of the three."""

    @property
    def manifest(self) -> Manifest:
        """That of the second release."""
        return read_manifest(self.new)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    folder = tmp_path_factory.mktemp("many")
    sources = small(folder / "input")
    take(sources.root, GOES)
    settings = load(releases=folder / "releases", cache=folder / "cache", input=sources.root, jobs=1)
    other = load(releases=folder / "other", cache=folder / "empty", input=sources.root, jobs=1)
    third = load(releases=folder / "third", cache=folder / "spoilt", input=sources.root, jobs=1)
    counted, asked, told = list[int](), list[int](), list[int]()
    compress, ask, tell = gathered._made, Local._made, Fragments._told
    begun: list[int] = []
    begin = Maker._begin

    def made(settings: Settings) -> Path:
        begun.append(0)
        return build(sources, settings)[0]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(dumps, "MOST_BYTES", 1)
        patched.setattr(tables, "MOST_BYTES", 1)
        patched.setattr(packings, "LARGE", LARGE)
        patched.setattr(gathered, "_made", lambda body: (counted.append(1), compress(body))[1])
        patched.setattr(Maker, "_begin", lambda self, kept: (begun.append(begun.pop() + 1), begin(self, kept))[1])
        patched.setattr(Local, "_made", lambda local, ags: (asked.append(1), ask(local, ags))[1])
        patched.setattr(Fragments, "_told", lambda parts, ags: (told.append(1), tell(parts, ags))[1])
        numbers = [[0, 0, 0]]
        old = made(settings)
        numbers.append([len(counted), len(asked), len(told)])
        for one in (other, third):
            shutil.copytree(settings.releases, one.releases, symlinks=True)
        shutil.copytree(settings.cache, third.cache)
        notes = third.cache / "notes"
        notes.write_bytes(
            notes.read_bytes().replace(
                b'[["https://w3id.org/kreisgraph/id/kreis/', b'[["https://w3id.org/kreisgraph/id/KREIS/'
            )
        )
        reword(sources.root, "2026-12-01")
        new = made(settings)
        numbers.append([len(counted), len(asked), len(told)])
        again = made(other)
        numbers.append([len(counted), len(asked), len(told)])
        spoilt = made(third)
    packed, rows, parts = ([late - early for early, late in pairwise(one)] for one in zip(*numbers, strict=True))
    yield Built(sources, settings, old, new, again, spoilt, begun, packed, rows, parts)


def _files(folder: Path) -> dict[str, str]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def test_a_build_after_a_change_gives_the_bytes_of_one_from_nothing(built: Built) -> None:
    assert _files(built.new) == _files(built.again)
    manifest = built.manifest
    assert {file.path: file.sha256 for file in manifest.files} | {MANIFEST: _files(built.new)[MANIFEST]} == _files(
        built.new
    )
    first, second, third = built.packed
    assert third >= first > 0
    assert 0 < second < first * 0.8, "pieces of the county that did not change are taken as they are"
    assert (built.asked, built.told) == ([2, 1, 2], [2, 1, 2]), "rows and part of the catalogue of what changed"


def test_a_damaged_cache_reaches_no_release(built: Built, tmp_path: Path) -> None:
    shutil.copytree(built.settings.releases, tmp_path / "releases", symlinks=True)
    shutil.copytree(built.settings.cache, tmp_path / "cache")
    before = _files(built.new)
    for path in (path for path in (tmp_path / "cache").rglob("*") if path.is_file()):
        body = bytearray(path.read_bytes())
        for place in (len(body) // 2, *range(777, len(body), 5000)):
            body[place] ^= 1
        path.write_bytes(body)
    # The tables and the catalogue of the release in force are not what its manifest says either.
    for path in (*built.new.glob("tabellen/*.csv"), *built.new.glob("catalog/*")):
        damaged = tmp_path / "releases" / path.relative_to(built.new.parent)
        damaged.write_bytes(path.read_bytes().replace(b"e", b"33"))
    settings = load(releases=tmp_path / "releases", cache=tmp_path / "cache", input=built.sources.root, jobs=1)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(dumps, "MOST_BYTES", 1)
        patched.setattr(tables, "MOST_BYTES", 1)
        patched.setattr(packings, "LARGE", LARGE)
        again, _, _ = build(built.sources, settings)
    assert again.name.startswith(f"{built.new.name}.")
    assert _files(again) == before


def test_what_was_counted_on_and_is_gone_is_made_again(built: Built) -> None:
    assert built.begun == [1, 1, 1, 2], "all began anew where the texts of the other county could not be read"
    assert _files(built.spoilt) == _files(built.again)


def test_everything_is_canonical_once_unpacked(built: Built) -> None:
    lines = {line for path in built.new.glob("dumps/*.nq") for line in path.read_bytes().splitlines(keepends=True)}
    body = (built.new / "dumps/kreisgraph.nq.gz").read_bytes()
    assert gzip.decompress(body) == b"".join(sorted(lines))
    assert len(lines) == built.manifest.triples
    single = zlib.decompressobj(wbits=31)
    single.decompress(body)
    assert single.eof and not single.unused_data, "one member: some readers stop after the first"
    assert [path.name for path in built.new.glob("dumps/kreisgraph.*")] and not [
        path for path in built.new.glob("dumps/kreisgraph.*") if path.suffix != ".gz"
    ]


@pytest.mark.parametrize("name", ["kreisgraph", "comparison", "similar"])
def test_every_format_holds_the_same_statements(built: Built, name: str) -> None:
    found = {}
    for ending, fmt in FORMATS.items():
        with gzip.open(built.new / f"dumps/{name}.{ending}.gz") as file:
            triples = ((str(q.subject), str(q.predicate), str(q.object)) for q in parse(file, format=fmt))
            # Blank nodes, which only shapes have, are called otherwise by each parser.
            found[ending] = {triple for triple in triples if "_:" not in triple[0] + triple[2]}
    assert found["nq"]
    assert {ending for ending, triples in found.items() if triples != found["nq"]} == set()


def test_what_is_said_of_the_files_is_true(built: Built) -> None:
    sizes = {f"/{file.path}": file.bytes for file in built.manifest.files}
    whole = {f"/dumps/kreisgraph.{ending}.gz" for ending in FORMATS}
    void = parse(path=str(built.new / "dumps/description.nq"), format=RdfFormat.N_QUADS)
    named = {quad.object.value for quad in void if quad.predicate.value == VOID + "dataDump"}
    assert {iri.removeprefix("https://w3id.org/kreisgraph") for iri in named} == whole
    catalogue = list(parse(path=str(built.new / "catalog/catalog.ttl"), format=RdfFormat.TURTLE))
    address = {q.subject: q.object.value for q in catalogue if q.predicate.value == DCAT + "downloadURL"}
    told = {address[q.subject]: int(q.object.value) for q in catalogue if q.predicate.value == DCAT + "byteSize"}
    offered = {iri.removeprefix("https://w3id.org/kreisgraph"): size for iri, size in told.items()}
    assert {path: size for path, size in offered.items() if sizes.get(path) != size} == {}
    assert whole <= offered.keys()
    assert {"/dumps/similar.nq", "/dumps/similar.ttl.gz", f"/dumps/{CHANGES}.ttl"} <= offered.keys()
    assert {"/dumps/similar.nq.gz", f"/dumps/{CHANGES}.nq.gz"} & offered.keys() == set(), "the plain ones are told"


@pytest.mark.parametrize("ending", ["ttl", "rdf", "jsonld"])
def test_a_large_catalogue_lies_there_packed_by_states(built: Built, ending: str) -> None:
    path = built.new / f"catalog/catalog.{ending}"
    body = path.with_name(f"{path.name}.gz").read_bytes()
    assert path.stat().st_size >= LARGE and gzip.decompress(body) == path.read_bytes()
    single = zlib.decompressobj(wbits=31)
    single.decompress(body)
    assert single.eof and not single.unused_data
    assert f"catalog/{path.name}.gz" in {file.path for file in built.manifest.files}
    graph = {(q.subject, q.predicate, q.object) for q in parse(path=str(path), format=FORMATS[ending])}
    turtle = parse(path=str(built.new / "catalog/catalog.ttl"), format=RdfFormat.TURTLE)
    assert graph == {(q.subject, q.predicate, q.object) for q in turtle}


def test_the_archive_holds_the_tables(built: Built) -> None:
    plain = {
        path.name: path.read_bytes()
        for path in (built.new / "tabellen").glob("*.*")
        if path.suffix not in (".xlsx", ".gz")
    }
    del plain["kreisgraph-tabellen.zip"]
    with zipfile.ZipFile(built.new / tables.ARCHIVE) as archive:
        assert archive.testzip() is None
        assert {member.filename: archive.read(member) for member in archive.infolist()} == plain
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_release_is_read_and_compared(built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(open_release(built.settings.releases).dataset.store) == built.manifest.triples
    summary = json.loads((built.new / "changes/summary.json").read_text(encoding="utf-8"))
    assert {one["name"] for one in summary["sets"]} == {"gesamt", CHANGES}
    old, new = whole_file(built.old), whole_file(built.new)
    assert old and new
    with (tmp_path / "new.nq").open("wb") as out:
        patch.apply(patch.read(next(built.new.glob("changes/kreisgraph.rdfp*"))), old, out)
    assert (tmp_path / "new.nq").read_bytes() == gzip.decompress(new.read_bytes())
    monkeypatch.setenv("KREISGRAPH_RELEASES", str(built.settings.releases))
    assert main(["diff", built.old.name, built.new.name, "--format", "rdfpatch"]) == 1
    assert main(["diff", built.new.name, built.new.name, "--format", "rdfpatch"]) == 0


def test_pages_name_the_files_that_there_are(built: Built) -> None:
    site = Site.of(open_release(built.settings.releases), built.sources, built.settings)
    client = Client(create_app(site))
    assert client.ask("/dumps/kreisgraph.nq").headers["location"].endswith("/dumps/kreisgraph.nq.gz")
    assert client.ask("/dumps/similar.ttl").headers["location"].endswith("/dumps/similar.ttl.gz")
    assert client.ask("/dumps/nichts.nq").status_code == 404
    kept = client.ask(f"/release/{built.new.name}/dumps/kreisgraph.nq")
    assert kept.headers["location"].endswith(f"/release/{built.new.name}/dumps/kreisgraph.nq.gz")
    page, english = client.ask("/daten").text, client.ask("/en/daten").text
    assert "kreisgraph-tabellen.xlsx" not in page and "zu viele Zeilen" in page
    assert "too many rows" in english
    for path in ("/dumps/kreisgraph.nq.gz", "/dumps/similar.ttl.gz"):
        assert f'href="{path}"' in page
    release = client.ask(f"/release/{built.new.name}").text
    assert "/dumps/kreisgraph.nq.gz" in release and "sha256sum kreisgraph.nq<" not in release


def test_a_piece_that_was_changed_since_is_made_again(tmp_path: Path) -> None:
    bodies = {f"{number}": bytes([65 + number]) * 5000 + b"\n" for number in range(4)}
    pieces = [Piece(stamp, lambda body=body: body) for stamp, body in bodies.items()]  # type: ignore[misc]
    for name in ("a", "b"):
        (tmp_path / name / "dumps").mkdir(parents=True)
    first = gather(tmp_path / "a", "dumps/x.gz", pieces, Kept(tmp_path / "cache"))
    lies = tmp_path / "a/dumps/x.gz"
    raw = bytearray(lies.read_bytes())
    raw[20] ^= 255
    lies.write_bytes(raw)
    kept = Kept(tmp_path / "cache", {first.sha256: (lies, first.bytes)})
    assert gather(tmp_path / "b", "dumps/x.gz", pieces, kept) == first
    assert gzip.decompress((tmp_path / "b/dumps/x.gz").read_bytes()) == b"".join(bodies.values())
    assert first.lines == len(bodies)


def test_the_samples_for_web_servers_lead_to_packed_files_where_there_are_only_those(built: Built) -> None:
    site = Site.of(open_release(built.settings.releases), built.sources, built.settings)
    frame = Frame.of(site)
    for environment in frame.environments.values():
        environment.globals |= {"exported": Exported("", parts=False)}
    paths = {file.path for file in built.manifest.files}
    for name, body in samples(frame, Options(url="https://www.landkreis.example/daten")):
        assert "comparison|reading|similar" in body.decode(), name
    assert {f"dumps/{name}.ttl.gz" for name in ("comparison", "reading", "similar")} <= paths
    assert not {f"dumps/{name}.ttl" for name in ("comparison", "reading", "similar")} & paths


def test_the_page_praises_no_workbook_that_is_not_there(built: Built) -> None:
    client = Client(create_app(Site.of(open_release(built.settings.releases), built.sources, built.settings)))
    assert "Zum Doppelklicken" not in client.ask("/daten").text and "double click" not in client.ask("/en/daten").text
