"""A thing as RDF: every statement of its document, and which things refer to it."""

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from publisher.core.errors import NotFound
from publisher.core.terms import GRAPH, RDF, XSD
from publisher.core.text import natural
from publisher.graph.store import Term
from publisher.views.chain import Standing, standing
from publisher.views.site import Site

QUERY = "documents/resource"
INCOMING = "pages/incoming"
_NESTED = "documents/nested"
_INCOMING_COUNT = "pages/incoming-count"
QUERIES = (QUERY, INCOMING, _INCOMING_COUNT)
"""The queries that give what is shown of a thing as RDF."""

INCOMING_SHOWN = 60


@dataclass(frozen=True)
class Value:
    """The object of a statement: an IRI, a blank node or a literal with its language or datatype."""

    kind: str
    text: str
    language: str = ""
    datatype: str = ""


@dataclass(frozen=True)
class Fact:
    """A predicate and one value."""

    predicate: str
    value: Value


@dataclass(frozen=True)
class Subject:
    """One subject of a document with all its facts."""

    iri: str
    blank: bool
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Reference:
    """A thing that refers to another, and by which predicate."""

    iri: str
    predicate: str


@dataclass(frozen=True)
class Resource:
    """A thing: its classes, the subjects of its document, the first things that refer to it and how many do."""

    iri: str
    types: tuple[str, ...]
    subjects: tuple[Subject, ...]
    incoming: tuple[Reference, ...]
    incoming_total: int
    standing: Standing | None = None
    """What to know of the version it lies in, where that is not the one to rely on."""

    @property
    def size(self) -> int:
        """The number of statements."""
        return sum(len(subject.facts) for subject in self.subjects)


def statements(site: Site, iri: str) -> list[Triple]:
    """The triples of the document about ``iri``: of the whole graph when it names one. Raises NotFound."""
    if not site.known(iri):
        raise NotFound(what=iri)
    if site.dataset.has_graph(iri) and iri.startswith(site.dataset.own(GRAPH)):
        about = (Triple(q.subject, q.predicate, q.object) for q in site.dataset.outgoing(iri))
        inside = (Triple(q.subject, q.predicate, q.object) for q in site.dataset.graph(iri))
        return list({*about, *inside})
    triples = site.construct(QUERY, iri=iri)
    if any(isinstance(triple.object, BlankNode) for triple in triples):
        triples += site.construct(_NESTED, iri=iri)
    return list(set(triples))


def resource(site: Site, iri: str) -> Resource:
    """The thing ``iri`` with all it says and all that refers to it; raises NotFound."""
    found = subjects(statements(site, iri), first=iri)
    rows = site.select(INCOMING, iri=iri)
    references = tuple(Reference(row["from"].value, row["property"].value) for row in rows)
    count = site.select(_INCOMING_COUNT, iri=iri)
    total = int(count[0]["total"].value) if count else 0
    return Resource(iri, tuple(site.dataset.types(iri)), found, references[:INCOMING_SHOWN], total, standing(site, iri))


def subjects(triples: Iterable[Triple], first: str = "") -> tuple[Subject, ...]:
    """The statements gathered by subject, ``first`` in front, the others in natural order."""
    gathered: dict[NamedNode | BlankNode, list[Fact]] = {}
    for triple in set(triples):
        gathered.setdefault(triple.subject, []).append(Fact(triple.predicate.value, value(triple.object)))  # type: ignore[arg-type]
    found = [
        Subject(node.value, isinstance(node, BlankNode), tuple(sorted(facts, key=_fact_order)))
        for node, facts in gathered.items()
    ]
    return tuple(sorted(found, key=lambda subject: (subject.iri != first, subject.blank, natural(subject.iri))))


def _fact_order(fact: Fact) -> tuple[bool, str, list[tuple[int, int, str]], str]:
    return fact.predicate != RDF + "type", fact.predicate, natural(fact.value.text), fact.value.language


def value(term: Term) -> Value:
    """``term`` as a value to show."""
    if isinstance(term, Literal):
        datatype = "" if term.language or term.datatype.value == XSD + "string" else term.datatype.value
        return Value("literal", term.value, term.language or "", datatype)
    if isinstance(term, BlankNode):
        return Value("blank", term.value)
    return Value("iri", term.value if isinstance(term, NamedNode) else str(term))
