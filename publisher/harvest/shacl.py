"""Checks a catalogue against shapes: ours that state the German requirements, and others by file or folder."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import rdflib
from pyoxigraph import Quad, Triple
from rdflib.namespace import DCAT, RDF

from publisher.core.errors import BrokenShapes, NoFiles
from publisher.core.messages import Message
from publisher.graph.sources import read_turtle
from publisher.harvest.findings import Finding, Severity, note, said
from publisher.harvest.foreign import Foreign, compact
from publisher.harvest.traps import is_tag
from publisher.quality import engines
from publisher.quality.shapes import ShapeBook, ntriples, shape_book

_OTHERS = "pyshacl"
"""The engine for the shapes of others: it is the reference."""
_SEVERITIES: Mapping[str, Severity] = {"Violation": "refused", "Warning": "warning"}
"""What SHACL calls it → what it means for a portal; all else is a note."""


def own(folder: Path) -> ShapeBook:
    """Our shapes in ``folder``; raises NoFiles."""
    files = sorted(folder.glob("*.ttl"))
    if not files:
        raise NoFiles(folder=str(folder), endings=".ttl")
    return shape_book(quad for file in files for quad in read_turtle(file, "urn:shapes"))


def check(graph: rdflib.Graph, data: bytes, book: ShapeBook, engine: str) -> list[Finding]:
    """What our shapes in ``book`` find in ``graph``, given as N-Triples (``data``), too."""
    found = engines.run(engine, data, book.ntriples)
    return [
        _finding(graph, one, Message(book.message(one.shape, "de"), book.message(one.shape, "en"))) for one in found
    ]


def check_others(graph: rdflib.Graph, data: bytes, others: Foreign) -> list[Finding]:
    """What the shapes of ``others`` find in ``graph``, given as N-Triples (``data``), too.

    Their vocabularies are there to be looked up; only what the catalogue itself names is checked.
    """
    known = {str(node) for node in graph.all_nodes()}
    results, broken = _results(data + others.vocabulary, others)
    found = [
        _finding(graph, one, _message(one, others), others.names.get(one.shape, ""))
        for one in results
        if one.focus in known
    ]
    left_out = (
        note("shape-left-out", one.shape, part=compact(one.part), file=one.file or "–") for one in others.left_out
    )
    return [*found, *left_out, *broken]


def _results(data: bytes, others: Foreign) -> tuple[list[engines.ShaclResult], list[Finding]]:
    """The results; where one shape stops the engine each by itself, and a note for those that stop it."""
    try:
        return engines.run(_OTHERS, data, _ntriples(others.triples)), []
    except BrokenShapes:
        results, broken = set[engines.ShaclResult](), []
        for shape, triples in others.roots().items():
            try:
                results.update(engines.run(_OTHERS, data, _ntriples(triples)))
            except BrokenShapes as error:
                facts = {"file": others.files.get(shape, "–"), "detail": error.facts["detail"]}
                broken.append(note("shape-broken", others.names.get(shape, shape), **facts))
        return sorted(results), broken


def _ntriples(triples: Iterable[Triple]) -> bytes:
    return ntriples(Quad(one.subject, one.predicate, one.object) for one in triples)


def _message(one: engines.ShaclResult, others: Foreign) -> Message:
    """What the shape says; what it asks for where it says nothing, as shapes of others mostly do."""
    told = {language: others.message(one.shape, language) for language in ("de", "en")}
    if told["de"]:
        return Message(**told)
    constraint = others.parameter(one.shape, one.component)
    return (
        said("shape-fired", path=compact(one.path), constraint=constraint)
        if one.path
        else said("shape-fired-here", constraint=constraint)
    )


def _finding(graph: rdflib.Graph, one: engines.ShaclResult, told: Message, name: str = "") -> Finding:
    severity = _SEVERITIES.get(one.severity, "note")
    rule = name or one.shape.rpartition("/")[2] or one.shape
    return Finding(severity, rule, one.focus, told, _dataset(graph, one.focus), one.value)


def _dataset(graph: rdflib.Graph, focus: str) -> str:
    """The data set that ``focus`` belongs to: itself, or the one whose distribution it is."""
    node = rdflib.URIRef(focus)
    if (node, RDF.type, DCAT.Dataset) in graph:
        return focus
    owners = sorted(map(str, graph.subjects(DCAT.distribution, node)))
    return owners[0] if owners else ""


def as_ntriples(graph: rdflib.Graph) -> bytes:
    """``graph`` as N-Triples, without texts whose language tag is none: the engines stop at them."""
    sound = rdflib.Graph()
    for triple in graph:
        if not (isinstance(triple[2], rdflib.Literal) and not is_tag(triple[2].language)):
            sound.add(triple)
    return sound.serialize(format="nt", encoding="utf-8")
