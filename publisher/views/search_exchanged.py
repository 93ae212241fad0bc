"""The index of the search when a few counties changed: only their entries are made anew, all others move up or down.

What comes out is what ``Index.of`` would make of the whole release, in a fraction of the time.
"""

from array import array
from bisect import bisect
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self, TypeVar

from publisher.language.vocabulary import Vocabulary, leaves_out
from publisher.language.wanted import phrase
from publisher.views.search_index import Entry, Index, belonging, found, order, spelled, vocabulary_of, words_of
from publisher.views.site import Site

Thing = TypeVar("Thing")
_GONE = -1


def exchanged(old: Index, part: Site, counties: Collection[str]) -> Index:
    """``old`` with what ``part`` says of ``counties`` (IRIs) in place of what was said of them before.

    ``part`` holds the common graphs, and all that is said of these counties now.
    """
    gone = [place for place, entry in enumerate(old.entries) if entry.county in counties]
    fresh = [entry for entry in found(part) if entry.county in counties]
    moves = _Moves.of(old.entries, gone, fresh, part)
    before = vocabulary_of(part, [old.entries[place] for place in gone])
    vocabulary = old.vocabulary.exchanged(before, vocabulary_of(part, fresh))
    places, named = moves.index(old.places), moves.index(old.named)
    _add(places, ((word, at) for at, entry in moves.seats(fresh) for word in words_of(entry, vocabulary)))
    _add(named, ((phrase(text), at) for at, entry in moves.seats(fresh) for text in entry.texts))
    _mend(places, old, moves, vocabulary)
    kept = [moves.table[place] for place in old.shortened if moves.table[place] != _GONE]
    shortened = [at for at, entry in moves.seats(fresh) if any(map(leaves_out, entry.texts))]
    return Index.put_together(
        part,
        tuple(moves.merged(old.entries, fresh)),
        vocabulary,
        places,
        tuple(moves.merged(old.spelled, [spelled(entry) for entry in fresh])),
        named,
        _belonging(old, part, counties),
        tuple(sorted((*kept, *shortened))),
    )


@dataclass(frozen=True)
class _Moves:
    """Where the entries go."""

    table: Sequence[int]
    """The new place of each old entry, _GONE for those that are taken out."""
    at: Sequence[int]
    """The places of the fresh ones."""

    @classmethod
    def of(cls, entries: Sequence[Entry], gone: Iterable[int], fresh: Sequence[Entry], site: Site) -> Self:
        key, taken = order(site), set(gone)
        before = [bisect(entries, key(entry), key=key) for entry in fresh]
        table, at, following = list[int](), list[int](), 0
        for place in range(len(entries) + 1):
            while len(at) < len(before) and before[len(at)] == place:
                at.append(following)
                following += 1
            if place < len(entries):
                table.append(_GONE if place in taken else following)
                following += place not in taken
        return cls(table, at)

    def seats(self, fresh: Iterable[Thing]) -> Iterable[tuple[int, Thing]]:
        """The fresh ones with their places."""
        return zip(self.at, fresh, strict=True)

    def merged(self, old: Sequence[Thing], fresh: Sequence[Thing]) -> list[Thing]:
        """What belongs to the old and the fresh ones, in the new order."""
        found = {new: old[place] for place, new in enumerate(self.table) if new != _GONE}
        found.update(self.seats(fresh))
        return [found[place] for place in range(len(found))]

    def index(self, old: "Mapping[str, array[int]]") -> "dict[str, array[int]]":
        """``old`` with the new places, without those that are gone."""
        move = self.table.__getitem__
        moved = ((word, [at for at in map(move, held) if at != _GONE]) for word, held in old.items())
        return {word: array("I", held) for word, held in moved if held}


def _add(index: "dict[str, array[int]]", held: Iterable[tuple[str, int]]) -> None:
    """Puts the places in ``held`` into ``index``."""
    found: dict[str, list[int]] = defaultdict(list)
    for word, at in held:
        found[word].append(at)
    for word, places in found.items():
        index[word] = array("I", sorted((*index.get(word, ()), *places)))


def _mend(index: "dict[str, array[int]]", old: Index, moves: _Moves, vocabulary: Vocabulary) -> None:
    """Which word is meant where a part is left out depends on the words of all texts: looks whether it is another."""
    for place in old.shortened:
        at = moves.table[place]
        if at == _GONE:
            continue
        before, now = (words_of(old.entries[place], one) for one in (old.vocabulary, vocabulary))
        for word in before - now:
            left = [one for one in index[word] if one != at]
            index[word] = array("I", left)
            if not left:
                del index[word]
        _add(index, ((word, at) for word in now - before))


def _belonging(old: Index, part: Site, counties: Collection[str]) -> dict[str, frozenset[str]]:
    """What belongs to each common field."""
    starts = tuple(f"{county}/" for county in counties)

    def ours(thing: str) -> bool:
        return thing.startswith(starts) or thing in counties

    now = belonging(part)
    found = {
        field: frozenset(thing for thing in old.belonging.get(field, ()) if not ours(thing))
        | now.get(field, frozenset())
        for field in sorted({*old.belonging, *now})
    }
    return {field: things for field, things in found.items() if things}
