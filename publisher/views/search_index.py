"""The index of the search: what can be found, by which words, and sets of it by kind, county and field.

Built once from three queries; how German words are compared stands in ``publisher.language``.
"""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Self

from publisher.core.bits import bits, span
from publisher.language.fit import EXACT, RELATED, START
from publisher.language.vocabulary import Vocabulary, leaves_out
from publisher.language.wanted import phrase
from publisher.release.findable import FIELDS, SUPERSEDED, TEXTS
from publisher.views.search_entries import Entry, are_noted, belonging, entries_noted, entries_said, kinds_in_order
from publisher.views.site import Site

QUERIES = (TEXTS, FIELDS, SUPERSEDED)
LEVELS = (EXACT, START, RELATED)
"""How well a word fits at least; each set holds the one before."""

BETWEEN = " _ "
"""A word that nobody looks for: no phrase reaches across it."""


@dataclass(frozen=True)
class Kind:
    """All entries of one kind: those at the places from ``start`` up to, not with, ``end``."""

    iri: str
    start: int
    end: int
    aside: bool = False
    """Whether it is shown after the others, however well it fits: terms of lists, documents."""

    @property
    def all(self) -> int:
        """The set of them."""
        return span(self.start, self.end)


@dataclass(frozen=True)
class Index:
    """All entries, ordered by kind, then as equally good hits are shown. Sets are those of ``publisher.core.bits``."""

    entries: tuple[Entry, ...]
    kinds: tuple[Kind, ...]
    vocabulary: Vocabulary
    places: "Mapping[str, array[int]]"
    """Where each word stands."""
    spelled: tuple[str, ...]
    """The texts of each entry in the spelling of ``phrase``, BETWEEN them and around."""
    named: "Mapping[str, array[int]]"
    """Where exactly this text stands, in that spelling."""
    counties: Mapping[str, int]
    fields: Mapping[str, int]
    belonging: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """What belongs to each common field, by IRI; narrower fields included, also what no search finds."""
    shortened: tuple[int, ...] = ()
    """Where a text leaves out a part of a word: which word is meant depends on all words."""

    @classmethod
    def of(cls, site: Site) -> Self:
        """The index of everything in ``site``. Of a release that notes what can be found no statement need be there."""
        entries, belongs = entries_noted(site) if are_noted(site) else (entries_said(site), belonging(site))
        vocabulary = vocabulary_of(site, entries)
        # Many texts stand in several places, and each is looked at once.
        texts = {text for entry in entries for text in entry.texts}
        phrases = {text: phrase(text) for text in texts}
        words = {text: vocabulary.held(text) for text in texts}
        short = set(filter(leaves_out, texts))
        places: dict[str, array[int]] = defaultdict(lambda: array("I"))
        named: dict[str, array[int]] = defaultdict(lambda: array("I"))
        for place, entry in enumerate(entries):
            for word in words_of(entry, words.__getitem__):
                places[word].append(place)
            for text in entry.texts:
                named[phrases[text]].append(place)
        return cls.put_together(
            site,
            entries,
            vocabulary,
            dict(places),
            tuple(spelled(entry, phrases.__getitem__) for entry in entries),
            dict(named),
            belongs,
            tuple(place for place, entry in enumerate(entries) if not short.isdisjoint(entry.texts)),
        )

    @classmethod
    def put_together(
        cls,
        site: Site,
        entries: tuple[Entry, ...],
        vocabulary: Vocabulary,
        places: "Mapping[str, array[int]]",
        spelled: tuple[str, ...],
        named: "Mapping[str, array[int]]",
        belonging: Mapping[str, frozenset[str]],
        shortened: tuple[int, ...],
    ) -> Self:
        """The index with what follows quickly from the rest of it."""
        vocabulary.prepare()
        return cls(
            entries,
            tuple(_kinds(entries, kinds_in_order(site))),
            vocabulary,
            places,
            spelled,
            named,
            by_county(entries),
            by_field(entries, belonging),
            belonging,
            shortened,
        )

    def holding(self, word: str) -> tuple[int, ...]:
        """The entries with a word that fits the folded ``word``, one set for each of LEVELS."""
        at_least: list[set[int]] = [set() for _ in LEVELS]
        for found, score in self.vocabulary.fitting(word).items():
            level = next(number for number, least in enumerate(LEVELS) if score >= least)
            at_least[level].update(self.places.get(found, ()))
        sets, whole = [], 0
        for places in at_least:
            whole |= bits(places, len(self.entries))
            sets.append(whole)
        return tuple(sets)

    def called(self, name: str) -> int:
        """The set of what has exactly the text ``name``, whatever its case, umlauts and punctuation."""
        return bits(self.named.get(phrase(name), ()), len(self.entries))

    def kind(self, iri: str) -> Kind | None:
        """The kind with the class ``iri``; None when nothing is of it."""
        return next((kind for kind in self.kinds if kind.iri == iri), None)


def spelled(entry: Entry, spelling: Callable[[str], str] = phrase) -> str:
    """The texts of ``entry`` in the spelling of ``phrase``, BETWEEN them and around."""
    return BETWEEN + BETWEEN.join(map(spelling, entry.texts)) + BETWEEN


def words_of(entry: Entry, held: Callable[[str], set[str]]) -> set[str]:
    """The folded words of all texts of ``entry``; ``held`` gives those of a text, as ``Vocabulary.held`` does."""
    return set().union(*map(held, entry.texts))


def vocabulary_of(site: Site, entries: Iterable[Entry]) -> Vocabulary:
    """The words of all texts; those that stand in names of counties and states only are known to be names."""
    kinds = (site.ns("District"), site.ns("State"))
    texts: tuple[list[str], list[str]] = ([], [])
    for entry in entries:
        texts[entry.kind in kinds].extend(entry.texts)
    return Vocabulary(*texts)


def _kinds(entries: tuple[Entry, ...], order: tuple[str, ...]) -> Iterator[Kind]:
    start = 0
    for kind, alike in groupby(map(attrgetter("kind"), entries)):
        end = start + sum(1 for _ in alike)
        yield Kind(kind, start, end, kind not in order)
        start = end


def by_county(entries: Sequence[Entry]) -> dict[str, int]:
    """The set of each county's entries."""
    found: dict[str, list[int]] = defaultdict(list)
    for place, county in enumerate(map(attrgetter("county"), entries)):
        found[county].append(place)
    return {county: bits(held, len(entries)) for county, held in found.items() if county}


def by_field(entries: Sequence[Entry], belonging: Mapping[str, frozenset[str]]) -> dict[str, int]:
    """The set of entries that belong to each common field to which any does."""
    at = {iri: place for place, iri in enumerate(map(attrgetter("iri"), entries))}
    held = {field: [at[thing] for thing in things if thing in at] for field, things in belonging.items()}
    return {field: bits(places, len(entries)) for field, places in held.items() if places}
