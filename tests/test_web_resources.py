"""Dereferencing: 303, five formats with the same statements, headers, conditional requests, problems."""

import json
import re

import pytest
from pyoxigraph import RdfFormat, Triple, parse
from rdf_table import following
from starlette.routing import Route
from web_client import BROWSER, Client, Structure

from publisher.core.settings import Settings
from publisher.graph.sources import Sources
from publisher.release.reader import Release
from publisher.views import resource
from publisher.views.resource import subjects
from publisher.views.site import Site
from publisher.web.app import create_app

GOAL = "kreis/12071/1/ziel-01"
FORMATS = {
    "ttl": ("text/turtle", RdfFormat.TURTLE),
    "jsonld": ("application/ld+json", RdfFormat.JSON_LD),
    "nt": ("application/n-triples", RdfFormat.N_TRIPLES),
    "rdf": ("application/rdf+xml", RdfFormat.RDF_XML),
}
KINDS = (
    GOAL,
    f"{GOAL}-beleg-1",
    f"{GOAL}-zitat-1",
    "kreis/12071",
    "kreis/01001",
    "kreis/12071/konzept",
    "kreis/12071/1",
    "kreis/12071/1/quelle",
    "kreis/12071/1/feld-01",
    "kreis/07334/gremium-steuerungsgruppe",
    "land/12",
    "feld/F01",
    "graph/12071",
    "dokument/zensus-2022",
    "shape/actor-name",
)


@pytest.fixture(scope="module")
def client(site: Site) -> Client:
    return Client(create_app(site))


ACCEPT = {
    BROWSER: f"/doc/{GOAL}.html",
    "*/*": f"/doc/{GOAL}.html",
    "text/turtle": f"/doc/{GOAL}.ttl",
    "application/ld+json": f"/doc/{GOAL}.jsonld",
    "application/n-triples": f"/doc/{GOAL}.nt",
    "application/rdf+xml": f"/doc/{GOAL}.rdf",
    "text/turtle;q=0.2, application/rdf+xml;q=0.8": f"/doc/{GOAL}.rdf",
}


@pytest.mark.parametrize(("accept", "location"), ACCEPT.items())
def test_a_thing_leads_to_its_document(client: Client, accept: str, location: str) -> None:
    answer = client.ask(f"/id/{GOAL}", accept)
    assert (answer.status_code, answer.headers["location"]) == (303, location)
    assert {"Accept", "Accept-Language"} <= {name.strip() for name in answer.headers["vary"].split(",")}
    assert answer.headers["access-control-allow-origin"] == "*"


def test_a_reader_of_english_gets_the_english_page(client: Client) -> None:
    assert client.ask(f"/id/{GOAL}", accept_language="en-GB,de;q=0.5").headers["location"] == f"/en/doc/{GOAL}.html"


@pytest.mark.parametrize("name", KINDS)
def test_every_format_says_the_same(client: Client, name: str) -> None:
    documents = {}
    for ending, (media, fmt) in FORMATS.items():
        answer = client.ask(f"/doc/{name}.{ending}", "*/*")
        assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, media)
        documents[ending] = list(parse(answer.content, format=fmt))
    named = {e: {str(Triple(q.subject, q.predicate, q.object)) for q in quads} for e, quads in documents.items()}
    sizes = {ending: len(quads) for ending, quads in documents.items()}
    assert len(set(sizes.values())) == 1, sizes
    if not any("_:" in line for line in named["nt"]):
        assert named["ttl"] == named["jsonld"] == named["nt"] == named["rdf"]


@pytest.mark.parametrize("name", KINDS)
def test_the_page_shows_every_statement(client: Client, name: str) -> None:
    path, text = f"/doc/{name}.html", ""
    while path:
        html = client.ask(path).text
        text += " ".join(Structure(html).text.split())
        path = following(html)
    quads = parse(client.ask(f"/doc/{name}.nt").content, format=RdfFormat.N_TRIPLES)
    for subject in subjects(Triple(q.subject, q.predicate, q.object) for q in quads):
        for fact in subject.facts:
            if fact.value.kind == "literal":
                assert " ".join(fact.value.text.split()) in text, fact
    assert "Verweise hierher" in text


def test_a_portion_that_is_not_there_is_named(client: Client) -> None:
    for value in ("0", "99", "x", "-1", "02", "٣"):
        answer = client.ask(f"/doc/graph/12071.html?angaben={value}")
        assert answer.status_code == 400, value
        assert "angaben" in answer.text and "1–" in answer.text
    assert client.ask("/doc/kreis/12071/1/quelle.html?verweise=99").status_code == 400


@pytest.fixture
def other(release: Release, sources: Sources, settings: Settings) -> Client:
    """A site of its own, for other limits: what a site has worked out it keeps."""
    return Client(create_app(Site.of(release, sources, settings)))


def test_a_graph_too_large_for_a_page_is_in_its_files(
    other: Client, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resource, "LARGE", 1000)
    page = other.ask("/doc/graph/12071.html")
    assert "gezeigt sind 200 davon" in page.text and not following(page.text)
    assert other.ask("/doc/graph/12071.html?angaben=2").status_code == 400
    for ending in FORMATS:
        answer = other.ask(f"/doc/graph/12071.{ending}", "*/*")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/dumps/12071.{ending}")
    assert other.ask("/doc/graph/12071.nt", "*/*").headers["location"] == "/dumps/12071.nt"
    whole = parse(other.ask("/dumps/12071.nt", "*/*").content, format=RdfFormat.N_TRIPLES)
    assert len(list(whole)) == resource.graph_size(site, site.id("graph/12071"))
    assert other.ask("/doc/graph/lists.ttl", "*/*").status_code == (303 if _large(site, "lists") else 200)


def _large(site: Site, name: str) -> bool:
    return resource.graph_size(site, site.id(f"graph/{name}")) > resource.LARGE


def test_too_many_references_are_counted_and_some_shown(other: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "MANY", 70)
    text = other.ask("/doc/kreis/12071/1/quelle.html").text
    assert re.search(r"\d+ Verweise; gezeigt sind 60 davon", text) and not following(text, "verweise")


def test_references_go_on_until_all_are_shown(client: Client, site: Site) -> None:
    """And the links keep the language and the other parameters of the page."""
    iri = site.id("kreis/12071/1/quelle")
    path, found = "/en/doc/kreis/12071/1/quelle.html?angaben=1", 0
    for _ in range(10):
        html = client.ask(path).text
        found += html.partition('<ul class="incoming">')[2].partition("</ul>")[0].count("<li>")
        path = following(html, "verweise")
        if not path:
            break
        assert path.startswith("/en/") and "angaben=1" in path
    assert found == len(set(site.dataset.incoming(iri))) > 60


def test_a_document_carries_its_links(client: Client) -> None:
    header = client.ask(f"/doc/{GOAL}.ttl").headers["link"]
    for relation in ("alternate", "canonical", "describes", "describedby", "license"):
        assert f'rel="{relation}"' in header
    assert f'</en/doc/{GOAL}.html>; rel="alternate"; type="text/html"; hreflang="en"' in header


KEPT = [f"/doc/{GOAL}.html", f"/en/doc/{GOAL}.html", f"/doc/{GOAL}.ttl", "/", "/ns.html", "/static/site.css"]


@pytest.mark.parametrize("path", KEPT)
def test_what_is_held_is_not_sent_again(client: Client, path: str) -> None:
    first = client.ask(path)
    again = client.ask(path, if_none_match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert client.ask(path, if_none_match='"other"').status_code == 200


def test_every_representation_has_its_own_tag(client: Client) -> None:
    paths = [f"/doc/{GOAL}.{ending}" for ending in ("html", *FORMATS)] + [f"/en/doc/{GOAL}.html"]
    assert len({client.ask(path).headers["etag"] for path in paths}) == len(paths)


@pytest.mark.parametrize("path", [f"/id/{GOAL}", f"/doc/{GOAL}.html", f"/doc/{GOAL}.ttl", "/ns", "/ns.ttl", "/"])
def test_head_answers_like_get(client: Client, path: str) -> None:
    assert client.ask(path, method="HEAD").status_code == client.ask(path).status_code


def test_preflight_is_allowed(client: Client) -> None:
    answer = client.ask(f"/doc/{GOAL}.ttl", method="OPTIONS", access_control_request_method="GET")
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"


UNKNOWN = (
    *("/id/kreis/99999", "/doc/kreis/99999.html", "/doc/kreis/99999.ttl", "/nix", "/en/nix"),
    *("/dumps/%2e%2e/manifest.json", "/id/a b<c>"),
)


@pytest.mark.parametrize("path", UNKNOWN)
def test_nothing_there_is_404_for_people_and_programs(client: Client, path: str) -> None:
    page = client.ask(path)
    assert page.status_code == 404
    assert "main" in Structure(page.text).tags and 'name="q"' in page.text
    problem = client.ask(path, "application/json")
    assert (problem.status_code, problem.headers["content-type"]) == (404, "application/problem+json")
    assert {"type", "title", "status", "detail", "instance"} == set(json.loads(problem.text))


def test_no_fitting_format_is_406(client: Client) -> None:
    answer = client.ask(f"/id/{GOAL}", "image/png")
    assert answer.status_code == 406
    assert "text/turtle" in answer.json()["detail"]


def test_a_broken_page_is_a_500_in_the_frame(site: Site) -> None:
    app = create_app(site)

    def broken(request: object) -> None:
        raise RuntimeError

    app.router.routes.insert(0, Route("/kaputt", broken))
    answer = Client(app).ask("/kaputt")
    assert answer.status_code == 500
    assert "Fehler auf dem Server" in Structure(answer.text).text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


LOCKED = ["/", f"/doc/{GOAL}.html", f"/doc/{GOAL}.ttl", "/nix", f"/id/{GOAL}", "/static/site.css"]


@pytest.mark.parametrize("path", LOCKED)
def test_every_answer_is_locked_down(client: Client, path: str) -> None:
    headers = client.ask(path).headers
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_the_vocabulary_resolves(client: Client) -> None:
    assert client.ask("/ns", "text/turtle").headers["location"] == "/ns.ttl"
    assert client.ask("/ns").headers["location"] == "/ns.html"
    assert client.ask("/en/ns").headers["location"] == "/en/ns.html"
    page = Structure(client.ask("/ns.html").text)
    assert {"Goal", "inField", "Stated", "TargetGroups"} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert len(list(parse(client.ask("/ns.ttl").content, format=RdfFormat.TURTLE))) > 500


def test_things_keep_their_addresses_under_another_host(release: Release, sources: Sources, settings: Settings) -> None:
    there = settings.model_copy(update={"public_url": "https://daten.example.org/kreise"})
    client = Client(create_app(Site.of(release, sources, there)))
    answer = client.ask(f"/id/{GOAL}", "text/turtle")
    assert answer.headers["location"] == f"https://daten.example.org/kreise/doc/{GOAL}.ttl"
    page = Structure(client.ask(f"/doc/{GOAL}.html").text)
    assert all(link.startswith(("/kreise", "http", "#", "mailto:")) for link in page.links)


def test_downloads(client: Client, release: Release) -> None:
    assert client.ask("/abfragen/documents/resource.rq").headers["content-type"].startswith("application/sparql-query")
    assert "@context" in client.ask("/context.jsonld").json()
    assert client.ask("/manifest.json").json()["version"] == release.manifest.version
    dump = next(file for file in release.manifest.files if file.path.startswith("dumps/"))
    assert len(client.ask(f"/{dump.path}").content) == dump.bytes
