"""How texts became data, in figures counted from the data themselves."""

from collections import defaultdict
from dataclasses import dataclass

from publisher.core.terms import GRAPH
from publisher.graph.sources import CountySource
from publisher.graph.store import Dataset
from publisher.quality.coverage import coverage
from publisher.views.passages import value
from publisher.views.site import Site

ELEMENTS = "pages/method_elements"
MAPPINGS = "pages/method_mappings"
SOURCES = "pages/method_sources"
QUERIES = (ELEMENTS, MAPPINGS, SOURCES)


@dataclass(frozen=True)
class Kind:
    """How many statements of one class there are, by assertion."""

    iri: str
    numbers: dict[str, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.numbers.values())


@dataclass(frozen=True)
class Reading:
    """One source document: how many lines with content it has, how many are quoted or explained as left out."""

    county: str
    document: str
    coverage: str
    quotations: int
    lines: int = 0
    quoted: int = 0
    explained: int = 0


@dataclass(frozen=True)
class Method:
    """The figures of the method page."""

    kinds: tuple[Kind, ...]
    relations: tuple[tuple[str, int], ...]
    mapping_assertions: dict[str, int]
    readings: tuple[Reading, ...]

    def asserted(self, assertion: str) -> int:
        """How many statements are known in the way ``assertion``."""
        return sum(kind.numbers.get(assertion, 0) for kind in self.kinds)

    def partial(self, full_text: str) -> int:
        """How many source documents are not of the coverage ``full_text``."""
        return sum(reading.coverage != full_text for reading in self.readings)

    @property
    def quotations(self) -> int:
        """The number of quotations."""
        return sum(reading.quotations for reading in self.readings)

    @property
    def mappings(self) -> int:
        """The number of mappings to common fields."""
        return sum(self.mapping_assertions.values())


def method(site: Site) -> Method:
    """The figures of the release being served."""
    kinds: dict[str, dict[str, int]] = defaultdict(dict)
    for row in site.select(ELEMENTS):
        kinds[value(row, "class")][value(row, "assertion")] = int(value(row, "number"))
    relations: dict[str, int] = defaultdict(int)
    assertions: dict[str, int] = defaultdict(int)
    for row in site.select(MAPPINGS):
        relations[value(row, "relation")] += int(value(row, "number"))
        assertions[value(row, "assertion")] += int(value(row, "number"))
    # Mappings and mentions have figures of their own; they are statements about statements.
    aside = {site.ns("FieldMapping"), site.ns("Mention")}
    found = sorted(
        (Kind(iri, numbers) for iri, numbers in kinds.items() if iri not in aside), key=lambda kind: -kind.total
    )
    ranked = sorted(relations.items(), key=lambda pair: -pair[1])
    return Method(tuple(found), tuple(ranked), dict(assertions), tuple(_readings(site)))


def _readings(site: Site) -> list[Reading]:
    lines = {found.document: found for county in site.release.manifest.counties for found in _lines(site, county.ags)}
    return [
        _reading(value(row, "document"), row_county, value(row, "coverage"), int(value(row, "quotations")), lines)
        for row in site.select(SOURCES)
        if (row_county := value(row, "county"))
    ]


@dataclass(frozen=True)
class _Lines:
    document: str
    lines: int
    quoted: int
    explained: int


def _reading(document: str, county: str, extent: str, quotations: int, lines: dict[str, _Lines]) -> Reading:
    found = lines.get(document, _Lines(document, 0, 0, 0))
    return Reading(county, document, extent, quotations, found.lines, found.quoted, found.explained)


def _lines(site: Site, ags: str) -> list[_Lines]:
    """The lines of a county's documents, from the county's own statements and the texts the release holds."""
    source = CountySource(ags, site.release.folder / "sources" / ags)
    own = Dataset.of(site.dataset.graph(site.dataset.own(GRAPH + ags)), site.base)
    return [
        _Lines(
            part.document,
            len(part.lines),
            sum(bool(line.elements) for line in part.lines),
            sum(bool(line.reason) for line in part.lines),
        )
        for part in coverage(own, site.queries, source)
    ]
