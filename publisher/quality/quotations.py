"""The quotation check: every oa:exact stands in its source document, at its line, once or pinned down."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from publisher.core.errors import SourceError
from publisher.graph.queries import Queries
from publisher.graph.sources import CountySource, read_text
from publisher.graph.store import Dataset, Row
from publisher.quality import rules
from publisher.quality.document import Document, Place
from publisher.quality.findings import Finding
from publisher.quality.rules import found

_TOO_LONG = 10


@dataclass(frozen=True)
class Quotation:
    """One quotation as the data state it; ``node`` is the element it belongs to, ``line`` 0 when none is stated."""

    node: str
    document: str
    line: int
    exact: str
    prefix: str
    suffix: str


@dataclass(frozen=True)
class Read:
    """The source documents of a county by IRI, what is wrong with their files, and all its quotations."""

    documents: Mapping[str, Document]
    findings: Sequence[Finding]
    quotations: Sequence[Quotation]


def read(dataset: Dataset, queries: Queries, county: CountySource) -> Read:
    """What the county whose statements are in ``dataset`` quotes, and from where."""
    return Read(*documents(dataset, queries, county), quotations(dataset, queries))


def quotations(dataset: Dataset, queries: Queries) -> list[Quotation]:
    """All quotations of the statements in ``dataset``."""
    return [_quotation(row) for row in queries.select(dataset, "checks/quotations")]


def documents(dataset: Dataset, queries: Queries, county: CountySource) -> tuple[dict[str, Document], list[Finding]]:
    """The source documents named in the data (by their IRI) and what is wrong with their files."""
    held: dict[str, Document] = {}
    findings: list[Finding] = []
    for row in queries.select(dataset, "checks/documents"):
        iri, name, given = row["document"].value, row["file"].value, row["sha256"].value
        path = county.document(name)
        facts = {"document": name, "folder": county.folder.name}
        if path.name != name or path.suffix != ".txt":
            findings.append(found(rules.DOCUMENT_NAME, county.ags, iri, **facts))
        elif not path.is_file():
            findings.append(found(rules.DOCUMENT_MISSING, county.ags, iri, **facts))
        else:
            document, wrong = _read(path, county, iri, given)
            held |= {iri: document} if document else {}
            findings += wrong
    return held, findings


def _read(path: Path, county: CountySource, iri: str, sha256: str) -> tuple[Document | None, list[Finding]]:
    """The document ``iri`` in ``path``, None when there is no text in it; and what is wrong with it."""
    try:
        text = read_text(path)
    except SourceError as error:
        return None, [found(rules.DOCUMENT_ENCODING, county.ags, iri, what=error.about(path.name))]
    if not text.strip():
        return None, [found(rules.DOCUMENT_EMPTY, county.ags, iri, document=path.name)]
    actual = hashlib.sha256(path.read_bytes()).hexdigest()
    facts = {"document": path.name, "found": actual, "given": sha256}
    return Document(path.name, text), [found(rules.DOCUMENT_HASH, county.ags, iri, **facts)] if actual != sha256 else []


def check(ags: str, read: Read) -> list[Finding]:
    """Everything that is wrong with the quotations and source documents of the county ``ags``."""
    findings = list(read.findings)
    for quotation in read.quotations:
        if document := read.documents.get(quotation.document):
            findings.extend(_check(quotation, document, ags))
    return findings


def line_number(text: str) -> int:
    """The line number in ``text``; 0 where it is none, which the shapes report."""
    return int(text) if text.isdecimal() and len(text) < _TOO_LONG else 0


def place(quotation: Quotation, document: Document) -> Place | None:
    """The one place the quotation means; None when there is none or more than one."""
    fitting = [p for p in document.places(quotation.exact) if document.fits(p, quotation.prefix, quotation.suffix)]
    return fitting[0] if len(fitting) == 1 else None


def _check(quotation: Quotation, document: Document, part: str) -> Iterator[Finding]:
    facts = {"exact": quotation.exact, "document": document.name}
    places = document.places(quotation.exact)
    fitting = [p for p in places if document.fits(p, quotation.prefix, quotation.suffix)]
    lines = ", ".join(str(p.line) for p in fitting or places)
    if not places:
        near, line = document.nearest(quotation.exact)
        yield found(rules.QUOTE_MISSING, part, quotation.node, near=near, near_line=line, **facts)
    elif not fitting:
        yield found(rules.QUOTE_CONTEXT, part, quotation.node, lines=lines, **facts)
    elif len(fitting) > 1:
        yield found(rules.QUOTE_AMBIGUOUS, part, quotation.node, lines=lines, **facts)
    elif fitting[0].line != quotation.line:
        facts = {**facts, "found": str(fitting[0].line), "given": str(quotation.line or "–")}
        yield found(rules.QUOTE_LINE, part, quotation.node, **facts)


def _quotation(row: Row) -> Quotation:
    values = {name: term.value for name, term in row.items()}
    return Quotation(
        node=values["element"],
        document=values["document"],
        line=line_number(values.get("line", "")),
        exact=values["exact"],
        prefix=values.get("prefix", ""),
        suffix=values.get("suffix", ""),
    )
