"""Names as people type them: compared without case, umlauts, points and hyphens; the nearest for a mistyped one."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from publisher.language.words import words

# "ae", "oe", "ue" stand for an umlaut, but not after another vowel or q, as in "neue" or "Quelle".
_UMLAUT = re.compile(r"(?<![aeq])([aou])e")
NEAR = 0.7
"""From which share of common letters on a word may be a mistyped other one."""


def letters(text: str) -> tuple[str, ...]:
    """The words of ``text`` in one spelling: "Görlitz", "GOERLITZ" and "Gorlitz" give the same."""
    return tuple(_UMLAUT.sub(r"\1", word) for word in words(text))


def nearness(typed: str, names: Iterable[str]) -> float:
    """How near ``typed`` comes to the nearest of ``names``, from 0 to 1; 0 for less than ``NEAR``."""
    matcher, best = SequenceMatcher(autojunk=False), 0.0
    matcher.set_seq2(typed)
    for name in names:
        matcher.set_seq1(name)
        if min(matcher.real_quick_ratio(), matcher.quick_ratio()) >= max(NEAR, best):
            best = max(best, matcher.ratio())
    return best if best >= NEAR else 0.0
