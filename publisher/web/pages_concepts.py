"""The pages of a concept, of a version with its outline, and of a source document with its lines."""

from dataclasses import dataclass

from publisher.views import source as source_view
from publisher.views import thing as thing_view
from publisher.views import version as view
from publisher.web.frame import Frame, Page, Visit
from publisher.web.resources import DocumentPage
from publisher.web.trail import trail

SECTION = "/kreise"


@dataclass(frozen=True)
class Concept:
    """A concept with its versions."""

    thing: thing_view.Thing
    versions: tuple[view.Version, ...]


def documents(frame: Frame) -> dict[str, DocumentPage]:
    """The kinds of things shown here."""
    ns = frame.site.ns
    return {ns("IntegrationConcept"): _concept, ns("ConceptVersion"): _version, ns("SourceDocument"): _source}


def _concept(visit: Visit, iri: str) -> Page:
    site, language = visit.site, visit.language
    rows = site.select("pages/concept-versions", iri=iri)
    versions = tuple(view.version(site, row["version"].value, language) for row in rows)
    found = Concept(thing_view.thing(site, iri, language), versions)
    queries = ("pages/concept-versions", *thing_view.QUERIES)
    return Page("concept.html", found.thing.label, found, queries, trail(visit, iri, found.thing.label), SECTION)


def _version(visit: Visit, iri: str) -> Page:
    found = view.version(visit.site, iri, visit.language)
    return Page("version.html", found.title, found, view.QUERIES, trail(visit, iri, found.title), SECTION)


def _source(visit: Visit, iri: str) -> Page:
    found = source_view.source(visit.site, iri, visit.language)
    return Page("source.html", found.title, found, source_view.QUERIES, trail(visit, iri, found.title), SECTION)
