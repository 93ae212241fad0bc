"""For each statement of many counties the closest ones in other counties."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from publisher.core.processes import spread
from publisher.language.statements import CONCEPTS, LEAST, Match, Statement, Weighed, Yardstick

MOST = 3
"""How many of the closest are kept for a statement."""
COMMON = 500
"""What more statements share than this does not by itself make two of them worth comparing."""
_COMPARED = 60
"""With how many others a statement is compared to the letter: those that share the most of what is not common."""
_PIECE = 500
"""So many statements are looked at in one go of one process."""

_Holders = Mapping[str, Sequence[tuple[int, float]]]
"""Word or concept → which statements hold it, and what it weighs there."""


def nearest(
    statements: Iterable[Statement],
    yardstick: Yardstick,
    most: int = MOST,
    least: float = LEAST,
    common: int = COMMON,
    jobs: int = 1,
) -> list[Match]:
    """The pairs of statements of different counties of which one is among the ``most`` closest of the other.

    Each pair once, in the order of its names; none less alike than ``least``. Does not depend on the order given.
    ``jobs`` processes look for them, 0: one for each processor.
    """
    weighed = [yardstick.weigh(one) for one in sorted(statements, key=lambda one: one.id)]
    holders = _holders(weighed, common)

    def pairs_of(numbers: range) -> set[tuple[int, int]]:
        return {
            (min(number, other), max(number, other))
            for number in numbers
            for other in _closest(
                weighed[number], weighed, _candidates(weighed[number], holders), yardstick, most, least
            )
        }

    pieces = [range(start, min(start + _PIECE, len(weighed))) for start in range(0, len(weighed), _PIECE)]
    pairs = set().union(*spread(pairs_of, pieces, jobs))
    return [yardstick.match(weighed[one], weighed[other]) for one, other in sorted(pairs)]


def _closest(
    one: Weighed, weighed: Sequence[Weighed], candidates: Iterable[int], yardstick: Yardstick, most: int, least: float
) -> Iterator[int]:
    county = one.statement.county
    strangers = (other for other in candidates if weighed[other].statement.county != county)
    scored = sorted((-yardstick.score(one, weighed[other]), other) for other in strangers)
    return (other for alike, other in scored[:most] if -alike >= least)


def _holders(weighed: Sequence[Weighed], common: int) -> _Holders:
    found: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, one in enumerate(weighed):
        for key, weight in one.words.items():
            found[key].append((number, weight))
        for key, weight in one.concepts.items():
            found[key].append((number, CONCEPTS * weight))
    return {key: held for key, held in found.items() if len(held) <= common}


def _candidates(one: Weighed, holders: _Holders) -> Sequence[int]:
    """Those that share the most with ``one`` of what is not common; where they are few, all of them."""
    shared: dict[int, float] = defaultdict(float)
    for keys in (one.words, one.concepts):
        for key, weight in sorted(keys.items()):
            for other, its in holders.get(key, ()):
                shared[other] += weight * its
    if len(shared) <= _COMPARED:
        return list(shared)
    # Sorting them all would take longer than all the rest.
    half = max(shared.values()) / 2
    close = [other for other, sum_ in shared.items() if sum_ >= half]
    chosen = close if len(close) >= _COMPARED else list(shared)
    return sorted(chosen, key=lambda other: (-shared[other], other))[:_COMPARED]
