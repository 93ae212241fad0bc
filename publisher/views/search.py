"""The search: what holds all words of a query, best first, by kind; within a county, a common field, a kind."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from publisher.core.bits import bits, members, span
from publisher.language.marks import Pieces, mark
from publisher.language.wanted import Wanted
from publisher.views.search_entries import Entry
from publisher.views.search_index import Index

FEW, PAGE = 5, 25
"""How many hits of a kind are shown beside other kinds, and on each page of one kind alone."""


@dataclass(frozen=True)
class Request:
    """What is looked for: the query as typed, and the IRIs it is confined to; ``page`` counts from 1 within a kind."""

    query: str
    county: str = ""
    field: str = ""
    kind: str = ""
    page: int = 1

    @property
    def wanted(self) -> Wanted:
        """The words and phrases of the query."""
        return Wanted.parse(self.query)

    @property
    def filtered(self) -> bool:
        """Whether it is confined to anything."""
        return bool(self.county or self.field or self.kind)


@dataclass(frozen=True)
class Hit:
    """A thing that was found, with the passage that fits: pieces of text, each marked or not."""

    entry: Entry
    passage: Pieces
    language: str = ""


@dataclass(frozen=True)
class Group:
    """The hits of one kind: how many there are, and those that are shown."""

    kind: str
    total: int
    hits: tuple[Hit, ...]

    @property
    def pages(self) -> int:
        """How many pages the hits fill."""
        return -(-self.total // PAGE)


@dataclass(frozen=True)
class Found:
    """Everything that fits a request: sets of places in the index, the best first, none in two of them."""

    index: Index
    request: Request
    tiers: tuple[int, ...] = field(repr=False)

    @property
    def all(self) -> int:
        """The set of everything found."""
        return sum(self.tiers)

    @property
    def total(self) -> int:
        """How many things were found, of whatever kind."""
        return sum(tier.bit_count() for tier in self.tiers)

    @property
    def number(self) -> int:
        """How many of them are of the kind that is asked for; all when none is."""
        return dict(self.kinds()).get(self.request.kind, 0) if self.request.kind else self.total

    def kinds(self) -> tuple[tuple[str, int], ...]:
        """The kinds of what was found, with how many there are: first those that hold the best hits."""
        ranked = []
        for kind in self.index.kinds:
            found = [(tier & kind.all).bit_count() for tier in self.tiers]
            if any(found):
                best = next(place for place, number in enumerate(found) if number)
                ranked.append(((kind.aside, best), (kind.iri, sum(found))))
        return tuple(kind for _, kind in sorted(ranked, key=lambda rank: rank[0]))

    def groups(self) -> tuple[Group, ...]:
        """The hits by kind: a few of each, or one page of the kind that is asked for."""
        if self.request.kind:
            skip = PAGE * (self.request.page - 1)
            return tuple(self._group(iri, n, skip, PAGE) for iri, n in self.kinds() if iri == self.request.kind)
        return tuple(self._group(iri, number, 0, FEW) for iri, number in self.kinds())

    def hits(self) -> Iterator[Entry]:
        """Everything found, kind by kind; only those of the kind that is asked for, when one is."""
        for iri, _ in self.kinds():
            if self.request.kind in ("", iri):
                yield from (self.index.entries[place] for place in self._places(iri, 0))

    def show(self, entry: Entry) -> Hit:
        """``entry`` with the passage that fits."""
        number, passage = mark(entry.texts, self.request.wanted.words, self.index.vocabulary)
        return Hit(entry, passage, entry.languages[number])

    def by_field(self) -> dict[str, int]:
        """How many of the hits of the kind that is asked for belong to each common field."""
        return self._counts(self.index.fields)

    def by_county(self) -> dict[str, int]:
        """How many of the hits of the kind that is asked for belong to each county."""
        return self._counts(self.index.counties)

    def _counts(self, sets: Mapping[str, int]) -> dict[str, int]:
        kind = self.index.kind(self.request.kind) if self.request.kind else None
        whole = self.all & kind.all if kind else self.all
        counts = ((iri, (held & whole).bit_count()) for iri, held in sets.items())
        return {iri: number for iri, number in counts if number}

    def _group(self, iri: str, total: int, skip: int, most: int) -> Group:
        places = islice(self._places(iri, skip), most)
        return Group(iri, total, tuple(self.show(self.index.entries[place]) for place in places))

    def _places(self, iri: str, skip: int) -> Iterator[int]:
        kind = self.index.kind(iri)
        for tier in self.tiers if kind else ():
            held = tier & kind.all  # type: ignore[union-attr]
            number = held.bit_count()
            if number > skip:
                yield from members(held, skip)
            skip = max(0, skip - number)


def search(index: Index, request: Request) -> Found:
    """What fits ``request``, of any kind: the kind chooses what is shown, not what is counted."""
    wanted = request.wanted
    held = [index.holding(word) for word in wanted.words]
    scope = _scope(index, request)
    for levels in held:
        scope &= levels[-1]
    if not held or not scope:
        return Found(index, request, ())
    if wanted.phrases:
        scope = bits((place for place in members(scope) if _quoted(index.spelled[place], wanted)), len(index.entries))
    return Found(index, request, tuple(_tiers(index, request, held, scope)))


def _scope(index: Index, request: Request) -> int:
    """The set of what the request is confined to, whatever its kind."""
    scope = span(0, len(index.entries))
    if request.county:
        scope &= index.counties.get(request.county, 0)
    if request.field:
        scope &= index.fields.get(request.field, 0)
    return scope


def _quoted(spelled: str, wanted: Wanted) -> bool:
    """Whether each phrase stands in the texts of an entry."""
    return all(f" {one} " in spelled for one in wanted.phrases)


def _tiers(index: Index, request: Request, held: list[tuple[int, ...]], scope: int) -> Iterator[int]:
    """``scope`` in disjoint sets, best first: named exactly so; then by how many words stand there as typed; of
    those first what has the others as the beginning of a word."""
    named = index.called(request.query) & scope
    exactly = [scope & ~named]
    for exact, *_ in held:
        # ``exactly[n]`` holds what has n of the words seen so far as typed.
        with_word = [found & exact for found in exactly]
        without = [found & ~exact for found in exactly]
        exactly = [a | b for a, b in zip((*without, 0), (0, *with_word), strict=True)]
    starting = scope
    for _, start, _ in held:
        starting &= start
    yield named
    for found in reversed(exactly):
        yield found & starting
        yield found & ~starting


def count(index: Index, query: str, **within: str) -> int:
    """How many things fit ``query``, confined to ``within`` (county, field)."""
    return search(index, Request(query, **within)).total  # type: ignore[arg-type]
