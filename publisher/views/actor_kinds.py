"""The kinds of actors that counties are compared by: classes, types of bodies, and kinds that texts only name."""

from dataclasses import dataclass

from publisher.core.refusals import BadRequest
from publisher.core.terms import NS, PREFIXES
from publisher.views import topics
from publisher.views.site import Site

PARAMETER = "art"
_ORG, _M8G = PREFIXES["org"], PREFIXES["m8g"]
_CLASSES = (
    ("stelle", _ORG + "Post"),
    ("amt", _ORG + "OrganizationalUnit"),
    ("verwaltung", _M8G + "PublicOrganisation"),
    ("gremium", NS + "Body"),
    ("organisation", _ORG + "Organization"),
    ("programm", NS + "VolunteerProgramme"),
)
"""The classes of actors with their names in addresses, in the order in which pages show them."""
_BODY_TYPES = topics.Dimension("gremien", PARAMETER, NS + "BodyTypes")


@dataclass(frozen=True)
class Kind:
    """A kind of actor: its IRI (a class or a listed concept), its name in addresses, what is narrower."""

    iri: str
    key: str
    narrower: tuple["Kind", ...] = ()
    worded: bool = False
    """Whether it is a kind that texts name in their own words, rather than one that actors are of."""


def kinds(site: Site) -> tuple[Kind, ...]:
    """The classes of actors, bodies with their types below, then the kinds that texts name."""
    return site.once(_kinds)


def flat(site: Site) -> tuple[Kind, ...]:
    """All kinds one after the other."""
    return tuple(kind for top in kinds(site) for kind in (top, *top.narrower))


def classes(site: Site) -> tuple[Kind, ...]:
    """The kinds that actors are of, without the types of bodies."""
    return tuple(kind for kind in kinds(site) if not kind.worded)


def named(site: Site, key: str) -> Kind:
    """The kind that is called ``key`` in addresses; raises BadRequest that names all of them."""
    found = next((kind for kind in flat(site) if kind.key == key), None)
    if found is None:
        allowed = ", ".join(kind.key for kind in flat(site))
        raise BadRequest(name=PARAMETER, value=key, allowed=allowed)
    return found


def key_of(site: Site, iri: str) -> str:
    """The name in addresses of the class ``iri``; "" when things of that class are no actors."""
    return next((kind.key for kind in classes(site) if kind.iri == iri), "")


def _kinds(site: Site) -> tuple[Kind, ...]:
    types = tuple(Kind(topic.iri, topic.notation) for topic in topics.topics(site, _BODY_TYPES))
    own = [Kind(site.dataset.own(iri), key, types if iri == NS + "Body" else ()) for key, iri in _CLASSES]
    worded = [Kind(topic.iri, topic.notation, worded=True) for topic in topics.topics(site, topics.ACTORS)]
    return (*own, *worded)
