"""How alike the wording of German texts is: shared words, the rare ones counting most, each explained by its words.

A text becomes its stems and the parts of its compounds, each weighted by how rare it is among the texts at hand.
The likeness of two texts is the cosine of these weights: 1 for the same words, 0 when none is shared.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from publisher.language.compounds import Compounds
from publisher.language.function_words import FUNCTION_WORDS
from publisher.language.words import WORD, fold, stem, words

PART = 0.6
"""What the part of a compound weighs beside a word of its own."""
_SMALL = frozenset(fold(word) for word in FUNCTION_WORDS) | {"landkreis", "landkreise", "landkreises", "landkreisen"}
"""Words that say nothing; in texts of counties the word county is one of them."""

Weights = Mapping[str, float]
"""Stem → weight; the squares add up to 1."""


@dataclass(frozen=True)
class Likeness:
    """How alike two texts are, from 0 to 1, and the words they share, weightiest first."""

    score: float
    shared: tuple[str, ...]


class Wordings:
    """What is common and what is rare in ``texts``; knows the words of ``glossary`` besides.

    Everything depends on the texts alone, not on their order.
    """

    def __init__(self, texts: Iterable[str], glossary: Iterable[str] = ()) -> None:
        held, others = list(texts), list(glossary)
        self._compounds = Compounds({word for text in (*held, *others) for word in words(text)})
        self._spelled = _spellings(others) | _spellings(held)
        self._inside: dict[str, tuple[str, ...]] = {}
        self.rarity = Rarity(self.stems(text) for text in held)
        self.weights = lru_cache(maxsize=None)(self._weights)

    def stems(self, text: str) -> dict[str, float]:
        """The stems of ``text`` and of the parts of its compounds, with what each weighs before its rarity."""
        found: dict[str, float] = {}
        for word in words(text):
            if word not in _SMALL:
                key, parts = stem(word), self._compounds.parts(word)
                found |= {part: PART for part in parts if part not in found}
                found[key] = 1.0
                self._inside[key] = parts
        return found

    def likeness(self, one: str, other: str) -> Likeness:
        """How alike two texts are in their words; the order of the two does not matter."""
        first, second = self.weights(one), self.weights(other)
        return Likeness(dot(first, second), self.shared(first, second))

    def shared(self, one: Weights, other: Weights) -> tuple[str, ...]:
        """The words that two texts have in common, spelled out, weightiest first; a compound without its parts."""
        common = one.keys() & other.keys()
        within = {part for key in common for part in self._inside.get(key, ())}
        wanted = sorted(common - within, key=lambda key: (-one[key] * other[key], key))
        return tuple(self.spelled(key) for key in wanted)

    def spelled(self, key: str) -> str:
        """A stem as it is printed most often; the stem itself where it is never a word of its own."""
        return self._spelled.get(key, key)

    def _weights(self, text: str) -> Weights:
        return self.rarity.unit(self.stems(text))


class Rarity:
    """How rare each key is among sets of keys: 1 for one that is never there, near 0 for one that always is."""

    def __init__(self, sets: Iterable[Iterable[str]]) -> None:
        found = [list(keys) for keys in sets]
        self._held = Counter(key for keys in found for key in keys)
        self._total = len(found)

    def __getitem__(self, key: str) -> float:
        if not self._total:
            return 1.0
        return math.log1p(self._total / max(1, self._held[key])) / math.log1p(self._total)

    def count(self, key: str) -> int:
        """How many of the sets hold ``key``."""
        return self._held[key]

    def unit(self, keys: Mapping[str, float], damping: float = 0.0) -> Weights:
        """``keys`` weighted by rarity, shortened to length 1; ``damping`` keeps what is common short of that."""
        weighted = {key: weight * self[key] for key, weight in keys.items()}
        length = math.sqrt(sum(weight * weight for weight in weighted.values()) + damping)
        return {key: weight / length for key, weight in weighted.items()} if length else {}


def dot(one: Weights, other: Weights) -> float:
    """The cosine of two sets of weights of length 1; the order of the two does not matter."""
    if len(one) > len(other):
        one, other = other, one
    products = [weight * other[key] for key, weight in one.items() if key in other]
    # fsum is exact, so the order in which the words stand does not matter either.
    return min(1.0, math.fsum(products)) if products else 0.0


def _spellings(texts: Iterable[str]) -> dict[str, str]:
    """Stem → the word it is printed as most often; of equally frequent ones the shortest, then the first by letters."""
    printed = Counter(word for text in texts for word in WORD.findall(text))
    best: dict[str, tuple[int, int, str]] = {}
    for word, number in printed.items():
        key, place = stem(fold(word)), (-number, len(word), word)
        best[key] = min(best.get(key, place), place)
    return {key: place[2] for key, place in best.items()}
