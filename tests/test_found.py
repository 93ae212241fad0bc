"""Found by machines: site maps, robots, the list of interfaces, signposts, what search engines read."""

import json
import re
from collections import Counter
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from asgi import Asgi

from publisher.release.reader import Release
from publisher.views.site import Site
from publisher.web.app import create_app
from publisher.web.found import FEEDS

SPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
BASE = "https://w3id.org/kreisgraph"
GUESTS = ("/api/v1", "/api/openapi.json", "/api", "/sparql", "/mcp")
"""What only a whole server has."""
_BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
_LINK = re.compile(r'<([^>]*)>; rel="([^"]*)"')


@pytest.fixture(scope="module")
def asgi(site: Site):  # type: ignore[no-untyped-def]
    with Asgi(create_app(site)) as visitor:
        yield visitor


def _maps(asgi: Asgi) -> dict[str, list[tuple[str, str]]]:
    """Site map → its pages with their dates."""
    index = ElementTree.fromstring(asgi.ask("/sitemap.xml").body)
    found = {}
    for entry in index.findall("s:sitemap", SPACE):
        path = urlsplit(entry.findtext("s:loc", "", SPACE)).path.removeprefix("/kreisgraph")
        pages = ElementTree.fromstring(asgi.ask(path).body).findall("s:url", SPACE)
        found[path] = [(one.findtext("s:loc", "", SPACE), one.findtext("s:lastmod", "", SPACE)) for one in pages]
    return found


def test_the_site_maps_list_every_page_once(asgi: Asgi, release: Release) -> None:
    maps = _maps(asgi)
    pages = Counter(address for found in maps.values() for address, _ in found)
    assert max(pages.values()) == 1
    assert all(len(found) <= 50_000 for found in maps.values())
    own = {
        quad.subject.value
        for quad in release.dataset.store
        if getattr(quad.subject, "value", "").startswith(f"{BASE}/id/")
    }
    documents = {f"{BASE}/doc/{iri.removeprefix(f'{BASE}/id/')}.html" for iri in own}
    assert {page for page in pages if "/doc/" in page and "/en/" not in page} == documents
    assert {f"{BASE}/datensatz/{state.name}" for state in release.manifest.datasets} <= set(pages)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", date) for found in maps.values() for _, date in found)


def test_pages_of_the_site_maps_answer(asgi: Asgi) -> None:
    maps = _maps(asgi)
    some = maps["/sitemap/seiten.xml"] + [found[place] for found in maps.values() for place in (0, -1)]
    paths = {urlsplit(address).path.removeprefix("/kreisgraph") for address, _ in some}
    checked = sorted(path for path in paths if path.removeprefix("/en") not in (*GUESTS, "/fragen"))
    assert {path: asgi.ask(path, {"accept": "text/html"}).status for path in checked} == dict.fromkeys(checked, 200)


def test_robots_may_read_the_data_and_find_the_site_map(asgi: Asgi) -> None:
    lines = asgi.ask("/robots.txt").text.splitlines()
    assert f"Sitemap: {BASE}/sitemap.xml" in lines
    closed = [line.partition(": ")[2] for line in lines if line.startswith("Disallow")]
    for path in ("/catalog", "/dumps/12071.ttl", "/datensatz/12071", "/daten", "/sparql", "/suche"):
        assert not any(path.startswith(start) for start in closed)


def test_every_interface_is_listed_with_its_description(asgi: Asgi) -> None:
    answer = asgi.ask("/.well-known/api-catalog")
    assert answer.media == "application/linkset+json"
    assert "https://www.rfc-editor.org/info/rfc9727" in answer.headers["content-type"]
    entries = json.loads(answer.text)["linkset"]
    items = {item["href"] for item in entries[0]["item"]}
    assert items == {f"{BASE}{path}" for path in ("/api/v1", "/sparql", "/mcp", "/catalog", *FEEDS)}
    assert items == {entry["anchor"] for entry in entries[1:]}
    assert all("service-desc" in entry or "service-doc" in entry for entry in entries[1:])


def test_a_language_model_finds_interfaces_and_data(asgi: Asgi) -> None:
    text = asgi.ask("/llms.txt").text
    assert text.startswith("# ")
    links = re.findall(r"\]\((https?://[^)]+)\)", text)
    paths = [urlsplit(link).path.removeprefix("/kreisgraph") for link in links]
    assert len(paths) == len(set(paths)) > 10
    for path in paths:
        if path not in GUESTS:
            assert asgi.ask(path, {"accept": "*/*"}).status in (200, 303), path


@pytest.mark.parametrize("name", ["gesamt", "vokabular", "12071", "03457"])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_search_engines_read_each_data_set(asgi: Asgi, release: Release, name: str, prefix: str) -> None:
    page = asgi.ask(f"{prefix}/datensatz/{name}").text
    found = json.loads(_BLOCK.findall(page)[0])
    assert found["@type"] == "Dataset"
    assert 50 <= len(found["description"]) <= 5000
    wanted = ("name", "license", "creator", "keywords", "identifier", "spatialCoverage", "url", "version", "inLanguage")
    assert all(found[key] for key in (*wanted, "isAccessibleForFree", "includedInDataCatalog", "dateModified"))
    files = {one.get("sha256"): one for one in found["distribution"]}
    for file in release.manifest.files:
        if file.path.startswith("dumps/") and file.sha256 in files:
            assert files[file.sha256]["encodingFormat"] == file.media
            assert file.sha256 in page
    assert all(one["contentUrl"] and one["encodingFormat"] for one in files.values())


def test_search_engines_read_the_catalogue(asgi: Asgi, release: Release) -> None:
    found = json.loads(_BLOCK.findall(asgi.ask("/daten").text)[0])
    assert found["@type"] == "DataCatalog"
    assert len(found["dataset"]) == len(release.manifest.datasets)
    assert all(one["name"] and one["description"] and one["license"] for one in found["dataset"])


@pytest.mark.parametrize("name", ["gesamt", "12071"])
def test_signposts_lead_from_a_page_to_name_licence_and_files(asgi: Asgi, name: str) -> None:
    answer = asgi.ask(f"/datensatz/{name}")
    links = [(relation, address) for address, relation in _LINK.findall(answer.headers["link"])]
    relations = Counter(relation for relation, _ in links)
    assert relations["cite-as"] == relations["license"] == relations["linkset"] == 1
    assert relations["describedby"] == 3
    assert len(answer.headers["link"]) < 4000
    linkset = asgi.ask(f"/datensatz/{name}/linkset.json")
    assert linkset.media == "application/linkset+json"
    entries = json.loads(linkset.text)["linkset"]
    page, files = entries[0], entries[2:]
    assert page["anchor"] == f"{BASE}/datensatz/{name}"
    for relation, address in links:
        assert relation == "linkset" or address in {one["href"] for one in page[relation]}
    assert {one["href"] for one in page["item"]} == {entry["anchor"] for entry in files}
    for entry in files:
        assert asgi.ask(urlsplit(entry["anchor"]).path.removeprefix("/kreisgraph"), method="HEAD").status == 200


def test_what_is_not_there(asgi: Asgi) -> None:
    for path in ("/sitemap/nichts.xml", "/datensatz/99999", "/datensatz/99999/linkset.json"):
        assert asgi.ask(path).status == 404
