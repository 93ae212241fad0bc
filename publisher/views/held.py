"""Which documents of which county are in the data, and whether one of them is a concept."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from publisher.graph.store import Row
from publisher.views.passages import value
from publisher.views.site import Site

QUERY = "pages/map_documents"
CONCEPT, SERVICE, ABSENT = "concept", "service", "absent"


@dataclass(frozen=True)
class Held:
    """What is known of a county's current documents."""

    types: tuple[str, ...]
    state: str
    """``CONCEPT``, or ``SERVICE`` when all there is is a page about offers."""
    partial: bool
    """Whether only a part of the concept was at hand."""
    date: str
    """The day, month or year of the last decision; "" where no source names one."""


def held(site: Site) -> Mapping[str, Held]:
    """What is known of the documents of each county that has some, by its IRI."""
    return site.once(by_county)


def state(site: Site, county: str) -> str:
    """``CONCEPT``, ``SERVICE``, or ``ABSENT`` for a county that is not in the data."""
    found = held(site).get(county)
    return found.state if found else ABSENT


def by_county(site: Site) -> Mapping[str, Held]:
    """What is known of the documents of each county that has some, by its IRI, in its order."""
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in site.select(QUERY):
        grouped[row["county"].value].append(row)
    return {county: _one(site, grouped[county]) for county in sorted(grouped)}


def _one(site: Site, rows: list[Row]) -> Held:
    page, full = site.ns("ServicePage"), site.ns("FullText")
    concepts = [row for row in rows if value(row, "coverage") != page]
    found = concepts or rows
    return Held(
        types=tuple(dict.fromkeys(value(row, "type") for row in found if "type" in row)),
        state=CONCEPT if concepts else SERVICE,
        partial=any(value(row, "coverage") != full for row in found),
        date=max(value(row, "date") for row in found),
    )
