"""German words: folded (case, umlauts, ß), stemmed, compared."""

import re
from functools import cache

import snowballstemmer

EXACT, START, INSIDE = 4, 2, 1
"""How well a word fits: the same word, the start of a compound, the inside of one."""

WORD = re.compile(r"\w+")
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
# "ae", "oe", "ue" stand for an umlaut, but not after another vowel or q, as in "neue" or "Quelle".
_UMLAUT = re.compile(r"(?<![aeq])([aou])e")
_STEMMER = snowballstemmer.stemmer("german")
_SHORTEST_START, _SHORTEST_INSIDE = 3, 4


def words(text: str) -> list[str]:
    """The words of ``text``, folded."""
    return [fold(word) for word in WORD.findall(text)]


def fold(word: str) -> str:
    """``word`` in lower case with umlauts spelled out, so that „Bürger“ and „BUERGER“ are the same."""
    return word.casefold().translate(_SPELLED_OUT)


@cache
def stem(folded: str) -> str:
    """The stem of a folded word, without umlauts: that of „Häuser“ is that of „Haus“."""
    return str(_STEMMER.stemWord(_UMLAUT.sub(r"\1", folded)))


@cache
def root(folded: str) -> str:
    """A folded word without its ending, umlauts kept: what compounds are searched for."""
    ending = len(_UMLAUT.sub(r"\1", folded)) - len(stem(folded))
    return folded[: len(folded) - ending] if ending > 0 else folded


def likeness(wanted: str, word: str) -> int:
    """How well the folded ``word`` of a text fits the folded ``wanted``; 0 when it does not."""
    if wanted == word or stem(wanted) == stem(word):
        return EXACT
    start = root(wanted)
    if len(start) >= _SHORTEST_START and word.startswith(start):
        return START
    # Shorter ones would be found inside everything.
    return INSIDE if len(start) >= _SHORTEST_INSIDE and start in word else 0
