"""What the endpoint says of itself to programs, drawn from what it serves.

https://www.w3.org/TR/sparql11-service-description/
"""

from collections.abc import Iterator
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Triple

from publisher.core.messages import phrase
from publisher.core.terms import PREFIXES as USUAL
from publisher.core.terms import RDF, RDFS, XSD
from publisher.endpoint.functions import NAMES
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
    dataset, default = NamedNode(f"{endpoint}#dataset"), NamedNode(f"{endpoint}#default-graph")
    yield _iri(dataset, RDF + "type", SD + "Dataset")
    yield _iri(dataset, SD + "defaultGraph", default.value)
    yield _iri(default, RDF + "type", SD + "Graph")
    yield _number(default, VOID + "triples", site.release.manifest.triples)
    for iri in site.dataset.graphs():
        name = iri.removeprefix(site.id("graph/"))
        graph = NamedNode(f"{endpoint}#graph-{quote(name, safe='')}")
        yield _iri(dataset, SD + "namedGraph", graph.value)
        yield _iri(graph, RDF + "type", SD + "NamedGraph")
        yield _iri(graph, SD + "name", iri)
        county = site.release.manifest.county(name)
        if county and county.triples:
            yield _iri(graph, SD + "graph", f"{graph.value}-content")
            yield _iri(NamedNode(f"{graph.value}-content"), RDF + "type", SD + "Graph")
            yield _number(NamedNode(f"{graph.value}-content"), VOID + "triples", county.triples)


def _iri(subject: NamedNode, predicate: str, value: str) -> Triple:
    return Triple(subject, NamedNode(predicate), NamedNode(value))


def _number(subject: NamedNode, predicate: str, value: int) -> Triple:
    return Triple(subject, NamedNode(predicate), Literal(str(value), datatype=NamedNode(XSD + "integer")))
