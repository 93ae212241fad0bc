"""Writes statements of the catalogue, and takes over what is written by hand in data/catalogue.ttl."""

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from publisher.core.terms import DCT, PREFIXES, RDF, XSD
from publisher.graph.rebase import rebase
from publisher.graph.sources import read_bytes, read_turtle

DCAT = "http://www.w3.org/ns/dcat#"
DCATAP = "http://data.europa.eu/r5r/"
VCARD = "http://www.w3.org/2006/vcard/ns#"
SPDX = "http://spdx.org/rdf/terms#"
ADMS = "http://www.w3.org/ns/adms#"
DCATDE, FOAF = PREFIXES["dcatde"], PREFIXES["foaf"]
USED = {
    "adms": ADMS,
    "dcat": DCAT,
    "dcatap": DCATAP,
    "dcatde": DCATDE,
    "dct": DCT,
    "foaf": FOAF,
    "rdfs": PREFIXES["rdfs"],
    "skos": PREFIXES["skos"],
    "spdx": SPDX,
    "vcard": VCARD,
    "xsd": XSD,
}
"""The prefixes of the catalogue."""


class Listing:
    """The statements of a catalogue, as they are gathered."""

    def __init__(self, path: Path, base: str) -> None:
        """``path`` is the file written by hand, ``base`` that of our IRIs. Raises SourceError."""
        self.stamp = read_bytes(path) + base.encode()
        """Stands for what is written by hand."""
        self._written: dict[str, list[Triple]] = {}
        for quad in rebase(read_turtle(path, "urn:catalogue"), base):
            subject = quad.subject.value  # type: ignore[union-attr]
            self._written.setdefault(subject, []).append(Triple(quad.subject, quad.predicate, quad.object))
        self._clear()

    def _clear(self) -> None:
        self._said: dict[Triple, None] = {}
        self._about: dict[str, list[Triple]] = {}
        """What was said, by subject: with many counties nothing may walk all of it for each file."""
        self._lines: dict[str, None] = {}
        self._terms: dict[str, None] = {}

    def empty(self) -> "Listing":
        """A listing that knows what is written by hand, in which nothing is said."""
        other = copy(self)
        other._clear()
        return other

    @property
    def said(self) -> Iterable[Triple]:
        """What was said, in the order of saying."""
        return self._said

    def leads(self, triples: Iterable[Triple]) -> set[str]:
        """The terms written of by hand that ``triples`` lead to."""
        values = {triple.object.value for triple in triples if isinstance(triple.object, NamedNode)}
        return values & self._written.keys()

    def add(self, lines: Iterable[str], terms: Iterable[str]) -> None:
        """Says ``lines`` (N-Triples) and that something leads to ``terms``."""
        self._lines.update(dict.fromkeys(lines))
        self._terms.update(dict.fromkeys(terms))

    def link(self, subject: str, predicate: str, *values: str) -> None:
        """Says that ``subject`` leads to each of ``values``; "" is left out."""
        for value in filter(None, values):
            self._add(subject, predicate, NamedNode(value))

    def say(self, subject: str, predicate: str, text: str, datatype: str = "", language: str = "") -> None:
        """Says a text of ``subject``; "" is left out."""
        if text and datatype:
            self._add(subject, predicate, Literal(text, datatype=NamedNode(datatype)))
        elif text:
            self._add(subject, predicate, Literal(text, language=language) if language else Literal(text))

    def take(self, pattern: str, subject: str = "", **facts: Mapping[str, str] | str) -> None:
        """Says of ``subject`` what is written of ``pattern``, ``facts`` put in where their names stand in braces.

        A fact is a text, or one for each language.
        """
        for triple in self._written.get(pattern, ()):
            value = triple.object
            if isinstance(value, Literal) and value.language and facts:
                texts = {k: v if isinstance(v, str) else v[value.language or ""] for k, v in facts.items()}
                value = Literal(value.value.format(**texts), language=value.language)
            self._add(subject or pattern, triple.predicate.value, value)

    def texts(self, iri: str, predicate: str) -> dict[str, str]:
        """What is written or said of ``iri``, by language."""
        found = [*self._written.get(iri, ()), *self._about.get(iri, ())]
        values = (one.object for one in found if one.predicate.value == predicate)
        return {value.language or "": value.value for value in values if isinstance(value, Literal)}

    def triples(self) -> list[Triple]:
        """Everything said, and the class and name of each term of another vocabulary that it leads to."""
        quads = parse("".join(self._lines), format=RdfFormat.N_TRIPLES)
        found = list(dict.fromkeys([*self._said, *(Triple(q.subject, q.predicate, q.object) for q in quads)]))
        seen = set(self._subjects(found))
        waiting = sorted({*self.leads(found), *self._terms} - seen)
        while waiting:
            value = waiting.pop()
            if value not in seen:
                seen.add(value)
                found += self._written[value]
                waiting += self.leads(self._written[value])
        return found

    @staticmethod
    def _subjects(triples: Iterable[Triple]) -> Iterator[str]:
        return (triple.subject.value for triple in triples)  # type: ignore[union-attr]

    def _add(self, subject: str, predicate: str, value: NamedNode | Literal | object) -> None:
        triple = Triple(NamedNode(subject), NamedNode(predicate), value)  # type: ignore[arg-type]
        if triple not in self._said:
            self._said[triple] = None
            self._about.setdefault(subject, []).append(triple)


def typed(listing: Listing, iri: str, *kinds: str) -> str:
    """Says that ``iri`` is of the classes ``kinds``; gives ``iri`` back."""
    listing.link(iri, RDF + "type", *kinds)
    return iri
