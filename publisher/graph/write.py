"""RDF out: the same statements always give the same bytes, in every format."""

import json
import re
from collections.abc import Iterable, Mapping
from itertools import takewhile
from typing import Any

import rdflib
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from publisher.graph.compact import compact, indented
from publisher.graph.formats import Format

Statement = Triple | Quad


def nquads(quads: Iterable[Quad]) -> bytes:
    """Canonical N-Quads: one statement a line, each once, sorted by bytes."""
    text: bytes = serialize(quads, format=RdfFormat.N_QUADS)  # type: ignore[assignment]
    return b"".join(sorted(set(text.splitlines(keepends=True))))


def ordered(statements: Iterable[Statement]) -> list[Triple]:
    """The triples of ``statements``, each once, in a fixed order."""
    return sorted({Triple(s.subject, s.predicate, s.object) for s in statements}, key=_place)


def write(
    statements: Iterable[Statement], fmt: Format, prefixes: Mapping[str, str], context: Mapping[str, Any] | None = None
) -> bytes:
    """The triples of ``statements`` in ``fmt``; JSON-LD is compacted with ``context`` (inline in the result)."""
    return write_ordered(ordered(statements), fmt, prefixes, context)


def write_ordered(
    triples: list[Triple],
    fmt: Format,
    prefixes: Mapping[str, str],
    context: Mapping[str, Any] | None = None,
    alone: bool = True,
) -> bytes:
    """As ``write``, for triples as ``ordered`` gives them.

    What does not stand ``alone`` but in a file with others has no prefixes of its own for a county and its versions.
    """
    if fmt.rdf == RdfFormat.JSON_LD:
        return _json_ld(triples, context or {})
    used = _used(triples, prefixes, alone) if fmt.rdf != RdfFormat.N_TRIPLES else None
    return serialize(triples, format=fmt.rdf, prefixes=used)  # type: ignore[return-value]


def rewritten(lines: Iterable[bytes], fmt: Format, prefixes: Mapping[str, str]) -> bytes:
    """The triples in ``lines`` of canonical N-Triples in ``fmt``, each once, in a fixed order: N-Triples by bytes.

    For graphs that are written once and soon: no triple becomes an object of Python's. JSON-LD is not compacted.
    """
    if fmt.rdf == RdfFormat.N_TRIPLES:
        return b"".join(sorted(set(lines)))
    unique: list[bytes] = sorted(set(lines), key=_terms)
    text = b"".join(unique)
    used = _among(text.decode(), prefixes, True) if fmt.rdf != RdfFormat.JSON_LD else None
    return serialize(parse(text, format=RdfFormat.N_TRIPLES), format=fmt.rdf, prefixes=used)  # type: ignore[return-value]


def ntriples(nquads: bytes, graph: str) -> bytes:
    """Canonical N-Triples of the canonical N-Quads of one named graph."""
    end = f" <{graph}> .\n".encode()
    return b"".join(line.removesuffix(end) + b" .\n" for line in nquads.splitlines(keepends=True))


def trig(turtle: bytes, graph: str) -> bytes:
    """TriG of one named graph, given as the Turtle that ``write`` made of it; several in a row are TriG, too."""
    lines = turtle.splitlines(keepends=True)
    names = sum(1 for _ in takewhile(lambda line: line.startswith(b"@prefix "), lines))
    return b"".join((*lines[:names], f"<{graph}> {{\n".encode(), *(b"\t" + line for line in lines[names:]), b"}\n"))


def _place(triple: Triple) -> tuple[str, str, str]:
    """Where a triple stands in the order: a thing comes before its parts, since its IRI is the shorter one."""
    return triple.subject.value, triple.predicate.value, str(triple.object)  # type: ignore[union-attr]


def _used(triples: list[Triple], prefixes: Mapping[str, str], alone: bool) -> dict[str, str]:
    """The prefixes that occur; ``alone``, where only one county does, ``k:`` for it and ``v1:`` … for its versions."""
    return _among("\n".join(str(triple) for triple in triples), prefixes, alone)


def _terms(line: bytes) -> list[bytes]:
    """What a line is sorted by, so that a thing comes before its parts."""
    return line.split(b"> ", 2)


def _among(text: str, prefixes: Mapping[str, str], alone: bool) -> dict[str, str]:
    kreis = prefixes.get("kreis", "")
    counties = set(re.findall(rf"<{re.escape(kreis)}(\d{{5}})/", text)) if kreis else set()
    if len(counties) == 1 and alone:
        county = f"{kreis}{counties.pop()}/"
        versions = set(re.findall(rf"<{re.escape(county)}(\d+)/", text))
        prefixes = {**prefixes, "k": county, **{f"v{number}": f"{county}{number}/" for number in sorted(versions)}}
    return {name: iri for name, iri in prefixes.items() if f"<{iri}" in text}


def _json_ld(triples: list[Triple], context: Mapping[str, Any]) -> bytes:
    document = compact(triples, context) or _compacted(triples, context)
    if isinstance(document.get("@graph"), list):
        document["@graph"].sort(key=lambda node: str(node.get("id", node.get("@id", ""))))
    return (indented(_stable(document)) + "\n").encode("utf-8")


def _compacted(triples: list[Triple], context: Mapping[str, Any]) -> dict[str, Any]:
    """What rdflib makes of ``triples``."""
    graph = rdflib.Graph()
    for triple in triples:
        graph.add((_rdflib(triple.subject), _rdflib(triple.predicate), _rdflib(triple.object)))
    text = graph.serialize(format="json-ld", context=dict(context), auto_compact=False, sort_keys=True)
    document: Any = json.loads(text)
    return document if isinstance(document, dict) else {"@graph": document}


def json_ld_start(context: Mapping[str, Any]) -> bytes:
    """How a JSON-LD document of several graphs begins; the graphs follow, with commas between."""
    return f'{{"@context": {json.dumps(dict(context), ensure_ascii=False, indent=1)},\n"@graph": [\n'.encode()


def _stable(value: Any) -> Any:
    """Sets of values in a fixed order; ordered lists (``@list``) and the context stay as they are."""
    if isinstance(value, dict):
        return {k: v if k in ("@list", "@context") else _stable(v) for k, v in sorted(value.items())}
    if isinstance(value, list):
        members = [_stable(item) for item in value]
        return sorted(members, key=lambda item: json.dumps(item, sort_keys=True)) if len(members) > 1 else members
    return value


def _rdflib(term: Any) -> rdflib.term.Node:
    """A pyoxigraph term as rdflib's, its lexical form and blank node label untouched."""
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)
