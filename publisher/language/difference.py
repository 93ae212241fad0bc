"""What changed between two wordings, word by word: made to be read, and exact to the letter."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from publisher.language.function_words import FUNCTION_WORDS

Change = Literal["same", "added", "removed"]

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Piece:
    """A run of characters that both wordings have, or only the new one (added), or only the old one (removed)."""

    text: str
    change: Change


@dataclass(frozen=True)
class _Step:
    """What both wordings have, preceded by what only the old and only the new one has."""

    removed: str
    added: str
    same: str


def difference(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces that lead from ``old`` to ``new``.

    "same" and "removed" pieces joined are ``old``, "same" and "added" ones ``new``, letter for letter. Only whole
    words change. A removed piece stands before the added one that takes its place. Words that say nothing by
    themselves („und“) are not kept as an island between two changes: such a reading is exact, but nobody can read it.
    """
    return tuple(piece for step in _joined(_steps(_TOKEN.findall(old), _TOKEN.findall(new))) for piece in _pieces(step))


def _steps(old: list[str], new: list[str]) -> Iterable[_Step]:
    # White space starts no match of its own, it only lengthens one: else every blank between two words would be one.
    matcher = SequenceMatcher(str.isspace, old, new, autojunk=False)
    at_old = at_new = 0
    for block in matcher.get_matching_blocks():
        yield _Step(
            "".join(old[at_old : block.a]), "".join(new[at_new : block.b]), "".join(old[block.a : block.a + block.size])
        )
        at_old, at_new = block.a + block.size, block.b + block.size


def _joined(steps: Iterable[_Step]) -> Iterable[_Step]:
    """``steps`` without islands: one between two changes becomes part of both."""
    waiting = _Step("", "", "")
    for step in steps:
        changes = bool(step.removed or step.added)
        island = bool(waiting.removed or waiting.added) and changes and not _speaks(waiting.same)
        if island or not changes:
            before = waiting.same if island else ""
            waiting = _Step(
                waiting.removed + before + step.removed,
                waiting.added + before + step.added,
                step.same if island else waiting.same + step.same,
            )
            continue
        yield waiting
        waiting = step
    yield waiting


def _speaks(text: str) -> bool:
    """Whether ``text`` has a word that means something by itself."""
    return any(word.casefold() not in FUNCTION_WORDS for word in _WORD.findall(text))


def _pieces(step: _Step) -> Iterable[Piece]:
    parts: tuple[tuple[str, Change], ...] = ((step.removed, "removed"), (step.added, "added"), (step.same, "same"))
    for text, change in parts:
        if text:
            yield Piece(text, change)
