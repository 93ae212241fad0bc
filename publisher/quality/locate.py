"""Where in the Turtle files a node is described, for messages that name file and line."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

_PREFIX = re.compile(r"^\s*@?prefix\s+([\w-]*):\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)
_START = re.compile(r"[^\s;]+(?=[\s;]|$)")
_NAMELESS = re.compile(r"^\s*(?:\[|_:|<<|\()", re.MULTILINE)


@dataclass(frozen=True)
class _File:
    """A Turtle file: as messages name it, its text, its prefixes."""

    shown: str
    text: str
    prefixes: list[tuple[str, str]]

    @cached_property
    def subjects(self) -> dict[str, int]:
        """What stands at the start of a line, as written, with the first such line."""
        lines = enumerate(self.text.split("\n"), 1)
        starts = ((match[0], number) for number, line in lines if (match := _START.match(line)))
        return dict(reversed(list(starts)))

    def names(self, iri: str) -> list[str]:
        """The ways in which the file can write ``iri``."""
        prefixed = [f"{name}:{iri[len(ns) :]}" for name, ns in self.prefixes if ns and iri.startswith(ns)]
        return [*prefixed, f"<{iri}>"]

    def line(self, match: re.Match[str]) -> int:
        """The line on which ``match`` ends."""
        return self.text.count("\n", 0, match.end()) + 1


class Locator:
    """Finds the line on which a subject begins in a set of Turtle files."""

    def __init__(self, files: list[Path], root: Path) -> None:
        texts = [(path, path.read_text(encoding="utf-8", errors="replace")) for path in files if path.is_file()]
        self._files = [_File(relative(path, root), text, _PREFIX.findall(text)) for path, text in texts]

    def find(self, iri: str) -> tuple[str, int]:
        """File (relative to the input folder) and line of ``iri`` as a subject; ("", 0) when not found."""
        for file in self._files:
            for name in file.names(iri):
                if line := file.subjects.get(name):
                    return file.shown, line
        return "", 0

    def mention(self, iri: str) -> tuple[str, int]:
        """File and line of the first place where ``iri`` is written at all; ("", 0) when not found."""
        for file in self._files:
            for name in file.names(iri):
                if match := re.search(rf"(?<![\w:]){re.escape(name)}(?![\w-])", file.text):
                    return file.shown, file.line(match)
        return "", 0

    def nameless(self) -> tuple[str, int]:
        """File and line of the first statement about a node without an IRI; ("", 0) when not found."""
        for file in self._files:
            if match := _NAMELESS.search(file.text):
                return file.shown, file.line(match)
        return "", 0


def relative(path: Path, root: Path) -> str:
    """``path`` as shown in messages: below the input folder where it lies there."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
