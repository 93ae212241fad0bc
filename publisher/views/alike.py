"""Texts of counties laid side by side: the closest in one row, with the words and concepts that bring them together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from publisher.language import align as language
from publisher.language.difference import Piece, difference
from publisher.language.statements import Match, Statement, Yardstick
from publisher.language.words import fold, words
from publisher.views import topics
from publisher.views.passages import Passage
from publisher.views.site import Site
from publisher.views.topics import Topic

_READABLE = 0.4
"""Which share of the longer of two wordings both must have for their difference to be readable."""


@dataclass(frozen=True)
class Reason:
    """Why two texts stand side by side; ``difference`` leads from the first wording to the second, where readable."""

    texts: tuple[Passage, Passage]
    words: tuple[str, ...]
    """Shared words as printed, weightiest first."""
    concepts: tuple[str, ...]
    """Shared narrower fields, target groups and the like."""
    difference: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class Row:
    """Texts side by side, one or none of each county, closest pair first in ``reasons``."""

    cells: tuple[Passage | None, ...]
    reasons: tuple[Reason, ...]

    @property
    def texts(self) -> tuple[Passage, ...]:
        """Those that are there, in the order of the counties."""
        return tuple(text for text in self.cells if text)

    @property
    def differs(self) -> bool:
        """Whether a difference of wording can be shown."""
        return any(reason.difference for reason in self.reasons)

    @property
    def words(self) -> tuple[str, ...]:
        """The words that each of the pairs shares."""
        return _common([reason.words for reason in self.reasons])

    @property
    def concepts(self) -> tuple[str, ...]:
        """The concepts that each of the pairs shares."""
        return _common([reason.concepts for reason in self.reasons])


@dataclass(frozen=True)
class Alike:
    """Every text once: in a row, or among those of its county without a counterpart."""

    rows: tuple[Row, ...]
    alone: tuple[tuple[Passage, ...], ...]


def alike(site: Site, groups: Sequence[Sequence[Passage]], topic: Topic) -> Alike:
    """The texts of several counties on ``topic``, one group a county, laid side by side.

    Only texts that share a word, a target group or the like stand in one row: that two texts belong to the same
    field is true of all on such a page.
    """
    known = {text.iri: text for text in chain.from_iterable(groups)}
    statements = [[_statement(text, topic) for text in group] for group in groups]
    glossary = site.once(_glossary)
    yardstick = Yardstick.of(chain.from_iterable(statements), {}, glossary)
    spoken = {fold(word) for text in (*glossary, *(one.label.value for one in known.values())) for word in words(text)}
    narrower = topic.concepts
    rows = [_row(row, known, spoken, narrower) for row in language.align(statements, yardstick).rows]
    kept = tuple(row for row in rows if row)
    placed = {text.iri for row in kept for text in row.texts}
    return Alike(kept, tuple(tuple(text for text in group if text.iri not in placed) for group in groups))


def _statement(text: Passage, topic: Topic) -> Statement:
    """``text`` as it is compared: what all on the page belong to says nothing."""
    fields = frozenset(place.concept for place in text.placements) - {topic.iri}
    mentions = frozenset(wording.concept for wording in text.wordings) - {topic.iri}
    return Statement(text.iri, text.county, text.label.value, fields, mentions)


def _glossary(site: Site) -> tuple[str, ...]:
    """The German names of all topics: words that compounds are made of."""
    everything = (topic for dimension in topics.DIMENSIONS for topic in topics.topics(site, dimension))
    return tuple(site.label(iri, "de").value for topic in everything for iri in sorted(topic.concepts))


def _row(row: language.Row, known: Mapping[str, Passage], spoken: set[str], fields: frozenset[str]) -> Row | None:
    """``row`` without the texts that have nothing but the field in common; None when fewer than two remain."""
    matches = [match for match in row.matches if match.words or set(match.concepts) - fields]
    near = {iri for match in matches for iri in match.ids}
    cells = tuple(known[cell.id] if cell and cell.id in near else None for cell in row.cells)
    place = {text.iri: number for number, text in enumerate(cells) if text}
    reasons = tuple(_reason(match, known, spoken, place) for match in row.matches if near.issuperset(match.ids))
    return Row(cells, reasons) if matches else None


def _reason(match: Match, known: Mapping[str, Passage], spoken: set[str], place: Mapping[str, int]) -> Reason:
    first, second = (known[iri] for iri in sorted(match.ids, key=place.__getitem__))
    # A part of two compounds that is no word of the texts has no spelling to be shown in.
    said = tuple(word for word in match.words if fold(word) in spoken)
    # Looking for a difference takes long, and of wordings as unlike as this none can be read.
    differing = _difference(first.label.value, second.label.value) if match.score >= _READABLE else ()
    return Reason((first, second), said, match.concepts, differing)


def _difference(first: str, second: str) -> tuple[Piece, ...]:
    pieces = difference(first, second)
    same = sum(len(piece.text) for piece in pieces if piece.change == "same")
    return pieces if same >= _READABLE * max(len(first), len(second)) else ()


def _common(several: Sequence[Iterable[str]]) -> tuple[str, ...]:
    """What is in each of ``several``, in the order of the first."""
    sets = [set(one) for one in several]
    return tuple(one for one in several[0] if all(one in other for other in sets)) if sets else ()
