"""A thing as RDF: every statement of its document, and which things refer to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from publisher.core.refusals import NotFound
from publisher.core.terms import GRAPH, RDF, XSD
from publisher.core.text import natural
from publisher.graph.store import Term
from publisher.views.chain import Standing, standing
from publisher.views.nearby import MANY, QUERY, nearby, referring
from publisher.views.portions import Portion, portion
from publisher.views.site import Site

INCOMING = "pages/incoming"
GRAPH_SIZE = "pages/graph-size"
INCOMING_COUNT = "pages/incoming-count"
_NESTED = "documents/nested"
STATEMENTS_PART, REFERENCES_PART = "angaben", "verweise"
"""The parameters that choose a portion of the statements and of the references."""
SHOWN, INCOMING_SHOWN = 200, 60
"""Statements and references of one portion."""
LARGE = 50_000
"""A graph of more statements is shown by its beginning only; all of it is in its files."""
QUERIES = (QUERY, INCOMING, INCOMING_COUNT)
"""The queries that give what is shown of a thing as RDF."""


_TYPE = RDF + "type"
_DERIVED = ("comparison", "similar")
"""The graphs that the build derives; INCOMING leaves them out as well."""


class Value(NamedTuple):
    """The object of a statement: an IRI, a blank node or a literal with its language or datatype.

    A tuple, as the fact around it: a page is made of some dozen, and they are made in half the time.
    """

    kind: str
    text: str
    language: str = ""
    datatype: str = ""


class Fact(NamedTuple):
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
class Statements:
    """Statements by subject, of a long list one portion; not ``complete`` when the others are not to be had."""

    subjects: tuple[Subject, ...]
    portion: Portion
    complete: bool = True


@dataclass(frozen=True)
class References:
    """Things that refer to a thing, of a long list one portion; ``complete`` as for statements."""

    entries: tuple[Reference, ...]
    portion: Portion
    complete: bool = True


@dataclass(frozen=True)
class Resource:
    """A thing: its classes, the statements of its document, what refers to it."""

    iri: str
    types: tuple[str, ...]
    statements: Statements
    incoming: References
    standing: Standing | None = None
    """What to know of the version it lies in, where that is not the one to rely on."""
    above: tuple[str, ...] = ()
    """What it lies in, from the outside in: its county, its version."""


def statements(site: Site, iri: str) -> list[Triple]:
    """The triples of the document about ``iri``: of the whole graph when it names one. Raises NotFound."""
    if not site.known(iri):
        raise NotFound(what=iri)
    if is_graph(site, iri):
        about = (Triple(q.subject, q.predicate, q.object) for q in site.dataset.outgoing(iri))
        inside = (Triple(q.subject, q.predicate, q.object) for q in site.dataset.graph(iri))
        return list({*about, *inside})
    triples = site.lately(nearby, iri).statements(iri)
    if any(isinstance(triple.object, BlankNode) for triple in triples):
        triples = list({*triples, *site.construct(_NESTED, iri=iri)})
    return triples


def is_graph(site: Site, iri: str) -> bool:
    """Whether ``iri`` names a graph of the release."""
    return iri.startswith(site.dataset.own(GRAPH)) and site.dataset.has_graph(iri)


def graph_size(site: Site, iri: str) -> int:
    """The number of statements of the graph ``iri``."""
    rows = site.select(GRAPH_SIZE, iri=iri)
    return int(rows[0]["total"].value) if rows else 0


def resource(site: Site, iri: str, part: str = "", references: str = "") -> Resource:
    """The thing ``iri`` with all it says and all that refers to it, of long lists the portions asked for.

    Raises NotFound, or BadRequest when there is no such portion.
    """
    return Resource(
        iri,
        tuple(site.dataset.types(iri)),
        _statements(site, iri, part),
        _references(site, iri, references),
        standing(site, iri),
        above(site, iri),
    )


def above(site: Site, iri: str) -> tuple[str, ...]:
    """What ``iri`` lies in, from the outside in: its county, its version."""
    county = site.county_of(iri)
    version = (site.value(iri, "version") or site.value(iri, "describes")) if county else ""
    return tuple(step for step in (county, version) if step and step != iri)


def _statements(site: Site, iri: str, part: str) -> Statements:
    if not is_large(site, iri):
        return in_portions(statements(site, iri), iri, part)
    some = [quad.triple for quad in islice(site.dataset.graph(iri), SHOWN)]
    portion(SHOWN, SHOWN, STATEMENTS_PART, part)
    whole = Portion(1, SHOWN, site.once(graph_size, iri))
    return Statements(subjects(some, first=iri), whole, complete=False)


def is_large(site: Site, iri: str) -> bool:
    """Whether ``iri`` names a graph of so many statements that no page or document is made of all of them."""
    return is_graph(site, iri) and site.once(graph_size, iri) > LARGE


def incoming_size(site: Site, iri: str) -> int:
    """The number of references to ``iri``."""
    rows = site.select(INCOMING_COUNT, iri=iri)
    return int(rows[0]["total"].value) if rows else 0


def _references(site: Site, iri: str, part: str) -> References:
    """The rows of the query INCOMING, in its order, read from the store directly: a page needs only some of them."""
    # Few things are referred to that often, mostly by what is derived: to leave that out takes a while, so once.
    several = site.lately(referring, iri) is None
    found = site.once(_said_references, iri) if several else _said_references(site, iri)
    if len(found) > MANY:
        portion(INCOMING_SHOWN, INCOMING_SHOWN, REFERENCES_PART, part)
        total = Portion(1, INCOMING_SHOWN, site.once(incoming_size, iri))
        return References(tuple(Reference(*pair) for pair in found[:INCOMING_SHOWN]), total, complete=False)
    pairs = sorted(set(found), key=lambda pair: (pair[1], pair[0]))
    shown = portion(len(pairs), INCOMING_SHOWN, REFERENCES_PART, part)
    return References(tuple(Reference(*pair) for pair in shown.of(pairs)), shown)


def _said_references(site: Site, iri: str) -> tuple[tuple[str, str], ...]:
    """What refers to ``iri`` in graphs that are not derived, of too many references the first."""
    derived = {site.dataset.own(GRAPH + name) for name in _DERIVED}
    return tuple(islice(site.dataset.incoming(iri, derived), MANY + 1))


def in_portions(triples: list[Triple], first: str, part: str = "") -> Statements:
    """The portion ``part`` of ``triples``, each given once, in the order of ``subjects``; raises BadRequest."""
    shown = portion(len(triples), SHOWN, STATEMENTS_PART, part)
    gathered: dict[NamedNode | BlankNode, list[Triple]] = {}
    for triple in triples:
        gathered.setdefault(triple.subject, []).append(triple)  # type: ignore[arg-type]
    found, place = [], 0
    # Only what is shown is put in order within its subject: a large graph has thousands of subjects.
    for node in sorted(gathered, key=lambda node: _subject_order(node, first)):
        start, end = max(0, shown.first - 1 - place), shown.last - place
        if start < len(gathered[node]) and end > 0:
            facts = _facts(gathered[node])
            found.append(Subject(node.value, isinstance(node, BlankNode), tuple(facts[start:end])))
        place += len(gathered[node])
    return Statements(tuple(found), shown)


def subjects(triples: Iterable[Triple], first: str = "") -> tuple[Subject, ...]:
    """The statements gathered by subject, ``first`` in front, the others in natural order."""
    gathered: dict[NamedNode | BlankNode, list[Triple]] = {}
    for triple in set(triples):
        gathered.setdefault(triple.subject, []).append(triple)  # type: ignore[arg-type]
    return tuple(
        Subject(node.value, isinstance(node, BlankNode), tuple(_facts(gathered[node])))
        for node in sorted(gathered, key=lambda node: _subject_order(node, first))
    )


def _subject_order(node: NamedNode | BlankNode, first: str) -> tuple[bool, bool, list[tuple[int, int, str]]]:
    return node.value != first, isinstance(node, BlankNode), natural(node.value)


def _facts(triples: Iterable[Triple]) -> list[Fact]:
    """The statements of one subject: what it is first, then by property, and by value where it has several."""
    found: dict[str, list[Value]] = {}
    for triple in triples:
        found.setdefault(triple.predicate.value, []).append(value(triple.object))  # type: ignore[arg-type]
    ordered = sorted(found, key=lambda name: (name != _TYPE, name))
    return [
        Fact(name, one)
        for name in ordered
        for one in (sorted(found[name], key=_value_order) if len(found[name]) > 1 else found[name])
    ]


def _value_order(value: Value) -> tuple[list[tuple[int, int, str]], str]:
    return natural(value.text), value.language


def value(term: Term) -> Value:
    """``term`` as a value to show."""
    if isinstance(term, Literal):
        datatype = "" if term.language or term.datatype.value == XSD + "string" else term.datatype.value
        return Value("literal", term.value, term.language or "", datatype)
    if isinstance(term, BlankNode):
        return Value("blank", term.value)
    return Value("iri", term.value if isinstance(term, NamedNode) else str(term))
