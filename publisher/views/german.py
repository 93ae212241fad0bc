"""German words for searching: folded (case, umlauts, ß), stemmed, compared, marked in a text."""

import re
from collections.abc import Iterable, Sequence
from functools import cache

import snowballstemmer

EXACT, START, INSIDE = 4, 2, 1
"""How well a word fits: the same word, the start of a compound, the inside of one."""

_WORD = re.compile(r"\w+")
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
# "ae", "oe", "ue" stand for an umlaut, but not after another vowel or q, as in "neue" or "Quelle".
_UMLAUT = re.compile(r"(?<![aeq])([aou])e")
_STEMMER = snowballstemmer.stemmer("german")
_SHORTEST_START, _SHORTEST_INSIDE = 3, 4
_SNIPPET = 240

Pieces = tuple[tuple[str, bool], ...]
"""A passage in pieces, each marked or not."""


def words(text: str) -> list[str]:
    """The words of ``text``, folded."""
    return [fold(word) for word in _WORD.findall(text)]


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


def mark(texts: Sequence[str], wanted: Iterable[str]) -> Pieces:
    """The text that fits ``wanted`` best, cut to a readable length around the first hit, its hits marked."""
    looked_for = tuple(wanted)
    text, spans = max(((text, _hits(text, looked_for)) for text in texts), key=lambda pair: len(pair[1]))
    start, end = _cut(text, spans[0][0] if spans else 0)
    return tuple(_pieces(text, [span for span in spans if start <= span[0] and span[1] <= end], start, end))


def _hits(text: str, wanted: tuple[str, ...]) -> list[tuple[int, int]]:
    return [m.span() for m in _WORD.finditer(text) if any(likeness(word, fold(m[0])) for word in wanted)]


def _cut(text: str, hit: int) -> tuple[int, int]:
    """Where a readable piece of ``text`` around the position ``hit`` begins and ends, at blanks."""
    if len(text) <= _SNIPPET:
        return 0, len(text)
    start = text.rfind(" ", 0, max(1, hit - _SNIPPET // 3)) + 1
    end = start + _SNIPPET
    return start, (text.rfind(" ", hit, end) if end < len(text) else len(text))


def _pieces(text: str, spans: list[tuple[int, int]], start: int, end: int) -> Iterable[tuple[str, bool]]:
    before = "… " if start else ""
    for first, last in spans:
        yield before + text[start:first], False
        yield text[first:last], True
        start, before = last, ""
    yield before + text[start:end] + (" …" if end < len(text) else ""), False
