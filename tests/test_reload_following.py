"""What is loaded becomes the next release in memory, and nobody can tell it from one that was loaded from nothing."""

import itertools
import os
import shutil
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from subprocess import Popen

import httpx
import pytest
from endpoint_host import put_in_force, running
from pyoxigraph import QuerySolutions
from releases_input import CHANGES, COMES, GOES
from releases_story import Story
from web_client import Client

from publisher.core.errors import DamagedRelease, ReleaseError, Unlike
from publisher.core.settings import Settings
from publisher.endpoint.functions import with_functions
from publisher.graph.sources import Sources
from publisher.graph.store import Dataset
from publisher.release.following import change
from publisher.release.manifest import File, Manifest
from publisher.release.reader import Release, open_release, read_manifest
from publisher.views.follow import follow
from publisher.views.offered import described, offered, statements, turtle
from publisher.views.offered_exchanged import keep_offered
from publisher.views.ready import make_ready
from publisher.views.search_index import Index
from publisher.views.site import Site
from publisher.web.app import create_app

pytest_plugins = ["releases_fixtures"]

_ROWS = [
    line.split("\t")
    for line in (Path(__file__).parent / "data/browser/pages.tsv").read_text(encoding="utf-8").splitlines()[1:]
]
PAGES = [row[1] for row in {row[0].partition("-")[0]: row for row in reversed(_ROWS)}.values()]
"""A page of each kind."""
DOCUMENTS = [
    f"/doc/{name}.{ending}"
    for name in (f"kreis/{CHANGES}", f"kreis/{COMES}/1", f"kreis/{GOES}", f"graph/{CHANGES}", "graph/comparison")
    for ending in ("ttl", "nt", "jsonld")
]
SEARCHES = [
    f"/suche?q={words}"
    for words in (
        "Chancen",
        "Sprach- und Lernangebote",
        "Chancengleichheit herstellen",
        "Sprahce",
        "Leer",
        '"Gleiche Chancen"',
    )
]
PATHS = [*PAGES, "/en/suche?q=Chancen&feld=F03", *DOCUMENTS, *SEARCHES]
PATIENCE_SECONDS = 45.0
LEAST = 50


@pytest.fixture
def chosen(story: Story, tmp_path: Path) -> Settings:
    """Settings of a site at which the first release of the story is in force, with both at hand."""
    releases = tmp_path / "releases"
    shutil.copytree(story.settings.releases, releases, symlinks=True, copy_function=os.link)
    put_in_force(releases, story.first)
    return story.settings.model_copy(update={"releases": releases, "host": "127.0.0.1", "port": 0})


def _loaded(settings: Settings, sources: Sources) -> Site:
    site = Site.of(open_release(settings.releases), sources, settings)
    make_ready(site)
    site.once(Index.of)
    return site


def test_what_follows_is_what_would_be_loaded(chosen: Settings, story: Story) -> None:
    sources = Sources(story.folder / "input")
    old = _loaded(chosen, sources)
    put_in_force(chosen.releases, story.second)
    anew, followed = _loaded(chosen, sources), follow(old, sources)
    assert set(followed.dataset.store) == set(anew.dataset.store)
    assert followed.dataset.graphs() == anew.dataset.graphs()
    assert followed.release.manifest == anew.release.manifest
    assert _facts(followed.once(Index.of)) == _facts(anew.once(Index.of))
    assert followed.once(described) == anew.once(described)
    assert set(followed.once(statements).store) == set(anew.once(statements).store)
    answers = [{path: _answer(site, path) for path in PATHS} for site in (followed, anew)]
    assert [path for path in PATHS if answers[0][path] != answers[1][path]] == []
    assert Counter(status for status, _ in answers[0].values())[200] > LEAST
    for query in anew.queries:
        if query.name.startswith("examples/"):
            assert _rows(followed, query.sparql) == _rows(anew, query.sparql), query.name


def _beside(site: Site, place: Path, change: Callable[[str], str]) -> Site:
    """A site of the same release, but for its catalogue, which lies in ``place``."""
    path, manifest = "catalog/catalog.ttl", site.release.manifest
    text = change((site.release.folder / path).read_text(encoding="utf-8"))
    (place / "catalog").mkdir(parents=True)
    (place / path).write_text(text, encoding="utf-8")
    entry = File(path, "text/turtle", len(text.encode()), sha256(text.encode()).hexdigest())
    files = [entry if file.path == path else file for file in manifest.files]
    release = replace(site.release, folder=place, manifest=replace(manifest, files=files))
    return replace(site, release=release, _made={}, _labels={})


def test_only_data_sets_that_changed_are_read_again(chosen: Settings, story: Story, tmp_path: Path) -> None:
    old = Site.of(open_release(chosen.releases), Sources(story.folder / "input"), chosen)
    name, size = next((one.name, one.files[0].bytes) for one in offered(old).values() if one.county)
    before = offered(old)
    new = _beside(old, tmp_path / "one", lambda text: text.replace(f'"{size}"^^', f'"{size + 1}"^^'))
    keep_offered(old, new)
    assert offered(new) == offered(_beside(new, tmp_path / "same", str))
    other = [one for one in before if offered(new)[one] is not before[one]]
    assert name in other
    assert len(other) < len(before) / 2
    # What several data sets refer to is read again for all of them.
    license = before[name].license_title["de"]
    last = _beside(new, tmp_path / "all", lambda text: text.replace(license, "Eine andere"))
    keep_offered(new, last)
    assert {one.license_title["de"] for one in offered(last).values()} == {"Eine andere"}


@pytest.mark.parametrize("word", ["@prefix", "_:b", "gone"])
def test_a_catalogue_that_is_not_like_the_last_is_read_whole(
    chosen: Settings, story: Story, tmp_path: Path, word: str
) -> None:
    old = Site.of(open_release(chosen.releases), Sources(story.folder / "input"), chosen)
    words = {"@prefix": "@prefix a: <urn:a> .\n", "_:b": "", "gone": ""}[word]
    end = "<urn:a> <urn:b> _:b .\n" if word == "_:b" else ""
    new = _beside(old, tmp_path / "new", lambda text: words + text + end)
    held = offered(old)
    if word == "gone":
        old = _beside(old, tmp_path / "old", str)
        assert offered(old) == held
        (tmp_path / "old/catalog/catalog.ttl").write_text("", encoding="utf-8")
    keep_offered(old, new)
    assert (described,) not in new._made
    assert offered(new) == held


def test_a_damaged_catalogue_reaches_no_site(chosen: Settings, story: Story, tmp_path: Path) -> None:
    old = Site.of(open_release(chosen.releases), Sources(story.folder / "input"), chosen)
    offered(old)
    new = _beside(old, tmp_path / "new", str)
    with (tmp_path / "new/catalog/catalog.ttl").open("ab") as file:
        file.write(b"<urn:a> <urn:b> <urn:c> .\n")
    for read in (lambda: keep_offered(old, new), lambda: offered(new), lambda: turtle(new.release)):
        with pytest.raises(DamagedRelease):
            read()


def _facts(index: Index) -> dict[str, object]:
    words = index.vocabulary
    kept = {name: getattr(index, name) for name in index.__dataclass_fields__ if name != "vocabulary"}
    order = {name: list(getattr(index, name)) for name in ("counties", "fields")}
    return kept | {"order": order, "words": (words.written, words.counts, words.parts, "migration" in words)}


def _answer(site: Site, path: str) -> tuple[int, bytes]:
    response = _client(site).ask(path)
    return response.status_code, response.content


_clients: dict[int, Client] = {}


def _client(site: Site) -> Client:
    return _clients.setdefault(id(site), Client(create_app(site)))


def _rows(site: Site, query: str) -> object:
    found = with_functions(site.dataset, site.once(Index.of).vocabulary).run(query)
    if isinstance(found, QuerySolutions):
        return Counter(tuple(map(str, row)) for row in found)
    return Counter(map(str, found)) if not hasattr(found, "__bool__") else bool(found)


Spoil = Callable[[Manifest], Manifest]


def _with(changed: Callable[[File], File]) -> Spoil:
    return lambda manifest: replace(manifest, files=[changed(file) for file in manifest.files])


@pytest.mark.parametrize(
    ("spoil", "error", "word"),
    [
        (lambda manifest: replace(manifest, base="https://e.example/"), Unlike, "base"),
        (_with(lambda file: replace(file, graph="")), Unlike, "no file"),
        (_with(lambda f: replace(f, sha256="0") if f.path == "dumps/lists.nq" else f), Unlike, "lists"),
        (_with(lambda f: replace(f, sha256="0") if f.path == f"dumps/{CHANGES}.nq" else f), DamagedRelease, CHANGES),
    ],
)
def test_what_had_better_be_loaded_says_why(story: Story, spoil: Spoil, error: type[ReleaseError], word: str) -> None:
    held = Release(story.old, read_manifest(story.old), Dataset.of(()))
    with pytest.raises(error, match=word):
        change(held, story.new, spoil(read_manifest(story.new)))


class Visitor(threading.Thread):
    """Asks one thing after the other, until told to stop."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.url, self.seen, self.faults, self.done = url.rstrip("/"), Counter[str](), list[str](), False

    def run(self) -> None:
        with httpx.Client(timeout=PATIENCE_SECONDS) as client:
            for path in itertools.cycle(("/kreise", "/manifest.json", f"/doc/kreis/{CHANGES}.ttl", "/suche?q=Chancen")):
                if self.done:
                    return
                try:
                    answer = client.get(self.url + path)
                except httpx.HTTPError as error:
                    self.faults.append(f"{path}: {error!r}")
                    continue
                release = answer.headers.get("X-Kreisgraph-Release", "")
                if answer.status_code != 200 or (path == "/manifest.json" and answer.json()["version"] != release):
                    self.faults.append(f"{path}: {answer.status_code} {release}")
                self.seen[release] += 1


def test_a_server_takes_over_and_loads_anew_where_it_has_to(chosen: Settings, story: Story, tmp_path: Path) -> None:
    log = tmp_path / "log"
    few = {"page_workers": 1, "query_workers": 1, "query_quick_workers": 1, "grace_seconds": 2.0}
    more = {"log_format": "json", "log_file": log, "follow_releases": 1}
    with running("serve", chosen.releases, chosen.model_copy(update=few | more)) as (process, line):
        visitor = Visitor(line.split()[0])
        visitor.start()
        (first,) = _children(process.pid)
        open_at_first = _descriptors(first)
        # A few counties changed: a copy of what is loaded goes over, and leaves nothing open of what it was.
        _go_over(process, chosen, story.second)
        assert "taken over" in _said(log, f"{story.second} serves in place of {story.first}", 1)
        assert _descriptors(_alone(process)) == open_at_first
        # As often as the settings allow.
        _go_over(process, chosen, story.first)
        assert "loaded in" in _said(log, f"{story.first} serves in place of {story.second}", 1)
        # The copy dies: the old one serves on, and the release is loaded.
        before = _alone(process)
        _go_over(process, chosen, story.second)
        _kill_the_copy(process, before)
        assert _said(log, "it is loaded anew", 1)
        assert "loaded in" in _said(log, f"{story.second} serves in place of {story.first}", 2)
        _alone(process)
        visitor.done = True
        visitor.join()
        assert visitor.faults == []
        assert set(visitor.seen) == {story.first, story.second}
        assert httpx.get(f"{visitor.url}/ready").json()["release"] == story.second
    assert process.returncode == 0


def _go_over(process: "Popen[str]", chosen: Settings, version: str) -> None:
    put_in_force(chosen.releases, version)
    process.send_signal(signal.SIGHUP)


def _kill_the_copy(process: "Popen[str]", before: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        for pid in _children(process.pid):
            if pid != before:
                os.kill(pid, signal.SIGKILL)
                return
        time.sleep(0.001)
    raise AssertionError("no copy")


def _alone(process: "Popen[str]") -> int:
    """The one process that is in charge of a release, once there is only one."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while len(found := _children(process.pid)) != 1 and time.monotonic() < deadline:
        time.sleep(0.02)
    (one,) = found
    return one


def _children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def _descriptors(pid: int) -> Counter[str]:
    """What a process has open, by kind: each socket has another number."""
    found = (os.readlink(one) for one in Path(f"/proc/{pid}/fd").iterdir())
    return Counter(one.partition("[")[0].rpartition("/")[2] for one in found)


def _said(log: Path, words: str, times: int) -> str:
    """The line of the log with ``words``, as soon as there are so many."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        lines = [line for line in log.read_text(encoding="utf-8").splitlines() if words in line]
        if len(lines) >= times:
            return lines[-1]
        time.sleep(0.02)
    raise AssertionError(words)
