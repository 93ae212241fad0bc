"""A text cut to a readable length around what was looked for, its hits marked."""

from collections.abc import Iterable, Sequence

from publisher.language.vocabulary import Span, Vocabulary

_SNIPPET = 240

Pieces = tuple[tuple[str, bool], ...]
"""A passage in pieces, each marked or not."""


def mark(texts: Sequence[str], wanted: Iterable[str], vocabulary: Vocabulary) -> tuple[int, Pieces]:
    """The number of the text that holds most of the folded words ``wanted``, and its part around the first, marked."""
    fitting = [vocabulary.fitting(word) for word in wanted]
    found = [_hits(text, fitting, vocabulary) for text in texts]
    best = max(range(len(texts)), key=lambda number: (len(found[number]), sum(map(len, found[number].values()))))
    text, hits = texts[best], found[best]
    spans = sorted({span for held in hits.values() for span in held})
    start, end = _cut(text, spans[0][0] if spans else 0)
    return best, tuple(_pieces(text, [span for span in spans if start <= span[0] and span[1] <= end], start, end))


def _hits(text: str, fitting: Sequence[Iterable[str]], vocabulary: Vocabulary) -> dict[int, list[Span]]:
    """Where each wanted word stands, by its number."""
    hits: dict[int, list[Span]] = {}
    for word, span in vocabulary.words(text):
        for number, words in enumerate(fitting):
            if word in words:
                hits.setdefault(number, []).append(span)
    return hits


def _cut(text: str, hit: int) -> tuple[int, int]:
    """Where a readable piece of ``text`` around the position ``hit`` begins and ends, at blanks."""
    if len(text) <= _SNIPPET:
        return 0, len(text)
    start = text.rfind(" ", 0, max(1, hit - _SNIPPET // 3)) + 1
    end = start + _SNIPPET
    return start, (text.rfind(" ", hit, end) if end < len(text) else len(text))


def _pieces(text: str, spans: list[Span], start: int, end: int) -> Iterable[tuple[str, bool]]:
    before = "… " if start else ""
    for first, last in spans:
        yield before + text[start:first], False
        yield text[first:last], True
        start, before = last, ""
    yield before + text[start:end] + (" …" if end < len(text) else ""), False
