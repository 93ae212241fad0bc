"""One common field of action: what it means, which counties say something on it, and what some of them say."""

from collections.abc import Iterable
from dataclasses import dataclass

from publisher.core.refusals import NotFound
from publisher.core.terms import SKOS
from publisher.graph.queries import Call
from publisher.views import topics
from publisher.views.columns import COUNTIES, Column, columns
from publisher.views.passages import Passage, calls, passages
from publisher.views.portions import Portion, portion
from publisher.views.site import Site
from publisher.views.topics import Topic

DETAILS = "pages/field_details"
SPEAKING = "pages/topic_counties"
MATCHES = tuple(SKOS + name for name in ("exactMatch", "closeMatch", "narrowMatch", "broadMatch", "relatedMatch"))
PART, COUNTIES_SHOWN = "kreise", 5
"""The parameter that chooses a portion of the counties, and the size of one."""
TEXTS, TEXTS_SHOWN = 60, 8
"""Of more texts than this in one portion, each county shows only its first ones."""


@dataclass(frozen=True)
class Share:
    """What one county's document says in a field: its own names for it, and its texts, ``more`` of them not shown."""

    column: Column
    names: tuple[Passage, ...]
    texts: tuple[Passage, ...]
    more: int = 0

    @property
    def silent(self) -> bool:
        """Whether the document says nothing in this field."""
        return not (self.names or self.texts)


@dataclass(frozen=True)
class Match:
    """What a common field corresponds to in another scheme."""

    relation: str
    iri: str


@dataclass(frozen=True)
class FieldPage:
    """One common field with what counties say in it, of many counties a portion."""

    field: Topic
    broader: str
    other_names: tuple[tuple[str, str], ...]
    """Alternative labels with their language."""
    matches: tuple[Match, ...]
    states: tuple[str, ...]
    """The IRIs of the states with a recorded county."""
    state: str
    """The key of the state whose counties are shown; "" for all."""
    shares: tuple[Share, ...]
    portion: Portion
    quiet: tuple[tuple[Column, ...], ...]
    """The counties whose source says nothing, those with the same kind of silence together."""
    queries: tuple[str | Call, ...]


def field_page(site: Site, iri: str, state: str = "", part: str = "") -> FieldPage:
    """The common field ``iri`` with a portion of what counties (of ``state``, where given) say in it.

    Raises NotFound, or BadRequest when there is no such portion.
    """
    field = _find(topics.fields(site), iri)
    details = [(row["property"].value, row["value"]) for row in site.select(DETAILS, field=iri)]
    everyone = [column for column in columns(site) if not state or column.state == site.id(f"land/{state}")]
    heard = site.once(_speaking, iri)
    speaking = [column for column in everyone if column.iri in heard]
    shown = portion(len(speaking), COUNTIES_SHOWN, PART, part)
    counties = tuple(column.iri for column in shown.of(speaking))
    other = (value for name, value in details if name == SKOS + "altLabel")
    return FieldPage(
        field=field,
        broader=next((value.value for name, value in details if name == SKOS + "broader"), ""),
        other_names=tuple((value.value, getattr(value, "language", "")) for value in other),
        matches=tuple(Match(name, value.value) for name in MATCHES for found, value in details if found == name),
        states=tuple(dict.fromkeys(column.state for column in columns(site))),
        state=state,
        shares=_shares(site, shown.of(speaking), passages(site, counties, (field,))),
        portion=shown,
        quiet=_quiet(site, (column for column in everyone if column.iri not in heard)),
        queries=(
            topics.FIELDS.call(site),
            Call(DETAILS, {"field": iri}),
            COUNTIES,
            Call(SPEAKING, {"topic": (iri,)}),
            *(calls(counties, (field,)) if counties else ()),
        ),
    )


def _find(fields: tuple[Topic, ...], iri: str) -> Topic:
    """The field ``iri`` anywhere below ``fields``; raises NotFound."""
    pending = list(fields)
    while pending:
        field = pending.pop()
        if field.iri == iri:
            return field
        pending.extend(field.narrower)
    raise NotFound(what=iri)


def _speaking(site: Site, iri: str) -> frozenset[str]:
    """The counties whose source says something on the field ``iri``."""
    return frozenset(row["county"].value for row in site.select(SPEAKING, topic=(iri,)))


def _shares(site: Site, shown: tuple[Column, ...], found: dict[str, tuple[Passage, ...]]) -> tuple[Share, ...]:
    most = TEXTS_SHOWN if sum(map(len, found.values())) > TEXTS else None
    return tuple(_share(site, column, found.get(column.iri, ()), most) for column in shown)


def _share(site: Site, column: Column, found: tuple[Passage, ...], most: int | None) -> Share:
    """What ``found`` says, the county's names for the field apart from at ``most`` so many texts."""
    names = tuple(text for text in found if text.is_field(site))
    texts = tuple(text for text in found if not text.is_field(site))
    return Share(column, names, texts[:most], len(texts) - len(texts[:most]))


def _quiet(site: Site, silent: Iterable[Column]) -> tuple[tuple[Column, ...], ...]:
    gathered: dict[tuple[bool, bool], list[Column]] = {}
    for column in silent:
        gathered.setdefault((column.has_concept, column.partial(site)), []).append(column)
    return tuple(tuple(gathered[key]) for key in sorted(gathered, reverse=True))
