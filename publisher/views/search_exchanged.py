"""The index of the search when a few counties changed: only what differs of them is taken out and put in.

What comes out is what ``Index.of`` would make of the whole release, in a fraction of the time. What did not change is
left untouched, so that the memory of it stays one with that of other processes.
"""

from array import array
from bisect import bisect, bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Self, TypeVar

from publisher.core.bits import members
from publisher.language.vocabulary import Vocabulary, leaves_out
from publisher.language.wanted import phrase
from publisher.views.search_entries import Entry, belonging, entries_said, order
from publisher.views.search_index import Index, by_field, spelled, vocabulary_of, words_of
from publisher.views.site import Site

Thing = TypeVar("Thing")
_GONE = -1


def belonging_of(part: Site, counties: Collection[str]) -> dict[str, frozenset[str]]:
    """What of ``counties`` (IRIs) belongs to each common field, as ``part`` says."""
    starts = tuple(f"{county}/" for county in counties)
    found = {
        field: frozenset(thing for thing in things if thing.startswith(starts) or thing in counties)
        for field, things in belonging(part).items()
    }
    return {field: things for field, things in found.items() if things}


def exchanged(old: Index, part: Site, counties: Collection[str], belonged: Mapping[str, frozenset[str]]) -> Index:
    """``old`` with what ``part`` says of ``counties`` (IRIs) in place of what was said of them before.

    ``part`` holds the common graphs, and all that is said of these counties now. ``belonged`` is what ``belonging_of``
    said before.
    """
    belongs = _belonging(old.belonging, belonged, belonging_of(part, counties))
    now = [entry for entry in entries_said(part) if entry.county in counties]
    places_before = sorted(place for county in counties for place in members(old.counties.get(county, 0)))
    same = {old.entries[place] for place in places_before}.intersection(now)
    gone = [place for place in places_before if old.entries[place] not in same]
    fresh = [entry for entry in now if entry not in same]
    if not gone and not fresh:
        if belongs == old.belonging:
            return old
        return replace(old, belonging=belongs, fields=by_field(old.entries, belongs))
    return _moved(old, gone, fresh, part, belongs)


def _moved(
    old: Index, gone: Sequence[int], fresh: Sequence[Entry], site: Site, belongs: Mapping[str, frozenset[str]]
) -> Index:
    """``old`` without the entries at the places ``gone``, with the ``fresh`` ones, in order both."""
    moves = Moves.of(old.entries, gone, fresh, site)
    left = vocabulary_of(site, [old.entries[place] for place in gone])
    vocabulary = old.vocabulary.exchanged(left, vocabulary_of(site, fresh))
    places, named = moves.index(old.places), moves.index(old.named)
    _add(places, ((word, at) for at, entry in moves.seats(fresh) for word in words_of(entry, vocabulary.held)))
    _add(named, ((phrase(text), at) for at, entry in moves.seats(fresh) for text in entry.texts))
    _mend(places, old, moves, vocabulary)
    kept = [moves.table[place] for place in old.shortened if moves.table[place] != _GONE]
    shortened = [at for at, entry in moves.seats(fresh) if any(map(leaves_out, entry.texts))]
    return Index.put_together(
        site,
        tuple(moves.merged(old.entries, fresh)),
        vocabulary,
        places,
        tuple(moves.merged(old.spelled, [spelled(entry) for entry in fresh])),
        named,
        belongs,
        tuple(sorted((*kept, *shortened))),
    )


@dataclass(frozen=True)
class Moves:
    """Where the entries go."""

    table: Sequence[int]
    """The new place of each old entry, _GONE for those that are taken out."""
    at: Sequence[int]
    """The places of the fresh ones."""
    moved: range
    """The old places that are not the new ones."""

    @classmethod
    def of(cls, entries: Sequence[Entry], gone: Sequence[int], fresh: Sequence[Entry], site: Site) -> Self:
        key, size = order(site), len(entries)
        before = [bisect(entries, key(entry), key=key) for entry in fresh]
        leaving, table, at, following = {*gone}, list[int](), list[int](), 0
        for start, end in pairwise((0, *sorted({*gone, *before} - {0}), size)):
            while len(at) < len(before) and before[len(at)] == start:
                at.append(following)
                following += 1
            if start in leaving:
                table.append(_GONE)
                start += 1
            table.extend(range(following, following + end - start))
            following += end - start
        # Where as many come as go, everything behind the last of them stays.
        stop = min(size, max(*gone, *before) + 1) if len(gone) == len(before) else size
        return cls(table, at, range(min(*gone, *before, size), stop))

    def seats(self, fresh: Iterable[Thing]) -> Iterable[tuple[int, Thing]]:
        """The fresh ones with their places."""
        return zip(self.at, fresh, strict=True)

    def merged(self, old: Sequence[Thing], fresh: Sequence[Thing]) -> Iterator[Thing]:
        """What belongs to the old and the fresh ones, in the new order."""
        start, stop = self.moved.start, self.moved.stop
        found = {new: old[place] for place, new in enumerate(self.table[start:stop], start) if new != _GONE}
        found.update(self.seats(fresh))
        yield from old[:start]
        yield from (found[place] for place in range(start, start + len(found)))
        yield from old[stop:]

    def index(self, old: "Mapping[str, array[int]]") -> "dict[str, array[int]]":
        """``old`` with the new places, without those that are gone."""
        found, table = {}, self.table
        for word, held in old.items():
            start, end = bisect_left(held, self.moved.start), bisect_left(held, self.moved.stop)
            if start < end:
                moved = array("I", [at for place in held[start:end] if (at := table[place]) != _GONE])
                held = held[:start] + moved + held[end:]
            if held:
                found[word] = held
        return found


def _add(index: "dict[str, array[int]]", held: Iterable[tuple[str, int]]) -> None:
    """Puts the places in ``held`` into ``index``."""
    found: dict[str, list[int]] = defaultdict(list)
    for word, at in held:
        found[word].append(at)
    for word, places in found.items():
        index[word] = array("I", sorted((*index.get(word, ()), *places)))


def _mend(index: "dict[str, array[int]]", old: Index, moves: Moves, vocabulary: Vocabulary) -> None:
    """Which word is meant where a part is left out depends on the words of all texts: looks whether it is another."""
    for place in old.shortened:
        at = moves.table[place]
        if at == _GONE:
            continue
        before, now = (words_of(old.entries[place], one.held) for one in (old.vocabulary, vocabulary))
        for word in before - now:
            left = [one for one in index[word] if one != at]
            index[word] = array("I", left)
            if not left:
                del index[word]
        _add(index, ((word, at) for word in now - before))


def _belonging(
    old: Mapping[str, frozenset[str]], less: Mapping[str, frozenset[str]], more: Mapping[str, frozenset[str]]
) -> dict[str, frozenset[str]]:
    """What belongs to each common field; a set that did not change is the old one."""
    nothing: frozenset[str] = frozenset()
    found = dict(old)
    for field in {*less, *more}:
        if less.get(field) != more.get(field):
            found[field] = found.get(field, nothing) - less.get(field, nothing) | more.get(field, nothing)
    return {field: found[field] for field in sorted(found) if found[field]}
