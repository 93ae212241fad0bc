"""The pages of a concept, of a version with its outline, and of a source document with its lines."""

from dataclasses import dataclass

from publisher.graph.queries import Call
from publisher.views import chain as chain_view
from publisher.views import source as source_view
from publisher.views import thing as thing_view
from publisher.views import version as view
from publisher.web.frame import Frame, Page, Visit
from publisher.web.resources import DocumentPage

SECTION = "/kreise"


@dataclass(frozen=True)
class Concept:
    """A concept with its versions, and how they follow from each other."""

    thing: thing_view.Thing
    chain: chain_view.Chain | None
    versions: tuple[view.Version, ...]


@dataclass(frozen=True)
class Version:
    """A version with its place among the others."""

    version: view.Version
    chain: chain_view.Chain | None


def documents(frame: Frame) -> dict[str, DocumentPage]:
    """The kinds of things shown here."""
    ns = frame.site.ns
    return {ns("IntegrationConcept"): _concept, ns("ConceptVersion"): _version, ns("SourceDocument"): _source}


def _concept(visit: Visit, iri: str) -> Page:
    site, language = visit.site, visit.language
    rows = site.select("pages/concept-versions", iri=iri)
    versions = tuple(view.version(site, row["version"].value, language) for row in rows)
    chains = chain_view.chains(site, site.county_of(iri))
    chain = next((chain for chain in chains if chain.concept == iri), None)
    found = Concept(thing_view.thing(site, iri, language), chain, versions)
    held = tuple(Call(name, {"iri": version.iri}) for version in versions for name in view.COUNTED)
    queries: tuple[str | Call, ...] = (
        "pages/concept-versions",
        chain_view.call(site.county_of(iri)),
        *held,
        *thing_view.QUERIES,
    )
    return Page("concept.html", found, queries, SECTION)


def _version(visit: Visit, iri: str) -> Page:
    found = Version(view.version(visit.site, iri, visit.language), chain_view.chain_of(visit.site, iri))
    queries = (*view.QUERIES, chain_view.call(visit.site.county_of(iri)))
    return Page("version.html", found, queries, SECTION)


def _source(visit: Visit, iri: str) -> Page:
    found = source_view.source(visit.site, iri, visit.language)
    return Page("source.html", found, source_view.QUERIES, SECTION)
