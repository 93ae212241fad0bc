"""Checks a catalogue against shapes: ours that state the German requirements, and others by file or folder."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import rdflib
from rdflib.namespace import DCAT, RDF

from publisher.core.errors import MissingSource
from publisher.core.messages import Message, phrase
from publisher.graph.sources import read_turtle
from publisher.harvest.findings import Finding
from publisher.harvest.traps import is_tag
from publisher.quality import engines
from publisher.quality.shapes import ShapeBook, shape_book

_OTHERS = "pyshacl"
"""The engine for the shapes of others: it is the reference."""


def own(folder: Path) -> ShapeBook:
    """Our shapes in ``folder``; raises MissingSource."""
    return _book([folder])


def check(graph: rdflib.Graph, data: bytes, book: ShapeBook, engine: str) -> list[Finding]:
    """What our shapes in ``book`` find in ``graph``, given as N-Triples (``data``), too."""
    found = engines.run(engine, data, book.ntriples)
    return list(_findings(graph, found, book))


def check_others(graph: rdflib.Graph, data: bytes, paths: Iterable[Path]) -> list[Finding]:
    """What the shapes in ``paths`` find, files or folders of Turtle files; raises SourceError."""
    book = _book(paths)
    return list(_findings(graph, engines.run(_OTHERS, data, book.ntriples), book))


def _book(paths: Iterable[Path]) -> ShapeBook:
    files = [file for path in paths for file in (sorted(path.glob("*.ttl")) if path.is_dir() else [path])]
    if not files:
        raise MissingSource(file=", ".join(map(str, paths)), remedy=phrase("add-file"))
    return shape_book(quad for file in files for quad in read_turtle(file, "urn:shapes"))


def _findings(graph: rdflib.Graph, results: Iterable[engines.ShaclResult], book: ShapeBook) -> Iterator[Finding]:
    for one in results:
        if one.severity not in ("Violation", "Warning"):
            continue
        told = Message(book.message(one.shape, "de"), book.message(one.shape, "en"))
        if told.de == one.shape:
            # Shapes of others mostly say nothing of their own.
            told = Message(*[f"{one.component.rpartition('#')[2]} {one.path} {one.value}".strip()] * 2)
        rule = one.shape.rpartition("/")[2] or one.shape
        severity: str = "refused" if one.severity == "Violation" else "warning"
        yield Finding(severity, rule, one.focus, told, _dataset(graph, one.focus))  # type: ignore[arg-type]


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
