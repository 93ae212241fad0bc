"""A county in the making: its source documents line by line, and the things that quote them."""

import json
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from random import Random

_LONGEST = 40
"""Words of surrounding text that pin a quotation down at most."""


@dataclass(frozen=True)
class Span:
    """Words of a source document: where they start in its folded text, and on which line."""

    sheet: "Sheet"
    start: int
    line: int
    exact: str


@dataclass(frozen=True)
class Row:
    """One written line of a source document."""

    sheet: "Sheet"
    start: int
    line: int
    text: str

    def find(self, words: str) -> Span:
        """The first place of ``words`` on the line; raises ValueError when they are not there."""
        return Span(self.sheet, self.start + self.text.index(words), self.line, words)


@dataclass
class Sheet:
    """A source document; ``version`` is the prefix of what belongs to the version it describes (``v1``)."""

    version: str
    file: str
    lines: list[str] = field(default_factory=list)
    _length: int = 0

    def write(self, text: str = "") -> Row:
        """Add a line, which may be indented; other white space in it is single blanks."""
        self.lines.append(text)
        text = text.lstrip()
        start = self._length + 1 if self._length and text else self._length
        self._length = start + len(text)
        return Row(self, start, len(self.lines), text)

    @property
    def text(self) -> str:
        """The whole file."""
        return "\n".join(self.lines) + "\n"

    @cached_property
    def _folded(self) -> str:
        return " ".join(line.lstrip() for line in self.lines if line)

    def surroundings(self, span: Span) -> str:
        """The words before ``span`` that tell it from every other place with the same words; "" when it is alone."""
        text = self._folded
        others, place = [], -1
        while (place := text.find(span.exact, place + 1)) >= 0:
            if place != span.start:
                others.append(text[:place].rstrip())
        before = text[: span.start].rstrip().split(" ")
        for size in range(1, _LONGEST):
            if not others:
                return "" if size == 1 else " ".join(before[1 - size :])
            others = [other for other in others if other.endswith(" ".join(before[-size:]))]
        raise ValueError(span.exact)


@dataclass(frozen=True)
class Thing:
    """One described thing: name and class as prefixed names, its statements as Turtle, the words it is taken from."""

    name: str
    kind: str
    facts: tuple[str, ...]
    quotes: tuple[Span, ...] = ()

    def turtle(self) -> str:
        """The thing, its evidence and its quotations."""
        numbers = range(1, len(self.quotes) + 1)
        evidence = [f"ic:evidence {', '.join(f'{self.name}-beleg-{n}' for n in numbers)}"] if self.quotes else []
        own = " ;\n    ".join([f"{self.name} a {self.kind}", *self.facts, *evidence])
        return "\n".join(
            [f"{own} .", *(self._quotation(n, span) for n, span in zip(numbers, self.quotes, strict=True))]
        )

    def _quotation(self, number: int, span: Span) -> str:
        evidence, selector = f"{self.name}-beleg-{number}", f"{self.name}-zitat-{number}"
        prefix = span.sheet.surroundings(span)
        pinned = f" ; oa:prefix {literal(prefix)}" if prefix else ""
        return (
            f"{evidence} a oa:SpecificResource ; oa:hasSource {span.sheet.version}:quelle ;\n"
            f"    oa:hasSelector {selector} ; ic:line {span.line} .\n"
            f"{selector} a oa:TextQuoteSelector ; oa:exact {literal(span.exact)}{pinned} ."
        )


@dataclass
class Draft:
    """One county: who it is, the dice that decide about it, and what was written so far, by file."""

    ags: str
    label: str
    random: Random
    things: dict[str, list[Thing]] = field(default_factory=dict)
    sheets: list[Sheet] = field(default_factory=list)
    _numbers: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def sheet(self) -> Sheet:
        """The document being written."""
        return self.sheets[-1]

    @property
    def version(self) -> str:
        """The version being written (``k:2``)."""
        return f"k:{len(self.sheets)}"

    @property
    def own(self) -> str:
        """The prefix of what belongs to the version being written (``v2``)."""
        return self.sheet.version

    def add(self, file: str, *things: Thing) -> None:
        """Put ``things`` into ``file`` (``elements``)."""
        self.things.setdefault(file, []).extend(things)

    def number(self, kind: str) -> int:
        """The next number of ``kind`` (``ziel``) in the version being written."""
        self._numbers[self.own, kind] += 1
        return self._numbers[self.own, kind]

    def peek(self, kind: str) -> int:
        """The number ``number`` will give."""
        return self._numbers[self.own, kind] + 1

    def chance(self, share: float) -> bool:
        """True in ``share`` of all cases."""
        return self.random.random() < share

    def save(self, folder: Path, prefixes: str) -> None:
        """Write the Turtle files and the source documents into ``folder``."""
        folder.mkdir(parents=True)
        for name, things in self.things.items():
            body = "\n\n".join(thing.turtle() for thing in things)
            (folder / f"{name}.ttl").write_text(f"{prefixes}\n{body}\n", encoding="utf-8")
        for sheet in self.sheets:
            (folder / sheet.file).write_text(sheet.text, encoding="utf-8")


def literal(text: str, language: str = "de") -> str:
    """``text`` as a Turtle literal."""
    return f"{json.dumps(text, ensure_ascii=False)}@{language}"


STATED = "ic:assertion ic:Stated"
INFERRED = "ic:assertion ic:Inferred"
