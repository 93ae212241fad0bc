"""Compound words taken apart with the words of the texts at hand: „Bildungsangebot“ → bildung, angebot.

No dictionary: a part counts only when it is a word somewhere in the same texts and lists, or stands behind the linking
s of a word in -ung, -ion, -heit and the like, which German puts nowhere else. Only such parts can ever be shared.
"""

import re
from collections.abc import Iterable, Iterator

from publisher.language.function_words import FUNCTION_WORDS
from publisher.language.words import fold, root, stem

_SHORTEST = 4
"""Shorter words („Rat“, „Amt“, „Ort“) are found by chance inside too many others."""
_LINKS = ("", "s", "n", "en", "es", "er", "e", "ns")
"""What German puts between two parts of a compound: Bildung-s-angebot, Familie-n-zentrum."""
_LINKING_S = re.compile(r"(?<=..)(?:ung|ion|heit|keit|schaft|taet|ling|tum)s")
_ENDINGS = frozenset({"innen", "ende", "enden", "endem", "ender", "endes"})
"""Words that are also endings: „Einwohnerinnen“ has no „innen“ in it."""
_NO_PART = frozenset(fold(word) for word in FUNCTION_WORDS) | _ENDINGS


class Compounds:
    """Takes words apart, knowing the folded words of ``vocabulary``."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        seen = frozenset(word for word in vocabulary if word.isalpha())
        learned = (part for word in seen for part in _behind_linking_s(word))
        words = {word for word in (*seen, *learned) if len(word) >= _SHORTEST and word not in _NO_PART}
        self._words = frozenset(words)
        self._stems = frozenset(stem(word) for word in words)
        # How a word looks as the first part of a compound: whole, or without its ending („Sprach“-kurs).
        self._starts = frozenset(start for word in words for start in (word, root(word)) if len(start) >= _SHORTEST)
        self._known: dict[str, tuple[str, ...]] = {}

    def parts(self, word: str) -> tuple[str, ...]:
        """The stems of the parts of the folded ``word``, in order; none when it is not known to be a compound."""
        found = self._known.get(word)
        if found is None:
            found = self._known[word] = self._split(word)
        return found

    def _split(self, word: str) -> tuple[str, ...]:
        """The split into the fewest parts; of several, the one with the longest first part."""
        best: tuple[str, ...] = ()
        for at in range(len(word) - _SHORTEST, _SHORTEST - 1, -1):
            head = self._head(word[:at])
            tail = self._tail(word[at:]) if head else ()
            if head and tail and (not best or len(tail) + 1 < len(best)):
                best = (*(self.parts(head) or (stem(head),)), *tail)
        return best

    def _head(self, start: str) -> str:
        """The word that ``start`` is, its linking letters taken off; "" when it is none."""
        bare = (start.removesuffix(link) for link in _LINKS if start.endswith(link))
        return next((word for word in bare if word in self._starts), "")

    def _tail(self, rest: str) -> tuple[str, ...]:
        """The stems of ``rest`` when it is a word or a compound itself, else nothing."""
        if rest in _NO_PART:
            return ()
        ending = stem(rest)
        known = rest in self._words or (len(ending) >= _SHORTEST and ending in self._stems)
        return self.parts(rest) or ((ending,) if known else ())


def _behind_linking_s(word: str) -> Iterator[str]:
    """The words on both sides of a linking s in ``word``: „lotsen“ and „integration“ of „integrationslotsen“."""
    for match in _LINKING_S.finditer(word):
        if len(word) - match.end() >= _SHORTEST:
            yield word[match.end() :]
            yield word[: match.end() - 1]
