"""What counties are compared by: the common fields, target groups, kinds of actors, grounds of discrimination."""

from dataclasses import dataclass

from publisher.core.refusals import BadRequest
from publisher.core.terms import ID, NS
from publisher.core.text import natural
from publisher.graph.queries import Call
from publisher.graph.store import Row
from publisher.views.site import Site

QUERY = "pages/topics"


@dataclass(frozen=True)
class Topic:
    """A concept to compare by: its IRI, its short name in addresses (``F03``, ``Women``), what is narrower."""

    iri: str
    notation: str
    narrower: tuple["Topic", ...] = ()

    @property
    def concepts(self) -> frozenset[str]:
        """The IRIs of the topic and of everything below it."""
        return frozenset({self.iri}).union(*(topic.concepts for topic in self.narrower))


@dataclass(frozen=True)
class Dimension:
    """A list of topics: ``key`` names it in addresses, ``parameter`` one topic of it (``feld=F03``)."""

    key: str
    parameter: str
    scheme: str
    """The list's IRI, below the canonical base."""

    def call(self, site: Site) -> Call:
        """The query that gives the topics."""
        return Call(QUERY, {"scheme": (site.dataset.own(self.scheme),)})


FIELDS = Dimension("felder", "feld", ID + "feld")
GROUPS = Dimension("zielgruppen", "gruppe", NS + "TargetGroups")
ACTORS = Dimension("akteure", "akteur", NS + "ActorTypes")
GROUNDS = Dimension("gruende", "grund", NS + "DiscriminationGrounds")
DIMENSIONS = (FIELDS, GROUPS, ACTORS, GROUNDS)


def topics(site: Site, dimension: Dimension) -> tuple[Topic, ...]:
    """The top topics of ``dimension`` in order, each with its narrower ones."""
    return site.once(_grown, dimension)


def fields(site: Site) -> tuple[Topic, ...]:
    """The common fields of action."""
    return topics(site, FIELDS)


def chosen(site: Site, dimension: Dimension, notation: str) -> Topic:
    """The topic ``notation`` of ``dimension``; raises BadRequest that names the allowed ones."""
    top = topics(site, dimension)
    flat = {topic.notation: topic for parent in top for topic in (parent, *parent.narrower)}
    if notation not in flat:
        raise BadRequest(name=dimension.parameter, value=notation, allowed=", ".join(topic.notation for topic in top))
    return flat[notation]


def _grown(site: Site, dimension: Dimension) -> tuple[Topic, ...]:
    call = dimension.call(site)
    below: dict[str, list[Row]] = {}
    for row in site.select(call.name, **call.values):
        below.setdefault(row["broader"].value if "broader" in row else "", []).append(row)

    def grow(parent: str) -> tuple[Topic, ...]:
        found = [
            Topic(row["concept"].value, _notation(row), grow(row["concept"].value)) for row in below.get(parent, [])
        ]
        return tuple(sorted(found, key=lambda topic: natural(_order(site, topic))))

    return grow("")


def _notation(row: Row) -> str:
    """The printed short name of a concept, else the last part of its IRI."""
    return row["notation"].value if "notation" in row else row["concept"].value.replace("#", "/").rpartition("/")[2]


def _order(site: Site, topic: Topic) -> str:
    """Common fields stand in the order of their numbers, the other lists by name."""
    return topic.notation if topic.notation[1:2].isdigit() else site.label(topic.iri, "de").value
