"""A text cut to a readable length around what was looked for, its hits marked."""

from collections.abc import Iterable, Sequence

from publisher.language.words import WORD, fold, likeness

_SNIPPET = 240

Pieces = tuple[tuple[str, bool], ...]
"""A passage in pieces, each marked or not."""


def mark(texts: Sequence[str], wanted: Iterable[str]) -> Pieces:
    """The text that fits ``wanted`` best, cut to a readable length around the first hit, its hits marked."""
    looked_for = tuple(wanted)
    text, spans = max(((text, _hits(text, looked_for)) for text in texts), key=lambda pair: len(pair[1]))
    start, end = _cut(text, spans[0][0] if spans else 0)
    return tuple(_pieces(text, [span for span in spans if start <= span[0] and span[1] <= end], start, end))


def _hits(text: str, wanted: tuple[str, ...]) -> list[tuple[int, int]]:
    return [m.span() for m in WORD.finditer(text) if any(likeness(word, fold(m[0])) for word in wanted)]


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
