"""Every thing of the release as a harvester meets it: one address, five representations, the same statements."""

import json
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import rdf_table
import rdflib
from asgi import Asgi
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, NamedNode, Quad, RdfFormat, Triple, parse
from pyoxigraph import Dataset as Quads
from rdf_table import RdfTable

from publisher.core.settings import Settings
from publisher.core.terms import CANONICAL_BASE, RDF
from publisher.graph.sources import Sources
from publisher.release.build import build
from publisher.release.reader import open_release
from publisher.views import resource
from publisher.views.site import Site
from publisher.web.app import create_app
from publisher.web.links import Links

CASES = tomllib.loads((Path(__file__).parent / "data/http/linked_data.toml").read_text(encoding="utf-8"))["case"]
FORMATS = {
    "html": ("text/html", None),
    "ttl": ("text/turtle", RdfFormat.TURTLE),
    "jsonld": ("application/ld+json", RdfFormat.JSON_LD),
    "nt": ("application/n-triples", RdfFormat.N_TRIPLES),
    "rdf": ("application/rdf+xml", RdfFormat.RDF_XML),
}
SMALL = 1000
"""Documents up to this many statements are read with rdflib too, which takes its time."""


@pytest.fixture(scope="module")
def visitor(site: Site) -> Iterator[Asgi]:
    with Asgi(create_app(site)) as visitor:
        yield visitor


def _things(site: Site) -> list[str]:
    """One thing of every class and kind of address, the graphs of each sort, the vocabulary, some special things."""
    first: dict[str, str] = {}
    for quad in sorted(site.dataset.store.quads_for_pattern(None, NamedNode(RDF + "type"), None), key=str):
        if isinstance(quad.subject, NamedNode):
            first.setdefault(quad.object.value, quad.subject.value)
            first.setdefault(f"{quad.object.value} {_kind(site, quad.subject.value)}", quad.subject.value)
    names = ["feld/F01.1", "kreis/16056", "kreis/01001", "kreis/12071", "land/07", "shape/actor-name"]
    names += ["graph/12061", "graph/graphs", "graph/lists", "graph/shapes"]
    large = [site.id("graph/districts")]
    return list(dict.fromkeys(iri for iri in (*first.values(), *map(site.id, names)) if iri not in large))


def _shown(visitor: Asgi, path: str) -> tuple[set[Triple], int]:
    """The statements of a page and of all pages that its table goes on to, and how many pages that are."""
    triples: list[Triple] = []
    pages = 0
    while path:
        answer = visitor.ask(path)
        assert (answer.status, answer.media) == (200, "text/html"), path
        triples += RdfTable(answer.text).triples
        pages += 1
        path = rdf_table.following(answer.text)
    assert len(triples) == len(set(triples)), "a statement stands on two pages"
    return set(triples), pages


def _kind(site: Site, iri: str) -> str:
    """What the address of a thing says about it: the word after …/id/, or that it is a term."""
    return iri.removeprefix(site.id("")).split("/")[0] if iri.startswith(site.id("")) else "term"


@pytest.fixture(scope="module")
def things(site: Site) -> list[str]:
    found = _things(site)
    classes = {q.object for q in site.dataset.store.quads_for_pattern(None, NamedNode(RDF + "type"), None)}
    assert len(classes) > 40 and len(found) >= len(classes)
    return found


def _path(site: Site, iri: str) -> str:
    """The path at which ``iri`` is asked for; what stands after the number sign is never sent."""
    return "/" + iri.removeprefix(site.base).partition("#")[0]


def _document(site: Site, iri: str, ending: str, language: str = "de") -> str:
    return Links(site.base).document(iri, ending, language).partition("#")[0]


def _read(body: bytes, fmt: RdfFormat) -> set[Triple]:
    return {Triple(quad.subject, quad.predicate, quad.object) for quad in parse(body, format=fmt)}


def _canonical(triples: Iterable[Triple]) -> set[str]:
    """The same set for the same statements, however their blank nodes are called."""
    quads = Quads(Quad(t.subject, t.predicate, t.object) for t in triples)
    quads.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in quads}


@pytest.fixture(scope="module")
def turtle(site: Site, visitor: Asgi, things: list[str]) -> dict[str, set[Triple]]:
    """What the Turtle document of each thing says; all terms of the vocabulary share one document."""
    documents = {_document(site, iri, "ttl"): iri for iri in things}
    return {iri: _read(visitor.ask(path).body, RdfFormat.TURTLE) for path, iri in documents.items()}


def _same(first: set[Triple], second: set[Triple]) -> bool:
    return first == second or _canonical(first) == _canonical(second)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_request_is_led_to_the_document_that_fits(visitor: Asgi, case: dict[str, Any]) -> None:
    accept = case.get("accept", [])
    sent = [("accept", value) for value in ([accept] if isinstance(accept, str) else accept)]
    sent += [("accept-language", case["language"])] if "language" in case else []
    answer = visitor.ask(case.get("path", "/id/kreis/12071"), sent)
    assert answer.status == case.get("status", 303)
    assert answer.headers.get("location") == case.get("to")
    assert {"accept", "accept-language"} <= answer.names("vary")
    if answer.status == 406:
        assert all(media in answer.text for media, _ in FORMATS.values())


def test_every_kind_of_thing_leads_to_five_representations(site: Site, visitor: Asgi, things: list[str]) -> None:
    wrong = []
    for iri in things:
        for ending, (media, _) in FORMATS.items():
            answer = visitor.ask(_path(site, iri), {"accept": media})
            found = answer.headers.get("location", "")
            if (answer.status, found) != (303, _document(site, iri, ending)):
                wrong.append((iri, media, answer.status, found))
    assert not wrong


def test_all_formats_of_a_thing_say_the_same_and_enough(
    site: Site, visitor: Asgi, turtle: dict[str, set[Triple]]
) -> None:
    wrong = []
    for iri, expected in turtle.items():
        said = {Triple(quad.subject, quad.predicate, quad.object) for quad in site.dataset.outgoing(iri)}
        about = {t for t in expected if t.subject == NamedNode(iri)}
        if not any(isinstance(t.object, BlankNode) for t in said) and about != said:
            wrong.append((iri, "statements about the thing itself"))
        if len(about) != len(said) or not expected:
            wrong.append((iri, "statements about the thing itself"))
        for ending, (media, fmt) in FORMATS.items():
            if fmt is None:
                continue
            answer = visitor.ask(_document(site, iri, ending))
            if (answer.status, answer.media) != (200, media):
                wrong.append((iri, f"{answer.status} {answer.media}"))
            elif not _same(_read(answer.body, fmt), expected):
                wrong.append((iri, f"{ending} differs from ttl"))
    assert not wrong


def test_rdflib_reads_the_same(
    site: Site, visitor: Asgi, turtle: dict[str, set[Triple]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    names = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml"}
    wrong = []
    for iri, expected in turtle.items():
        for ending, name in names.items() if len(expected) <= SMALL else ():
            graph = rdflib.Graph().parse(data=visitor.ask(_document(site, iri, ending)).body, format=name)
            lines = graph.serialize(format="nt", encoding="utf-8")
            if not _same(_read(lines, RdfFormat.N_TRIPLES), expected):
                wrong.append((iri, ending))
    assert not wrong


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_page_of_a_thing_shows_all_its_statements(
    site: Site, visitor: Asgi, turtle: dict[str, set[Triple]], language: str
) -> None:
    wrong = []
    for iri, expected in turtle.items():
        shown, _ = _shown(visitor, _document(site, iri, "html", language))
        if not _same(shown, expected):
            wrong.append((iri, len(shown), len(expected), [str(t) for t in list(expected - shown)[:3]]))
    assert not wrong


def test_the_statements_of_a_large_graph_stand_on_many_pages(site: Site, visitor: Asgi) -> None:
    graph = site.id("graph/districts")
    shown, pages = _shown(visitor, _document(site, graph, "html"))
    assert pages > 50
    assert _same(shown, set(resource.statements(site, graph)))


def test_the_document_of_a_graph_is_the_graph(site: Site, visitor: Asgi) -> None:
    for graph in site.dataset.graphs():
        found = _read(visitor.ask(_document(site, graph, "nt")).body, RdfFormat.N_TRIPLES)
        inside = {quad.triple for quad in site.dataset.graph(graph)}
        assert _same(found, inside | {quad.triple for quad in site.dataset.outgoing(graph)}), graph


def test_a_document_never_ends_in_a_nameless_node(site: Site) -> None:
    holders = {q.subject.value for q in site.dataset.store if isinstance(q.object, BlankNode) and _named(q.subject)}
    assert holders
    for iri in holders:
        triples = resource.statements(site, iri)
        subjects = {t.subject for t in triples}
        assert {t.object for t in triples if isinstance(t.object, BlankNode)} <= subjects, iri
        assert {t for t in triples if isinstance(t.subject, BlankNode)} == _nested(site, triples), iri


def _named(term: object) -> bool:
    return isinstance(term, NamedNode)


def _nested(site: Site, triples: Iterable[Triple]) -> set[Triple]:
    """All that the store says about the nameless nodes that ``triples`` lead to, found step by step."""
    found: set[Triple] = set()
    nodes = {t.object for t in triples if isinstance(t.subject, NamedNode) and isinstance(t.object, BlankNode)}
    while nodes:
        quads = [quad for node in nodes for quad in site.dataset.store.quads_for_pattern(node, None, None)]
        found |= {Triple(quad.subject, quad.predicate, quad.object) for quad in quads}
        nodes = {quad.object for quad in quads if isinstance(quad.object, BlankNode)} - {t.subject for t in found}
    return found


def test_every_address_of_ours_leads_somewhere(site: Site, visitor: Asgi) -> None:
    terms = {term for quad in site.dataset.store for term in (*quad.triple, quad.graph_name)}
    own = (site.base + "id/", site.base + "ns")
    ours = {_path(site, t.value) for t in terms if isinstance(t, NamedNode) and t.value.startswith(own)}
    assert len(ours) > 3000
    things = [path for path in ours if path != "/ns" and not path.startswith("/ns/")]
    assert all(site.known(site.base + path.lstrip("/")) for path in things)
    some = [*sorted(ours)[::5], *(path for path in ours if path.startswith("/ns"))]
    answers = {path: visitor.ask(path, method="HEAD").status for path in some}
    assert not {path: status for path, status in answers.items() if status != 303}


def _links(header: str) -> list[tuple[str, dict[str, str]]]:
    """The targets of a Link header with their parameters."""
    found = []
    for entry in header.split(", <"):
        target, _, rest = entry.lstrip("<").partition(">")
        pairs = (part.strip().partition("=") for part in rest.split(";") if part.strip())
        found.append((target, {name: value.strip('"') for name, _, value in pairs}))
    return found


PLACES = ("/id/kreis/12071", "/doc/kreis/12071/1.ttl", "/doc/kreis/12071/1.html", "/en/doc/feld/F01.html", "/ns")


@pytest.mark.parametrize("place", (*PLACES, "/ns.html", "/en/ns.html", "/ns.jsonld", "/doc/graph/12071.nt"))
def test_links_name_what_is_there(site: Site, visitor: Asgi, place: str) -> None:
    links = _links(visitor.ask(place).headers["link"])
    by_relation: dict[str, list[tuple[str, dict[str, str]]]] = {}
    for target, parameters in links:
        by_relation.setdefault(parameters["rel"], []).append((target, parameters))
    assert {"alternate", "canonical", "describes", "describedby", "license"} <= set(by_relation)
    assert [p["type"] for _, p in by_relation["alternate"]].count("text/html") == 2
    assert {p["type"] for _, p in by_relation["alternate"]} == {media for media, _ in FORMATS.values()}
    for target, parameters in links:
        if parameters["rel"] in ("profile", "type") and not target.startswith(site.base):
            continue
        answer = visitor.ask("/" + target.removeprefix(site.base).lstrip("/"), {"accept": "*/*"})
        assert answer.status in (200, 303), target
        if "type" in parameters:
            assert (answer.status, answer.media) == (200, parameters["type"])
        if "hreflang" in parameters:
            assert answer.headers["content-language"] == parameters["hreflang"]
    if place.endswith(".html"):
        assert by_relation["canonical"][0][0] == place


def test_another_base_moves_everything(sources: Sources, settings: Settings, tmp_path: Path, things: list[str]) -> None:
    base = "https://example.org/kg/"
    moved = settings.model_copy(update={"base": base, "releases": tmp_path / "releases", "public_url": base[:-1]})
    build(sources, moved)
    there = Site.of(open_release(moved.releases), sources, moved)
    some = [iri.replace(CANONICAL_BASE, base) for iri in things[::2]]
    with Asgi(create_app(there)) as visitor:
        for document, iri in {_document(there, iri, "ttl"): iri for iri in some}.items():
            answer = visitor.ask(_path(there, iri), {"accept": "text/turtle"})
            assert (answer.status, answer.headers["location"]) == (303, base + document.lstrip("/")), iri
            assert CANONICAL_BASE not in answer.headers["link"]
            bodies = [visitor.ask(_document(there, iri, ending)) for ending in ("html", "ttl", "jsonld")]
            assert {body.status for body in bodies} == {200}
            assert not [iri for body in bodies if CANONICAL_BASE in body.text]
        files = ("/context.jsonld", "/manifest.json", "/abfragen/examples/goal_counts.rq", "/dumps/kreisgraph.ttl")
        for path in files:
            body = visitor.ask(path).text
            assert CANONICAL_BASE not in body and base in body, path
        assert json.loads(visitor.ask("/manifest.json").text)["base"] == base
