"""The SHACL engines behind one function. The only user of pyrudof and pySHACL.

Ours knows what our shapes use and is the fast default; what it does not know, pyrudof looks at. pySHACL is the
reference. On our shapes all agree result for result. They get N-Triples bytes, so none sees what another parser made
of the literals.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import pyrudof
import rdflib
from pyoxigraph import NamedNode, Quad

from publisher.core.errors import BrokenShapes
from publisher.core.terms import SH
from publisher.graph.store import Term
from publisher.quality.compiled.components import NotCompiled
from publisher.quality.compiled.data import Data
from publisher.quality.compiled.shapes import Book, Offence
from publisher.quality.shapes import as_ntriples


@dataclass(frozen=True, order=True)
class ShaclResult:
    """One sh:ValidationResult: IRIs and literals as text, severity as the local name (Violation …).

    Results that differ only in the kind of constraint count as one: the message of the shape is the same.
    """

    shape: str
    focus: str
    path: str
    value: str
    severity: str
    iri: bool = False
    """Whether ``value`` is an IRI."""
    component: str = field(default="", compare=False)


_CERTIFICATES = {"SSL_CERT_FILE": os.devnull, "SSL_CERT_DIR": os.devnull}

Statements = bytes | Sequence[Quad]
"""N-Triples, or quads whose graphs do not matter."""
Runner = Callable[[Statements], list[ShaclResult]]
"""Validates data; not to be shared between threads."""


def run(engine: str, data: Statements, shapes: bytes) -> list[ShaclResult]:
    """Validate ``data`` against ``shapes`` (N-Triples) with "compiled", "pyrudof" or "pyshacl"; sorted, each once.

    Raises BrokenShapes, from pyshacl, for shapes that are not well-formed.
    """
    return runner(engine, shapes)(data)


def runner(engine: str, shapes: bytes) -> Runner:
    """A function that validates data against ``shapes``, which are read once."""
    return _ENGINES[engine](shapes)


def _compiled(shapes: bytes) -> Runner:
    try:
        book = Book(shapes)
    except NotCompiled:
        # Made anew each time: unlike the book it does not live on in processes that are forked.
        return lambda data: _pyrudof(shapes)(data)

    def validate(data: Statements) -> list[ShaclResult]:
        try:
            return _unique(map(_told, book.offences(Data(data))))
        except NotCompiled:
            return _pyrudof(shapes)(data)

    return validate


def shared(engine: str, shapes: bytes) -> Callable[[], Runner]:
    """As ``runner``, for a process and those it forks: gives the same runner each time, where that can be."""
    held: dict[int, Runner] = {}

    def get() -> Runner:
        place = 0 if engine == "compiled" else os.getpid()
        if place not in held:
            held[place] = runner(engine, shapes)
        return held[place]

    return get


def _bytes(data: Statements) -> bytes:
    return data if isinstance(data, bytes) else as_ntriples(data)


def _told(offence: Offence) -> ShaclResult:
    shape, value = offence.shape, offence.value
    path = offence.path or (shape.paths[0] if len(shape.paths) == 1 else None)
    return ShaclResult(
        shape=shape.iri,
        focus=_label(offence.focus),
        path=_label(path) if isinstance(path, NamedNode) else "",
        value=_label(value) if value else "",
        severity=shape.severity,
        iri=isinstance(value, NamedNode),
        component=offence.component,
    )


def _label(term: Term) -> str:
    return term.value


def _pyrudof(shapes: bytes) -> Runner:
    rudof = pyrudof.Rudof(pyrudof.RudofConfig())
    rudof.read_shacl(shapes.decode(), pyrudof.ShaclFormat.NTriples, None, pyrudof.ReaderMode.Strict)

    def validate(data: Statements) -> list[ShaclResult]:
        rudof.reset_data()  # read_data would add to what is there
        with _without_certificates():
            rudof.read_data(_bytes(data).decode(), pyrudof.RDFFormat.NTriples, None, pyrudof.ReaderMode.Strict)
        rudof.validate_shacl()
        report = rudof.serialize_shacl_validation_results(pyrudof.ResultShaclValidationFormat.NTriples)
        return _results(rdflib.Graph().parse(data=report, format="nt"))

    return validate


@contextmanager
def _without_certificates() -> Iterator[None]:
    """Spares the 70 ms that pyrudof takes to read the machine's certificates, though it fetches nothing here."""
    held = {name: os.environ.get(name) for name in _CERTIFICATES}
    os.environ.update(_CERTIFICATES)
    try:
        yield
    finally:
        for name, value in held.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _pyshacl(shapes: bytes) -> Runner:
    # Here, since these take a fifth of a second, and who does not ask for them does without.
    import pyshacl
    from pyshacl.errors import ReportableRuntimeError

    from publisher.quality import prepared

    prepared.install()
    shapes_graph = rdflib.Graph().parse(data=shapes, format="nt")

    def validate(data: Statements) -> list[ShaclResult]:
        data_graph = rdflib.Graph().parse(data=_bytes(data), format="nt")
        try:
            _, report, _ = pyshacl.validate(data_graph, shacl_graph=shapes_graph, inference="none", advanced=False)
        except (ReportableRuntimeError, re.error) as error:
            raise BrokenShapes(detail=str(error).splitlines()[0] if str(error) else type(error).__name__) from None
        return _results(report)

    return validate


def _results(report: rdflib.Graph) -> list[ShaclResult]:
    """The results of the report itself; those under sh:detail belong to partial checks and are left out."""
    sh = rdflib.Namespace(SH)

    def text(node: rdflib.term.Node, predicate: str) -> str:
        found = report.value(node, sh[predicate])
        return "" if found is None else str(found)  # the literal 0 is not nothing

    found = (
        ShaclResult(
            shape=text(node, "sourceShape"),
            focus=text(node, "focusNode"),
            path=_path(report, node, sh),
            value=text(node, "value"),
            severity=text(node, "resultSeverity").removeprefix(SH),
            iri=isinstance(report.value(node, sh.value), rdflib.URIRef),
            component=text(node, "sourceConstraintComponent"),
        )
        for node in report.objects(None, sh.result)
    )
    return _unique(found)


def _unique(found: Iterable[ShaclResult]) -> list[ShaclResult]:
    return sorted(dict.fromkeys(sorted(found, key=lambda result: result.component)))


def _path(report: rdflib.Graph, node: rdflib.term.Node, sh: rdflib.Namespace) -> str:
    """The result path where it is one property; a complex path is told by the shape's message."""
    path = report.value(node, sh.resultPath)
    return str(path) if isinstance(path, rdflib.URIRef) else ""


_ENGINES: dict[str, Callable[[bytes], Runner]] = {"compiled": _compiled, "pyrudof": _pyrudof, "pyshacl": _pyshacl}
