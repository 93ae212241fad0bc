"""The rehearsal itself: asks as CKAN's harvester does, reads as it reads, and checks all that it would take."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import rdflib
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, SKOS
from rdflib.plugin import PluginException

from publisher.core.settings import Settings
from publisher.graph.queries import Queries
from publisher.graph.sources import Sources
from publisher.harvest import contents, files, foreign, shacl, traps
from publisher.harvest.counts import Counts, compared, counts
from publisher.harvest.fetch import Answer, OtherHost, Site, ask
from publisher.harvest.findings import SEVERITIES, Finding, Package, Rehearsal, Resource, refused, warning

MOST = 50_000_000
"""The largest catalogue that the harvester takes, in bytes."""
_CATALOGUE = re.compile(r"/catalog([.](ttl|rdf|jsonld))?$")
_FORMATS = ("ttl", "rdf", "jsonld")


@dataclass(frozen=True)
class Plan:
    """What to harvest, and what to check it with."""

    address: str
    """The catalogue, or the site that has it at /catalog."""
    shapes: tuple[Path, ...] = ()
    """Shapes of others, beside ours: files or folders."""
    vocabularies: tuple[Path, ...] = ()
    """Code lists that the shapes look things up in."""
    hosts: frozenset[str] = frozenset()
    """Other hosts that may be asked."""


def rehearse(plan: Plan, sources: Sources, settings: Settings) -> Rehearsal:
    """Harvests the site of ``plan`` with our shapes and queries in ``sources``; raises SourceError for shapes."""
    others = foreign.read(plan.shapes, plan.vocabularies) if plan.shapes else None
    address = plan.address.rstrip("/")
    root = _CATALOGUE.sub("", address)
    address = address if root != address else f"{root}/catalog"
    site = Site(root, hosts=plan.hosts)
    graph, media, found = harvest(site, address)
    if graph is None:
        return Rehearsal(address, "", media, 0, (), tuple(found), {})
    called = _called(graph, root)
    site = replace(site, called=called)
    found += checked(graph, others, sources, settings)
    found += _formats(site, graph)
    known = counts(site)
    packages = []
    for node in traps.datasets(graph):
        package, more = _package(site, graph, node, known)
        packages.append(package)
        found += more
    endpoints = sorted({str(one) for one in graph.objects(None, DCAT.endpointURL)})
    for endpoint in endpoints:
        found += _endpoint(site, known, endpoint, Queries(sources.queries, settings.base))
    numbers = {"graphs": len(known.graphs), "triples": known.union}
    return Rehearsal(address, called, media, len(graph), tuple(packages), tuple(_once(found)), numbers)


def checked(graph: rdflib.Graph, others: foreign.Foreign | None, sources: Sources, settings: Settings) -> list[Finding]:
    """What our shapes, those of ``others`` and traps find in a catalogue; raises SourceError for ours."""
    data = shacl.as_ntriples(graph)
    found = [finding for trap in traps.TRAPS for finding in trap(graph)]
    found += shacl.check(graph, data, shacl.own(sources.catalogue_shapes), settings.engine)
    return found + (shacl.check_others(graph, data, others) if others else [])


def harvest(site: Site, address: str) -> tuple[rdflib.Graph | None, str, list[Finding]]:
    """The catalogue at ``address`` as CKAN reads it, its media type, and what is wrong; None when it cannot be read.

    HEAD first, then GET, neither with Accept; the bare Content-Type is the name of the parser.
    """
    found: list[Finding] = []
    try:
        head, answer = ask(site, address, "HEAD"), ask(site, address, most=MOST)
    except OtherHost as error:
        return None, "", [refused("catalogue-host", str(error))]
    if head.status not in (200, 400, 405):
        found.append(refused("catalogue-head", address, status=head.status or head.reason))
    if answer.status != 200:
        return None, answer.media, [*found, refused("catalogue-status", address, status=answer.status or answer.reason)]
    if answer.size > MOST:
        return None, answer.media, [*found, refused("catalogue-size", address, most=MOST)]
    graph, fault = _parsed(answer, address)
    return graph, answer.media, found + ([fault] if fault else [])


def _parsed(answer: Answer, address: str) -> tuple[rdflib.Graph | None, Finding | None]:
    try:
        text = answer.body.decode("utf-8")
    except UnicodeDecodeError:
        return None, refused("catalogue-utf8", address)
    try:
        if "json" in answer.media and contents.remote_contexts(text.encode()):
            return None, refused("remote-context", address)
        return rdflib.Graph().parse(data=text, format=answer.media), None
    except PluginException:
        return None, refused("catalogue-media", address, media=answer.media or "–")
    except Exception as error:  # rdflib's parsers raise whatever they meet
        return None, refused("catalogue-syntax", address, detail=str(error).splitlines()[0] if str(error) else "")


def _called(graph: rdflib.Graph, root: str) -> str:
    """How the site calls itself in its catalogue, when that is not where it runs."""
    homes = [str(home) for one in graph.subjects(RDF.type, DCAT.Catalog) for home in graph.objects(one, FOAF.homepage)]
    called = homes[0].rstrip("/") if homes else ""
    return "" if called == root else called


def _formats(site: Site, graph: rdflib.Graph) -> Iterable[Finding]:
    """Whether each format of the catalogue is there and says the same."""
    for ending in _FORMATS:
        address = f"{site.root}/catalog.{ending}"
        other, _, found = harvest(site, address)
        yield from found
        if other is not None and set(other) != set(graph):
            yield refused("formats-differ", address)


def _package(site: Site, graph: rdflib.Graph, node: rdflib.term.Node, known: Counts) -> tuple[Package, list[Finding]]:
    """The data set ``node`` as a portal would show it, all its files fetched."""
    iri, found = str(node), []
    resources: list[Resource] = []
    for one in sorted(graph.objects(node, DCAT.distribution), key=str):
        resource, more = files.check(site, files.said(graph, one), iri, known)
        resources.append(resource)
        found += more
    for page in graph.objects(node, DCAT.landingPage):
        found += _landing(site, str(page), iri)
    place = graph.value(node, DCTERMS.spatial)
    label = graph.value(place, SKOS.prefLabel) if place else None
    shown = f"{label} ({place})" if label else str(place or "")
    title, notes = _text(graph, node, DCTERMS.title), _text(graph, node, DCTERMS.description)
    return Package(iri, title, notes, shown, tuple(resources)), found


def _landing(site: Site, page: str, dataset: str) -> list[Finding]:
    try:
        answer = ask(site, page, accept="text/html")
    except OtherHost:
        return [warning("other-host", page, dataset)]
    ok = answer.status == 200 and answer.media == "text/html"
    return [] if ok else [refused("landing-page", page, dataset, status=answer.status or answer.reason)]


def _endpoint(site: Site, known: Counts, endpoint: str, queries: Queries) -> list[Finding]:
    try:
        return list(compared(site, known, endpoint, queries))
    except OtherHost:
        return [warning("other-host", endpoint)]


def _text(graph: rdflib.Graph, node: rdflib.term.Node, name: rdflib.URIRef) -> str:
    """The text that a German portal takes: the one with exactly its tag, else any."""
    found = {getattr(value, "language", None): str(value) for value in graph.objects(node, name)}
    return found.get(traps.LANGUAGE) or next(iter(found.values()), "")


def _once(found: Iterable[Finding]) -> list[Finding]:
    return sorted(dict.fromkeys(found), key=_weight)


def _weight(one: Finding) -> tuple[int, str, str, str, str]:
    return SEVERITIES.index(one.severity), one.dataset, one.rule, one.about, one.value
