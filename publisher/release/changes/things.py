"""Which thing a statement belongs to: a quotation, a mapping or a mention is part of the text it stands with."""

import re
from collections import defaultdict
from collections.abc import Iterable

_PART = re.compile(r"-(?:beleg|zitat|zuordnung|name|nennung|beteiligung)-\d+$")
"""How the IRI of a part ends (docs/modelling.md, section 2)."""


def thing_of(iri: str) -> str:
    """The IRI of the thing that ``iri`` is part of; ``iri`` itself where it is no part."""
    while found := _PART.search(iri):
        iri = iri[: found.start()]
    return iri


def subject(line: bytes) -> str:
    """The IRI of the subject of a line of N-Quads; "" for a blank node."""
    return line[1 : line.index(b">")].decode() if line.startswith(b"<") else ""


def by_thing(lines: Iterable[bytes]) -> dict[str, list[bytes]]:
    """Thing → its lines, those of its parts among them, in the order of ``lines``; things in that of their IRIs."""
    found: dict[str, list[bytes]] = defaultdict(list)
    known: dict[str, str] = {}
    for line in lines:
        iri = subject(line)
        if iri not in known:
            known[iri] = thing_of(iri)
        if iri:
            found[known[iri]].append(line)
    return dict(sorted(found.items()))
