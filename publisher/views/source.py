"""A source document: its text line by line, and beside each line what was taken from it."""

from dataclasses import dataclass

from publisher.core.terms import DCT
from publisher.views.model import Evidence, Item
from publisher.views.nearby import Nearby
from publisher.views.site import Site, Text
from publisher.views.thing import item

QUERIES = ("pages/source-quotations", "pages/source-omitted")


@dataclass(frozen=True)
class Line:
    """A line of the text, the things whose quotation starts on it, and the reasons why something was left out."""

    number: int
    text: str
    items: tuple[Item, ...]
    omitted: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """A source document with its lines; no lines when the release does not hold the text."""

    iri: str
    title: Text
    county: str
    versions: tuple[Item, ...]
    coverage: str
    provenance: Text
    pages: tuple[str, ...]
    file: str
    sha256: str
    lines: tuple[Line, ...]
    evidence: Evidence

    @property
    def filled(self) -> int:
        """The number of lines that are not empty."""
        return sum(1 for line in self.lines if line.text.strip())

    @property
    def used(self) -> int:
        """The number of filled lines on which a quotation starts."""
        return sum(1 for line in self.lines if line.items)


def source(site: Site, iri: str, language: str) -> Source:
    """The source document ``iri`` for a reader of ``language``."""
    file = site.value(iri, "file")
    provenance = {t.language: t.value for t in site.dataset.objects(iri, DCT + "provenance") if hasattr(t, "language")}
    chosen = language if language in provenance else "de"
    return Source(
        iri=iri,
        title=site.label(iri, language),
        county=site.county_of(iri),
        versions=tuple(item(site, value, language) for value in _iris(site, iri, "describes")),
        coverage=site.value(iri, "coverage"),
        provenance=Text(provenance.get(chosen, ""), chosen),
        pages=tuple(_iris(site, iri, "http://xmlns.com/foaf/0.1/page")),
        file=file,
        sha256=site.value(iri, "sha256"),
        lines=_lines(site, iri, file, language),
        evidence=Nearby(site).evidence(iri),
    )


def _lines(site: Site, iri: str, file: str, language: str) -> tuple[Line, ...]:
    ags = site.county_of(iri).rpartition("/")[2]
    try:
        text = site.release.document(ags, file)
    except OSError:
        return ()
    items: dict[int, list[Item]] = {}
    for row in site.select("pages/source-quotations", iri=iri):
        items.setdefault(int(row["line"].value), []).append(item(site, row["element"].value, language))
    omitted: dict[int, list[str]] = {}
    for row in site.select("pages/source-omitted", iri=iri):
        omitted.setdefault(int(row["line"].value), []).append(row["note"].value)
    return tuple(
        Line(number, line, tuple(dict.fromkeys(items.get(number, []))), tuple(omitted.get(number, [])))
        for number, line in enumerate(text.splitlines(), start=1)
    )


def _iris(site: Site, iri: str, name: str) -> list[str]:
    predicate = name if name.startswith("http") else site.ns(name)
    return [str(getattr(term, "value", "")) for term in site.dataset.objects(iri, predicate)]
