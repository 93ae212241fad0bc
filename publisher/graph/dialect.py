"""What Virtuoso 7 writes and reads otherwise than others, put right on the way in and out; see docs/engines.md.

Every row of its JSON and every triple of its N-Triples stands in a line of its own, and a quotation mark within a text
is escaped in both: so a mark outside of texts is told by the quotation marks around it.
"""

import re
from collections.abc import Callable
from typing import Protocol

from publisher.core.refusals import EngineCannot
from publisher.core.terms import PREFIXES, XSD

KEPT = "urn:kreisgraph:literal:"
"""Stands before the datatypes whose literals the server would change: it knows nothing of them then."""
CHANGED = (PREFIXES["geo"] + "wktLiteral",)
"""It keeps points in single precision and gives them another datatype."""

_BOOLEAN = re.escape(f"{XSD}boolean").encode()
_JSON_KEPT = f'"datatype": "{KEPT}'.encode()
_JSON_BLANK = b'"bnode", "value": "nodeID://'
_JSON_BOOLEAN = re.compile(rb'("datatype": "' + _BOOLEAN + rb'", "value": ")([01])"')
_NT_BOOLEAN = re.compile(rb'"([01])"(\^\^<' + _BOOLEAN + rb">)")
_TRUTH = {b"0": b"false", b"1": b"true"}
_COMPUTED = re.compile(
    r"(?:EXISTS\s*\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|\b(?:true|false)\b)\s+AS\s+[?$](\w+)", re.IGNORECASE
)
"""A variable whose value is true or false, by what it is made of; given out as the numbers 1 and 0."""
_TEXTS = re.compile(r"""#[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|<[^<>\s]*>""")
_FIRST = r"(\{{\s*(?:#[^\n]*\n\s*)*)VALUES\s+([?$]{name})\s*\{{\s*(<[^<>\s]*>|\w*:[\w/.-]*)\s*\}}"
"""VALUES of one IRI at the start of a pattern, where BIND is the same."""
_NAMED = re.compile(rf"(?P<kept>(?!<){_TEXTS.pattern})|\bFROM\s+(?:NAMED\s+)?<[^<>\s]*>", re.IGNORECASE)
_GIVEN = re.compile(r"\bVALUES\s*\(?\s*[?$](\w+)", re.IGNORECASE)
_EMPTY_PATH = r"[?$]{name}\s+[^.;{{}}?$]*[\w)>][*?](?=[\s/|)^])"
_PIECE = 1 << 16

Mend = Callable[[bytes], bytes]


class Readable(Protocol):
    """Bytes that come piece by piece."""

    def read(self, amount: int) -> bytes:
        """The next bytes; none at the end."""


def written(lines: bytes) -> bytes:
    """N-Triples as the server is given them."""
    for datatype in CHANGED:
        lines = lines.replace(f'"^^<{datatype}>'.encode(), f'"^^<{KEPT}{datatype}>'.encode())
    return lines


def asked(query: str) -> str:
    """``query`` as the server understands it; raises EngineCannot for what it answers wrongly.

    A path that may have no step starts, for a variable from VALUES, from every thing there is.
    """
    bare = _TEXTS.sub("<>", query)
    for name in _GIVEN.findall(bare):
        if re.search(_EMPTY_PATH.format(name=re.escape(name)), bare):
            query, several = re.subn(
                _FIRST.format(name=re.escape(name)), r"\1BIND(\3 AS \2)", query, flags=re.IGNORECASE
            )
            if several != 1:
                raise EngineCannot(reason=f"Virtuoso: VALUES ?{name}, ?{name} …* / ?{name} …?")
    return query


def over(query: str) -> str:
    """``query`` without the graphs that it names itself: those of the protocol count, which the server adds to them."""
    return _NAMED.sub(lambda found: found[0] if found["kept"] else " ", query)


def table(query: str) -> Mend:
    """What puts the rows of ``query`` right."""
    names = [name.encode() for name in _COMPUTED.findall(query)]
    computed = rb'("(?:%s)": \{ "type": "typed-literal", "datatype": "%s' % (b"|".join(names), XSD.encode())
    number = re.compile(computed + rb'integer", "value": ")([01])"') if names else None

    def mend(line: bytes) -> bytes:
        if number:
            line = number.sub(
                lambda m: m[1].replace(b"#integer", b"#boolean") + _TRUTH[m[2]] + b'"',
                line,
            )
        line = _JSON_BOOLEAN.sub(lambda m: m[1] + _TRUTH[m[2]] + b'"', line)
        return line.replace(_JSON_BLANK, b'"bnode", "value": "').replace(_JSON_KEPT, b'"datatype": "')

    return mend


def triples(line: bytes) -> bytes:
    """Puts triples right."""
    line = _NT_BOOLEAN.sub(lambda m: b'"' + _TRUTH[m[1]] + b'"' + m[2], line)
    return line.replace(f'"^^<{KEPT}'.encode(), b'"^^<')


class Mended:
    """What is read from ``source``, each line put right."""

    def __init__(self, source: Readable, mend: Mend) -> None:
        self._source, self._mend = source, mend
        self._rest, self._ready, self._ended = b"", b"", False

    def read(self, amount: int = _PIECE) -> bytes:
        """At most ``amount`` bytes; none at the end."""
        while not self._ready and not self._ended:
            piece = self._source.read(_PIECE)
            self._ended = not piece
            whole, mark, self._rest = (self._rest + piece).rpartition(b"\n")
            if self._ended:
                whole, self._rest = whole + mark + self._rest, b""
            self._ready = self._mend(whole + (b"" if self._ended else mark))
        given, self._ready = self._ready[:amount], self._ready[amount:]
        return given
