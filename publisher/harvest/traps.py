"""What breaks a harvest although each single statement is in order. Each rule is a function of its own."""

import datetime
import re
from collections.abc import Callable, Iterator

import rdflib
from rdflib.namespace import DCAT, DCTERMS, RDF

from publisher.harvest.findings import Finding, refused, warning

LANGUAGE = "de"
"""The language of the portal: it takes the literal with exactly this tag."""
HYDRA = rdflib.Namespace("http://www.w3.org/ns/hydra/core#")
VOID = rdflib.Namespace("http://rdfs.org/ns/void#")
SERIES = rdflib.URIRef(f"{DCAT}DatasetSeries")
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?")
_LOCAL = re.compile(r"^https?://(localhost|127[.]|0[.]0[.]0[.]0|\[::1\]|10[.]|192[.]168[.])")
Trap = Callable[[rdflib.Graph], Iterator[Finding]]


def datasets(graph: rdflib.Graph) -> list[rdflib.term.Node]:
    """Everything that a harvester takes for a data set: listed or not, it goes by the class."""
    return sorted(set(graph.subjects(RDF.type, DCAT.Dataset)), key=str)


def is_tag(language: str | None) -> bool:
    """Whether ``language`` is a language tag, or none at all."""
    return not language or bool(_TAG.fullmatch(language))


def no_datasets(graph: rdflib.Graph) -> Iterator[Finding]:
    """An empty but valid catalogue lets a portal delete everything."""
    if not datasets(graph):
        yield refused("no-datasets", "")


def one_catalogue(graph: rdflib.Graph) -> Iterator[Finding]:
    """Exactly one catalogue has data sets."""
    found = sorted(
        str(one) for one in set(graph.subjects(RDF.type, DCAT.Catalog)) if (one, DCAT.dataset, None) in graph
    )
    if len(found) != 1:
        yield refused("one-catalogue", ", ".join(found), count=len(found))


def listed(graph: rdflib.Graph) -> Iterator[Finding]:
    """A data set that the catalogue does not list is harvested all the same: a stub, or a series."""
    named = set(graph.objects(None, DCAT.dataset))
    for one in datasets(graph):
        if one not in named:
            yield refused("stray-dataset", str(one))
        if (one, RDF.type, SERIES) in graph:
            yield refused("series-as-dataset", str(one), str(one))


def german_title(graph: rdflib.Graph) -> Iterator[Finding]:
    """CKAN takes the literal whose tag is exactly its own; ``de-DE`` is another."""
    for one in datasets(graph):
        for name, property in (("title", DCTERMS.title), ("description", DCTERMS.description)):
            tags = [value.language for value in graph.objects(one, property) if isinstance(value, rdflib.Literal)]
            if tags and LANGUAGE not in tags:
                yield refused("language-of-text", str(one), str(one), name=name, tags=", ".join(map(str, tags)))


def language_tags(graph: rdflib.Graph) -> Iterator[Finding]:
    """A tag that is none stops the parsing of a whole catalogue elsewhere."""
    for subject, _, value in graph:
        if isinstance(value, rdflib.Literal) and not is_tag(value.language):
            yield refused("language-tag", str(subject), tag=value.language)


def closure(graph: rdflib.Graph) -> Iterator[Finding]:
    """GovData cuts each data set out with all it leads to, and deletes that with it."""
    others = {*datasets(graph), *graph.subjects(RDF.type, DCAT.Catalog)}
    for one in datasets(graph):
        for reached in sorted(_reached(graph, one) & others - {one}, key=str):
            yield refused("reaches-another", str(one), str(one), other=reached)


def _reached(graph: rdflib.Graph, start: rdflib.term.Node) -> set[rdflib.term.Node]:
    seen, waiting = {start}, [start]
    while waiting:
        for value in graph.objects(waiting.pop()):
            if value not in seen and not isinstance(value, rdflib.Literal):
                seen.add(value)
                waiting.append(value)
    return seen


def local_addresses(graph: rdflib.Graph) -> Iterator[Finding]:
    """IRIs that only this machine understands: the host of the request, not the one that is configured."""
    for one in sorted({str(term) for triple in graph for term in triple if isinstance(term, rdflib.URIRef)}):
        if _LOCAL.match(one):
            yield refused("local-address", one)
            return


def identifiers(graph: rdflib.Graph) -> Iterator[Finding]:
    """Two data sets with one identifier: the portal keeps the newer one."""
    seen: dict[str, rdflib.term.Node] = {}
    for one in datasets(graph):
        for value in graph.objects(one, DCTERMS.identifier):
            if str(value) in seen:
                yield refused("same-identifier", str(one), str(one), other=seen[str(value)], identifier=value)
            seen[str(value)] = one


def paging(graph: rdflib.Graph) -> Iterator[Finding]:
    """A page that leads to a next one: one that leads back never ends."""
    for kind in (HYDRA.PagedCollection, HYDRA.PartialCollectionView):
        for one in graph.subjects(RDF.type, kind):
            yield refused("paging", str(one))


def void_inside(graph: rdflib.Graph) -> Iterator[Finding]:
    """The description of the data belongs into a document of its own."""
    for one in sorted(set(map(str, graph.subjects(RDF.type, VOID.Dataset)))):
        yield warning("void-inside", one)


def future(graph: rdflib.Graph) -> Iterator[Finding]:
    """A date that is always newer than the last harvest makes every harvest a change."""
    today = datetime.date.today().isoformat()
    for one in datasets(graph):
        for value in graph.objects(one, DCTERMS.modified):
            if str(value)[:10] > today:
                yield refused("date-in-future", str(one), str(one), date=value)


def blank_nodes(graph: rdflib.Graph) -> Iterator[Finding]:
    """Each parse gives a blank node another name, so that a portal sees a change each time."""
    count = len({subject for subject in graph.subjects() if isinstance(subject, rdflib.BNode)})
    if count:
        yield warning("blank-nodes", "", count=count)


TRAPS: tuple[Trap, ...] = (
    *(no_datasets, one_catalogue, listed, german_title, language_tags, closure),
    *(local_addresses, identifiers, paging, void_inside, future, blank_nodes),
)
