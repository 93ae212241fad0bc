"""Which line of a source document became which elements, and what of it no element quotes."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from publisher.graph.queries import Queries
from publisher.graph.sources import CountySource
from publisher.graph.store import Dataset
from publisher.quality import rules
from publisher.quality.document import Document
from publisher.quality.findings import Finding
from publisher.quality.quotations import Quotation, Read, line_number, place, read
from publisher.quality.rules import found

_NUMBERING = re.compile(r"^\W*(?:[IVX]+(?:\.[IVX]+)*\.?|\d+\.)(?=\s|$)")
_LINK = re.compile(r"\]\(\S+\)")
_WORD = re.compile(r"\w")


@dataclass(frozen=True)
class Line:
    """One line with content: its number, its text, the elements that quote of it, what remains, why."""

    number: int
    text: str
    elements: list[str]
    rest: str
    reason: str


@dataclass(frozen=True)
class Coverage:
    """All lines with content of one source document."""

    document: str
    name: str
    lines: list[Line]


def coverage(dataset: Dataset, queries: Queries, county: CountySource) -> list[Coverage]:
    """The coverage of each source document of a county, by the document's IRI."""
    return covered(read(dataset, queries, county), dataset, queries)


def covered(quoted: Read, dataset: Dataset, queries: Queries) -> list[Coverage]:
    """As ``coverage``, from what was read before."""
    return [
        cover(iri, document, quoted.quotations, dataset, queries) for iri, document in sorted(quoted.documents.items())
    ]


def cover(
    iri: str, document: Document, quotations: Iterable[Quotation], dataset: Dataset, queries: Queries
) -> Coverage:
    """The coverage of one source document by ``quotations``; ``dataset`` says which lines are left out and why."""
    quoted = bytearray(document.length)
    quoting: dict[int, set[str]] = defaultdict(set)
    for quotation in quotations:
        if quotation.document == iri and (where := place(quotation, document)):
            quoted[where.start : where.end] = b"\x01" * (where.end - where.start)
            for number in range(where.line, where.last_line + 1):
                quoting[number].add(quotation.node)
    reasons: dict[int, str] = defaultdict(str)
    for row in queries.select(dataset, "checks/omitted_lines"):
        if row["document"].value == iri:
            reasons[line_number(row["line"].value)] += row["note"].value
    numbers = [n for n, text in enumerate(document.lines, 1) if _WORD.search(text)]
    lines = [
        Line(n, document.lines[n - 1].strip(), sorted(quoting[n]), _rest(document, n, quoted), reasons[n])
        for n in numbers
    ]
    return Coverage(iri, document.name, lines)


def check(ags: str, read: Read, dataset: Dataset, queries: Queries) -> list[Finding]:
    """A warning for every line of which something is neither quoted nor explained."""
    return [
        found(rules.LINE_UNCOVERED, ags, part.document, document=part.name, number=line.number, rest=line.rest)
        for part in covered(read, dataset, queries)
        for line in part.lines
        if line.rest and not line.reason
    ]


def _rest(document: Document, number: int, quoted: bytearray) -> str:
    """What of a line no quotation covers, without markup, numbering and link targets; empty when all is quoted."""
    start, end = document.span(number)
    pieces = "".join(
        "\x00" if hidden else letter
        for letter, hidden in zip(document.part(start, end), quoted[start:end], strict=True)
    )
    loose = _NUMBERING.sub("", _LINK.sub("", pieces)).split("\x00")
    return " … ".join(piece.strip() for piece in loose if _WORD.search(piece))
