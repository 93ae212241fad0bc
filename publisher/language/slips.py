"""What was meant by a mistyped word: the nearest of known ones, by letters left out, added, changed or swapped."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

from publisher.language.words import lemma

_SHORTEST, _LONG = 4, 8
"""Shorter words have too many neighbours; long ones may have two slips instead of one."""
_COMPARED = 60
"""How many words are compared letter by letter: those that share most pairs of letters."""


class Slips:
    """Knows the folded words of ``counts`` and how often each is used."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = {word: number for word, number in counts.items() if len(word) >= _SHORTEST and word.isalpha()}

    def prepare(self) -> None:
        """Computes what is kept."""
        self._by_pair  # noqa: B018

    def meant(self, mistyped: str, most: int = 3) -> tuple[str, ...]:
        """The words that the folded ``mistyped`` may stand for, nearest and most used first; one of each stem."""
        if len(mistyped) < _SHORTEST:
            return ()
        allowed = 2 if len(mistyped) >= _LONG else 1
        shared = Counter(word for pair in set(_pairs(mistyped)) for word in self._by_pair.get(pair, ()))
        near = []
        for word, _ in shared.most_common(_COMPARED):
            if abs(len(word) - len(mistyped)) <= allowed and (far := distance(mistyped, word)) <= allowed:
                near.append((far, -self._counts[word], word))
        best: dict[str, str] = {}
        for _, _, word in sorted(near):
            best.setdefault(lemma(word), word)
        return tuple(best.values())[:most]

    @cached_property
    def _by_pair(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._counts):
            for pair in set(_pairs(word)):
                found[pair].append(word)
        return found


def _pairs(word: str) -> Iterator[str]:
    framed = f"^{word}$"
    return (framed[at : at + 2] for at in range(len(framed) - 1))


def distance(one: str, other: str) -> int:
    """How many letters were left out, added, changed or swapped with their neighbour between two words.

    The restricted Damerau–Levenshtein distance.
    """
    before: list[int] = []
    line = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        earlier, before, line = before, line, [i]
        for j, b in enumerate(other, 1):
            best = min(before[j] + 1, line[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                best = min(best, earlier[j - 2] + 1)
            line.append(best)
    return line[-1]
