"""The vocabulary: classes, properties and closed lists with their meaning."""

from dataclasses import dataclass

from pyoxigraph import Triple

from publisher.core.terms import GRAPH, RDFS, SKOS
from publisher.views.site import Site, Text

QUERIES = ("pages/vocabulary-terms", "pages/vocabulary-lists")


@dataclass(frozen=True)
class TermEntry:
    """A class, a property or a listed concept."""

    iri: str
    label: Text
    definition: Text
    parents: tuple[str, ...] = ()
    domain: tuple[str, ...] = ()
    range: tuple[str, ...] = ()
    repeated: bool = False
    """Whether the concept already stands in another list."""

    @property
    def name(self) -> str:
        """The part of the IRI after the number sign: the anchor of the entry."""
        return self.iri.partition("#")[2]


@dataclass(frozen=True)
class ListEntry:
    """A closed list with its concepts."""

    term: TermEntry
    concepts: tuple[TermEntry, ...]


@dataclass(frozen=True)
class Vocabulary:
    """Everything under ``…/ns``."""

    iri: str
    classes: tuple[TermEntry, ...]
    properties: tuple[TermEntry, ...]
    functions: tuple[TermEntry, ...]
    """What queries at the endpoint may call."""
    lists: tuple[ListEntry, ...]


def statements(site: Site) -> list[Triple]:
    """The triples of the vocabulary and of the closed lists."""
    quads = [quad for name in ("ontology", "lists") for quad in site.dataset.graph(site.dataset.own(GRAPH + name))]
    return list({Triple(quad.subject, quad.predicate, quad.object) for quad in quads})


def vocabulary(site: Site, language: str) -> Vocabulary:
    """The vocabulary for a reader of ``language``."""
    terms = [(row["kind"].value, row["term"].value) for row in site.select("pages/vocabulary-terms")]
    concepts: dict[str, dict[str, bool]] = {}
    seen: set[str] = set()
    for row in site.select("pages/vocabulary-lists"):
        concept = row["concept"].value
        concepts.setdefault(row["scheme"].value, {})[concept] = concept in seen
        seen.add(concept)
    return Vocabulary(
        iri=site.base + "ns",
        classes=tuple(_term(site, iri, language=language) for kind, iri in terms if kind == "class"),
        properties=tuple(_term(site, iri, language=language) for kind, iri in terms if kind == "property"),
        functions=tuple(_term(site, iri, language=language) for kind, iri in terms if kind == "function"),
        lists=tuple(
            ListEntry(
                _term(site, scheme, language=language),
                tuple(_term(site, iri, repeated, language=language) for iri, repeated in members.items()),
            )
            for scheme, members in concepts.items()
        ),
    )


def _term(site: Site, iri: str, repeated: bool = False, *, language: str) -> TermEntry:
    found = {t.language: t.value for t in site.dataset.objects(iri, SKOS + "definition") if hasattr(t, "language")}
    chosen = language if language in found else "de"
    definition = Text(found.get(chosen, ""), chosen)
    parents = (*_iris(site, iri, RDFS + "subClassOf"), *_iris(site, iri, RDFS + "subPropertyOf"))
    return TermEntry(
        iri,
        site.label(iri, language),
        definition,
        parents,
        _iris(site, iri, RDFS + "domain"),
        _iris(site, iri, RDFS + "range"),
        repeated,
    )


def _iris(site: Site, iri: str, predicate: str) -> tuple[str, ...]:
    return tuple(str(getattr(term, "value", "")) for term in site.dataset.objects(iri, predicate))
