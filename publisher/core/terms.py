"""Namespaces and the constants of IRIs that code needs by name. The one place where they are written."""

from functools import cache, lru_cache

CANONICAL_BASE = "https://w3id.org/kreisgraph/"
"""The base of every IRI of ours in the source files; the build puts the configured base in its place."""

NS = CANONICAL_BASE + "ns#"
ID = CANONICAL_BASE + "id/"
GRAPH = ID + "graph/"
COUNTY = ID + "kreis/"
FIELD = ID + "feld/"
SHAPE = ID + "shape/"

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCT = "http://purl.org/dc/terms/"
OA = "http://www.w3.org/ns/oa#"
SH = "http://www.w3.org/ns/shacl#"
XSD = "http://www.w3.org/2001/XMLSchema#"

PREFIXES: dict[str, str] = {
    "cpsv": "http://purl.org/vocab/cpsv#",
    "dcatde": "http://dcat-ap.de/def/dcatde/",
    "dct": DCT,
    "feld": FIELD,
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "graph": GRAPH,
    "ic": NS,
    "kreis": COUNTY,
    "land": ID + "land/",
    "locn": "http://www.w3.org/ns/locn#",
    "m8g": "http://data.europa.eu/m8g/",
    "oa": OA,
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prof": "http://www.w3.org/ns/dx/prof/",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": "https://schema.org/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sh": SH,
    "shape": SHAPE,
    "skos": SKOS,
    "void": "http://rdfs.org/ns/void#",
    "vann": "http://purl.org/vocab/vann/",
    "xsd": XSD,
}

LABEL_PROPERTIES = (RDFS + "label", SKOS + "prefLabel", DCT + "title", NS + "text")
"""Where the label of a thing stands, best first."""


def prefixes(base: str = CANONICAL_BASE) -> dict[str, str]:
    """The prefixes of PREFIXES with ours under ``base``."""
    return {name: iri.replace(CANONICAL_BASE, base, 1) for name, iri in PREFIXES.items()}


@lru_cache(1 << 14)
def shorten(iri: str, base: str = CANONICAL_BASE) -> str:
    """``iri`` as a prefixed name (``ic:Goal``) where a prefix fits, else the IRI itself."""
    for namespace, name in _namespaces(base):
        if iri.startswith(namespace):
            return f"{name}:{iri[len(namespace) :]}"
    return iri


@cache
def _namespaces(base: str) -> list[tuple[str, str]]:
    """Namespace and prefix, the longest namespace first."""
    return sorted(((iri, name) for name, iri in prefixes(base).items()), key=lambda one: (-len(one[0]), one[1]))


def lengthen(name: str, base: str = CANONICAL_BASE) -> str:
    """The IRI of a prefixed name; ``name`` itself where the prefix is not one of ours."""
    prefix, _, rest = name.partition(":")
    namespace = prefixes(base).get(prefix)
    return namespace + rest if namespace and rest else name
