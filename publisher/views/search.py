"""Full text search over wordings, names and terms: an index in memory, built once from one query.

How German words are compared stands in ``publisher.language``.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from publisher.core.terms import SKOS
from publisher.core.text import natural
from publisher.language.marks import Pieces, mark
from publisher.language.words import likeness, stem, words
from publisher.views.site import Site

QUERY = "pages/search_texts"
LONGEST = 200
"""The longest query that is looked at, in characters."""


@dataclass(frozen=True)
class Entry:
    """A thing that can be found, with every text it can be found by."""

    iri: str
    kind: str
    county: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Hit:
    """A thing that was found, with the passage that fits: pieces of text, each marked or not."""

    entry: Entry
    score: int
    passage: Pieces


@dataclass(frozen=True)
class Group:
    """The hits of one kind, best first."""

    kind: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True)
class Index:
    """All entries, and which of them holds which folded word."""

    entries: tuple[Entry, ...]
    words: dict[str, frozenset[int]]
    kinds: tuple[str, ...]
    """The kinds in the order in which results are shown."""

    @classmethod
    def of(cls, site: Site) -> Self:
        """The index of everything in ``site``."""
        texts: dict[str, list[str]] = defaultdict(list)
        for row in site.select(QUERY):
            texts[row["thing"].value].append(row["words"].value)
        entries = tuple(
            Entry(iri, site.kind(iri), site.county_of(iri), tuple(dict.fromkeys(found))) for iri, found in texts.items()
        )
        places: dict[str, set[int]] = defaultdict(set)
        for place, entry in enumerate(entries):
            for word in {word for text in entry.texts for word in words(text)}:
                places[word].add(place)
                stem(word)
        return cls(entries, {word: frozenset(found) for word, found in places.items()}, _order(site))

    def search(self, query: str, county: str = "") -> tuple[Group, ...]:
        """What holds every word of ``query``, by kind; only of ``county`` when one is given."""
        wanted = list(dict.fromkeys(words(query[:LONGEST])))
        scores = [self._scores(word) for word in wanted]
        both = set.intersection(*(set(found) for found in scores)) if scores else set()
        hits = [
            Hit(self.entries[place], sum(found[place] for found in scores), mark(self.entries[place].texts, wanted))
            for place in both
            if not county or self.entries[place].county == county
        ]
        return tuple(self._grouped(hits))

    def _scores(self, wanted: str) -> dict[int, int]:
        found: dict[int, int] = {}
        for word, places in self.words.items():
            if score := likeness(wanted, word):
                for place in places:
                    found[place] = max(score, found.get(place, 0))
        return found

    def _grouped(self, hits: list[Hit]) -> Iterable[Group]:
        groups: dict[str, list[Hit]] = defaultdict(list)
        for hit in hits:
            groups[hit.entry.kind].append(hit)
        rank = {kind: place for place, kind in enumerate(self.kinds)}
        for kind in sorted(groups, key=lambda kind: (rank.get(kind, len(rank)), kind)):
            best = sorted(groups[kind], key=lambda hit: (-hit.score, natural(hit.entry.iri)))
            yield Group(kind, tuple(best))


_KINDS = (
    "FieldOfAction",
    "CrossCuttingTheme",
    "GuidingPrinciple",
    "Goal",
    "Recommendation",
    "Measure",
    "Task",
    "Offer",
    "Statement",
    "Body",
)


def _order(site: Site) -> tuple[str, ...]:
    return (site.ns("District"), SKOS + "Concept", *(site.ns(name) for name in _KINDS))
