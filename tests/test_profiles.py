"""Descriptions by profile: what each says of made-up things, which one a request gets, and that caches keep them apart.

After a change of a mapping rewrite the expected documents and read the difference before committing it::

    KREISGRAPH_UPDATE=1 pytest tests/test_profiles.py
    git diff tests/data/profiles
"""

import json
import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import rdflib
from asgi import Answer, Asgi
from pyoxigraph import NamedNode, parse
from rdflib.namespace import DCAT, RDF

from publisher.core.settings import Settings
from publisher.core.terms import CANONICAL_BASE, GRAPH, ID
from publisher.graph.formats import DOCUMENT_FORMATS, TURTLE
from publisher.graph.queries import Queries
from publisher.graph.sources import Sources, find, read_graph
from publisher.graph.store import Dataset
from publisher.graph.write import write
from publisher.release.catalogue.listing import USED
from publisher.release.reader import Release
from publisher.views import profiles as view
from publisher.views.site import Site
from publisher.web import negotiation
from publisher.web.app import create_app

DATA = Path(__file__).parent / "data"
FOLDER = DATA / "profiles"
CASES = tomllib.loads((DATA / "http" / "profiles.toml").read_text(encoding="utf-8"))["case"]
UPDATE = os.environ.get("KREISGRAPH_UPDATE") == "1"
MAPPED = {
    "skos": ("feld", "feld/F01", "feld/F01.1", "../ns"),
    "schema-org": ("land/99", "kreis/99001", "kreis/99001/konzept", "kreis/99001/1"),
    "dcat-ap-de": ("datensatz/03457",),
}
ALL = [(token, name) for token, names in MAPPED.items() for name in names]


@pytest.fixture(scope="module")
def visitor(site: Site) -> Iterator[Asgi]:
    with Asgi(create_app(site)) as visitor:
        yield visitor


@pytest.fixture(scope="module")
def queries() -> Queries:
    return Queries(find(None).queries)


@pytest.mark.parametrize(("token", "name"), ALL, ids=[f"{token}--{name}" for token, name in ALL])
def test_a_profile_says_what_follows_and_nothing_else(token: str, name: str, queries: Queries) -> None:
    file = FOLDER / "expected" / f"{token}--{name.replace('../', '').replace('/', '-')}.ttl"
    small = DATA / "catalog" / "small.ttl" if token == "dcat-ap-de" else FOLDER / "data.ttl"
    base = "https://daten.example/id/" if token == "dcat-ap-de" else ID
    iri = CANONICAL_BASE + "ns" if name == "../ns" else base + name
    held = Dataset.of(read_graph([small], GRAPH + "small"))
    triples = set(queries.construct(held, f"profiles/{token}", iri=iri))
    text = write(triples, TURTLE, held.prefixes | USED).decode()
    if UPDATE:
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def _sent(case: dict[str, Any]) -> list[tuple[str, str]]:
    names = {"accept": "accept", "profile": "accept-profile", "language": "accept-language"}
    found = []
    for key, header in names.items():
        values = case.get(key, [])
        found += [(header, value) for value in ([values] if isinstance(values, str) else values)]
    return found


def _followed(answer: Answer, site: Site) -> list[str]:
    """The tokens of our profiles that the answer says it follows."""
    known = {profile.iri: token for token, profile in view.profiles(site).items()}
    entries = (entry.strip("<").partition(">;") for entry in answer.headers.get("link", "").split(", <"))
    return [known[target] for target, _, rest in entries if 'rel="profile"' in rest and target in known]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_request_gets_the_description_that_fits(visitor: Asgi, site: Site, case: dict[str, Any]) -> None:
    answers = [visitor.ask(case["path"], _sent(case), method) for method in ("GET", "HEAD")]
    for answer in answers:
        assert answer.status == case.get("status", 303 if "to" in case else 200)
        assert answer.headers.get("location") == case.get("to")
        assert answer.media == case.get("media", "")
        assert _followed(answer, site) == case.get("follows", [])
        negotiated = {"accept", "accept-profile", "accept-language"} <= answer.names("vary")
        assert negotiated == case.get("varies", True), answer.headers.get("vary")
    if text := case.get("says"):
        assert text in answers[0].text


def test_every_description_that_is_named_is_there_and_follows_what_it_should(visitor: Asgi, site: Site) -> None:
    """The list, its links and the answers agree; each description says something of the thing."""
    names = ["feld", "feld/F01", "kreis/12071", "kreis/12071/konzept", "kreis/12071/1", "land/12", "rahmen/zaragoza"]
    names += ["kreis/12071/1/ziel-01", "datensatz", "datensatz/12071", "datensatz/vokabular"]
    seen = set()
    for path in (*(f"/id/{name}" for name in names), "/ns", "/catalog"):
        listed = json.loads(visitor.ask(f"{path}?_profile=alt").text)
        assert listed["profiles"], path
        for profile in listed["profiles"]:
            assert set(profile["media_types"]) == set(profile["representations"])
            for media, address in profile["representations"].items():
                answer = visitor.ask(address.replace(site.base.rstrip("/"), ""))
                assert (answer.status, answer.media) == (200, media), address
                assert _followed(answer, site) == [profile["token"]], address
                seen.add(profile["token"])
                fmt = next(fmt for fmt in DOCUMENT_FORMATS if fmt.media == media)
                if media != "application/rdf+xml":
                    subjects = {quad.subject for quad in parse(answer.body, format=fmt.rdf)}
                    # The lists are part of the vocabulary; SKOS says nothing of the vocabulary itself.
                    known = listed["resource"] + ("#Assertions" if "/ns." in address else "")
                    assert NamedNode(known) in subjects, address
    assert seen == set(MAPPED) | {view.MODEL}


def test_formats_of_a_profile_say_the_same(visitor: Asgi) -> None:
    for path in ("/datensatz/12071", "/doc/feld/F01", "/doc/kreis/12071"):
        token = "skos" if "feld" in path else "schema-org"
        said = []
        for ending, name in (("ttl", "turtle"), ("jsonld", "json-ld"), ("nt", "nt"), ("rdf", "xml")):
            body = visitor.ask(f"{path}.{ending}?_profile={token}").body
            said.append(rdflib.Graph().parse(data=body, format=name))
        assert len({len(graph) for graph in said}) == 1
        assert all(graph.isomorphic(said[0]) for graph in said[1:])


def test_a_description_is_kept_apart_from_the_others(visitor: Asgi) -> None:
    tags = set()
    for query in ("", "?_profile=skos", "?_profile=kreisgraph"):
        path = f"/doc/feld/F01.ttl{query}"
        answer = visitor.ask(path)
        tags.add(answer.headers["etag"])
        assert visitor.ask(path, {"if-none-match": answer.headers["etag"]}).status == 304
        # The address says all: a header makes no other document of it.
        asked = visitor.ask(path, {"accept-profile": "<https://schema.org/>", "accept": "text/html"})
        assert (asked.body, asked.headers["etag"]) == (answer.body, answer.headers["etag"])
    assert len(tags) == 3


def test_a_data_set_is_described_as_portals_cut_it_out(visitor: Asgi, release: Release) -> None:
    whole = rdflib.Graph().parse(release.folder / "catalog" / "catalog.ttl")
    part = rdflib.Graph().parse(data=visitor.ask("/datensatz/12071.ttl").text, format="turtle")
    assert list(part.subjects(RDF.type, DCAT.Dataset)) == [rdflib.URIRef(CANONICAL_BASE + "id/datensatz/12071")]
    assert set(part) < set(whole)
    for subject in set(part.subjects()):
        assert set(part.predicate_objects(subject)) == set(whole.predicate_objects(subject))


def test_pages_and_documents_use_one_source_for_search_engines(visitor: Asgi) -> None:
    page = visitor.ask("/datensatz/12071").text
    block = json.loads(page.partition('<script type="application/ld+json">')[2].partition("</script>")[0])
    document = json.loads(visitor.ask("/datensatz/12071.jsonld?_profile=schema-org").text)
    assert {**block, "@context": ""} == {**document, "@context": ""}
    assert isinstance(document["@context"], dict), "nobody has to load it"


def test_profiles_are_described_and_lead_to_their_rules(visitor: Asgi, site: Site) -> None:
    assert set(view.profiles(site)) == {view.MODEL, view.DCAT, view.SCHEMA_ORG, view.ONLY_SKOS}
    for token, profile in view.profiles(site).items():
        assert profile.general, "whoever asks for the rules themselves must find it"
        document = visitor.ask(f"/doc/profil/{token}.ttl").text
        assert "prof:Profile" in document or "dx/prof/Profile" in document
        for quad in site.dataset.outgoing(profile.iri):
            if quad.predicate.value.endswith("hasResource"):
                artifact = site.value(quad.object.value, "http://www.w3.org/ns/dx/prof/hasArtifact")
                assert visitor.ask(artifact.removeprefix(CANONICAL_BASE.rstrip("/"))).status in (200, 303)


def test_an_older_release_without_profiles_has_one_description(sources: Sources, release: Release) -> None:
    bare = Dataset.of(quad for quad in release.dataset.store if "/id/profil/" not in str(quad.subject))
    site = Site.of(Release(release.folder, release.manifest, bare), sources, Settings())
    with Asgi(create_app(site)) as visitor:
        answer = visitor.ask("/id/feld/F01", {"accept-profile": "<https://schema.org/>", "accept": "text/turtle"})
        assert (answer.status, answer.headers["location"]) == (303, "/doc/feld/F01.ttl")
        assert visitor.ask("/doc/feld/F01.ttl").status == 200
        assert visitor.ask("/doc/feld/F01.html").status == 200
        assert visitor.ask("/catalog").status == 200


LISTED = {
    "": [],
    "<urn:a>": ["urn:a"],
    "<urn:a>, <urn:b>;q=0.5": ["urn:a", "urn:b"],
    "<urn:a>;q=0.5, <urn:b>": ["urn:b", "urn:a"],
    "<http://x.example/a,b;c>;q=0.1,skos": ["skos", "http://x.example/a,b;c"],
    "<urn:a>;q=0, skos": ["skos"],
    "skos,schema-org": ["skos", "schema-org"],
    "https://schema.org/": ["https://schema.org/"],
    "<urn:a>;q=x": [],
    "<": [],
    ",;,<>": [],
}


@pytest.mark.parametrize(("text", "expected"), LISTED.items())
def test_profiles_are_read_from_headers_and_addresses(text: str, expected: list[str]) -> None:
    assert negotiation.profiles(text) == expected
