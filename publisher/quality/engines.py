"""The two SHACL engines behind one function. The only user of pyrudof and pySHACL.

pyrudof is the fast default, pySHACL the reference; on our shapes they agree result for result.
Both get N-Triples bytes, so neither sees what another parser made of the literals.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pyrudof
import pyshacl
import rdflib

from publisher.core.terms import SH


@dataclass(frozen=True, order=True)
class ShaclResult:
    """One sh:ValidationResult: IRIs and literals as text, severity as the local name (Violation …)."""

    shape: str
    focus: str
    path: str
    value: str
    severity: str


def run(engine: str, data: bytes, shapes: bytes) -> list[ShaclResult]:
    """Validate ``data`` against ``shapes`` (both N-Triples) with "pyrudof" or "pyshacl"; sorted, each once."""
    return sorted(set(_ENGINES[engine](data, shapes)))


def _pyrudof(data: bytes, shapes: bytes) -> list[ShaclResult]:
    rudof = pyrudof.Rudof(pyrudof.RudofConfig())
    rudof.read_data(data.decode(), pyrudof.RDFFormat.NTriples, None, pyrudof.ReaderMode.Strict)
    rudof.read_shacl(shapes.decode(), pyrudof.ShaclFormat.NTriples, None, pyrudof.ReaderMode.Strict)
    rudof.validate_shacl()
    report = rudof.serialize_shacl_validation_results(pyrudof.ResultShaclValidationFormat.NTriples)
    return _results(rdflib.Graph().parse(data=report, format="nt"))


def _pyshacl(data: bytes, shapes: bytes) -> list[ShaclResult]:
    data_graph = rdflib.Graph().parse(data=data, format="nt")
    shapes_graph = rdflib.Graph().parse(data=shapes, format="nt")
    _, report, _ = pyshacl.validate(data_graph, shacl_graph=shapes_graph, inference="none", advanced=False)
    return _results(report)


def _results(report: rdflib.Graph) -> list[ShaclResult]:
    sh = rdflib.Namespace(SH)

    def text(node: rdflib.term.Node, predicate: str) -> str:
        return str(report.value(node, sh[predicate]) or "")

    return [
        ShaclResult(
            shape=text(node, "sourceShape"),
            focus=text(node, "focusNode"),
            path=_path(report, node, sh),
            value=text(node, "value"),
            severity=text(node, "resultSeverity").removeprefix(SH),
        )
        for node in report.subjects(rdflib.RDF.type, sh.ValidationResult)
    ]


def _path(report: rdflib.Graph, node: rdflib.term.Node, sh: rdflib.Namespace) -> str:
    """The result path where it is one property; a complex path is told by the shape's message."""
    path = report.value(node, sh.resultPath)
    return str(path) if isinstance(path, rdflib.URIRef) else ""


_ENGINES: dict[str, Callable[[bytes, bytes], list[ShaclResult]]] = {"pyrudof": _pyrudof, "pyshacl": _pyshacl}
