"""Event streams as linked pages: LDES and TREE, in TriG. A page of an earlier release never changes.

https://w3id.org/ldes/specification, https://w3id.org/tree/specification
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal as OneOf

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from publisher.core.terms import DCT, PREFIXES, RDF, XSD
from publisher.release.catalogue.listing import USED

LDES, TREE, AS = "https://w3id.org/ldes#", "https://w3id.org/tree#", "https://www.w3.org/ns/activitystreams#"
Kind = OneOf["Create", "Update", "Delete"]
_NAMES = {**USED, "ldes": LDES, "tree": TREE, "as": AS, "rdf": RDF, "foaf": PREFIXES["foaf"]}
_KINDS: tuple[Kind, ...] = ("Create", "Update", "Delete")


@dataclass(frozen=True)
class Stream:
    """A stream as its first page describes it."""

    iri: str
    view: str
    """The address of the first page."""
    titles: tuple[tuple[str, str], ...]
    """Language and title."""
    shape: str = ""


@dataclass(frozen=True)
class Node:
    """A page that another one leads to."""

    address: str
    published: str = ""
    """The moment of all its members; "" where that is said of the page that leads to it."""


@dataclass(frozen=True)
class Member:
    """One thing that happened: ``payload`` are the statements about ``object`` from now on, none when it went."""

    iri: str
    kind: Kind
    object: str
    payload: tuple[Triple, ...] = ()


def first_page(stream: Stream, nodes: Iterable[Node]) -> bytes:
    """The page that describes ``stream`` and leads to ``nodes``."""
    quads = [
        _link(stream.iri, RDF + "type", LDES + "EventStream"),
        _link(stream.iri, LDES + "timestampPath", AS + "published"),
        _link(stream.iri, LDES + "versionOfPath", AS + "object"),
        *(_link(stream.iri, f"{LDES}version{kind}Object", AS + kind) for kind in _KINDS),
        *(_say(stream.iri, DCT + "title", Literal(text, language=tag)) for tag, text in stream.titles),
    ]
    if stream.shape:
        quads.append(_link(stream.iri, TREE + "shape", stream.shape))
    return _written([*quads, *_node(stream, stream.view, nodes)])


def page(
    stream: Stream, address: str, nodes: Iterable[Node] = (), members: Iterable[Member] = (), at: str = ""
) -> bytes:
    """A further page of ``stream`` at ``address``, with ``members`` of the moment ``at``, leading to ``nodes``."""
    quads = _node(stream, address, nodes)
    for member in members:
        quads += envelope(stream, member, at)
        quads += (Quad(t.subject, t.predicate, t.object, NamedNode(member.iri)) for t in member.payload)
    return _written(quads)


def envelope(stream: Stream, member: Member, at: str) -> list[Quad]:
    """What is said of ``member`` beside its payload."""
    return [
        _link(stream.iri, TREE + "member", member.iri),
        _link(member.iri, RDF + "type", AS + member.kind),
        _link(member.iri, AS + "object", member.object),
        _say(member.iri, AS + "published", Literal(at, datatype=NamedNode(XSD + "dateTime"))),
    ]


def _node(stream: Stream, address: str, nodes: Iterable[Node]) -> list[Quad]:
    quads = [_link(stream.iri, TREE + "view", address), _link(address, RDF + "type", TREE + "Node")]
    for number, node in enumerate(nodes, 1):
        bounds = ("GreaterThanOrEqualTo", "LessThanOrEqualTo") if node.published else ("",)
        for bound in bounds:
            # No blank node: each relation can be named, and the bytes stay the same.
            relation = f"{address}#{number}{bound and ('-from' if bound.startswith('G') else '-to')}"
            quads.append(_link(address, TREE + "relation", relation))
            quads.append(_link(relation, RDF + "type", f"{TREE}{bound}Relation"))
            quads.append(_link(relation, TREE + "node", node.address))
            if bound:
                moment = Literal(node.published, datatype=NamedNode(XSD + "dateTime"))
                quads.append(_link(relation, TREE + "path", AS + "published"))
                quads.append(_say(relation, TREE + "value", moment))
    return quads


def _link(subject: str, predicate: str, value: str) -> Quad:
    return _say(subject, predicate, NamedNode(value))


def _say(subject: str, predicate: str, value: NamedNode | Literal) -> Quad:
    return Quad(NamedNode(subject), NamedNode(predicate), value, DefaultGraph())


def _written(quads: list[Quad]) -> bytes:
    # In the order given: what is referred to stands before what refers to it.
    return serialize(quads, format=RdfFormat.TRIG, prefixes=_NAMES)  # type: ignore[return-value]
