"""The site with more counties than a page can list: made-up ones, valid like the real ones and served like them."""

import hashlib
import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from random import Random

import pytest
from local_endpoint import LocalEndpoint
from web_client import Client, Structure

from benchmarks.counties import districts, write_counties, write_one
from benchmarks.pages import BYTES, as_built
from benchmarks.release import make_release
from benchmarks.visits import kinds
from publisher.core.settings import Settings, load
from publisher.endpoint.functions import with_functions
from publisher.graph.sources import Sources, find
from publisher.quality.check import Validation
from publisher.release.reader import open_release
from publisher.views import catalog, method
from publisher.views.search_index import Index
from publisher.views.site import Site
from publisher.web import questions
from publisher.web.app import create_app

NUMBER = 55
KINDS_OF_DOCUMENT = ("01001", "01003", "03103", "03252")
"""A summary, a full text in two versions, an excerpt with unnamed fields, a service page."""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("scale")
    return load(input=folder / "input", releases=folder / "releases", cache=folder / "cache")


@pytest.fixture(scope="module")
def many(settings: Settings) -> Sources:
    assert settings.input
    write_counties(settings.input, NUMBER, "test")
    return find(settings.input)


@pytest.fixture(scope="module")
def site(many: Sources, settings: Settings) -> Site:
    make_release(many, settings.releases, similarities=False)
    return Site.of(as_built(open_release(settings.releases)), many, settings)


@pytest.fixture(scope="module")
def client(site: Site) -> Client:
    dataset = with_functions(site.dataset, site.once(Index.of).vocabulary)
    return Client(create_app(site, questions.router(site, LocalEndpoint(dataset))))


def _parts(client: Client, path: str, name: str) -> Iterator[str]:
    """The pages of a list in portions, each found by the link of the one before."""
    while path:
        answer = client.ask(path)
        assert answer.status_code == 200, path
        yield answer.text
        found = re.findall(rf'<a href="([^"#]*[?&;]{name}=\d+)#[\w-]+" rel="next"', answer.text)
        path = unescape(found[0]) if found else ""


def _hash(folder: Path) -> str:
    files = sorted(folder.iterdir())
    return hashlib.sha256(b"".join(path.name.encode() + path.read_bytes() for path in files)).hexdigest()


def test_the_same_seed_gives_the_same_bytes(many: Sources, tmp_path: Path) -> None:
    district = next(d for d in districts(many.root / "data" / "districts.tsv") if d.ags == "01003")
    made = [write_one(tmp_path / name, district, seed) for name, seed in (("a", "x"), ("b", "x"), ("c", "y"))]
    hashes = [_hash(folder) for folder in made]
    assert hashes[0] == hashes[1] != hashes[2]


def test_made_up_counties_are_valid(many: Sources, settings: Settings, tmp_path: Path) -> None:
    """Shapes, vocabulary, quotations and coverage, as for a real county: not even a warning."""
    counties = tmp_path / "data" / "counties"
    for name in ("ontology", "shapes", "sparql"):
        (tmp_path / name).symlink_to(many.root / name)
    shutil.copytree(many.root / "data", tmp_path / "data", ignore=lambda folder, names: {"counties"} & set(names))
    chosen = [d for d in districts(many.root / "data" / "districts.tsv") if d.ags in KINDS_OF_DOCUMENT]
    text = "".join(
        (write_one(counties, district, "kreisgraph") / "concept.ttl").read_text(encoding="utf-8") for district in chosen
    )
    assert all(f"ic:coverage ic:{name}" in text for name in ("FullText", "Excerpt", "Summary", "ServicePage"))
    assert "prov:wasRevisionOf" in text
    validation = Validation(find(tmp_path), settings)
    for part in validation.check_counties(validation.counties):
        assert [f.rule for f in part.result.findings if f.severity in ("violation", "warning")] == []
        assert len(part.quads) > 2000


def test_no_page_is_heavy(client: Client, site: Site) -> None:
    heavy = {}
    for kind in kinds(site, 1, Random("test")):
        for path in kind.paths if not kind.name.startswith("sparql") else ():
            answer = client.ask(path)
            if answer.status_code != 200 or len(answer.content) > BYTES:
                heavy[path] = (answer.status_code, len(answer.content))
    assert not heavy


def test_the_files_of_every_county_are_found_by_its_state(client: Client, site: Site) -> None:
    links = {link for link in Structure(client.ask("/daten").text).links if link.startswith("/daten?kreis=")}
    assert len(links) == NUMBER > catalog.FOLDED
    files = {link for path in links for link in Structure(client.ask(path).text).links if link.startswith("/dumps/")}
    assert files == {f"/{file.path}" for file in site.release.manifest.files if file.path.startswith("dumps/")}
    assert client.ask("/daten?kreis=99999").status_code == 400


def test_the_standing_of_every_county_is_told_once(client: Client) -> None:
    told = [
        name
        for page in _parts(client, "/daten", "stand")
        for name in re.findall(r'scope="row"><a href="/doc/kreis/(\d{5})\.html"', page)
    ]
    assert len(told) == len(set(told)) == NUMBER


def test_every_source_is_read_on_the_method_page(client: Client, site: Site) -> None:
    told = [
        name
        for page in _parts(client, "/en/methode", "quellen")
        for name in re.findall(r'href="/en/doc/(kreis/\d{5}/\d/quelle)\.html"', page)
    ]
    rows = site.select(method.SOURCES)
    assert len(told) == len(set(told)) == len(rows) > method.ROWS


def test_every_county_that_says_something_on_a_field_is_shown(client: Client, site: Site) -> None:
    """And every other one is named as silent."""
    pages = list(_parts(client, "/doc/feld/F01.html", "kreise"))
    assert len(pages) > 3
    spoken = [ags for page in pages for ags in re.findall(r'id="name-(\d{5})"', page)]
    rows = site.select("pages/topic_counties", topic=(site.id("feld/F01"),))
    assert len(spoken) == len(set(spoken))
    assert {site.id(f"kreis/{ags}") for ags in spoken} == {row["county"].value for row in rows}
    text = Structure(pages[0]).text
    assert f"{len(spoken)} Landkreise sagen etwas dazu" in text
    assert f"In {NUMBER - len(spoken)} Quellen steht dazu nichts" in " ".join(text.split())


def test_a_state_narrows_a_field(client: Client) -> None:
    whole, narrowed = (
        set(re.findall(r'id="name-(\d{5})"', page))
        for page in (
            "".join(_parts(client, "/doc/feld/F01.html", "kreise")),
            "".join(_parts(client, "/doc/feld/F01.html?land=09", "kreise")),
        )
    )
    assert narrowed == {ags for ags in whole if ags.startswith("09")} != set()


def test_the_usual_names_of_a_field_are_counted_in_counties(client: Client, site: Site) -> None:
    name = "Sprache ist der Schlüssel zur Teilhabe."
    rows = [row for row in site.select("pages/field_local") if "text" in row and row["text"].value == name]
    number = len({row["county"].value for row in rows})
    text = " ".join(Structure(client.ask("/felder").text).text.split())
    assert number > 1 and f"{name} Leitlinie, in {number} Landkreisen" in text
