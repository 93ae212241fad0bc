"""A catalogue read thing by thing: what feeds and citations tell is what reading all of it would tell."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse
from releases_story import Story

from publisher.core.terms import PREFIXES
from publisher.release.catalogue import blocks
from publisher.release.catalogue.blocks import Blocks
from publisher.release.catalogue.listing import DCAT
from publisher.release.feeds import dcat
from publisher.release.feeds.dcat import differing, entities, members

pytest_plugins = ["releases_fixtures"]

START, BASE = "https://e.org/#", "https://w3id.org/kreisgraph/"
_OWN = re.compile(r"^<https://w3id.org/kreisgraph/catalog#datei-12061.ttl> (?:.*;\n)*.*\.\n", re.MULTILINE)
MUTATIONS: dict[str, tuple[Callable[[str], str], int]] = {
    "nothing": (lambda text: text, 0),
    "a checksum two steps below its data set": (lambda text: re.sub(r'"[0-9a-f]{64}"', '"00"', text, count=1), 1),
    "all checksums": (lambda text: re.sub(r'"[0-9a-f]{64}"', '"00"', text), 2),
    "a page": (lambda text: text.replace("/datensatz/12061> a foaf:Document", "/datensatz/12061> a foaf:Image"), 1),
    "a distribution that went": (lambda text: _OWN.sub("", text), 1),
    "who publishes": (lambda text: re.sub(r"(foaf:name|dct:title) \"", r'\1 "X ', text), 3),
    "a class of terms": (lambda text: text.replace("a dct:MediaType ", "a dct:Type ").replace("MediaType .", "T ."), 0),
    "a prefix": (lambda text: text.replace("@prefix adms: <http", "@prefix admx: <http").replace("adms:", "admx:"), 0),
    "a text like a link": (lambda text: text.replace('"@de', ' <https://w3id.org/kreisgraph/catalog>"@de'), 3),
}


@pytest.fixture(scope="module")
def catalogue(story: Story) -> Path:
    """A catalogue of few counties."""
    return story.new / "catalog/catalog.ttl"


@pytest.mark.parametrize("name", MUTATIONS)
def test_the_feed_tells_of_a_change_what_reading_everything_tells(catalogue: Path, tmp_path: Path, name: str) -> None:
    change, least = MUTATIONS[name]
    (tmp_path / "new.ttl").write_text(change(catalogue.read_text(encoding="utf-8")), encoding="utf-8")
    assert (tmp_path / "new.ttl").read_bytes() != catalogue.read_bytes() or name == "nothing"
    for paths in ((catalogue, tmp_path / "new.ttl"), (tmp_path / "new.ttl", catalogue)):
        old, new = (entities(path.read_bytes()) for path in paths)
        expected = members(old, new, START, BASE)
        assert len(expected) >= least
        assert members(*differing(*map(Blocks.read, paths)), START, BASE) == expected


def test_releases_differ_as_their_whole_catalogues_do(story: Story) -> None:
    paths = [folder / "catalog/catalog.ttl" for folder in (story.old, story.new)]
    told = members(*differing(*map(Blocks.read, paths)), START, BASE)
    assert told == members(*(entities(path.read_bytes()) for path in paths), START, BASE)
    assert {member.kind for member in told} == {"Create", "Update", "Delete"}


def test_only_what_is_affected_is_parsed(catalogue: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[bytes] = []
    read = entities
    monkeypatch.setattr(dcat, "entities", lambda body: (parsed.append(body), read(body))[1])
    text = catalogue.read_text(encoding="utf-8")
    place = text.index("pruefsumme-12061.ttl> ")
    (tmp_path / "new.ttl").write_text(text[:place] + re.sub(r"[0-9a-f]{64}", "00", text[place:], count=1))
    old, new = differing(Blocks.read(catalogue), Blocks.read(tmp_path / "new.ttl"))
    assert list(old) == list(new) == [f"{BASE}id/datensatz/12061"]
    assert parsed and all(len(body) < len(text) / 2 for body in parsed)


def test_all_blocks_together_are_the_catalogue(catalogue: Path, tmp_path: Path) -> None:
    held = Blocks.read(catalogue)
    whole = set(parse(path=str(catalogue), format=RdfFormat.TURTLE))
    assert set(parse(held.turtle(held.held), format=RdfFormat.TURTLE)) == whole
    asked = held.naming(DCAT + "Dataset")
    found = {held.iri(name) for name in asked}
    datasets = {quad.subject.value for quad in whole if quad.object.value == DCAT + "Dataset"}
    assert found == datasets and len(datasets) > 2
    assert held.iri(b"skos:Concept") == f"{PREFIXES['skos']}Concept"
    assert blocks.Blocks.read(tmp_path / "none.ttl").held == {}
