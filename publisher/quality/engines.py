"""The two SHACL engines behind one function. The only user of pyrudof and pySHACL.

pyrudof is the fast default, pySHACL the reference; on our shapes they agree result for result.
Both get N-Triples bytes, so neither sees what another parser made of the literals.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pyrudof
import pyshacl
import rdflib
from pyshacl.errors import ReportableRuntimeError

from publisher.core.errors import BrokenShapes
from publisher.core.terms import SH
from publisher.quality import prepared


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


Runner = Callable[[bytes], list[ShaclResult]]
"""Validates data (N-Triples); not to be shared between threads."""


def run(engine: str, data: bytes, shapes: bytes) -> list[ShaclResult]:
    """Validate ``data`` against ``shapes`` (both N-Triples) with "pyrudof" or "pyshacl"; sorted, each once.

    Raises BrokenShapes, from pyshacl, for shapes that are not well-formed.
    """
    return runner(engine, shapes)(data)


def runner(engine: str, shapes: bytes) -> Runner:
    """A function that validates data against ``shapes``, which are read once."""
    return _ENGINES[engine](shapes)


def _pyrudof(shapes: bytes) -> Runner:
    rudof = pyrudof.Rudof(pyrudof.RudofConfig())
    rudof.read_shacl(shapes.decode(), pyrudof.ShaclFormat.NTriples, None, pyrudof.ReaderMode.Strict)

    def validate(data: bytes) -> list[ShaclResult]:
        rudof.reset_data()  # read_data would add to what is there
        rudof.read_data(data.decode(), pyrudof.RDFFormat.NTriples, None, pyrudof.ReaderMode.Strict)
        rudof.validate_shacl()
        report = rudof.serialize_shacl_validation_results(pyrudof.ResultShaclValidationFormat.NTriples)
        return _results(rdflib.Graph().parse(data=report, format="nt"))

    return validate


def _pyshacl(shapes: bytes) -> Runner:
    prepared.install()
    shapes_graph = rdflib.Graph().parse(data=shapes, format="nt")

    def validate(data: bytes) -> list[ShaclResult]:
        data_graph = rdflib.Graph().parse(data=data, format="nt")
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
        return str(report.value(node, sh[predicate]) or "")

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
    return sorted(dict.fromkeys(sorted(found, key=lambda result: result.component)))


def _path(report: rdflib.Graph, node: rdflib.term.Node, sh: rdflib.Namespace) -> str:
    """The result path where it is one property; a complex path is told by the shape's message."""
    path = report.value(node, sh.resultPath)
    return str(path) if isinstance(path, rdflib.URIRef) else ""


_ENGINES: dict[str, Callable[[bytes], Runner]] = {"pyrudof": _pyrudof, "pyshacl": _pyshacl}
