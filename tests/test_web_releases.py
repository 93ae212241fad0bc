"""Addresses that last: pages, files, citations of every release, and what is answered for what is gone."""

import gzip
import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pyoxigraph
import pytest
from asgi import Asgi
from main_text import MainText
from releases_input import CHANGES, COMES, GOES, NEW, OLD, STAYS
from releases_story import Story
from web_client import BROWSER, Structure

from publisher.release.changes import told
from publisher.release.reader import read_manifest
from publisher.web.app import create_app

pytest_plugins = ["releases_fixtures"]

HTML = {"accept": BROWSER}
DCAT = "http://www.w3.org/ns/dcat#"
_LINK = re.compile(r'<([^>]*)>; rel="([^"]*)"')


@pytest.fixture(scope="module")
def site(story: Story) -> Iterator[Asgi]:
    """The site when the second release was in force."""
    with Asgi(create_app(story.site(story.settings))) as visitor:
        yield visitor


@pytest.fixture(scope="module")
def later(story: Story) -> Iterator[Asgi]:
    """The site when the content had gone back, and the first release lost its files."""
    with Asgi(create_app(story.site(story.later))) as visitor:
        yield visitor


@pytest.fixture(scope="module")
def aged(story: Story, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asgi]:
    """The site when the first release is of an earlier version of the program."""
    releases = tmp_path_factory.mktemp("aged") / "releases"
    shutil.copytree(story.settings.releases, releases, symlinks=True)
    old = releases / story.first
    raw = json.loads((old / "manifest.json").read_text(encoding="utf-8"))
    for name in ("number", "previous", "published", "datasets"):
        del raw[name]
    raw["files"] = [
        f for f in raw["files"] if not f["path"].startswith(("changes/", "feeds/", "citation/", "catalog/"))
    ]
    (old / "manifest.json").write_text(json.dumps(raw), encoding="utf-8")
    for name in ("changes", "feeds", "citation", "catalog"):
        shutil.rmtree(old / name)
    with Asgi(create_app(story.site(story.settings.model_copy(update={"releases": releases})))) as visitor:
        yield visitor


def test_every_file_of_every_release_is_at_its_own_address(site: Asgi, story: Story) -> None:
    for version in (story.first, story.second):
        folder = story.settings.releases / version
        for file in read_manifest(folder).files[::7]:
            answer = site.ask(f"/release/{version}/{file.path}")
            assert answer.status == 200, file.path
            assert hashlib.sha256(answer.body).hexdigest() == file.sha256
            assert answer.headers["etag"] == f'"{file.sha256}"'
            assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
            assert "last-modified" in answer.headers
            assert answer.headers["x-kreisgraph-release"] == version
    # What was withdrawn is still there, at the address of the release that had it.
    assert site.ask(f"/release/{story.first}/dumps/{GOES}.ttl").status == 200
    assert site.ask(f"/release/{story.second}/dumps/{GOES}.ttl").status == 404
    assert site.ask(f"/dumps/{GOES}.ttl").status == 404
    for path in ("manifest.json.bak", "../current", "dumps/../manifest.json", "changes/", "dumps/nothing"):
        assert site.ask(f"/release/{story.first}/{path}").status == 404, path


def test_last_modified_is_when_the_bytes_changed(site: Asgi, story: Story) -> None:
    """A dump that stayed has the time of the first release in the second one, too."""
    times = [
        [
            site.ask(f"/release/{version}/dumps/{ags}.nq").headers["last-modified"]
            for version in (story.first, story.second)
        ]
        for ags in (STAYS, CHANGES)
    ]
    assert times[0][0] == times[0][1]
    assert site.ask(f"/dumps/{STAYS}.nq").headers["last-modified"] == times[0][0]
    changed = [(side / f"dumps/{CHANGES}.nq").stat().st_mtime for side in (story.old, story.new)]
    assert changed[0] < changed[1]


def test_the_list_and_the_pages_say_what_changed(site: Asgi, story: Story) -> None:
    page = site.ask("/release", HTML)
    text = MainText(page.text).text
    assert page.status == 200
    assert text.index(story.second) < text.index(story.first), "newest first"
    assert "Landkreis Leer: neu aufgenommen" in text
    assert "Landkreis Germersheim: zurückgezogen" in text
    changed = told.read(story.new, CHANGES)
    assert changed is not None and len(changed.rows) > 1
    assert f"Landkreis Dahme-Spreewald: {len(changed.rows)} Einträge geändert" in text
    assert "Spree-Neiße" not in text
    english = MainText(site.ask(f"/en/release/{story.second}", HTML).text).text
    assert "Landkreis Leer: newly recorded" in english and f"{len(changed.rows)} entries changed" in english
    for link in Structure(page.text).links:
        if link.startswith("/release/"):
            assert site.ask(link, HTML).status == 200, link


def test_the_page_of_a_county_shows_old_and_new_wording(site: Asgi, story: Story) -> None:
    text = MainText(site.ask(f"/release/{story.second}/datensatz/{CHANGES}", HTML).text).text
    assert f"bisher {OLD} jetzt {NEW}" in text
    assert "Wortlaut und Zitat aus der Quelle" in text
    same = MainText(site.ask(f"/release/{story.second}/datensatz/{STAYS}", HTML).text).text
    assert "hat sich hier nichts geändert" in same
    went = site.ask(f"/release/{story.second}/datensatz/{GOES}", HTML)
    assert f"/release/{story.first}/datensatz/{GOES}" in Structure(went.text).links
    assert site.ask(f"/release/{story.first}/datensatz/{GOES}", HTML).status == 200
    assert site.ask(f"/release/{story.first}/datensatz/{COMES}", HTML).status == 404
    assert site.ask(f"/release/{story.second}/datensatz/{CHANGES}?teil=2", HTML).status == 400


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_withdrawn_data_set_says_so_and_where_it_was(site: Asgi, story: Story, prefix: str) -> None:
    answer = site.ask(f"{prefix}/datensatz/{GOES}", HTML)
    assert answer.status == 410
    links = Structure(answer.text).links
    assert f"{prefix}/release/{story.first}/datensatz/{GOES}" in links
    assert f"{prefix}/release/{story.second}" in links
    iri = site.ask(f"/id/datensatz/{GOES}", HTML)
    assert (iri.status, iri.headers["location"].rpartition("/")[2]) == (303, GOES)
    assert site.ask("/datensatz/99999", HTML).status == 404
    assert site.ask(f"/datensatz/{COMES}", HTML).status == 200


@pytest.mark.parametrize("name", [f"kreis/{GOES}/konzept", f"kreis/{GOES}/1/ziel-01", f"graph/{GOES}"])
def test_what_went_with_a_county_says_where_it_was(site: Asgi, story: Story, name: str) -> None:
    address = f"/release/{story.first}/datensatz/{GOES}"
    for path in (f"/id/{name}", f"/doc/{name}.ttl"):
        answer = site.ask(path, {"accept": "application/json"})
        assert answer.status == 410 and json.loads(answer.text)["detail"].endswith(address), path
    page = site.ask(f"/doc/{name}.html", HTML)
    assert page.status == 410 and address in page.text
    assert site.ask(f"/id/kreis/{GOES}", HTML).status == 303
    assert site.ask("/id/kreis/99999/konzept", HTML).status == 404


def test_a_data_set_that_came_back_is_not_withdrawn(later: Asgi) -> None:
    assert later.ask(f"/datensatz/{GOES}", HTML).status == 200
    assert later.ask(f"/datensatz/{COMES}", HTML).status == 410


def test_removed_files_are_told_apart_from_unknown_ones(later: Asgi, story: Story) -> None:
    path = f"/release/{story.first}/dumps/{GOES}.nq"
    answer = later.ask(path, {"accept": "application/json"})
    assert answer.status == 410
    detail = json.loads(answer.text)["detail"]
    file = next(one for one in read_manifest(story.old).files if one.path == f"dumps/{GOES}.nq")
    for fact in (story.first, "2026-11-27", file.sha256, story.third):
        assert fact in detail
    assert answer.headers["cache-control"] == "no-store"
    assert later.ask(path, HTML).status == 410
    assert later.ask(f"/release/{story.first}/dumps/nothing.nq").status == 404
    page = later.ask(f"/release/{story.first}", HTML)
    assert page.status == 200
    text = MainText(page.text).text
    assert "werden nicht mehr bereitgehalten" in text
    assert not [link for link in Structure(page.text).links if f"{story.first}/dumps" in link]
    for kept in (
        "manifest.json",
        "citation/SHA256SUMS",
        "changes/summary.json",
        "feeds/dcat-ap/1.trig",
        "citation/gesamt.bib",
    ):
        assert later.ask(f"/release/{story.first}/{kept}").status == 200, kept
    assert later.ask(f"/release/{story.second}/dumps/{STAYS}.nq").status == 200


def test_a_release_of_an_earlier_program_answers_with_what_it_has(aged: Asgi, story: Story) -> None:
    for path in (
        "/release",
        f"/release/{story.first}",
        f"/release/{story.first}/datensatz/{GOES}",
        f"/en/release/{story.first}",
    ):
        assert aged.ask(path, HTML).status == 200, path
    text = MainText(aged.ask(f"/release/{story.first}", HTML).text).text
    assert "bevor Änderungen festgehalten wurden" in text
    assert aged.ask(f"/release/{story.first}/dumps/{GOES}.nq").status == 200
    assert aged.ask(f"/release/{story.first}/citation/gesamt.bib").status == 200
    assert aged.ask(f"/release/{story.first}.ttl").status == 200
    assert aged.ask(f"/release/{story.first}/citation/SHA256SUMS").status == 404


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("*/*", "text/html"),
        (BROWSER, "text/html"),
        ("text/turtle", "text/turtle"),
        ("application/ld+json", "application/ld+json"),
    ],
)
def test_a_release_describes_itself_by_negotiation(site: Asgi, story: Story, accept: str, media: str) -> None:
    answer = site.ask(f"/release/{story.second}", {"accept": accept})
    assert (answer.status, answer.media) == (200, media)
    assert "accept" in answer.names("vary")
    links: dict[str, list[str]] = {}
    for address, relation in _LINK.findall(answer.headers["link"]):
        links.setdefault(relation, []).append(address.partition("/kreisgraph")[2])
    assert links["version-history"] == ["/release"]
    assert links["predecessor-version"] == [f"/release/{story.first}"]
    assert links["latest-version"] == links["cite-as"] == [f"/release/{story.second}"]
    assert "successor-version" not in links
    for address in links["describedby"]:
        assert site.ask(address).status == 200


def test_what_a_release_says_of_itself_is_true(site: Asgi, story: Story) -> None:
    answer = site.ask(f"/release/{story.second}.ttl")
    triples = list(pyoxigraph.parse(answer.body, format=pyoxigraph.RdfFormat.TURTLE))
    iri = f"https://w3id.org/kreisgraph/release/{story.second}"
    said = {quad.predicate.value: getattr(quad.object, "value", "") for quad in triples if quad.subject.value == iri}  # type: ignore[union-attr]
    assert said[DCAT + "version"] == story.second
    assert said[DCAT + "previousVersion"] == iri.replace(story.second, story.first)
    sums = {quad.object.value for quad in triples if quad.predicate.value.endswith("checksumValue")}  # type: ignore[union-attr]
    files = {file.sha256 for file in read_manifest(story.new).files if re.fullmatch(r"dumps/\w+\.nq", file.path)}
    assert sums == files
    typed = [quad.subject.value for quad in triples if getattr(quad.object, "value", "") == DCAT + "Dataset"]  # type: ignore[union-attr]
    assert typed == [iri], "no other data set without a title"


def test_the_catalogue_leads_to_no_release(story: Story) -> None:
    text = (story.new / "catalog/catalog.ttl").read_text(encoding="utf-8")
    assert "/release/" not in text and "previousVersion" not in text


@pytest.mark.parametrize("accepts", ["gzip", "identity", "", "gzip;q=0"])
def test_packed_pages_are_unpacked_for_who_cannot(site: Asgi, story: Story, accepts: str) -> None:
    headers = {"accept-encoding": accepts} if accepts else {}
    answer = site.ask(f"/release/{story.second}/feeds/elements/{CHANGES}.trig", headers)
    packed = answer.headers.get("content-encoding") == "gzip"
    assert packed == (accepts == "gzip")
    assert answer.media == "application/trig"
    assert answer.headers["cache-control"].endswith("immutable")
    body = gzip.decompress(answer.body) if packed else answer.body
    assert body.startswith(b"@prefix")
    tag = {**headers, "if-none-match": answer.headers["etag"]}
    assert site.ask(f"/release/{story.second}/feeds/elements/{CHANGES}.trig", tag).status == 304


def test_feeds_are_served_and_found(site: Asgi, story: Story) -> None:
    for path, media in {
        "/feed/atom.xml": "application/atom+xml",
        "/en/feed/atom.xml": "application/atom+xml",
        "/feed/dcat-ap.trig": "application/trig",
        "/feed/elements.trig": "application/trig",
    }.items():
        answer = site.ask(path)
        assert (answer.status, answer.media) == (200, media)
        assert "immutable" not in answer.headers["cache-control"]
    assert site.ask("/feed/dcat-ap").headers["location"] == "/feed/dcat-ap.trig"
    for prefix in ("", "/en"):
        page = site.ask(f"{prefix}/daten", HTML).text
        assert 'type="application/atom+xml" title="' in page
        assert f'href="{prefix}/feed/atom.xml"' in page
        assert f"{prefix}/release" in Structure(page).links
    anchors = {entry["anchor"] for entry in json.loads(site.ask("/.well-known/api-catalog").text)["linkset"]}
    assert {
        f"https://w3id.org/kreisgraph/feed/{name}" for name in ("atom.xml", "dcat-ap.trig", "elements.trig")
    } <= anchors
    assert "/feed/dcat-ap.trig" in site.ask("/llms.txt").text
    # The address of the release in force leads on to the one that lasts.
    assert f'rel="canonical" href="/release/{story.second}"' in site.ask("/release/current", HTML).text
    moved = site.ask(f"/release/current/dumps/{STAYS}.nq")
    assert (moved.status, moved.headers["location"]) == (302, f"/release/{story.second}/dumps/{STAYS}.nq")


@pytest.mark.parametrize("ending", ["bib", "csl.json", "cff"])
def test_citations_are_files_and_text(site: Asgi, story: Story, ending: str) -> None:
    for name, inner in (("gesamt", ""), (CHANGES, f"/datensatz/{CHANGES}")):
        answer = site.ask(f"/release/{story.second}/citation/{name}.{ending}")
        assert answer.status == 200
        assert f"/release/{story.second}{inner}" in answer.text
        page = unescape(site.ask(f"/release/{story.second}{inner}", HTML).text)
        assert f"/citation/{name}.{ending}" in page
        assert ending == "cff" or answer.text in page, "what the file holds can be copied from the page"
    assert site.ask(f"/release/{story.second}/citation/nichts.{ending}").status == 404


def test_the_page_of_a_data_set_tells_its_states_and_its_fingerprint(site: Asgi, story: Story) -> None:
    page = site.ask(f"/datensatz/{CHANGES}", HTML).text
    links = Structure(page).links
    for version in (story.first, story.second):
        assert f"/release/{version}/datensatz/{CHANGES}" in links
    file = next(one for one in read_manifest(story.new).files if one.path == f"dumps/{CHANGES}.nq")
    assert f"/release/{story.second}/dumps/{CHANGES}.nq | sha256sum\n{file.sha256}" in page
    assert f"/release/{story.second}" in Structure(site.ask("/datensatz/gesamt", HTML).text).links


def test_a_site_with_one_release_says_that_all_is_new(story: Story, tmp_path: Path) -> None:
    releases = tmp_path / "releases"
    shutil.copytree(story.old, releases / story.first)
    (releases / "current").symlink_to(story.first)
    with Asgi(create_app(story.site(story.settings.model_copy(update={"releases": releases})))) as visitor:
        for path in ("/release", "/release/current", f"/release/{story.first}/datensatz/{STAYS}"):
            answer = visitor.ask(path, HTML)
            assert answer.status == 200
            assert "alle Angaben sind neu" in MainText(answer.text).text
