"""The texts of one county, each with its quotations and the common fields it belongs to."""

from dataclasses import dataclass, replace
from typing import TypeVar

from pyoxigraph import Literal

from publisher.core.text import natural
from publisher.graph.store import Row
from publisher.views.model import Quotation
from publisher.views.site import Site, Text

ELEMENTS = "pages/compare_elements"
QUOTATIONS = "pages/compare_quotations"
MENTIONS = "pages/compare_mentions"
QUERIES = (ELEMENTS, QUOTATIONS, MENTIONS)

FIELDS = ("FieldOfAction", "CrossCuttingTheme")
COUNTED = ("Goal", "Recommendation", "Measure", "GuidingPrinciple", "Task")
"""The kinds of texts that the comparison counts, in the order in which it shows them."""
OTHERS = ("Offer", "Statement", "Indicator")

_T = TypeVar("_T")


@dataclass(frozen=True)
class Placement:
    """Why a text belongs to a common field: relation, assertion, reason; ``via`` is the field it inherits from."""

    concept: str
    relation: str
    assertion: str
    reason: str = ""
    via: str = ""


@dataclass(frozen=True)
class LocalField:
    """The county's own field a text lies in, and whether the source says so."""

    iri: str
    assertion: str


@dataclass(frozen=True)
class Wording:
    """The county's words for a target group."""

    text: str
    group: str


@dataclass(frozen=True)
class Passage:
    """One text of a county: what it is, what it says, where that stands, to which common fields it belongs."""

    iri: str
    kind: str
    label: Text
    order: int = 0
    notation: str = ""
    level: str = ""
    level_label: str = ""
    assertion: str = ""
    fields: tuple[LocalField, ...] = ()
    placements: tuple[Placement, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    wordings: tuple[Wording, ...] = ()

    def within(self, concepts: frozenset[str]) -> "Passage":
        """The text with only its placements in ``concepts``."""
        return replace(self, placements=tuple(place for place in self.placements if place.concept in concepts))

    @property
    def inherited(self) -> bool:
        """Whether the text belongs to the common field only through the field it lies in."""
        return bool(self.placements) and all(place.via for place in self.placements)

    def is_field(self, site: Site) -> bool:
        """Whether it is a field or theme of the county rather than a text in one."""
        return self.kind in {site.ns(name) for name in FIELDS}

    def is_counted(self, site: Site) -> bool:
        """Whether the comparison counts it."""
        return self.kind in {site.ns(name) for name in COUNTED}


def outline(site: Site, county: str) -> tuple[Passage, ...]:
    """The texts of ``county`` that belong to a common field, without quotations: enough for counting."""
    found: dict[str, Passage] = {}
    for row in site.select(ELEMENTS, county=county):
        iri = row["element"].value
        known = found.get(iri) or _passage(row)
        found[iri] = replace(
            known,
            fields=_with(known.fields, _field(row)),
            placements=_with(known.placements, _placement(row)),
        )
    rank = {site.ns(name): place for place, name in enumerate((*FIELDS, *COUNTED, *OTHERS))}
    return tuple(sorted(found.values(), key=lambda text: (rank[text.kind], text.order, natural(text.iri))))


def passages(site: Site, county: str) -> tuple[Passage, ...]:
    """The texts of ``county`` that belong to a common field, with quotations and target groups."""
    quotations: dict[str, list[Quotation]] = {}
    for row in site.select(QUOTATIONS, county=county):
        quotations.setdefault(row["element"].value, []).append(_quotation(row))
    wordings: dict[str, list[Wording]] = {}
    for row in site.select(MENTIONS, county=county):
        wordings.setdefault(row["element"].value, []).append(Wording(row["wording"].value, row["group"].value))
    return tuple(
        replace(text, quotations=tuple(quotations.get(text.iri, ())), wordings=tuple(wordings.get(text.iri, ())))
        for text in outline(site, county)
    )


def value(row: Row, name: str) -> str:
    """The text of a column; "" when it is not bound."""
    return row[name].value if name in row else ""


def _passage(row: Row) -> Passage:
    name = row.get("text") or row.get("label")
    label = Text(name.value, name.language or "") if isinstance(name, Literal) else Text(row["element"].value, "")
    return Passage(
        iri=row["element"].value,
        kind=row["class"].value,
        label=label,
        order=int(value(row, "order") or 0),
        notation=value(row, "notation"),
        level=value(row, "level"),
        level_label=value(row, "levelLabel"),
        assertion=value(row, "assertion"),
    )


def _field(row: Row) -> LocalField | None:
    return LocalField(row["field"].value, value(row, "fieldAssertion")) if "field" in row else None


def _placement(row: Row) -> Placement:
    return Placement(*(value(row, key) for key in ("concept", "relation", "mappingAssertion", "why", "via")))


def _quotation(row: Row) -> Quotation:
    exact = row["exact"]
    language = exact.language if isinstance(exact, Literal) else None
    return Quotation(
        row["evidence"].value, exact.value, int(value(row, "line")), value(row, "document"), language or "de"
    )


def _with(known: tuple[_T, ...], one: _T | None) -> tuple[_T, ...]:
    return known if one is None or one in known else (*known, one)
