"""What counties say on topics: their texts, each with its quotations and why it belongs there.

Read from the cells of the release, so that only the texts asked for are touched, never whole counties.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from pyoxigraph import Literal

from publisher.core.text import natural
from publisher.graph.queries import Call
from publisher.graph.store import Row
from publisher.views.model import Quotation
from publisher.views.site import Site, Text
from publisher.views.topics import Topic

TEXTS = "pages/topic_texts"
MAPPINGS = "pages/topic_mappings"
QUOTATIONS = "pages/topic_quotations"
MENTIONS = "pages/topic_mentions"
QUERIES = (TEXTS, MAPPINGS, QUOTATIONS, MENTIONS)

FIELDS = ("FieldOfAction", "CrossCuttingTheme")
COUNTED = ("Goal", "Recommendation", "Measure", "GuidingPrinciple", "Task")
"""The kinds of texts that the comparison counts, in the order in which it shows them."""
OTHERS = ("Offer", "Statement", "Indicator")
KINDS = (*FIELDS, *COUNTED, *OTHERS)

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
    stated: bool


@dataclass(frozen=True)
class Wording:
    """The county's words for a target group, a kind of actor or a ground: the concept they stand for, and why."""

    text: str
    concept: str
    scheme: str
    assertion: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Passage:
    """One text of a county: what it is, what it says, where that stands, to which common fields it belongs.

    ``topics`` are those asked for to which it belongs.
    """

    iri: str
    kind: str
    label: Text
    county: str = ""
    topics: frozenset[str] = frozenset()
    order: int = 0
    notation: str = ""
    level: str = ""
    level_label: str = ""
    assertion: str = ""
    fields: tuple[LocalField, ...] = ()
    placements: tuple[Placement, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    wordings: tuple[Wording, ...] = ()

    @property
    def quoted(self) -> Quotation | None:
        """The quotation that is the whole wording, letter for letter; None for a thing the source does not name."""
        return next((quote for quote in self.quotations if quote.exact == self.label.value), None)

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


def calls(counties: Iterable[str], topics: Iterable[Topic]) -> tuple[Call, ...]:
    """The queries behind ``passages``, each with its values."""
    several, shown = tuple(topics), tuple(counties)
    narrower = sorted(frozenset[str]().union(*(topic.concepts for topic in several)))
    # A cell of a topic holds the texts of its narrower ones too; which of these, only the first query has to tell.
    asked = {name: tuple(topic.iri for topic in several) for name in QUERIES} | {TEXTS: tuple(narrower)}
    return tuple(Call(name, {"county": shown, "topic": asked[name]}) for name in QUERIES)


def passages(site: Site, counties: Iterable[str], topics: Iterable[Topic]) -> dict[str, tuple[Passage, ...]]:
    """The texts of each of ``counties`` (IRIs) on any of ``topics``, in the order of their kinds and of the source."""
    shown, several = tuple(counties), tuple(topics)
    if not (shown and several):
        return {}
    texts, *parts = (site.select(call.name, **call.values) for call in calls(shown, several))
    concepts = frozenset[str]().union(*(topic.concepts for topic in several))
    placements, quotations, wordings = map(_by_element, parts)
    found: dict[str, list[Passage]] = defaultdict(list)
    for iri, rows in _by_element(texts).items():
        known = _passage(rows)
        whole = replace(
            known,
            placements=_each(_placement(row) for row in placements[iri] if row["concept"].value in concepts),
            quotations=_each(_quotation(row) for row in quotations[iri]),
            wordings=_each(_wording(row) for row in wordings[iri]),
        )
        found[known.county].append(whole)
    return {county: _sorted(site, found[county]) for county in shown}


def read(rows: Sequence[Row]) -> Passage:
    """The text that ``rows`` are about, each with one of its quotations."""
    return replace(_passage(rows), quotations=_each(_quotation(row) for row in rows))


def value(row: Row, name: str) -> str:
    """The text of a column; "" when it is not bound."""
    return row[name].value if name in row else ""


def _sorted(site: Site, texts: Iterable[Passage]) -> tuple[Passage, ...]:
    rank = {site.ns(name): place for place, name in enumerate(KINDS)}
    last = len(rank)
    return tuple(sorted(texts, key=lambda text: (rank.get(text.kind, last), text.order, natural(text.iri))))


def _by_element(rows: Iterable[Row]) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["element"].value].append(row)
    return found


def _each(values: Iterable[_T]) -> tuple[_T, ...]:
    """``values``, each once, in their order."""
    return tuple(dict.fromkeys(values))


def _passage(rows: Sequence[Row]) -> Passage:
    row = rows[0]
    name = row.get("text") or row.get("label")
    label = Text(name.value, name.language or "") if isinstance(name, Literal) else Text(row["element"].value, "")
    return Passage(
        iri=row["element"].value,
        kind=row["kind"].value,
        label=label,
        county=row["county"].value,
        topics=frozenset(row["topic"].value for row in rows),
        order=int(value(row, "order") or 0),
        notation=value(row, "notation"),
        level=value(row, "level"),
        level_label=value(row, "levelLabel"),
        assertion=value(row, "assertion"),
        fields=_each(
            LocalField(row["field"].value, value(row, "fieldStated") == "true") for row in rows if "field" in row
        ),
    )


def _placement(row: Row) -> Placement:
    return Placement(*(value(row, key) for key in ("concept", "relation", "assertion", "why", "via")))


def _wording(row: Row) -> Wording:
    return Wording(*(value(row, key) for key in ("wording", "concept", "scheme", "assertion", "why")))


def _quotation(row: Row) -> Quotation:
    exact = row["exact"]
    language = exact.language if isinstance(exact, Literal) else None
    return Quotation(
        row["evidence"].value, exact.value, int(value(row, "line")), value(row, "document"), language or "de"
    )
