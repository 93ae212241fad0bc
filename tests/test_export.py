"""The site as plain files: no broken link under any path, the same bytes as served, only what changed made anew."""

import hashlib
import http.client
import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from export_site import COUNTY, UNDER, addresses, changed, exported, prepared, served

from publisher.cli.main import main
from publisher.core.errors import BrokenLinks, ExportRunning, ForeignFolder, UnsafeName
from publisher.core.settings import Settings
from publisher.export import check
from publisher.export import export as exporting
from publisher.export.folder import LIST, Entry, Folder, check_name
from publisher.export.offline import FOLDER, bucket
from publisher.export.options import Exported, Options
from publisher.export.places import address_of, file_of, relative
from publisher.export.work import Work
from publisher.graph.sources import Sources
from publisher.release.reader import Release
from publisher.web.frame import Page


@pytest.fixture(scope="module")
def work(release: Release, sources: Sources, settings: Settings, session: Path) -> Iterator[Work]:
    """The work of the export, done."""
    assert release.manifest.version
    with exported(session, sources, settings) as work:
        yield work


@pytest.fixture(scope="module")
def files(work: Work) -> frozenset[str]:
    """The files of the export."""
    listed = (work.folder.path / LIST).read_text(encoding="utf-8").splitlines()
    return frozenset(line.split("\t")[4] for line in listed)


def read(work: Work, file: str) -> str:
    return (work.folder.path / file).read_text(encoding="utf-8")


def test_a_crawler_finds_no_broken_link_under_a_path(work: Work, files: frozenset[str], session: Path) -> None:
    """Every page is asked for over HTTP; every link of it, and every fragment, must be there."""
    seen, todo, places, ids, broken = set[str](), [f"/{UNDER}/"], set[tuple[str, str]](), dict[str, set[str]](), []
    with served(session / "htdocs") as address:
        line = http.client.HTTPConnection(urlsplit(address).netloc)
        while todo:
            path = todo.pop()
            if path in seen:
                continue
            seen.add(path)
            line.request("GET", path)
            answer = line.getresponse()
            body = answer.read()
            if answer.status != 200:
                broken.append(path)
                continue
            if "html" not in answer.headers["Content-Type"]:
                continue
            text = body.decode("utf-8")
            ids[path] = set(map(unescape, re.findall(r' id="([^"]*)"', text)))
            for link in re.findall(r'<(?:a|form|link|img|script)\b[^>]*? (?:href|src|action)="([^"]*)"', text):
                target, _, fragment = urljoin(path, unescape(link)).partition("#")
                if target.startswith("/"):
                    todo.append(target.partition("?")[0])
                    places.add((target.partition("?")[0], unquote(fragment)))
    assert not broken
    missing = [(page, place) for page, place in places if place and page in ids and place not in ids[page]]
    assert not missing
    assert all(path.startswith(f"/{UNDER}/") for path in seen)
    reached = {file_of(path.removeprefix(f"/{UNDER}")) for path in map(unquote, seen)}
    pages = {file for file in files if file.endswith(".html")}
    # Pages of all counties at once lead to the things of those that are left out here.
    assert len(pages & reached) >= 0.9 * len(pages)


def test_all_that_the_release_and_the_site_offer_is_there(work: Work, files: frozenset[str]) -> None:
    folders = ("dumps/", "sources/", "tabellen/")
    listed = {file.path for file in work.plan.site.release.manifest.files if file.path.startswith(folders)}
    assert listed <= files
    for path in ("sitemap.xml", "robots.txt", "llms.txt", "catalog.ttl", "feed/atom.xml"):
        assert path in files, path
    assert {".well-known/void", ".well-known/api-catalog"} <= files
    for ending in ("html", "ttl", "jsonld", "nt", "rdf"):
        assert f"doc/kreis/{COUNTY}.{ending}" in files
    assert f"en/doc/kreis/{COUNTY}.html" in files and f"vergleich/kreis={COUNTY},03454/index.html" not in files
    assert any(re.fullmatch(r"vergleich/kreis=[^/]+/index.html", file) for file in files)
    assert not any(path.startswith(("api/v1", "fragen/", "sparql/q")) and path != "fragen/index.html" for path in files)


def test_dumps_and_documents_are_those_of_the_site(work: Work) -> None:
    for file in work.plan.site.release.manifest.files:
        if file.path.startswith(f"dumps/{COUNTY}"):
            assert hashlib.sha256((work.folder.path / file.path).read_bytes()).hexdigest() == file.sha256
    different = [
        address
        for address in addresses(work.plan)
        if not address.endswith(".html")
        and work.plan.file(address) == address[1:]
        and work.asked.ask(address).body != (work.folder.path / address[1:]).read_bytes()
    ]
    assert not different
    # With parts left out, the statements of a graph are in its file alone.
    for ending in ("ttl", "jsonld", "nt", "rdf"):
        assert work.plan.file(f"/doc/graph/{COUNTY}.{ending}") == f"dumps/{COUNTY}.{ending}"


def test_json_ld_is_put_together_from_what_is_written_already(work: Work) -> None:
    documents, links = work.documents, work.plan.links
    names = [name for name in sorted(work.plan.things) if name.startswith(f"kreis/{COUNTY}/")]
    fast = [name for name in names if documents._json_ld(documents._statements(links.iri(name)))]
    assert len(fast) > 0.9 * len(names) > 0


def test_a_page_says_where_a_program_is_needed(work: Work) -> None:
    page = read(work, "felder/index.html")
    assert "Diese Website liegt hier als Dateien" in page and 'name="referrer"' in page
    compare = read(work, "luecken/index.html")
    assert 'class="absent-form"' in compare and "<form" not in compare.partition("<main")[2].partition("</main")[0]
    assert "(nur mit Programm)" in read(work, "vergleich/index.html")
    assert "(needs a program)" in read(work, "en/vergleich/index.html")
    assert "kreisgraph serve" in read(work, "sparql/index.html")


def test_programs_are_told_of_what_is_here_only(work: Work, files: frozenset[str]) -> None:
    base = work.plan.links.whole("").rstrip("/")
    linkset = json.loads(read(work, ".well-known/api-catalog"))["linkset"]
    assert {entry["anchor"].removeprefix(base) for entry in linkset} == {"/.well-known/api-catalog", "/catalog.ttl"}
    assert "/mcp" not in read(work, "llms.txt") and "/sparql)" not in read(work, "llms.txt").replace("/sparql/)", "")
    maps = [file for file in files if file.startswith("sitemap")]
    named = [unescape(one) for file in maps for one in re.findall("<loc>([^<]*)</loc>", read(work, file))]
    assert len(named) == len(set(named)) > 100
    assert not [one for one in named if check.target_of("index.html", one.removeprefix(base + "/")) not in files]


def test_no_page_names_the_release_it_need_not_change_with(work: Work) -> None:
    version = work.plan.site.release.manifest.version
    pages = list(work.folder.path.glob(f"doc/kreis/{COUNTY}/**/*.html"))
    assert pages and not [page for page in pages if version in page.read_text(encoding="utf-8")]


def test_only_what_changed_is_made_anew_and_as_a_fresh_export_would(
    work: Work, files: frozenset[str], sources: Sources, settings: Settings, tmp_path: Path
) -> None:
    wanted = addresses(work.plan)
    old = Folder(work.folder.path, dict(_listed(work).items()))
    assert Work.make(_with(work, old), wanted).kept > 0.8 * len(wanted)
    spoken = next(
        quad.object.value
        for quad in work.plan.site.dataset.graph(work.plan.site.id(f"graph/{COUNTY}"))
        if quad.predicate.value == work.plan.site.ns("text")
    )
    moved = changed(settings.releases, tmp_path, spoken, spoken + " (neu)")
    with Folder.opened(tmp_path / "fresh") as fresh:
        later = prepared(sources, settings.model_copy(update={"releases": moved}), fresh)
        made = later.make(wanted)
        again = Folder(work.folder.path, old.before)
        kept = _with(later, again).make(wanted)
    assert 0 < len(kept.written) < len(wanted)
    for file in made.entries:
        assert (work.folder.path / file).read_bytes() == (fresh.path / file).read_bytes(), file


def test_with_a_running_site_links_lead_there_and_whole_addresses_are_those_of_the_folder(
    work: Work, files: frozenset[str], sources: Sources, settings: Settings, tmp_path: Path
) -> None:
    options = Options("https://www.kreis.example/daten", "https://lebt.example/k", "none", jobs=1)
    with Folder.opened(tmp_path / "out") as folder:
        live = prepared(sources, settings, folder, options)
        paths = ("/luecken", "/en/felder", "/sitemap.xml", "/.well-known/api-catalog", "/llms.txt", "/datensatz/03457")
        made = live.make([f"/daten{path}" for path in paths])
        assert set(made.entries) <= files
        assert not check.check(folder.path, [file for file in made.entries if file.endswith(".html")], files).broken
        gaps, linkset = read(live, "luecken/index.html"), read(live, ".well-known/api-catalog")
        assert 'action="https://lebt.example/k/luecken"' in gaps and "absent-form" not in gaps
        assert 'href="https://lebt.example/k/sparql?query=' in gaps
        assert "form-action &#39;self&#39; https://lebt.example;" in gaps
        assert "https://lebt.example/k/sparql" in linkset and "https://www.kreis.example/daten/.well-known" in linkset
        assert "](https://lebt.example/k/mcp)" in read(live, "llms.txt")
        assert "<loc>https://www.kreis.example/daten/sitemap/seiten.xml</loc>" in read(live, "sitemap.xml")
        assert '"https://www.kreis.example/daten/datensatz/03457/"' in read(live, "datensatz/03457/index.html")


def _listed(work: Work) -> dict[str, Entry]:
    from publisher.export.folder import _read

    return _read(work.folder.path / LIST)


def _with(work: Work, folder: Folder) -> Work:
    from dataclasses import replace

    return replace(work, folder=folder)


@pytest.mark.parametrize(
    ("path", "query", "file"),
    [
        ("/", [], "index.html"),
        ("/en/", [], "en/index.html"),
        ("/kreise", [], "kreise/index.html"),
        ("/doc/kreis/12071.html", [], "doc/kreis/12071.html"),
        ("/doc/kreis/12071.html", [("verweise", "2")], "doc/kreis/12071~verweise=2.html"),
        ("/vergleich", [("kreis", "12071,12061")], "vergleich/kreis=12071,12061/index.html"),
        ("/.well-known/void", [], ".well-known/void"),
        ("/release/1/citation/SHA256SUMS", [], "release/1/citation/SHA256SUMS"),
        ("/doc/x%20y.ttl", [], "doc/x y.ttl"),
    ],
)
def test_where_an_address_lies(path: str, query: list[tuple[str, str]], file: str) -> None:
    assert file_of(path, query) == file


def test_values_that_are_no_names_of_files_are_told_apart() -> None:
    one, other = (file_of("/gegenueber", [("feld", value)]) for value in ("a/../b", "a/..?b"))
    assert one != other and check_name(one) and check_name(other)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("index.html", "kreise/index.html"),
        ("kreise/index.html", "index.html"),
        ("en/doc/kreis/12071.html", "doc/kreis/12071/1/a.html"),
        ("a/b.html", "a/b~x=2.html"),
        ("a/index.html", "a/index.html"),
        ("doc/x.html", "doc/list:a.html"),
    ],
)
def test_a_link_leads_from_file_to_file_wherever_the_folder_hangs(source: str, target: str) -> None:
    found = urlsplit(urljoin(f"http://host/unter/{address_of(source)}", relative(source, target)))
    assert found.netloc == "host" and unquote(found.path) == f"/unter/{address_of(target)}"


@pytest.mark.parametrize("name", ["/etc/passwd", "a/../b", "a//b", "", "a/" + "x" * 300])
def test_no_file_outside_of_the_folder(name: str) -> None:
    with pytest.raises(UnsafeName):
        check_name(name)


def test_files_of_others_are_never_touched(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("ours", encoding="utf-8")
    with pytest.raises(ForeignFolder), Folder.opened(tmp_path):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]


def test_what_is_no_longer_made_is_removed_and_nothing_else(tmp_path: Path) -> None:
    with Folder.opened(tmp_path / "out") as folder:
        folder.announce(["a/old.html", "new.html"])
        now = {name: folder.put(name, b"x")[0] for name in ("a/old.html", "new.html")}
        folder.finish(now)
    (tmp_path / "out" / "a" / "of-the-county.txt").write_text("keep", encoding="utf-8")
    stamp = (tmp_path / "out" / "new.html").stat().st_mtime_ns
    with Folder.opened(tmp_path / "out") as folder:
        entry, written = folder.put("new.html", b"x")
        assert not written and folder.finish({"new.html": entry}) == ["a/old.html"]
    assert (tmp_path / "out" / "a" / "of-the-county.txt").exists()
    assert (tmp_path / "out" / "new.html").stat().st_mtime_ns == stamp


def test_a_run_that_is_broken_off_leaves_nothing_that_is_not_known_later(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), Folder.opened(tmp_path / "out") as folder:
        folder.announce(["half.html"])
        folder.put("half.html", b"x")
        raise RuntimeError
    with Folder.opened(tmp_path / "out") as folder:
        assert folder.finish({}) == ["half.html"]


def test_one_export_at_a_time(tmp_path: Path) -> None:
    with Folder.opened(tmp_path / "out"), pytest.raises(ExportRunning), Folder.opened(tmp_path / "out"):
        pass


@pytest.mark.parametrize(
    ("page", "broken"),
    [
        ('<a href="b.html#x">', []),
        ('<a href="b.html#y">', ["b.html#y"]),
        ('<a href="c.html">', ["c.html"]),
        ('<img src="../b.html">', []),
        ('<link href="folder">', ["folder"]),
        ('<a href="#here" id="there">', ["#here"]),
        ('<a href="https://elsewhere/x">', []),
        ('<form action="/sparql">', ["/sparql"]),
    ],
)
def test_the_check_of_links_sees(page: str, broken: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    (tmp_path / "b.html").write_text('<p id="x">', encoding="utf-8")
    found = check.check(tmp_path, ["a.html"], {"a.html", "b.html"})
    assert [one.link for one in (*found.broken, *check.check_places(tmp_path, found.places))] == broken


def test_a_broken_link_stops_the_export(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text('<a href="gone.html">', encoding="utf-8")
    with pytest.raises(BrokenLinks, match=r"a\.html → gone\.html"):
        exporting._check(tmp_path, {"a.html": Entry("", 0)}, 1, lambda *_: None)


def test_words_lie_where_the_script_looks(work: Work) -> None:
    head = json.loads(read(work, f"{FOLDER}/anfang.json"))
    words = json.loads(read(work, f"{FOLDER}/woerter.json"))
    for word, _ in words[:50]:
        found = json.loads(read(work, f"{FOLDER}/w/{bucket(word, head['buckets'])}.json"))
        assert word in found, word


def test_the_policy_of_a_page_lets_only_the_search_run_a_script() -> None:
    told = Exported("https://lebendig.example/weg", parts=True)
    assert "script-src" not in told.policy(Page("county.html"))
    assert "script-src 'self'" in told.policy(Page("export/search.html"))
    assert "form-action 'self' https://lebendig.example;" in told.policy(Page("county.html"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--lang", "de"], "keine frühere Ausgabe von „kreisgraph export“"),
        (["--lang", "en"], "no earlier result of"),
        (["--url", "daten.example"], "daten.example"),
        (["--server", "ftp://x"], "ftp://x"),
    ],
)
def test_the_command_refuses_with_a_sentence(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "theirs.txt").write_text("x", encoding="utf-8")
    assert main(["export", str(tmp_path), *arguments]) == 2
    assert said in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["theirs.txt"]
