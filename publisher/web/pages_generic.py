"""The page of everything that has no page of its own: goals, measures, bodies, decisions, evidence, list concepts."""

from dataclasses import replace

from publisher.core.terms import lengthen
from publisher.views import thing as view
from publisher.views.similar import SIMILAR, similar
from publisher.web.frame import Page, Visit

_SECTION = "/kreise"


def document(visit: Visit, iri: str) -> Page:
    """The page about ``iri``."""
    if not visit.site.dataset.types(iri) and visit.site.dataset.has_graph(iri):
        return Page("generic.html", section="/daten")
    group = lengthen(visit.one(view.GROUP), visit.site.base)
    found = view.thing(visit.site, iri, visit.language, group, visit.one(view.GROUP_PART) if group else "")
    found = replace(found, similar=visit.site.lately(similar, iri))
    section = _SECTION if found.county else ""
    return Page("thing.html", found, (*view.QUERIES, SIMILAR), section)
