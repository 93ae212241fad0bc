"""The page of everything that has no page of its own: what it is called, what kind it is, all it says."""

from publisher.web.frame import Crumb, Page, Visit


def document(visit: Visit, iri: str) -> Page:
    """The page about ``iri``."""
    label = visit.label(iri)
    return Page("generic.html", label, iri, crumbs=(Crumb(visit.gettext("Start"), visit.href("/")), Crumb(label)))
