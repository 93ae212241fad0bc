"""What the release says of itself, for the page: numbers, graphs, classes, properties, examples."""

from collections.abc import Mapping
from dataclasses import dataclass

from publisher.core.messages import Message, phrase
from publisher.core.terms import GRAPH
from publisher.graph.queries import Query
from publisher.release.datasets import DATASET
from publisher.release.description import DESCRIPTION, VOID
from publisher.release.executables import examples
from publisher.views.portions import Portion, portion
from publisher.views.site import Site

TOTALS = "pages/description_totals"
CLASSES = "pages/description_classes"
PROPERTIES = "pages/description_properties"
GRAPHS = "pages/description_graphs"
QUERIES = (TOTALS, GRAPHS, CLASSES, PROPERTIES)
PART, ROWS = "graphen", 50
"""The parameter that chooses a portion of the graphs, and the size of one."""


@dataclass(frozen=True)
class Part:
    """A class, a property or a graph, and how often it occurs; ``subjects`` is for properties only."""

    iri: str
    number: int
    subjects: int = 0
    county: str = ""
    """The IRI of the county that a graph is about; empty for a common graph."""


@dataclass(frozen=True)
class Facts:
    """What holds for every visitor."""

    totals: Mapping[str, int]
    """Name of the property of VoID → number."""
    graphs: tuple[Part, ...]
    classes: tuple[Part, ...]
    properties: tuple[Part, ...]
    vocabularies: tuple[str, ...]
    examples: tuple[Query, ...]


@dataclass(frozen=True)
class DescriptionPage:
    """The facts, and a portion of the graphs."""

    facts: Facts
    graphs: tuple[Part, ...]
    portion: Portion
    limits: Message
    """What the endpoint allows, in words."""


def is_described(site: Site) -> bool:
    """Whether the release describes itself; one of an earlier version of the program does not."""
    return site.dataset.has_graph(site.dataset.own(DESCRIPTION))


def description(site: Site, part: str = "") -> DescriptionPage:
    """The description of the release, with the portion ``part`` of the graphs; raises BadRequest."""
    facts = site.once(_facts)
    shown = portion(len(facts.graphs), ROWS, PART, part)
    limits = phrase("limits", seconds=site.settings.query_seconds, rows=site.settings.query_rows)
    return DescriptionPage(facts, shown.of(facts.graphs), shown, limits)


def _facts(site: Site) -> Facts:
    dataset = site.dataset.own(DATASET)
    vocabularies = (str(term.value) for term in site.dataset.objects(dataset, VOID + "vocabulary"))
    return Facts(
        {row["count"].value.removeprefix(VOID): int(row["number"].value) for row in site.select(TOTALS)},
        tuple(_graph(site, row["graph"].value, int(row["triples"].value)) for row in site.select(GRAPHS)),
        tuple(Part(row["class"].value, int(row["entities"].value)) for row in site.select(CLASSES)),
        tuple(
            Part(row["property"].value, int(row["triples"].value), int(row["subjects"].value))
            for row in site.select(PROPERTIES)
        ),
        tuple(vocabularies),
        tuple(examples(site.queries)),
    )


def _graph(site: Site, iri: str, triples: int) -> Part:
    name = iri.removeprefix(site.dataset.own(GRAPH))
    return Part(iri, triples, county=site.id(f"kreis/{name}") if name.isdigit() else "")
