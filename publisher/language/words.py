"""German words: folded (case, umlauts, ß), stemmed, seen as one of a family."""

import re
from functools import cache, lru_cache

import snowballstemmer

WORD = re.compile(r"\w+")
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
# "ae", "oe", "ue" stand for an umlaut, but not after another vowel or q, as in "neue" or "Quelle".
_UMLAUT = re.compile(r"(?<![aeq])([aou])e")
_STEMMER = snowballstemmer.stemmer("german")
_WOMEN = re.compile(r"(?<=....)innen$|(?<=..(?:er|or|at|ot))in$|(?<=..(?:ant|ent|ist|log|eur))in$")
"""The ending of „Migrantinnen“ and „Lehrerin“, but not that of „Termin“ or „Berlin“."""
_NO_ENDING = ("kurs", "kreis")
"""Words that end like a genitive and are none."""
_ENDINGS = ("ierung", "ation", "ion", "ement", "ung", "anz", "ant", "ieren", "iert", "ier")
_SHORTEST_FAMILY = 5
"""Shorter ones would put „Bildung“ beside „Bild“."""


def words(text: str) -> list[str]:
    """The words of ``text``, folded."""
    return [fold(word) for word in WORD.findall(text)]


@lru_cache(1 << 17)
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
    return _without_ending(folded, stem(folded))


@cache
def lemma(folded: str) -> str:
    """As ``stem``, but the same for women and men („Migrantin“, „Migrant“), and „Kurs“ keeps its last letter."""
    if folded.endswith(_NO_ENDING):
        return _UMLAUT.sub(r"\1", folded)
    return stem(_WOMEN.sub("", folded))


@cache
def core(folded: str) -> str:
    """As ``root``, by ``lemma``."""
    return _without_ending(folded, lemma(folded))


def _without_ending(folded: str, stemmed: str) -> str:
    ending = len(_UMLAUT.sub(r"\1", folded)) - len(stemmed)
    return folded[: len(folded) - ending] if ending > 0 else folded


def family(folded: str) -> str:
    """How the words of the same family begin („koordin“ for „Koordinierung“ and „Koordination“); "" when not known."""
    bare = core(folded)
    for ending in _ENDINGS:
        if bare.endswith(ending):
            start = bare.removesuffix(ending)
            return start if len(start) >= _SHORTEST_FAMILY else ""
    return ""
