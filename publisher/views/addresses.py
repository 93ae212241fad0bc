"""Every page of the site once, in parts: the pages of the site itself, and the things of each named graph."""

from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from publisher.core.terms import DCT, GRAPH
from publisher.views.offered import offered
from publisher.views.site import Site

MOST = 20_000
"""So many things one part may have; each has a page in every language, and a site map takes 50,000."""
PAGES = "seiten"
FIXED = (
    *("/", "/kreise", "/karte", "/felder", "/vergleich", "/gegenueber", "/luecken", "/fassungen", "/akteure"),
    *("/akteure/aufgaben", "/suche", "/fragen", "/sparql", "/daten", "/daten/beschreibung", "/methode", "/api"),
    *("/uebersicht", "/ns.html", "/impressum", "/datenschutz", "/barrierefreiheit", "/barriere-melden"),
    *("/fehler-melden", "/mitmachen", "/leichte-sprache", "/lizenz", "/ueber"),
)
"""The pages that are no document of a thing."""


@dataclass(frozen=True)
class Address:
    """One page: a path, or the document about a thing."""

    path: str = ""
    iri: str = ""
    modified: str = ""
    """When what it shows last changed, YYYY-MM-DD; "" when that is not known."""


@dataclass(frozen=True)
class Part:
    """One site map."""

    name: str
    modified: str
    iris: tuple[str, ...] = ()


def parts(site: Site) -> tuple[Part, ...]:
    """All parts; the first is that of the site's own pages."""
    return site.once(_parts)


def part(site: Site, wanted: Part) -> tuple[Address, ...]:
    """The pages of one part."""
    if wanted.name != PAGES:
        return tuple(Address(iri=iri, modified=wanted.modified) for iri in wanted.iris)
    date = site.release.manifest.date
    sets = (Address(f"/datensatz/{name}", modified=one.modified) for name, one in offered(site).items())
    return (*(Address(path, modified=date) for path in FIXED), *sets)


def _parts(site: Site) -> tuple[Part, ...]:
    """The things by the graph that describes them; one that several describe stands with the first."""
    own, seen = site.id(""), set[str]()
    found = [Part(PAGES, site.release.manifest.date)]
    dates: Mapping[str, str] = {graph: site.value(graph, DCT + "modified")[:10] for graph in site.dataset.graphs()}
    for graph in sorted(dates, key=lambda iri: (not iri.removeprefix(site.id("graph/")).isdigit(), iri)):
        subjects = {quad.subject.value for quad in site.dataset.graph(graph) if isinstance(quad.subject, NamedNode)}
        new = sorted(iri for iri in subjects - seen if iri.startswith(own))
        seen.update(new)
        name = graph.removeprefix(site.dataset.own(GRAPH))
        for number, start in enumerate(range(0, len(new), MOST)):
            some = tuple(new[start : start + MOST])
            found.append(Part(f"{name}-{number + 1}" if number else name, dates[graph], some))
    return tuple(found)
