"""Every page of the site once, in parts: the pages of the site itself, and the things of each named graph."""

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode

from publisher.core.terms import DCT, GRAPH
from publisher.release.datasets import WHOLE
from publisher.release.description import VOID
from publisher.views.offered import offered
from publisher.views.releases import releases, summary
from publisher.views.site import Site

MOST = 20_000
"""So many things one part may have; each has a page in every language, and a site map takes 50,000."""
PAGES = "seiten"
FIXED = (
    *("/", "/kreise", "/karte", "/felder", "/vergleich", "/gegenueber", "/luecken", "/fassungen", "/akteure"),
    *("/akteure/aufgaben", "/suche", "/fragen", "/sparql", "/daten", "/daten/beschreibung", "/release"),
    *("/methode", "/api"),
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
    graph: str = ""
    """The named graph whose things it lists; "" for the site's own pages."""
    number: int = 0
    count: int = 1
    """It is the part ``number`` of ``count`` of that graph, counted from 0."""


def parts(site: Site) -> tuple[Part, ...]:
    """All parts; the first is that of the site's own pages."""
    return site.once(_parts)


def part(site: Site, wanted: Part) -> tuple[Address, ...]:
    """The pages of one part. A thing that several graphs describe stands with the first of them."""
    if not wanted.graph:
        date = site.release.manifest.date
        sets = (Address(f"/datensatz/{name}", modified=one.modified) for name, one in offered(site).items())
        return (*(Address(path, modified=date) for path in FIXED), *sets, *_releases(site))
    things = site.lately(_things, wanted.graph)
    start, end = (len(things) * place // wanted.count for place in (wanted.number, wanted.number + 1))
    here = (iri for iri in things[start:end] if _first(site, iri) == wanted.graph)
    return tuple(Address(iri=iri, modified=wanted.modified) for iri in here)


def _things(site: Site, graph: str) -> tuple[str, ...]:
    """The things of ours that ``graph`` describes, in order: all parts of a graph are cut from them."""
    own, quads = site.id(""), site.dataset.graph(graph)
    subjects = sorted({quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)})
    return tuple(iri for iri in subjects if iri.startswith(own))


def _releases(site: Site) -> Iterator[Address]:
    """The pages of the releases, and of what changed in each."""
    for past in releases(site):
        yield Address(f"/release/{past.version}", modified=past.date)
        known = summary(site, past)
        for one in known.sets if known else ():
            if one.name != WHOLE:
                yield Address(f"/release/{past.version}/datensatz/{one.name}", modified=past.date)


def _parts(site: Site) -> tuple[Part, ...]:
    found = [Part(PAGES, site.release.manifest.date)]
    own = site.id("")
    for graph in sorted(site.dataset.graphs(), key=lambda iri: _place(site, iri)):
        things = (quad.subject.value for quad in site.dataset.graph(graph) if isinstance(quad.subject, NamedNode))
        # A site map must not be empty.
        if not any(iri.startswith(own) and _first(site, iri) == graph for iri in things):
            continue
        # There are no more things than statements, and those are counted already.
        count = -(-int(site.value(graph, VOID + "triples") or 1) // MOST)
        name, date = graph.removeprefix(site.dataset.own(GRAPH)), site.value(graph, DCT + "modified")[:10]
        for number in range(count):
            found.append(Part(f"{name}-{number + 1}" if number else name, date, graph, number, count))
    return tuple(found)


def _first(site: Site, iri: str) -> str:
    """The first of the graphs that describe ``iri``."""
    graphs = {quad.graph_name.value for quad in site.dataset.outgoing(iri)}  # type: ignore[union-attr]
    return min(graphs, key=lambda graph: _place(site, graph))


def _place(site: Site, graph: str) -> tuple[bool, str]:
    """Where a graph stands among the others: counties first."""
    return not graph.removeprefix(site.id("graph/")).isdigit(), graph
