"""Where in the Turtle files a node is described, for messages that name file and line."""

import re
from pathlib import Path

_PREFIX = re.compile(r"^\s*@?prefix\s+([\w-]*):\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)
_NAMELESS = re.compile(r"^\s*(?:\[|_:|<<|\()", re.MULTILINE)


class Locator:
    """Finds the line on which a subject begins in a set of Turtle files."""

    def __init__(self, files: list[Path], root: Path) -> None:
        self._texts = [(path, path.read_text(encoding="utf-8", errors="replace")) for path in files if path.is_file()]
        self._root = root

    def find(self, iri: str) -> tuple[str, int]:
        """File (relative to the input folder) and line of ``iri`` as a subject; ("", 0) when not found."""
        for path, text in self._texts:
            for name in self._names(iri, text):
                if match := re.search(rf"^{re.escape(name)}(?=[\s;])", text, re.MULTILINE):
                    return relative(path, self._root), text.count("\n", 0, match.start()) + 1
        return "", 0

    def mention(self, iri: str) -> tuple[str, int]:
        """File and line of the first place where ``iri`` is written at all; ("", 0) when not found."""
        for path, text in self._texts:
            for name in self._names(iri, text):
                if match := re.search(rf"(?<![\w:]){re.escape(name)}(?![\w-])", text):
                    return relative(path, self._root), text.count("\n", 0, match.start()) + 1
        return "", 0

    def nameless(self) -> tuple[str, int]:
        """File and line of the first statement about a node without an IRI; ("", 0) when not found."""
        for path, text in self._texts:
            if match := _NAMELESS.search(text):
                return relative(path, self._root), text.count("\n", 0, match.end()) + 1
        return "", 0

    @staticmethod
    def _names(iri: str, text: str) -> list[str]:
        prefixed = [f"{name}:{iri[len(ns) :]}" for name, ns in _PREFIX.findall(text) if ns and iri.startswith(ns)]
        return [*prefixed, f"<{iri}>"]


def relative(path: Path, root: Path) -> str:
    """``path`` as shown in messages: below the input folder where it lies there."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
