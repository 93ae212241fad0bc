"""The catalogue: what it offers, whose dates follow the content, and how it is served."""

import re
import shutil
import time
from dataclasses import replace
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
import rdflib
from asgi import Asgi
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF

from publisher.core.errors import ValueNotAllowed
from publisher.core.settings import Settings, load
from publisher.graph.sources import Sources
from publisher.release.build import build
from publisher.release.catalogue.fragments import FORMATS
from publisher.release.manifest import DatasetState, Manifest
from publisher.release.reader import MANIFEST, Release, open_release
from publisher.views.site import Site
from publisher.web.app import create_app

BASE = "https://w3id.org/kreisgraph/"
LEER = "data/counties/03457-leer"
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")


def _graph(folder: Path, ending: str = "ttl") -> rdflib.Graph:
    names = {"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld"}
    return rdflib.Graph().parse(folder / "catalog" / f"catalog.{ending}", format=names[ending])


def _publisher(graph: rdflib.Graph, base: str) -> set[str]:
    return set(map(str, graph.objects(rdflib.URIRef(f"{base}catalog#herausgeber"), FOAF.name)))


@pytest.fixture(scope="module")
def graph(release: Release) -> rdflib.Graph:
    return _graph(release.folder)


@pytest.fixture(scope="module")
def asgi(site: Site):  # type: ignore[no-untyped-def]
    with Asgi(create_app(site)) as visitor:
        yield visitor


def test_each_file_is_in_one_distribution_with_its_size_and_checksum(release: Release, graph: rdflib.Graph) -> None:
    told = {
        str(graph.value(one, DCAT.downloadURL)): (
            str(graph.value(one, DCAT.byteSize)),
            str(graph.value(graph.value(one, SPDX.checksum), SPDX.checksumValue)),
            len(list(graph.subjects(DCAT.distribution, one))),
        )
        for one in graph.subjects(RDF.type, DCAT.Distribution)
        if (one, DCAT.downloadURL, None) in graph
    }
    offered = [file for file in release.manifest.files if file.path.startswith(("dumps/", "tabellen/"))]
    # Of what lies there compressed as well, portals are told where it is everything.
    parts = [one for one in offered if one.path.endswith((".gz", ".zst")) and "/kreisgraph." not in one.path]
    assert parts
    assert told == {BASE + file.path: (str(file.bytes), file.sha256, 1) for file in offered if file not in parts}


def test_formats_say_the_same_without_blank_nodes(release: Release, graph: rdflib.Graph) -> None:
    for fmt in FORMATS:
        assert set(_graph(release.folder, fmt.ending)) == set(graph)
    assert not [node for node in graph.all_nodes() if isinstance(node, rdflib.BNode)]
    context = (release.folder / "catalog" / "catalog.jsonld").read_text(encoding="utf-8")
    assert re.search(r'"@context": \{', context), "a context elsewhere would have to be fetched"


def test_a_service_page_is_not_called_a_concept(graph: rdflib.Graph) -> None:
    titles = {
        str(one)[-5:]: str(title) for one, title in graph.subject_objects(DCTERMS.title) if title.language == "de"
    }
    assert titles["12071"] == "Integrationskonzept: Landkreis Spree-Neiße"
    assert titles["03457"] == "Integrationsarbeit: Landkreis Leer (Angaben einer Internetseite)"


def test_the_operator_is_named_and_nothing_is_made_up(copied: Sources, cache: Path, graph: rdflib.Graph) -> None:
    assert not list(graph.objects(None, DCAT.contactPoint))
    assert _publisher(graph, BASE) == {"Kreisgraph"}
    more = {
        "operator": "Amt X",
        "contact": "daten@x.example",
        "publisher_type": "local",
        "base": "https://x.example/kg/",
    }
    chosen = load(
        releases=copied.root / "releases", cache=cache, license="http://dcat-ap.de/def/licenses/cc-zero", **more
    )
    named = _graph(build(copied, chosen)[0])
    assert _publisher(named, "https://x.example/kg/") == {"Amt X"}
    contact = rdflib.URIRef("https://x.example/kg/catalog#kontakt")
    assert (
        str(named.value(contact, rdflib.URIRef("http://www.w3.org/2006/vcard/ns#hasURL")))
        == "https://x.example/kg/fehler-melden"
    ), "GovData asks for it (K01)"
    assert not [node for node in named.all_nodes() if BASE in str(node)]
    assert "licenseAttributionByText" not in " ".join(map(str, named.predicates())), "CC0 asks for no name"


@pytest.mark.parametrize(
    "change",
    [
        {"license": "https://creativecommons.org/licenses/by/4.0/"},
        {"license": "http://dcat-ap.de/def/licenses/dl-by-de/2.0/"},
        {"license": "http://dcat-ap.de/def/licenses/cc-by/4_0"},
        {"contributor": "landNiedersachsen"},
        {"publisher_type": "company"},
    ],
)
def test_a_value_that_portals_would_refuse_is_refused_at_start(change: dict[str, str]) -> None:
    with pytest.raises(ValueNotAllowed):
        load(**change)


def _states(manifest: Manifest) -> dict[str, DatasetState]:
    return {state.name: state for state in manifest.datasets}


def _dated(path: Path, date: str) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r'dct:modified "[^"]*"', f'dct:modified "{date}"', text), encoding="utf-8")


def test_only_what_changed_gets_a_new_date(copied: Sources, released: Settings) -> None:
    told: list[tuple[str, str]] = []
    opened = open_release(released.releases)
    first, before = opened.folder, opened.manifest
    _dated(copied.root / LEER / "graph.ttl", "2026-12-01")
    shutil.rmtree(copied.root / "data/counties/07334-germersheim")
    second, after, _ = build(copied, released, lambda step, part: told.append((step, part)))
    old, new = _states(before), _states(after)
    assert set(old) - set(new) == {"07334"}
    assert {name for name in new if new[name] != old[name]} == {"03457", "gesamt"}
    assert (new["03457"].issued, new["03457"].modified) == (old["03457"].issued, "2026-12-01")
    assert new["03457"].since == new["gesamt"].since == after.version
    assert [part for step, part in told if step == "undated"] == []
    same, other = first / "dumps/12071.ttl", second / "dumps/12071.ttl"
    assert same.stat().st_mtime_ns == other.stat().st_mtime_ns, "Last-Modified of what did not change"
    again, repeated, _ = build(copied, released)
    assert again == second
    assert repeated == after


def test_a_change_without_a_new_date_is_named(copied: Sources, released: Settings) -> None:
    told: list[tuple[str, str]] = []
    path = copied.root / LEER / "concept.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace("für Besucher", "fuer Besucher") + "\n", encoding="utf-8")
    path = copied.root / LEER / "graph.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace("als Daten", "in Daten"), encoding="utf-8")
    build(copied, released, lambda step, part: told.append((step, part)))
    assert {part for step, part in told if step == "undated"} == {"03457", "gesamt"}


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", "text/turtle"),
        ("*/*", "text/turtle"),
        ("text/turtle", "text/turtle"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/ld+json, */*;q=0.1", "application/ld+json"),
        ("text/html, application/rdf+xml;q=0.9", ""),
        ("image/png", "application/problem+json"),
    ],
)
def test_the_catalogue_is_negotiated(asgi: Asgi, accept: str, media: str) -> None:
    headers = {"accept": accept} if accept else {}
    for method in ("HEAD", "GET"):
        answer = asgi.ask("/catalog", headers, method)
        assert answer.media == media
        assert answer.status == {"": 303, "application/problem+json": 406}.get(media, 200)
        assert {"accept"} <= answer.names("vary")
        if answer.status == 200 and method == "GET":
            answer.body.decode("utf-8")


@pytest.mark.parametrize("path", ["/catalog", "/catalog.ttl", "/catalog.rdf", "/catalog.jsonld"])
def test_a_catalogue_that_is_known_is_not_sent_again(asgi: Asgi, path: str) -> None:
    answer = asgi.ask(path)
    assert answer.headers["etag"].startswith('"')
    assert asgi.ask(path, {"if-none-match": answer.headers["etag"]}).status == 304
    assert asgi.ask(path, {"if-modified-since": answer.headers["last-modified"]}).status == 304
    assert parsedate_to_datetime(answer.headers["last-modified"]).timestamp() <= time.time()
    assert asgi.ask(path, {"if-none-match": '"x"'}).status == 200


def test_the_iri_of_a_data_set_leads_to_its_page_and_its_description(asgi: Asgi) -> None:
    def led(name: str, accept: str) -> str:
        answer = asgi.ask(f"/id/datensatz{name}", {"accept": accept})
        assert answer.status == 303
        return answer.headers["location"]

    assert (led("/12071", "text/html"), led("/12071", "text/turtle")) == ("/datensatz/12071", "/datensatz/12071.ttl")
    for whole in ("", "/gesamt"):
        assert (led(whole, "text/html"), led(whole, "text/turtle")) == ("/datensatz/gesamt", "/doc/datensatz.ttl")
    assert asgi.ask("/id/datensatz/klasse-ic-Goal", {"accept": "text/turtle"}).status == 303
    assert asgi.ask("/id/datensatz/99999").status == 404


def test_a_release_without_a_catalogue_has_none(
    release: Release, sources: Sources, settings: Settings, tmp_path: Path
) -> None:
    shutil.copytree(release.folder, tmp_path / "old")
    shutil.rmtree(tmp_path / "old" / "catalog")
    manifest = release.manifest
    files = [file for file in manifest.files if not file.path.startswith("catalog/")]
    (tmp_path / "old" / MANIFEST).write_text(replace(manifest, files=files).json(), encoding="utf-8")
    (tmp_path / "current").symlink_to("old")
    site = Site.of(open_release(tmp_path), sources, settings)
    with Asgi(create_app(site)) as visitor:
        assert visitor.ask("/catalog").status == 404
        assert visitor.ask("/datensatz/gesamt").status == 404
        assert visitor.ask("/daten").status == 200
