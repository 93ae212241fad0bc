"""A source document as text with line numbers, and the places at which a quotation stands in it."""

import re
from dataclasses import dataclass
from functools import cached_property

from publisher.core.text import fold, nearest

_TOKEN = re.compile(r"[^\s\u00a0\u2007\u202f\u200b\ufeff]+")


@dataclass(frozen=True)
class Place:
    """A span of the folded text and the lines (1-based) it runs over."""

    start: int
    end: int
    line: int
    last_line: int


@dataclass(frozen=True)
class Document:
    """The text of a source document."""

    name: str
    text: str

    @cached_property
    def lines(self) -> list[str]:
        """The lines as published, without line ends."""
        return self.text.split("\n")

    @cached_property
    def _folded(self) -> tuple[str, list[int]]:
        """The folded text and, for each of its characters, the line it stands on."""
        words: list[str] = []
        numbers: list[int] = []
        for number, line in enumerate(self.lines, 1):
            for token in _TOKEN.findall(line):
                if words:
                    numbers.append(number)
                words.append(token)
                numbers.extend([number] * len(token))
        return " ".join(words), numbers

    def places(self, exact: str) -> list[Place]:
        """Everywhere ``exact`` stands, white space folded."""
        text, numbers = self._folded
        wanted, found, start = fold(exact), [], 0
        while wanted and (start := text.find(wanted, start)) >= 0:
            end = start + len(wanted)
            found.append(Place(start, end, numbers[start], numbers[end - 1]))
            start += 1
        return found

    def fits(self, place: Place, prefix: str, suffix: str) -> bool:
        """Whether ``prefix`` stands right before ``place`` and ``suffix`` right after, blanks aside."""
        text, _ = self._folded
        before, after = text[: place.start].rstrip(), text[place.end :].lstrip()
        return before.endswith(fold(prefix)) and after.startswith(fold(suffix))

    def nearest(self, exact: str) -> tuple[str, int]:
        """The passage most like ``exact``, and its line."""
        text, numbers = self._folded
        passage = nearest(fold(exact), text)
        start = text.find(passage)
        return passage, numbers[start] if numbers and start >= 0 else 0

    def span(self, line: int) -> tuple[int, int]:
        """Start and end of ``line`` in the folded text; (0, 0) for an empty line."""
        return self._spans.get(line, (0, 0))

    @cached_property
    def _spans(self) -> dict[int, tuple[int, int]]:
        spans: dict[int, tuple[int, int]] = {}
        for index, number in enumerate(self._folded[1]):
            spans[number] = (spans.get(number, (index, 0))[0], index + 1)
        return spans

    @property
    def length(self) -> int:
        """The number of characters of the folded text."""
        return len(self._folded[0])

    def part(self, start: int, end: int) -> str:
        """The folded text from ``start`` to ``end``."""
        return self._folded[0][start:end]
