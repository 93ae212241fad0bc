"""What is said of a thing and of what belongs to it – evidence, mappings, mentions –, each read from the store once.

The same as the queries give that a page names, in a tenth of the time: most of a query about one thing goes into
reading and planning it. Tests compare the two.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from publisher.core.terms import NS, PREFIXES, RDF
from publisher.graph.remote import Remote
from publisher.graph.store import Term
from publisher.views import model
from publisher.views.site import Site

QUERY = "documents/resource"
_TYPE = RDF + "type"
_OA, _GEO, _PROV = PREFIXES["oa"], PREFIXES["geo"], PREFIXES["prov"]
PARTS = (
    *(NS + name for name in ("mapping", "mention", "suppliedName", "nameVariant", "evidence", "population")),
    *(_OA + "hasSelector", _GEO + "hasGeometry", _PROV + "qualifiedAssociation"),
)
"""The properties that lead to the parts of a thing, as QUERY follows them."""
MANY = 5_000
"""Of so many references at most all are read."""
Said = Mapping[str, Sequence[Term]]
"""What is said of one thing: each property with its values, each once, sorted."""


@dataclass(frozen=True)
class Nearby:
    """The surroundings of things of a release, read as they are asked for; made for one page and let go with it."""

    site: Site
    _triples: dict[str, list[Triple]] = field(default_factory=dict, repr=False, compare=False)
    _said: dict[str, Said] = field(default_factory=dict, repr=False, compare=False)

    def said(self, iri: str) -> Said:
        """All that is said of ``iri``."""
        if iri not in self._said:
            self._said[iri] = _gathered(self._about(iri))
        return self._said[iri]

    def terms(self, iri: str, name: str) -> Sequence[Term]:
        """The values of the property ``name`` (of our vocabulary, or a full IRI) of ``iri``."""
        return self.said(iri).get(name if name.startswith("http") else self.site.ns(name), ())

    def iris(self, iri: str, name: str) -> list[str]:
        """Those of the values that are things."""
        return [term.value for term in self.terms(iri, name) if isinstance(term, NamedNode)]

    def texts(self, iri: str, name: str) -> list[str]:
        """All of the values as texts, whatever they are."""
        return [_text(term) for term in self.terms(iri, name)]

    def value(self, iri: str, name: str) -> str:
        """The first of the values; "" when there is none."""
        return _text(next(iter(self.terms(iri, name)), None)) if iri else ""

    def kind(self, iri: str) -> str:
        """As ``Site.kind``: the class that says best what ``iri`` is."""
        types = self.iris(iri, _TYPE)
        return next((kind for kind in types if kind.startswith(self.site.base)), types[0] if types else "")

    def statements(self, iri: str) -> list[Triple]:
        """The rows of QUERY: all that is said of ``iri`` and of its parts, each statement once."""
        if isinstance(self.site.dataset, Remote):
            return list(set(self.site.construct(QUERY, iri=iri)))
        steps = self.site.once(_steps)
        waiting, seen, found = [iri], {iri}, set[Triple]()
        while waiting:
            for triple in self._about(waiting.pop()):
                found.add(triple)
                if triple.predicate.value not in steps:
                    continue
                if isinstance(triple.object, BlankNode):
                    # It has no name to go on by.
                    return list(set(self.site.construct(QUERY, iri=iri)))
                if isinstance(triple.object, NamedNode) and triple.object.value not in seen:
                    seen.add(triple.object.value)
                    waiting.append(triple.object.value)
        return list(found)

    def quotations(self, iri: str) -> tuple[model.Quotation, ...]:
        """The quotations that ``iri`` rests on, in the order of the source; of an evidence, its own."""
        found = (row for evidence in self.iris(iri, "evidence") for row in self._quotations(evidence))
        return tuple(sorted(found, key=lambda one: (one.document, one.line, one.iri)))

    def _quotations(self, evidence: str) -> Iterator[model.Quotation]:
        lines = self.terms(evidence, "line") or (None,)
        selectors = self.iris(evidence, _OA + "hasSelector")
        exact = [term for selector in selectors for term in self.terms(selector, _OA + "exact")]
        for document, words, line in product(self.terms(evidence, _OA + "hasSource"), exact, lines):
            yield model.Quotation(evidence, _text(words), int(_text(line) or 0), _text(document))

    def evidence(self, iri: str) -> model.Evidence:
        """How what is said about ``iri`` is known."""
        derived = tuple(self.iris(iri, _PROV + "wasDerivedFrom"))
        return model.Evidence(self.value(iri, "assertion"), self.quotations(iri), derived, self.value(iri, "note"))

    def mappings(self, iri: str) -> tuple[model.Mapping, ...]:
        """The common fields that ``iri`` is assigned to."""
        found = (row for mapping in self.iris(iri, "mapping") for row in self._mappings(mapping))
        return tuple(sorted(found, key=lambda one: (one.concept, one.iri)))

    def _mappings(self, mapping: str) -> Iterator[model.Mapping]:
        notes = [note for note in self.terms(mapping, "note") if isinstance(note, Literal) and note.language == "de"]
        assertions = self.terms(mapping, "assertion") or (None,)
        named = self.terms(mapping, "toConcept"), self.terms(mapping, "relation")
        for row in product(*named, assertions, notes or (None,)):
            yield model.Mapping(mapping, *map(_text, row))

    def mentions(self, iri: str) -> tuple[model.Mention, ...]:
        """The county's own words for groups, actors and grounds that ``iri`` names."""
        return tuple(
            model.Mention(mention, _text(wording), _text(concept), self.evidence(mention))
            for mention in sorted(self.iris(iri, "mention"))
            for wording, concept in product(self.terms(mention, "text"), self.terms(mention, "ofConcept"))
        )

    def _about(self, iri: str) -> list[Triple]:
        if iri not in self._triples:
            self._triples[iri] = self.site.dataset.about(iri)
        return self._triples[iri]


def nearby(site: Site, _about: str) -> Nearby:
    """The surroundings for one page; with ``Site.lately`` all that shows a thing reads in the same ones."""
    return Nearby(site)


def referring(site: Site, iri: str) -> tuple[tuple[str, str], ...] | None:
    """Each named thing that refers to ``iri`` in any graph, with the property by which it does; None for too many."""
    found = tuple(islice(site.dataset.incoming(iri), MANY + 1))
    return found if len(found) <= MANY else None


def _gathered(triples: Sequence[Triple]) -> Said:
    found: dict[str, dict[Term, None]] = {}
    for triple in triples:
        found.setdefault(triple.predicate.value, {})[triple.object] = None  # type: ignore[index]
    return {name: sorted(terms, key=str) if len(terms) > 1 else list(terms) for name, terms in found.items()}


def _steps(site: Site) -> frozenset[str]:
    return frozenset(site.dataset.own(name) for name in PARTS)


def _text(term: Term | None) -> str:
    return str(getattr(term, "value", ""))
