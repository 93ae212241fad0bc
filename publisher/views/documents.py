"""The documents of several counties as facts side by side: type, status, decision, how much of it was at hand."""

from collections import defaultdict
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from publisher.core.terms import DCT
from publisher.graph.queries import Call
from publisher.graph.store import Row
from publisher.views.columns import Column
from publisher.views.passages import value
from publisher.views.site import Site, Text

QUERY = "pages/compare_documents"
FACTS = ("documentType", "versionStatus", "outcome", "decidedBy", "date", "bindingness", "coverage")
LISTS = ("FieldOfAction", "CrossCuttingTheme", "GuidingPrinciple", "Goal", "Recommendation", "Measure")


@dataclass(frozen=True)
class Fact:
    """One value: an IRI or a text; ``of`` is the version, decision or document it is about."""

    of: str
    iri: str = ""
    text: Text | None = None


@dataclass(frozen=True)
class FactLine:
    """One fact about every county: ``name`` is a property, ``of`` a kind of list where the property is listExtent."""

    name: str
    cells: tuple[tuple[Fact, ...], ...]
    of: str = ""


def facts(site: Site, shown: tuple[Column, ...]) -> tuple[tuple[FactLine, ...], Call]:
    """The facts about the documents of ``shown``, one line a fact, and the query they come from.

    A cell without a fact is a silence of the source; of a county that is not modelled nothing is known.
    """
    call = Call(QUERY, {"county": tuple(column.iri for column in shown)})
    found: dict[tuple[str, str, str], list[Fact]] = defaultdict(list)
    extent = site.ns("listExtent")
    for row in site.select(call.name, **call.values):
        of = value(row, "of") if row["fact"].value == extent else ""
        found[row["county"].value, row["fact"].value, of].append(_fact(row))

    def line(name: str, of: str = "") -> FactLine:
        return FactLine(name, tuple(tuple(found.get((column.iri, name, of), ())) for column in shown), of)

    lines = [line(DCT + "title"), *(line(site.ns(name)) for name in FACTS)]
    return (*lines, *(line(extent, site.ns(kind)) for kind in LISTS)), call


def _fact(row: Row) -> Fact:
    term, of = row["value"], value(row, "of") or row["version"].value
    if isinstance(term, NamedNode):
        return Fact(of, iri=term.value)
    return Fact(of, text=Text(term.value, (term.language if isinstance(term, Literal) else "") or ""))
