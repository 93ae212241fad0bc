"""What the text of a query says before anything parses it: its size, its depth, its keywords, its form.

Reads the terminals of https://www.w3.org/TR/sparql11-query/#sparqlGrammar so far as needed to tell a keyword
from a variable, a prefixed name, a string, an IRI or a comment. It never builds a tree.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from publisher.core.messages import phrase
from publisher.core.refusals import QueryForbidden, QueryTooLarge

Form = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]

FORMS: tuple[Form, ...] = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
UPDATES = frozenset(["LOAD", "INSERT", "DELETE", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"])
_CHANGING = frozenset(["NOW", "RAND", "UUID", "STRUUID"])
"""Functions whose value differs from one run to the next."""

_TOKEN = re.compile(
    r"""
      (?P<iri>     <[^<>"{}|^`\\\x00-\x20]*+> )
    | \#[^\n\r]*+
    | (?P<quote>   '{3} | "{3} | ' | " )
    | [?$]\w*+
    | @[A-Za-z]++(?:-[A-Za-z0-9]++)*+
    | \d++(?:\.\d++)?+(?:[eE][+-]?\d++)?+
    | (?P<word>    [^\W\d_][\w.·‿⁀-]*+ )? (?P<local> : (?:[\w.:·‿⁀-]|%[0-9A-Fa-f]{2}|\\.)*+ )
    | _:[\w.·‿⁀-]*+
    | (?P<bare>    [^\W\d_][\w.·‿⁀-]*+ )
    | (?P<open>    [({\[] )
    | (?P<close>   [)}\]] )
    """,
    re.VERBOSE | re.DOTALL,
)
_REST = {
    "'": re.compile(r"(?:[^'\\\n\r]|\\[^\n\r])*+'"),
    '"': re.compile(r'(?:[^"\\\n\r]|\\[^\n\r])*+"'),
    "'''": re.compile(r"(?:[^'\\]|\\.|'(?!''))*+'{3}", re.DOTALL),
    '"""': re.compile(r'(?:[^"\\]|\\.|"(?!""))*+"""', re.DOTALL),
}
"""What follows an opening quotation mark up to and with the closing one."""
_FROM = re.compile(r"(?<![?$])FROM", re.IGNORECASE)
_PARTS = re.compile(r"[^.·‿⁀-]+")


@dataclass(frozen=True)
class Outline:
    """What a query's text says without being parsed."""

    words: frozenset[str]
    """The bare words in upper case: keywords and function names."""
    form: Form | None
    """None when no query form stands in it: not a query."""
    depth: int
    """The deepest nesting of brackets."""
    services: tuple[str, ...] = ()
    """What stands after each SERVICE: the address when one is written out there, else ""."""
    graphs: tuple[str, ...] = ()
    """The graphs that FROM and FROM NAMED name in full; those named with a prefix are not among them."""
    abridged: bool = False
    """Whether FROM names a graph with a prefix or by a relative address."""

    @property
    def names_dataset(self) -> bool:
        """Whether the query says itself which graphs it reads (FROM)."""
        return "FROM" in self.words

    @property
    def steady(self) -> bool:
        """Whether the same data always give the same answer."""
        return not self.words & _CHANGING

    @property
    def graph(self) -> bool:
        """Whether the answer is RDF rather than a table."""
        return self.form in ("CONSTRUCT", "DESCRIBE")


def outline(query: str, nesting: int | None = None) -> Outline:
    """The outline of ``query``; any text has one. It ends where brackets stand deeper than ``nesting``."""
    words: list[str] = []
    services: list[str] = []
    graphs: list[str] = []
    depth = deepest = 0
    after = ""
    for kind, text in _tokens(query):
        if after and not (kind == "word" and text.upper() in ("SILENT", "NAMED")):
            named = services if after == "SERVICE" else graphs
            named.append(text[1:-1] if kind == "iri" else "")
            after = ""
        if kind == "word":
            words.append(text.upper())
            after = words[-1] if words[-1] in ("SERVICE", "FROM") else after
        elif kind == "open":
            depth += 1
            deepest = max(deepest, depth)
            if nesting is not None and depth > nesting:
                break
        elif kind == "close":
            depth -= 1
    form = next((known for word in words for known in FORMS if word == known), None)
    if after == "SERVICE":
        services.append("")
    abridged = any(":" not in graph for graph in graphs) or after == "FROM"
    return Outline(frozenset(words), form, deepest, tuple(services), tuple(filter(None, graphs)), abridged)


@lru_cache(maxsize=256)
def names_dataset(query: str) -> bool:
    """Whether ``query`` says itself which graphs it reads (FROM)."""
    # Most queries do not have the letters but in a variable; to look for these takes no time.
    return bool(_FROM.search(query)) and outline(query).names_dataset


def check(query: str, length: int, nesting: int, services: Collection[str] = ()) -> Outline:
    """The outline of ``query`` if it may be handed to a worker.

    Raises QueryTooLarge (more than ``length`` characters, brackets deeper than ``nesting``) or
    QueryForbidden (an update, SERVICE with anything but one of ``services`` written out).
    """
    if len(query) > length:
        raise QueryTooLarge(what=phrase("characters", number=len(query)), allowed=length)
    found = outline(query, nesting)
    if found.depth > nesting:
        raise QueryTooLarge(what=phrase("brackets", number=nesting), allowed=nesting)
    forbidden = found.words & UPDATES
    # An escaped letter could hide another SERVICE behind one that is allowed.
    if not set(found.services) <= set(services) or (found.services and "\\u" in query.lower()):
        forbidden |= {"SERVICE"}
    if forbidden:
        raise QueryForbidden(keyword=min(forbidden))
    return found


def _tokens(query: str) -> Iterator[tuple[str, str]]:
    """The bare words, brackets and IRIs of ``query``, and what else begins a term, in linear time for any text.

    The text after a quotation mark that is never closed is read as code: that refuses more, never less.
    """
    place, unclosed = 0, dict.fromkeys(_REST, -1)
    while match := _TOKEN.search(query, place):
        place, kind = match.end(), match.lastgroup
        if kind == "quote":
            place = _after_string(query, match.group(), place, unclosed)
        elif kind == "bare":
            yield from (("word", part) for part in _PARTS.findall(match.group()))
        elif kind in ("open", "close", "iri"):
            yield kind, match.group()


def _after_string(query: str, quote: str, place: int, unclosed: dict[str, int]) -> int:
    """Where the string opened just before ``place`` ends; ``place`` itself when it is never closed.

    ``unclosed`` keeps for each mark up to where that is known, so that no text is searched twice.
    """
    if place <= unclosed[quote]:
        return place
    match = _REST[quote].match(query, place)
    if match:
        return match.end()
    line = query.find("\n", place)
    unclosed[quote] = len(query) if len(quote) == 3 or line < 0 else line
    return place
