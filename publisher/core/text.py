"""Wording as documents print it: folding of white space, comparison, the nearest passage."""

import re
from difflib import SequenceMatcher

_PARTS = re.compile(r"\d+|\D+")
_WHITE = re.compile(r"[\s\u00a0\u2007\u202f\u200b\ufeff]+")


def fold(text: str) -> str:
    """``text`` with every run of white space, no-break spaces included, as one blank, and none at the ends."""
    return _WHITE.sub(" ", text).strip()


def nearest(wanted: str, passage: str) -> str:
    """The piece of ``passage`` (folded) of about the length of ``wanted`` (folded) that is most like it."""
    words, size = passage.split(" "), max(1, len(wanted.split(" ")))
    pieces = (" ".join(words[start : start + size]) for start in range(max(1, len(words) - size + 1)))
    return max(pieces, key=lambda piece: SequenceMatcher(None, wanted, piece, autojunk=False).quick_ratio())


def natural(text: str) -> list[tuple[int, int, str]]:
    """A sort key under which "ziel-2" comes before "ziel-10"."""
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in _PARTS.findall(text)]
