"""The breadcrumb of a thing: start, counties, its county, its version, itself."""

from publisher.views.site import Text
from publisher.web.frame import Crumb, Visit


def trail(visit: Visit, iri: str, label: Text | str) -> tuple[Crumb, ...]:
    """The steps that lead to ``iri``, the last one without an address."""
    start = Crumb(visit.gettext("Start"), visit.href("/"))
    county = visit.site.county_of(iri)
    if not county:
        return start, Crumb(label)
    steps = [start, Crumb(visit.gettext("Landkreise"), visit.href("/kreise"))]
    if iri != county:
        steps.append(Crumb(visit.label(county), visit.page(county)))
    version = visit.site.value(iri, "version") or visit.site.value(iri, "describes")
    if version:
        steps.append(Crumb(visit.label(version), visit.page(version)))
    return *steps, Crumb(label)
