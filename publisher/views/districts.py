"""The basic facts of the 400 districts: state, kind, inhabitants, position."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from publisher.graph.store import Row
from publisher.views.passages import value
from publisher.views.site import Site

QUERY = "pages/county-facts"
_POINT = re.compile(r"POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)\s*\)")
_EARTH_KM = 6371.0088
"""The mean radius of the earth."""


@dataclass(frozen=True)
class Population:
    """How many people live in a county, on which day, by which source."""

    value: int
    date: str
    source: str


@dataclass(frozen=True)
class Point:
    """A position in degrees, WGS84."""

    longitude: float
    latitude: float


@dataclass(frozen=True)
class District:
    """The basic facts of a district; ``state`` and ``kind`` are IRIs, ``point`` lies inside its area."""

    iri: str
    ags: str
    label: str
    name: str
    state: str
    kind: str
    population: Population | None
    point: Point | None


def districts(site: Site) -> Mapping[str, District]:
    """Every district by its IRI, in the order of their names."""
    return site.once(_districts)


def distance(one: Point, other: Point) -> float:
    """The great circle distance in kilometres (haversine formula)."""
    upper, lower = radians(one.latitude), radians(other.latitude)
    across = radians(other.longitude - one.longitude)
    half = sin((lower - upper) / 2) ** 2 + cos(upper) * cos(lower) * sin(across / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(half))


def _districts(site: Site) -> Mapping[str, District]:
    return {row["county"].value: _district(row) for row in site.select(QUERY)}


def _district(row: Row) -> District:
    found = _POINT.match(value(row, "point"))
    number = value(row, "inhabitants")
    return District(
        iri=value(row, "county"),
        ags=value(row, "ags"),
        label=value(row, "label"),
        name=value(row, "name"),
        state=value(row, "state"),
        kind=value(row, "kind"),
        population=Population(int(number), value(row, "day"), value(row, "source")) if number else None,
        point=Point(float(found[1]), float(found[2])) if found else None,
    )
