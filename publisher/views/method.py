"""How texts became data, in figures counted from the data themselves."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from publisher.graph.store import Row
from publisher.views.passages import value
from publisher.views.portions import Portion, portion
from publisher.views.site import Site

ELEMENTS = "pages/method_elements"
MAPPINGS = "pages/method_mappings"
SOURCES = "pages/method_sources"
QUERIES = (ELEMENTS, MAPPINGS, SOURCES)
PART, ROWS = "quellen", 50
"""The parameter that chooses a portion of the source documents, and the size of one."""


@dataclass(frozen=True)
class Kind:
    """How many statements of one class there are, by assertion."""

    iri: str
    numbers: dict[str, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.numbers.values())


@dataclass(frozen=True, order=True)
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


@dataclass(frozen=True)
class MethodPage:
    """The figures, and a portion of the source documents one by one."""

    figures: Method
    readings: tuple[Reading, ...]
    portion: Portion


def method_page(site: Site, part: str = "") -> MethodPage:
    """The figures of the release being served, with the portion ``part`` of the documents; raises BadRequest."""
    figures = site.once(method)
    shown = portion(len(figures.readings), ROWS, PART, part)
    return MethodPage(figures, shown.of(figures.readings), shown)


def method(site: Site) -> Method:
    """The figures of the release being served."""
    kinds: dict[str, dict[str, int]] = defaultdict(dict)
    for (kind, assertion), number in sorted(site.once(elements).items()):
        kinds[kind][assertion] = number
    relations: dict[str, int] = defaultdict(int)
    assertions: dict[str, int] = defaultdict(int)
    for (relation, assertion), number in sorted(site.once(mappings).items()):
        relations[relation] += number
        assertions[assertion] += number
    # Mappings and mentions have figures of their own; they are statements about statements.
    aside = {site.ns("FieldMapping"), site.ns("Mention")}
    found = sorted(
        (Kind(iri, numbers) for iri, numbers in kinds.items() if iri not in aside), key=lambda kind: -kind.total
    )
    ranked = sorted(relations.items(), key=lambda pair: -pair[1])
    return Method(tuple(found), tuple(ranked), dict(assertions), tuple(sorted(site.once(readings))))


def elements(site: Site) -> Counter[tuple[str, str]]:
    """How many statements there are, by class and assertion; those of several counties add up."""
    rows = site.select(ELEMENTS)
    return Counter({(value(row, "class"), value(row, "assertion")): int(value(row, "number")) for row in rows})


def mappings(site: Site) -> Counter[tuple[str, str]]:
    """How many mappings there are, by relation and assertion; those of several counties add up."""
    rows = site.select(MAPPINGS)
    return Counter({(value(row, "relation"), value(row, "assertion")): int(value(row, "number")) for row in rows})


def readings(site: Site) -> Counter[Reading]:
    """The source documents, each once; those of several counties add up."""
    return Counter(map(_reading, site.select(SOURCES)))


def _reading(row: Row) -> Reading:
    numbers = (int(value(row, name) or 0) for name in ("quotations", "lines", "quoted", "explained"))
    return Reading(value(row, "county"), value(row, "document"), value(row, "coverage"), *numbers)
