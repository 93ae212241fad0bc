"""Which things of a release get files of their own."""

from pyoxigraph import NamedNode

from publisher.core.terms import GRAPH
from publisher.export.options import MOST_THINGS, Parts
from publisher.views.site import Site

PARTS = "pages/export-parts"
_DERIVED = ("comparison", "similar")


def things(site: Site, parts: Parts) -> tuple[frozenset[str], bool]:
    """The names of the things with files of their own (``kreis/12071``), and whether parts of things are among them."""
    own = site.id("")
    found = {iri.removeprefix(own) for iri in site.dataset.graphs() if iri.startswith(own)}
    derived: set[str] = set()
    for graph in site.dataset.graphs():
        subjects = (quad.subject.value for quad in site.dataset.graph(graph) if isinstance(quad.subject, NamedNode))
        names = {iri[len(own) :] for iri in subjects if iri.startswith(own)}
        if graph in {site.dataset.own(GRAPH + name) for name in _DERIVED}:
            derived |= names
        else:
            found |= names
    whole = frozenset(found | derived)
    if parts == "all" or (parts == "auto" and len(whole) <= MOST_THINGS):
        return whole, True
    held = {row["part"].value.removeprefix(own) for row in site.select(PARTS)}
    return frozenset(found - held), False
