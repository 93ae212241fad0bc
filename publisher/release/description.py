"""What the data say of themselves: VoID, counted when a release is built, in a graph of its own.

The graph (``…/id/graph/description``) is part of the data and so counts itself. Nothing is estimated; a query at the
endpoint gives the same numbers. https://www.w3.org/TR/void/
"""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

from pyoxigraph import Literal, NamedNode, Quad

from publisher.core.terms import DCT, GRAPH, NS, PREFIXES, RDF, XSD, prefixes, shorten
from publisher.release.datasets import DATASET
from publisher.release.dumps import WHOLE, WHOLE_FORMATS
from publisher.release.objects import Objects
from publisher.release.packings import GZIP, PACKINGS
from publisher.release.tally import Counted, Gathered, Share, Tally, Use

DESCRIPTION = GRAPH + "description"
EXAMPLES = ("IntegrationConcept", "ConceptVersion", "FieldOfAction", "Goal", "Measure", "District")
"""The classes of ours of which one thing is named as an example."""
VOID, FOAF = PREFIXES["void"], PREFIXES["foaf"]
FORMATS = "http://www.w3.org/ns/formats/"
_FEATURES = ("Turtle", "JSON-LD", "N-Triples", "RDF_XML", "TriG", "N-Quads")
PLAIN_AND_PACKED, PACKED_ONLY = ("", *(packing.ending for packing in PACKINGS)), (GZIP.ending,)
"""The endings of the files of everything that a release has, and of those that a large one has."""
_INTEGER = NamedNode(XSD + "integer")
_NUMBERS = {VOID + name for name in ("triples", "entities", "classes", "properties", "distinctSubjects")}
_NUMBERS.add(VOID + "distinctObjects")
_ROUNDS = 6


def describe(
    quads: Iterable[Quad] | Gathered,
    more: Sequence[Quad],
    base: str,
    date: str,
    site: str = "",
    shares: Sequence[Share] = (),
    objects: Objects | None = None,
    endings: Sequence[str] = PLAIN_AND_PACKED,
) -> list[Quad]:
    """The quads of the graph of the description: ``more``, which is counted as well, and what VoID says.

    ``shares`` are statements counted before, which are not among ``quads``, with all their ``objects``; ``endings``
    stand at the end of the names of the files of everything.

    ``quads`` are all other statements, ``date`` is that of the data. All IRIs are under ``base``; endpoint and
    dumps lie where visitors reach the ``site`` (an address without a slash at the end), else below the base.
    """
    counted, voc = Counted(quads, base + "id/", shares, objects), _Vocabulary(base, site or base.rstrip("/"))
    first = sorted(iri for name in EXAMPLES if (iri := counted.first(own(NS + name, base))))
    fixed = [*more, *(voc.link(voc.dataset, VOID + "exampleResource", iri) for iri in first)]
    found = list(dict.fromkeys(fixed))
    for _ in range(_ROUNDS):
        # It counts itself: its statements change the numbers until they fit.
        told = list(dict.fromkeys([*fixed, *_dataset(voc, counted.plus(found), date, endings)]))
        if set(told) == set(found):
            return told
        found = told
    raise AssertionError("the description does not come to rest")


class _Vocabulary:
    """Writes statements of the graph."""

    def __init__(self, base: str, site: str) -> None:
        self.base, self.site = base, site
        self.graph = NamedNode(own(DESCRIPTION, base))
        self.dataset = own(DATASET, base)

    def link(self, subject: str, predicate: str, value: str) -> Quad:
        """A statement that leads to ``value``."""
        return Quad(NamedNode(subject), NamedNode(predicate), NamedNode(value), self.graph)

    def number(self, subject: str, name: str, value: int) -> Quad:
        """A statement of VoID with a number."""
        return Quad(NamedNode(subject), NamedNode(VOID + name), Literal(str(value), datatype=_INTEGER), self.graph)

    def name(self, iri: str) -> str:
        """A name for ``iri`` that can be part of another IRI."""
        short = shorten(iri, self.base)
        return short.replace(":", "-").replace("/", "-") if short != iri else sha256(iri.encode()).hexdigest()[:10]


def own(iri: str, base: str) -> str:
    """``iri`` of our canonical base under ``base``."""
    return base + iri.removeprefix(PREFIXES["ic"].removesuffix("ns#"))


def _dataset(voc: _Vocabulary, found: Tally, date: str, endings: Sequence[str]) -> Iterator[Quad]:
    dataset, base = voc.dataset, voc.base
    yield voc.link(own(DESCRIPTION, base), FOAF + "primaryTopic", dataset)
    modified = Literal(date, datatype=NamedNode(XSD + "date"))
    yield Quad(NamedNode(dataset), NamedNode(DCT + "modified"), modified, voc.graph)
    yield voc.link(dataset, FOAF + "homepage", base)
    yield voc.link(dataset, VOID + "sparqlEndpoint", voc.site + "/sparql")
    yield Quad(NamedNode(dataset), NamedNode(VOID + "uriSpace"), Literal(base + "id/"), voc.graph)
    for fmt in WHOLE_FORMATS:
        for ending in endings:
            yield voc.link(dataset, VOID + "dataDump", f"{voc.site}/{WHOLE}.{fmt.ending}{ending}")
    for name in _FEATURES:
        yield voc.link(dataset, VOID + "feature", FORMATS + name)
    for iri in _vocabularies(found, base):
        yield voc.link(dataset, VOID + "vocabulary", iri)
    yield voc.number(dataset, "triples", found.triples)
    yield voc.number(dataset, "entities", found.entities)
    yield voc.number(dataset, "classes", len(found.classes))
    yield voc.number(dataset, "properties", len(found.properties))
    yield voc.number(dataset, "distinctSubjects", found.subjects)
    for graph, triples in found.graphs.items():
        yield voc.link(dataset, VOID + "subset", graph)
        yield voc.number(graph, "triples", triples)
    yield from _properties(voc, found)
    yield from _classes(voc, found)


def _properties(voc: _Vocabulary, found: Tally) -> Iterator[Quad]:
    for iri, use in found.properties.items():
        part = f"{voc.dataset}/eigenschaft-{voc.name(iri)}"
        yield voc.link(part, RDF + "type", VOID + "Dataset")
        yield voc.link(voc.dataset, VOID + "propertyPartition", part)
        yield voc.link(part, VOID + "property", iri)
        yield from _uses(voc, part, iri, use)


def _uses(voc: _Vocabulary, part: str, iri: str, use: Use) -> Iterator[Quad]:
    yield voc.number(part, "triples", use.triples)
    yield voc.number(part, "distinctSubjects", use.subjects)
    # How many different numbers stand here depends on this very number.
    if iri not in _NUMBERS:
        yield voc.number(part, "distinctObjects", use.objects)


def _classes(voc: _Vocabulary, found: Tally) -> Iterator[Quad]:
    for iri, entities in found.classes.items():
        part = f"{voc.dataset}/klasse-{voc.name(iri)}"
        yield voc.link(part, RDF + "type", VOID + "Dataset")
        yield voc.link(voc.dataset, VOID + "classPartition", part)
        yield voc.link(part, VOID + "class", iri)
        yield voc.number(part, "entities", entities)
        for name, triples in ((name, n) for (kind, name), n in found.of_classes.items() if kind == iri):
            inner = f"{part}/eigenschaft-{voc.name(name)}"
            yield voc.link(inner, RDF + "type", VOID + "Dataset")
            yield voc.link(part, VOID + "propertyPartition", inner)
            yield voc.link(inner, VOID + "property", name)
            yield voc.number(inner, "triples", triples)


def _vocabularies(found: Tally, base: str) -> list[str]:
    """The vocabularies whose terms are used, by their namespaces."""
    known = prefixes(base).values()
    terms = {*found.classes, *found.properties}
    used = {max((ns for ns in known if term.startswith(ns)), key=len, default="") for term in terms}
    # Ours is called without the mark at the end of its namespace.
    return sorted(iri.rstrip("#") if iri.startswith(base) else iri for iri in used - {""})
