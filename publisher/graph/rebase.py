"""Moves every IRI of ours from one base to another.

Literals stay, but for IRIs inside them: those typed xsd:anyURI, and ``<…>`` in the SPARQL and messages of shapes.
"""

from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from publisher.core.terms import CANONICAL_BASE, XSD

_ANY_URI = NamedNode(XSD + "anyURI")


def rebase(quads: Iterable[Quad], base: str, old: str = CANONICAL_BASE) -> Iterator[Quad]:
    """``quads`` with every IRI below ``old`` moved below ``base``."""
    if base == old:
        yield from quads
        return
    for quad in quads:
        yield Quad(*(_moved(term, base, old) for term in quad))  # type: ignore[arg-type]


def _moved(
    term: NamedNode | BlankNode | Literal | DefaultGraph, base: str, old: str
) -> NamedNode | BlankNode | Literal | DefaultGraph:
    if isinstance(term, NamedNode) and term.value.startswith(old):
        return NamedNode(base + term.value[len(old) :])
    if isinstance(term, Literal) and old in term.value:
        return _moved_literal(term, base, old)
    return term


def _moved_literal(term: Literal, base: str, old: str) -> Literal:
    if term.datatype == _ANY_URI and term.value.startswith(old):
        return Literal(base + term.value[len(old) :], datatype=_ANY_URI)
    text = term.value.replace(f"<{old}", f"<{base}")
    return Literal(text, language=term.language) if term.language else Literal(text, datatype=term.datatype)
