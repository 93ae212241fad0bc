"""The quotation check: every oa:exact stands in its source document, at its line, once or pinned down."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from publisher.core.errors import SourceError
from publisher.graph.queries import Queries
from publisher.graph.sources import CountySource, read_text
from publisher.graph.store import Dataset, Row
from publisher.quality import rules
from publisher.quality.document import Document, Place
from publisher.quality.findings import Finding
from publisher.quality.rules import found


@dataclass(frozen=True)
class Quotation:
    """One quotation as the data state it; ``node`` is the element it belongs to."""

    node: str
    document: str
    line: int
    exact: str
    prefix: str
    suffix: str


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
        if not path.is_file():
            findings.append(found(rules.DOCUMENT_MISSING, county.ags, iri, document=name, folder=county.folder.name))
            continue
        try:
            held[iri] = Document(name, read_text(path))
        except SourceError as error:
            facts = {"what_de": error.text("de"), "what_en": error.text("en")}
            findings.append(found(rules.DOCUMENT_ENCODING, county.ags, iri, **facts))
        actual = hashlib.sha256(path.read_bytes()).hexdigest()
        if actual != given:
            findings.append(found(rules.DOCUMENT_HASH, county.ags, iri, document=name, found=actual, given=given))
    return held, findings


def check(dataset: Dataset, queries: Queries, county: CountySource) -> list[Finding]:
    """Everything that is wrong with the county's quotations and source documents."""
    held, findings = documents(dataset, queries, county)
    for quotation in quotations(dataset, queries):
        if document := held.get(quotation.document):
            findings.extend(_check(quotation, document, county.ags))
    return findings


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
        facts = {**facts, "found": str(fitting[0].line), "given": str(quotation.line)}
        yield found(rules.QUOTE_LINE, part, quotation.node, **facts)


def _quotation(row: Row) -> Quotation:
    values = {name: term.value for name, term in row.items()}
    return Quotation(
        node=values["element"],
        document=values["document"],
        line=int(values.get("line", "0")),
        exact=values["exact"],
        prefix=values.get("prefix", ""),
        suffix=values.get("suffix", ""),
    )
