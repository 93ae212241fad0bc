"""Feeds: what they list, what their standards ask, and that what was told once stays as it was told."""

import re
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
import rdflib
from pyoxigraph import NamedNode, RdfFormat, parse
from rdflib.namespace import RDF, XSD
from releases_input import CHANGES, COMES, GOES, NEW
from releases_story import Story

from publisher.core.settings import load
from publisher.release.feeds import atom, streams
from publisher.release.feeds.dcat import EMBEDDED, STANDALONE, entities, members
from publisher.release.history.archive import archive

pytest_plugins = ["releases_fixtures"]

ATOM = "{http://www.w3.org/2005/Atom}"
BASE = "https://w3id.org/kreisgraph/"
LDES, TREE = rdflib.Namespace("https://w3id.org/ldes#"), rdflib.Namespace("https://w3id.org/tree#")
AS = rdflib.Namespace("https://www.w3.org/ns/activitystreams#")


def _atom(folder: Path, language: str = "de") -> ElementTree.Element:
    return ElementTree.fromstring((folder / atom.path(language)).read_bytes())


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_atom_feed_is_as_rfc_4287_asks(story: Story, language: str) -> None:
    feed = _atom(story.later.releases / story.third, language)
    assert feed.tag == ATOM + "feed"
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == language
    entries = feed.findall(ATOM + "entry")
    for element, needed in (
        (feed, ("id", "title", "updated")),
        *((entry, ("id", "title", "updated")) for entry in entries),
    ):
        for name in needed:
            assert len(element.findall(ATOM + name)) == 1, name
            assert (element.findtext(ATOM + name) or "").strip()
        for name in ("updated", "published"):
            for found in element.findall(ATOM + name):
                assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", found.text or "")
    assert feed.findtext(f"{ATOM}author/{ATOM}name"), "an entry has no author of its own"
    ids = [entry.findtext(ATOM + "id") for entry in entries]
    assert len(set(ids)) == len(ids)
    relations = [(link.get("rel"), link.get("type")) for link in feed.findall(ATOM + "link")]
    assert relations == [("self", "application/atom+xml"), ("alternate", "text/html")]
    for entry in entries:
        (content,) = entry.findall(ATOM + "content")
        assert content.get("type") == "xhtml"
        assert [child.tag for child in content] == ["{http://www.w3.org/1999/xhtml}div"]
        assert [link.get("rel") for link in entry.findall(ATOM + "link")] == ["alternate"]
    moments = [entry.findtext(ATOM + "updated") or "" for entry in entries]
    assert moments == sorted(moments, reverse=True)
    assert feed.findtext(ATOM + "updated") == moments[0]


def test_the_atom_feed_tells_each_county_that_changed_and_no_other(story: Story) -> None:
    feed = _atom(story.new)
    told = {
        entry.findtext(ATOM + "id"): (entry.findtext(ATOM + "title"), "".join(entry.find(ATOM + "content").itertext()))  # type: ignore[union-attr]
        for entry in feed.findall(ATOM + "entry")
    }
    start = f"{BASE}release/{story.second}/datensatz/"
    assert set(told) == {start + CHANGES, start + COMES, start + GOES, f"{BASE}release/{story.first}"}
    title, content = told[start + CHANGES]
    assert title and title.startswith("Landkreis Dahme-Spreewald:") and "geändert" in title
    assert NEW in content
    assert told[start + COMES][0] == "Landkreis Leer: neu aufgenommen"
    assert told[start + GOES][0] == "Landkreis Germersheim: zurückgezogen"
    assert told[f"{BASE}release/{story.first}"][0] == "Erste Veröffentlichung mit 3 Landkreisen"


def test_what_a_feed_told_once_stays_as_it_was_told(story: Story) -> None:
    def entries(folder: Path) -> list[bytes]:
        return [ElementTree.tostring(entry) for entry in _atom(folder).findall(ATOM + "entry")]

    first, second, third = (entries(story.later.releases / name) for name in (story.first, story.second, story.third))
    assert second[-len(first) :] == first
    assert third[-len(second) :] == second
    assert len(third) > len(second) > len(first)


def _quads(path: Path) -> dict[str, rdflib.Graph]:
    """Named graph → its statements; "" is the default graph."""
    lines: dict[str, list[str]] = {"": []}
    for quad in parse(path=str(path), format=RdfFormat.TRIG):
        name = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
        lines.setdefault(name, []).append(f"{quad.triple} .\n")
    return {name: rdflib.Graph().parse(data="".join(found), format="nt") for name, found in lines.items()}


def _pages(folder: Path, name: str) -> dict[str, tuple[str, str]]:
    """Page to which the first page of a stream leads → the bounds of its moments."""
    graph = _quads(folder / streams.first(name))[""]
    found: dict[str, dict[str, str]] = {}
    for relation in graph.objects(None, TREE.relation):
        kind = str(graph.value(relation, RDF.type)).rpartition("#")[2]
        assert graph.value(relation, TREE.path) == AS.published
        value = graph.value(relation, TREE.value)
        assert isinstance(value, rdflib.Literal) and value.datatype == XSD.dateTime
        found.setdefault(str(graph.value(relation, TREE.node)), {})[kind] = str(value).replace("+00:00", "Z")
    kinds = ("GreaterThanOrEqualToRelation", "LessThanOrEqualToRelation")
    return {page: (bounds[kinds[0]], bounds[kinds[1]]) for page, bounds in found.items()}


@pytest.mark.parametrize("name", streams.STREAMS)
def test_the_first_page_describes_the_stream_and_leads_to_every_release(story: Story, name: str) -> None:
    folder = story.later.releases / story.third
    graph = _quads(folder / streams.first(name))[""]
    stream = rdflib.URIRef(f"{BASE}feed/{name}#stream")
    assert (stream, RDF.type, LDES.EventStream) in graph
    assert graph.value(stream, LDES.timestampPath) == AS.published
    assert graph.value(stream, LDES.versionOfPath) == AS.object
    assert graph.value(stream, TREE.view) == rdflib.URIRef(f"{BASE}feed/{name}.trig")
    assert not list(graph.objects(None, LDES.retentionPolicy)), "everything is kept, so no policy is stated"
    assert not [term for triple in graph for term in triple if isinstance(term, rdflib.BNode)]
    published = {past.version: past.published for past in archive(story.later.releases)}
    pages = _pages(folder, name)
    assert {urlsplit(page).path.split("/")[3] for page in pages} == set(published)
    for page, bounds in pages.items():
        version, inner = page.removeprefix(f"{BASE}release/").split("/", 1)
        assert bounds == (published[version], published[version])
        assert (story.later.releases / version / inner).is_file(), "its pages survive the removal of its files"


def test_an_earlier_page_stays_byte_for_byte(story: Story) -> None:
    for name in streams.STREAMS:
        for page in (story.old / "feeds" / name).iterdir():
            later = story.later.releases / story.first / "feeds" / name / page.name
            assert later.read_bytes() == page.read_bytes()
        assert set(_pages(story.old, name)) < set(_pages(story.new, name))


def _members(path: Path) -> dict[str, tuple[str, rdflib.Graph]]:
    """Object → what happened to it, and its payload."""
    dataset = _quads(path)
    found = {}
    graph = dataset[""]
    members = set(graph.objects(None, TREE.member))
    for member in members:
        assert set(graph.predicates(member)) == {RDF.type, AS.object, AS.published}, "as its closed shape asks"
        kind = str(graph.value(member, RDF.type)).rpartition("#")[2]
        payload = dataset.get(str(member), rdflib.Graph())
        assert bool(len(payload)) == (kind != "Delete")
        found[str(graph.value(member, AS.object))] = (kind, payload)
    assert len(found) == len(members), "one member for each object"
    named = set(dataset) - {""}
    assert named <= {str(member) for member in members}
    return found


def test_the_feed_for_portals_tells_what_happened_to_the_entities(story: Story) -> None:
    found = _members(story.new / "feeds/dcat-ap/1.trig")
    dataset = f"{BASE}id/datensatz"
    about = {iri: kind for iri, (kind, _) in found.items() if "/datensatz" in iri}
    assert about == {
        dataset: "Update",
        f"{dataset}/{CHANGES}": "Update",
        f"{dataset}/{COMES}": "Create",
        f"{dataset}/{GOES}": "Delete",
    }
    assert found[f"{BASE}catalog"][0] == "Update"
    others = {iri for iri in found if "/datensatz" not in iri} - {f"{BASE}catalog"}
    assert all(f"/{COMES}/" in iri or f"/{GOES}/" in iri for iri in others), "the authorities of what came and went"
    dcat = rdflib.Namespace("http://www.w3.org/ns/dcat#")
    allowed = {rdflib.URIRef(kind) for kind in (*STANDALONE, *EMBEDDED)}
    for iri, (kind, payload) in found.items():
        if kind != "Delete":
            alone = {
                str(node)
                for node in payload.subjects(RDF.type, None)
                if set(payload.objects(node, RDF.type)) & {rdflib.URIRef(one) for one in STANDALONE}
            }
            assert alone == {iri}, "nothing else that stands alone is told with it"
            assert all(set(payload.objects(node, RDF.type)) & allowed for node in set(payload.subjects()))
    assert set(found[dataset][1].objects(None, dcat.distribution))


def test_following_the_feed_for_portals_gives_the_catalogue(story: Story) -> None:
    held: dict[str, set[tuple[object, ...]]] = {}
    for past in reversed(archive(story.later.releases)):
        for iri, (kind, payload) in _members(past.folder / "feeds/dcat-ap/1.trig").items():
            if kind == "Delete":
                del held[iri]
            else:
                held[iri] = set(payload)
    catalogue = entities((story.later.releases / story.third / "catalog/catalog.ttl").read_bytes())
    assert set(held) == set(catalogue)
    assert {iri: len(told) for iri, told in held.items()} == {iri: len(told) for iri, (_, told) in catalogue.items()}


def test_what_is_referred_to_comes_first_and_goes_last(story: Story) -> None:
    new = entities((story.new / "catalog/catalog.ttl").read_bytes())
    for old, wanted in (({}, True), (new, False)):
        found = members(old, new if not old else {}, "https://e.org/#", BASE)
        places = {member.object: place for place, member in enumerate(found)}
        for iri, (_, payload) in new.items():
            for value in (getattr(triple.object, "value", "") for triple in payload):
                # The endpoint and the data set that it serves lead to each other.
                if value in places and value != iri and "sparql-endpunkt" not in value:
                    assert (places[value] < places[iri]) == wanted, (iri, value)


def test_the_same_catalogue_is_no_event(story: Story) -> None:
    new = entities((story.new / "catalog/catalog.ttl").read_bytes())
    assert new and members(new, new, "https://e.org/#", BASE) == []


def test_moments_follow_the_data_and_never_go_back(story: Story) -> None:
    moments = [datetime.fromisoformat(past.published) for past in reversed(archive(story.later.releases))]
    assert moments == sorted(set(moments))
    assert moments[0].date().isoformat() == archive(story.later.releases)[-1].date


def test_addresses_are_those_of_visitors_and_names_those_of_the_base() -> None:
    stream = streams.stream(streams.DCAT, load(base="https://daten.example/kg/", public_url="https://www.example/x"))
    assert (stream.iri, stream.view) == (
        "https://daten.example/kg/feed/dcat-ap#stream",
        "https://www.example/x/feed/dcat-ap.trig",
    )


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_pages_parse_the_same_with_another_parser(story: Story) -> None:
    for path in (story.new / "feeds/dcat-ap/1.trig", story.new / "feeds/elements/index.trig"):
        other = rdflib.Dataset().parse(data=path.read_text(encoding="utf-8"), format="trig")
        assert len(list(parse(path=str(path), format=RdfFormat.TRIG))) == len(list(other.quads()))
