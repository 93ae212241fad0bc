"""How many statements the files should hold: what the description (VoID), the manifest and the endpoint say."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

import rdflib
from rdflib.namespace import RDF

from publisher.graph.formats import TURTLE
from publisher.graph.queries import Queries
from publisher.harvest.fetch import Site, ask
from publisher.harvest.findings import Finding, refused, warning

VOID = rdflib.Namespace("http://rdfs.org/ns/void#")
SIZES = "derived/graph_sizes"
_DATASETS = ("application/n-quads", "application/trig")
"""Formats that keep the graphs apart: a statement in two of them counts twice."""


@dataclass(frozen=True)
class Counts:
    """What the site says of its size."""

    union: int = -1
    """Different statements in all; -1 when nobody says."""
    graphs: Mapping[str, int] = field(default_factory=dict)
    """Named graph → its statements."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Path of a file below the site → the named graph it holds; "" for all of them."""
    dumps: frozenset[str] = frozenset()
    """The addresses that the description names as dumps."""
    endpoint: str = ""
    """The address of the endpoint in the description."""

    def expected(self, path: str, media: str) -> int:
        """The statements of the file at ``path`` below the site; -1 when nobody says."""
        if path not in self.files or not self.graphs:
            return -1
        graph = self.files[path]
        if graph:
            return self.graphs.get(graph, -1)
        # The JSON-LD of everything holds the graphs, too.
        return sum(self.graphs.values()) if media in (*_DATASETS, "application/ld+json") else self.union


def counts(site: Site) -> Counts:
    """What the description and the manifest of ``site`` say; empty when it has none."""
    void = rdflib.Graph()
    answer = ask(site, f"{site.root}/.well-known/void", accept=TURTLE.media)
    if answer.status == 200 and answer.media == TURTLE.media:
        void.parse(data=answer.body, format="turtle")
    whole = next((one for one in void.subjects(VOID.sparqlEndpoint) if (one, RDF.type, VOID.Dataset) in void), None)
    whole = whole or next(iter(void.subjects(VOID.sparqlEndpoint)), None)
    graphs = {str(part): int(str(void.value(part, VOID.triples) or -1)) for part in void.objects(whole, VOID.subset)}
    return Counts(
        union=int(str(void.value(whole, VOID.triples) or -1)) if whole else -1,
        graphs=graphs if whole else {},
        files=_files(site),
        dumps=frozenset(map(str, void.objects(whole, VOID.dataDump))) if whole else frozenset(),
        endpoint=str(void.value(whole, VOID.sparqlEndpoint) or "") if whole else "",
    )


def _files(site: Site) -> dict[str, str]:
    answer = ask(site, f"{site.root}/manifest.json")
    try:
        entries = json.loads(answer.body)["files"] if answer.status == 200 else []
        return {str(entry["path"]): str(entry["graph"]) for entry in entries}
    except (ValueError, KeyError, TypeError):
        return {}


def compared(site: Site, known: Counts, endpoint: str, queries: Queries) -> Iterator[Finding]:
    """Whether the ``endpoint`` of the catalogue is that of the description, answers, and counts the same."""
    if known.union < 0:
        yield warning("no-void", f"{site.root}/.well-known/void")
    elif known.endpoint != endpoint:
        yield refused("other-endpoint", endpoint, other=known.endpoint)
    query = urlencode({"query": queries.get(SIZES).sparql})
    answer = ask(site, f"{endpoint}?{query}", accept="application/sparql-results+json")
    if answer.status != 200:
        yield refused("endpoint-silent", endpoint, status=answer.status or answer.reason)
        return
    rows = json.loads(answer.body)["results"]["bindings"]
    found = {row["graph"]["value"]: int(row["triples"]["value"]) for row in rows}
    for graph in sorted(set(found) | set(known.graphs)) if known.graphs else ():
        if found.get(graph) != known.graphs.get(graph):
            said = (known.graphs.get(graph, 0), found.get(graph, 0))
            yield refused("counts-differ", graph, void=said[0], sparql=said[1])
