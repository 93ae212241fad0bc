"""Which counties with a concept are near another one, and which are like it, each with the reason; never a score."""

from dataclasses import dataclass, replace

from publisher.views import held
from publisher.views.districts import District, distance, districts
from publisher.views.model import Item
from publisher.views.site import Site
from publisher.views.thing import item

TOPICS = "pages/county-topics"
RATIO = 1.5
"""Counties have about as many inhabitants when the larger one has at most this many times those of the smaller."""
_CITIES = ("KreisfreieStadt", "Stadtkreis")
_KINDS = ("FieldOfAction", "CrossCuttingTheme", "GuidingPrinciple")
_NEAREST, _MOST, _LEAST = 3, 5, 2
"""How many near and how many like counties are shown, and how much the latter have in common at least."""
_TOPICS = 8
"""How many fields, themes or principles of each are named."""


@dataclass(frozen=True)
class Topics:
    """What a document is about: its own fields, else its themes, else its principles, in its order."""

    kind: str
    items: tuple[Item, ...]
    more: int
    """How many there are besides."""


@dataclass(frozen=True)
class Other:
    """A county with a concept as seen from another one: what they have in common, how far away it is."""

    district: District
    km: float | None
    same_state: bool
    same_kind: bool
    """Both are counties, or both are cities that belong to none."""
    same_size: bool
    """About as many inhabitants, see ``RATIO``."""
    topics: Topics | None = None

    @property
    def common(self) -> int:
        """How many of the three they have in common; orders the list and is shown nowhere."""
        return self.same_state + self.same_kind + self.same_size


@dataclass(frozen=True)
class Around:
    """The nearest counties with a concept, and those most like the one looked at."""

    nearest: tuple[Other, ...]
    alike: tuple[Other, ...]

    @property
    def all(self) -> tuple[Other, ...]:
        """All of them; one that is both near and alike stands there twice."""
        return (*self.nearest, *self.alike)


def around(site: Site, county: str, language: str) -> Around:
    """What is around the county ``county``."""
    everyone = districts(site)
    home = everyone[county]
    cities = {site.ns(name) for name in _CITIES}
    others = [
        _other(home, everyone[iri], cities)
        for iri, found in held.held(site).items()
        if found.state == held.CONCEPT and iri != county and iri in everyone
    ]
    near = sorted((other for other in others if other.km is not None), key=lambda other: other.km or 0)
    alike = sorted((other for other in others if other.common >= _LEAST), key=lambda other: _likeness(home, other))
    nearest, similar = (
        tuple(replace(other, topics=_topics(site, other.district.iri, language)) for other in part)
        for part in (near[:_NEAREST], alike[:_MOST])
    )
    return Around(nearest, similar)


def _other(home: District, other: District, cities: set[str]) -> Other:
    return Other(
        other,
        distance(home.point, other.point) if home.point and other.point else None,
        same_state=home.state == other.state,
        same_kind=(home.kind in cities) == (other.kind in cities),
        same_size=_ratio(home, other) <= RATIO,
    )


def _ratio(one: District, other: District) -> float:
    """How many times the inhabitants of the smaller the larger has; without end where a number is unknown."""
    if not (one.population and other.population):
        return float("inf")
    small, large = sorted((one.population.value, other.population.value))
    return large / small if small else float("inf")


def _likeness(home: District, other: Other) -> tuple[float, ...]:
    """Those with most in common first, of these the nearest in inhabitants, then in place."""
    return (-other.common, _ratio(home, other.district), other.km or 0.0)


def _topics(site: Site, county: str, language: str) -> Topics | None:
    kind, elements = site.once(_elements, county)
    shown = tuple(item(site, element, language) for element in elements[:_TOPICS])
    return Topics(kind, shown, len(elements) - len(shown)) if shown else None


def _elements(site: Site, county: str) -> tuple[str, tuple[str, ...]]:
    """The first kind of topics that the county's document has, and those of this kind in its order."""
    rows = site.select(TOPICS, county=(county,))
    for kind in (site.ns(name) for name in _KINDS):
        elements = dict.fromkeys(row["element"].value for row in rows if row["class"].value == kind)
        if elements:
            return kind, tuple(elements)
    return "", ()
