"""Statements of two to four counties laid side by side: the closest in one row, those without a counterpart below."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from publisher.language.likeness import Weights
from publisher.language.statements import LEAST, Match, Statement, Weighed, Yardstick, score


@dataclass(frozen=True)
class Row:
    """Statements that stand side by side, at most one for each group; ``None`` where a group has none."""

    cells: tuple[Statement | None, ...]
    matches: tuple[Match, ...]
    """Why: each pair of the row that is alike, closest first."""

    @property
    def score(self) -> float:
        """The likeness of its closest pair."""
        return self.matches[0].score


@dataclass(frozen=True)
class Alignment:
    """Every statement exactly once: in a row, or among those of its group that have no counterpart."""

    rows: tuple[Row, ...]
    """More groups first, then closer ones first."""
    alone: tuple[tuple[Statement, ...], ...]
    """For each group those without a counterpart, in the order given."""


def align(groups: Sequence[Sequence[Statement]], yardstick: Yardstick, least: float = LEAST) -> Alignment:
    """``groups`` laid side by side.

    The closest pair is joined first, then the next closest, as long as every row keeps at most one statement of a
    group and the pairs within a row are alike enough (``least``) on average. Which statements end up in one row does
    not depend on the order of the groups or of the statements in them.
    """
    places = [_Place(column, yardstick.weigh(one)) for column, group in enumerate(groups) for one in group]
    places.sort(key=lambda place: place.weighed.statement.id)
    pairs = _pairs(places, least)
    clusters = _joined(places, pairs, least)
    rows = [_row(cluster, places, pairs, len(groups), yardstick) for cluster in clusters]
    rows.sort(key=lambda row: (-sum(cell is not None for cell in row.cells), -row.score, row.matches[0].ids))
    placed = {places[number].weighed.statement.id for cluster in clusters for number in cluster}
    alone = (tuple(statement for statement in group if statement.id not in placed) for group in groups)
    return Alignment(tuple(rows), tuple(alone))


@dataclass(frozen=True)
class _Place:
    """A statement and the number of its group. Below, places go by their number in the order of their names."""

    column: int
    weighed: Weighed


_Pairs = dict[tuple[int, int], float]
"""The likeness of two places, the one with the lower number first."""


def _pairs(places: Sequence[_Place], least: float) -> _Pairs:
    """The pairs of different groups that are alike by ``least`` or more."""
    wording = _products([place.weighed.words for place in places])
    concepts = _products([place.weighed.concepts for place in places])
    found: _Pairs = {}
    for after, (place, words, abouts) in enumerate(zip(places, wording, concepts, strict=True)):
        for before, alike in enumerate(map(score, words, abouts)):
            if alike >= least and places[before].column != place.column:
                found[before, after] = alike
    return found


def _products(weighed: Sequence[Weights]) -> list[list[float]]:
    """For each of ``weighed``, the products with those before it; always added up in the same order."""
    holders: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, weights in enumerate(weighed):
        for key, weight in weights.items():
            holders[key].append((number, weight))
    found = [[0.0] * number for number in range(len(weighed))]
    for key in sorted(holders):
        held = holders[key]
        for at, (number, weight) in enumerate(held):
            line = found[number]
            for other, its in held[:at]:
                line[other] += its * weight
    return found


def _joined(places: Sequence[_Place], pairs: _Pairs, least: float) -> list[frozenset[int]]:
    """The places that stand in one row, two or more each."""
    row = {number: frozenset({number}) for pair in pairs for number in pair}
    for _, (one, other) in sorted((-alike, pair) for pair, alike in pairs.items()):
        first, second = row[one], row[other]
        if first is second or {places[a].column for a in first} & {places[b].column for b in second}:
            continue
        across = [pairs.get((min(a, b), max(a, b)), 0.0) for a in first for b in second]
        if math.fsum(across) >= least * len(across):
            row |= dict.fromkeys(first | second, first | second)
    return [numbers for numbers in set(row.values()) if len(numbers) > 1]


def _row(numbers: frozenset[int], places: Sequence[_Place], pairs: _Pairs, width: int, yardstick: Yardstick) -> Row:
    at = {places[number].column: places[number].weighed.statement for number in numbers}
    alike = (pair for pair in combinations(sorted(numbers), 2) if pair in pairs)
    matches = (yardstick.match(places[one].weighed, places[other].weighed) for one, other in alike)
    cells = tuple(at.get(column) for column in range(width))
    return Row(cells, tuple(sorted(matches, key=lambda match: (-match.score, match.ids))))
