"""The examples as data beside the data they ask about, and the prefixes they use.

Both as the SIB does it: https://github.com/sib-swiss/sparql-examples; https://www.w3.org/TR/shacl-af/#SPARQLExecutable
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pyoxigraph import Literal, NamedNode, Quad

from publisher.core.messages import phrase
from publisher.core.terms import ID, NS, PREFIXES, RDF, RDFS, SH, SKOS, XSD, prefixes
from publisher.graph.queries import Queries, Query
from publisher.release.description import DESCRIPTION, own

FOLDER = "examples/"
EXAMPLE, _PREFIX, ALL_PREFIXES = ID + "beispiel/", ID + "praefix/", ID + "praefixe"
_FORM = re.compile(r"^\s*(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE | re.MULTILINE)
_CLASS = re.compile(r"\bic:([A-Z]\w*)")
_SCHEMA, _OWL, _DCT = PREFIXES["schema"], PREFIXES["owl"], PREFIXES["dct"]


def examples(queries: Queries) -> list[Query]:
    """The queries that are examples and run as they stand."""
    return [query for query in queries if query.name.startswith(FOLDER) and not query.parameters]


def executables(queries: Queries, quads: Iterable[Quad]) -> Iterator[Quad]:
    """The examples and prefixes as quads of the graph of the description, under the base of ``queries``.

    ``quads`` hold the vocabulary, whose names of classes are the keywords.
    """
    base, names = queries.base, _names(quads)
    target = NamedNode(base + "sparql")
    for query in examples(queries):
        for subject, predicate, value in _example(query, base, names):
            yield Quad(subject, NamedNode(predicate), value, _graph(base))
        yield Quad(_iri(query, base), NamedNode(_SCHEMA + "target"), target, _graph(base))
    yield from _prefixes(base)


def _example(
    query: Query, base: str, names: Mapping[str, Sequence[Literal]]
) -> Iterator[tuple[NamedNode, str, NamedNode | Literal]]:
    iri, form = _iri(query, base), form_of(query)
    yield iri, RDF + "type", NamedNode(SH + "SPARQLExecutable")
    yield iri, RDF + "type", NamedNode(f"{SH}SPARQL{form.capitalize()}Executable")
    for language, title in query.title.items():
        text = query.text.get(language, "")
        yield iri, RDFS + "label", Literal(title, language=language)
        yield iri, RDFS + "comment", Literal(f"{title}. {text}" if text else title, language=language)
    yield iri, SH + form.lower(), Literal(query.with_values({}))
    yield iri, SH + "prefixes", NamedNode(own(ALL_PREFIXES, base))
    for name in dict.fromkeys(_CLASS.findall(query.sparql)):
        for label in names.get(own(NS, base) + name, ()):
            yield iri, _SCHEMA + "keywords", label


def form_of(query: Query) -> str:
    """SELECT, ASK, CONSTRUCT or DESCRIBE."""
    found = _FORM.search(query.with_values({}))
    assert found, query.name
    return found[1].upper()


def _prefixes(base: str) -> Iterator[Quad]:
    whole, graph = NamedNode(own(ALL_PREFIXES, base)), _graph(base)
    yield Quad(whole, NamedNode(RDF + "type"), NamedNode(_OWL + "Ontology"), graph)
    for language in ("de", "en"):
        label = Literal(phrase("prefixes").text(language), language=language)
        yield Quad(whole, NamedNode(RDFS + "label"), label, graph)
    for name, namespace in prefixes(base).items():
        one = NamedNode(own(_PREFIX, base) + name)
        yield Quad(whole, NamedNode(SH + "declare"), one, graph)
        yield Quad(one, NamedNode(RDF + "type"), NamedNode(SH + "PrefixDeclaration"), graph)
        yield Quad(one, NamedNode(SH + "prefix"), Literal(name), graph)
        uri = Literal(namespace, datatype=NamedNode(XSD + "anyURI"))
        yield Quad(one, NamedNode(SH + "namespace"), uri, graph)


def _names(quads: Iterable[Quad]) -> dict[str, list[Literal]]:
    """Term of ours → its labels in both languages, in a fixed order."""
    found: dict[str, list[Literal]] = {}
    for quad in quads:
        if quad.predicate.value in (RDFS + "label", SKOS + "prefLabel") and isinstance(quad.object, Literal):
            found.setdefault(quad.subject.value, []).append(quad.object)  # type: ignore[union-attr]
    return {iri: sorted(labels, key=str) for iri, labels in found.items()}


def _iri(query: Query, base: str) -> NamedNode:
    return NamedNode(own(EXAMPLE, base) + query.name.removeprefix(FOLDER))


def _graph(base: str) -> NamedNode:
    return NamedNode(own(DESCRIPTION, base))
