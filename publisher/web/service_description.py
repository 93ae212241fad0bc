"""What the endpoint says of itself to programs: what it can do, and what the release says of what it holds.

https://www.w3.org/TR/sparql11-service-description/
"""

from collections.abc import Iterator
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Quad, Triple

from publisher.core.messages import phrase
from publisher.core.terms import DCT, RDF, RDFS, XSD
from publisher.core.terms import PREFIXES as USUAL
from publisher.endpoint.functions import NAMES
from publisher.release.datasets import DATASET
from publisher.release.description import DESCRIPTION
from publisher.views.site import Site
from publisher.web.links import LANGUAGES

SD = USUAL["sd"]
VOID = "http://rdfs.org/ns/void#"
PREFIXES = {"sd": SD, "void": VOID, "formats": "http://www.w3.org/ns/formats/"}

_FORMATS = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "JSON-LD",
    "N-Triples",
    "RDF_XML",
)


def triples(site: Site, endpoint: str) -> list[Triple]:
    """The description of the endpoint at the address ``endpoint``."""
    return [*_service(site, endpoint), *_dataset(site, endpoint)]


def _service(site: Site, endpoint: str) -> Iterator[Triple]:
    service, settings = NamedNode(endpoint), site.settings
    yield _iri(service, RDF + "type", SD + "Service")
    yield _iri(service, SD + "endpoint", endpoint)
    yield _iri(service, SD + "supportedLanguage", SD + "SPARQL11Query")
    yield _iri(service, SD + "feature", SD + "UnionDefaultGraph")
    yield _iri(service, SD + "defaultDataset", f"{endpoint}#dataset")
    for name in NAMES:
        yield _iri(service, SD + "extensionFunction", site.dataset.own(name))
    for name in _FORMATS:
        yield _iri(service, SD + "resultFormat", PREFIXES["formats"] + name)
    limits = phrase("limits", seconds=settings.query_seconds, rows=settings.query_rows)
    for language in LANGUAGES:
        yield Triple(service, NamedNode(RDFS + "comment"), Literal(limits.text(language), language=language))


def _dataset(site: Site, endpoint: str) -> Iterator[Triple]:
    dataset, default = NamedNode(f"{endpoint}#dataset"), site.dataset.own(DATASET)
    yield _iri(dataset, RDF + "type", SD + "Dataset")
    yield _iri(dataset, SD + "defaultGraph", default)
    yield _iri(NamedNode(default), RDF + "type", SD + "Graph")
    yield from _void(site, NamedNode(default))
    for iri in site.dataset.graphs():
        name = iri.removeprefix(site.id("graph/"))
        graph = NamedNode(f"{endpoint}#graph-{quote(name, safe='')}")
        yield _iri(dataset, SD + "namedGraph", graph.value)
        yield _iri(graph, RDF + "type", SD + "NamedGraph")
        yield _iri(graph, SD + "name", iri)
        yield _iri(graph, SD + "graph", iri)
        yield _iri(NamedNode(iri), RDF + "type", SD + "Graph")
        for title in site.dataset.objects(iri, DCT + "title"):
            yield Triple(NamedNode(iri), NamedNode(DCT + "title"), title)


def _void(site: Site, whole: NamedNode) -> Iterator[Triple]:
    """What the release says of itself; of one that says nothing, the number of its statements."""
    described = list(site.dataset.graph(site.dataset.own(DESCRIPTION)))
    yield from (quad.triple for quad in site.dataset.outgoing(whole.value))
    # The examples and prefixes stand in the same graph, but say nothing of the endpoint.
    yield from (quad.triple for quad in described if _is_void(quad, whole.value, site.id("graph/")))
    if not described:
        yield _number(whole, VOID + "triples", site.release.manifest.triples)


def _is_void(quad: Quad, whole: str, graphs: str) -> bool:
    return isinstance(quad.subject, NamedNode) and quad.subject.value.startswith((whole, graphs))


def _iri(subject: NamedNode, predicate: str, value: str) -> Triple:
    return Triple(subject, NamedNode(predicate), NamedNode(value))


def _number(subject: NamedNode, predicate: str, value: int) -> Triple:
    return Triple(subject, NamedNode(predicate), Literal(str(value), datatype=NamedNode(XSD + "integer")))
