"""Texts as lines of a table: one line for each reason why a text belongs to a topic, with its proof."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from publisher.views.columns import Column
from publisher.views.compare import Comparison
from publisher.views.passages import Passage, Placement, Wording
from publisher.views.topics import Topic


@dataclass(frozen=True)
class Line:
    """One text on one topic: ``placement`` says why where the topic is a common field, ``wording`` elsewhere."""

    column: Column
    text: Passage
    topic: str
    placement: Placement | None = None
    wording: Wording | None = None

    @property
    def relation(self) -> str:
        """How the text stands to the topic; "" where it just names it."""
        return self.placement.relation if self.placement else ""

    @property
    def assertion(self) -> str:
        """Whether the source or the editors say that the text belongs there."""
        why = self.placement or self.wording
        return why.assertion if why else self.text.assertion

    @property
    def reason(self) -> str:
        """The editors' reason."""
        why = self.placement or self.wording
        return why.reason if why else ""


@dataclass(frozen=True)
class Tables:
    """What a workbook holds: a matrix, and every text behind it."""

    matrix: Comparison
    lines: tuple[Line, ...]


def lines(columns: Sequence[Column], found: Sequence[Iterable[Passage]], *topics: Topic | None) -> tuple[Line, ...]:
    """The texts ``found`` of each of ``columns`` as lines, one for each of ``topics`` and each reason."""
    concepts = frozenset().union(*(topic.concepts for topic in topics if topic))
    return tuple(
        line
        for column, texts in zip(columns, found, strict=bool(found))
        for text in texts
        for line in _lines(column, text, concepts)
    )


def _lines(column: Column, text: Passage, concepts: frozenset[str]) -> Iterator[Line]:
    said = set()
    for place in text.placements:
        said.add(place.concept)
        yield Line(column, text, place.concept, placement=place)
    for wording in text.wordings:
        if wording.concept in concepts:
            said.add(wording.concept)
            yield Line(column, text, wording.concept, wording=wording)
    # Bodies and offices belong to a kind of actors without words for it; a broader field stands for its narrower ones.
    if not said:
        for topic in sorted(text.topics & concepts):
            yield Line(column, text, topic)
