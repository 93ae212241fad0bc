"""The texts of versions with their places and quotations, and how completely the sources show each kind."""

from collections.abc import Sequence
from dataclasses import dataclass

from publisher.graph.queries import Call
from publisher.graph.store import Row
from publisher.views.chain import Edition
from publisher.views.model import Quotation
from publisher.views.pairing import PlanText
from publisher.views.passages import value
from publisher.views.site import Site, Text

TEXTS, QUOTATIONS, EXTENTS = "pages/version-texts", "pages/version-quotations", "pages/version-extents"
KINDS = (
    *("FieldOfAction", "CrossCuttingTheme", "GuidingPrinciple"),
    *("Goal", "Recommendation", "Measure", "Task", "Offer"),
)
_PLACES = {
    **dict.fromkeys(("inField", "partOfField"), "fields"),
    **dict.fromkeys(("partOfGoal", "servesGoal"), "parents"),
    "goalLevel": "levels",
    **dict.fromkeys(("taskOf", "offeredBy"), "holders"),
}


@dataclass(frozen=True)
class Extent:
    """How much of a kind of texts the source of a version shows.

    ``iri`` is the extent of the list, or of the whole source where the kind has no list of its own ("" when unknown).
    """

    iri: str
    complete: bool
    note: str = ""


def calls(editions: Sequence[Edition]) -> tuple[Call, ...]:
    """The queries behind the texts of ``editions``."""
    values = {"version": tuple(edition.iri for edition in editions)}
    return Call(TEXTS, values), Call(QUOTATIONS, values), Call(EXTENTS, values)


def texts(site: Site, editions: Sequence[Edition]) -> dict[str, tuple[PlanText, ...]]:
    """The texts of each of ``editions`` by its IRI, by kind and in the order of the source."""
    asked, quoting, _ = calls(editions)
    rows: dict[str, list[Row]] = {}
    for row in site.select(asked.name, **asked.values):
        rows.setdefault(row["text"].value, []).append(row)
    quoted: dict[str, Row] = {}
    for row in site.select(quoting.name, **quoting.values):
        iri = row["text"].value
        # The quotation of the wording itself rather than one that proves something beside it.
        if iri not in quoted or row["exact"].value == value(rows[iri][0], "wording") != quoted[iri]["exact"].value:
            quoted[iri] = row
    places = {site.ns(name): where for name, where in _PLACES.items()}
    found: dict[str, list[PlanText]] = {edition.iri: [] for edition in editions}
    for iri, about in rows.items():
        found[about[0]["version"].value].append(_text(site, about, places, quoted.get(iri)))
    return {version: tuple(held) for version, held in found.items()}


def extents(site: Site, editions: Sequence[Edition]) -> dict[tuple[str, str], Extent]:
    """How completely each version shows each kind, by the IRIs of both."""
    complete, full = site.ns("Complete"), site.ns("FullText")
    asked = calls(editions)[2]
    found = {
        (edition.iri, site.ns(kind)): Extent(coverage, coverage == full)
        for edition in editions
        for coverage in (_coverage(edition, full),)
        for kind in KINDS
    }
    for row in site.select(asked.name, **asked.values):
        extent = row["extent"].value
        found[row["version"].value, row["kind"].value] = Extent(extent, extent == complete, value(row, "note"))
    return found


def _coverage(edition: Edition, full: str) -> str:
    """How much the fullest source of ``edition`` shows."""
    coverages = [source.coverage for source in edition.sources]
    return full if full in coverages else next(iter(coverages), "")


def _text(site: Site, rows: list[Row], places: dict[str, str], quoted: Row | None) -> PlanText:
    row, wording = rows[0], value(rows[0], "wording")
    where: dict[str, set[str]] = {name: set() for name in places.values()}
    for place in rows:
        if "relation" in place:
            where[places[place["relation"].value]].add(place["place"].value)
    return PlanText(
        iri=row["text"].value,
        kind=row["kind"].value,
        wording=wording,
        label=Text(wording) if wording else site.label(row["text"].value, "de"),
        order=int(value(row, "order") or 0),
        notation=value(row, "notation"),
        quotation=_quotation(quoted) if quoted else None,
        **{name: frozenset(found) for name, found in where.items()},
    )


def _quotation(row: Row) -> Quotation:
    exact, document = row["exact"].value, row["document"].value
    return Quotation(row["evidence"].value, exact, int(row["line"].value), document)
