"""Profiles: the ways in which one thing can be described, and what each of them says.

The profiles themselves are data (``data/graphs.ttl``); each but our model selects by a query of sparql/profiles.
https://www.w3.org/TR/dx-prof/, https://www.w3.org/TR/dx-prof-conneg/
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from publisher.core.terms import NS, SKOS, XSD
from publisher.release.catalogue.distributions import CATALOG
from publisher.release.catalogue.listing import DCAT as DCAT_NS
from publisher.release.datasets import WHOLE, dataset
from publisher.views import resource, vocabulary
from publisher.views.offered import Offered, catalogue, offered
from publisher.views.site import Site

QUERY = "pages/profiles"
MODEL, DCAT, SCHEMA_ORG, ONLY_SKOS = "kreisgraph", "dcat-ap-de", "schema-org", "skos"
"""The tokens of the profiles."""
_KINDS: Mapping[str, tuple[str, ...]] = {
    SCHEMA_ORG: tuple(NS + name for name in ("District", "State", "IntegrationConcept", "ConceptVersion")),
    ONLY_SKOS: (SKOS + "Concept", SKOS + "ConceptScheme"),
}
"""Which things of the data each profile fits, by class."""


@dataclass(frozen=True)
class Profile:
    """One profile."""

    token: str
    iri: str
    general: tuple[str, ...]
    """What it is a profile of: whoever asks for that may get it."""


def profiles(site: Site) -> Mapping[str, Profile]:
    """Token → profile; none in a release of an earlier version of the program."""
    return site.once(_profiles)


def _profiles(site: Site) -> Mapping[str, Profile]:
    found: dict[str, Profile] = {}
    for row in site.select(QUERY):
        token, iri = row["token"].value, row["profile"].value
        general = (row["general"].value,) if "general" in row else ()
        found[token] = Profile(token, iri, (*(found[token].general if token in found else ()), *general))
    return found


def of(site: Site, iri: str) -> tuple[Profile, ...]:
    """The profiles in which ``iri`` is described, that of whoever asks for none first."""
    return site.lately(_of, iri)


def _of(site: Site, iri: str) -> tuple[Profile, ...]:
    known = profiles(site)
    return tuple(known[token] for token in _tokens(site, iri)) if known else ()


def _tokens(site: Site, iri: str) -> tuple[str, ...]:
    if iri == site.base + CATALOG:
        return (DCAT, SCHEMA_ORG)
    if offer(site, iri):
        return (MODEL, DCAT, SCHEMA_ORG) if site.known(iri) else (DCAT, SCHEMA_ORG)
    if iri == site.base + "ns":
        return (MODEL, ONLY_SKOS)
    types = {*site.dataset.types(iri)}
    fitting = (token for token, kinds in _KINDS.items() if types & {site.dataset.own(kind) for kind in kinds})
    return (MODEL, *fitting)


def offer(site: Site, iri: str) -> Offered | None:
    """The data set of the catalogue that ``iri`` names; None for all else."""
    whole = dataset(WHOLE, site.base)
    if iri != whole and not iri.startswith(whole + "/"):
        return None
    found = offered(site).get(WHOLE if iri == whole else iri.removeprefix(whole + "/"))
    return found if found and found.iri == iri else None


def statements(site: Site, iri: str, token: str) -> list[Triple]:
    """What the profile ``token`` says of ``iri``; raises NotFound.

    By schema.org it says nothing of a data set: that is written as the pages write it (``web.structured``).
    """
    if token == MODEL:
        return vocabulary.statements(site) if iri == site.base + "ns" else resource.statements(site, iri)
    if token == DCAT:
        held = catalogue(site)
        found = site.queries.construct(held, f"profiles/{token}", iri=iri) if held else []
        return list(map(_as_written, found))
    return list(set(site.construct(f"profiles/{token}", iri=iri)))


def _as_written(triple: Triple) -> Triple:
    """``triple`` of the catalogue as its files have it: the store keeps every kind of whole number as xsd:integer."""
    if triple.predicate.value != DCAT_NS + "byteSize":
        return triple
    size = Literal(triple.object.value, datatype=NamedNode(XSD + "nonNegativeInteger"))  # type: ignore[union-attr]
    return Triple(triple.subject, triple.predicate, size)
