"""Terms and nodes: everything of ours that is used exists, and a county speaks only of itself."""

from collections.abc import Iterable
from difflib import get_close_matches

from pyoxigraph import BlankNode, NamedNode, Quad

from publisher.core.terms import CANONICAL_BASE, COUNTY, GRAPH, shorten
from publisher.quality import rules
from publisher.quality.findings import Finding
from publisher.quality.locate import Locator
from publisher.quality.rules import found


def check(ags: str, quads: list[Quad], known: set[str], locator: Locator) -> list[Finding]:
    """Unknown terms, blank nodes and foreign subjects in a county's statements.

    ``known`` are the IRIs of ours that the common graphs describe.
    """
    own = {quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)}
    unknown = sorted(iri for iri in _used(quads) if iri not in known and iri not in own)
    foreign = sorted(iri for iri in own if not iri.startswith(f"{COUNTY}{ags}/") and iri != GRAPH + ags)
    return [
        *(_unknown(ags, iri, known | own, locator) for iri in unknown),
        *(_foreign(ags, iri, locator) for iri in foreign),
        *_blank(ags, quads, locator),
    ]


def subjects(quads: Iterable[Quad]) -> set[str]:
    """The IRIs described in ``quads``."""
    return {quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)}


def _used(quads: list[Quad]) -> set[str]:
    used = {quad.predicate.value for quad in quads}
    used |= {quad.object.value for quad in quads if isinstance(quad.object, NamedNode)}
    return {iri for iri in used if iri.startswith(CANONICAL_BASE)}


def _unknown(ags: str, iri: str, known: set[str], locator: Locator) -> Finding:
    close = get_close_matches(iri, known, n=1, cutoff=0.8)
    hint_de = f" Gemeint ist vielleicht {shorten(close[0])}." if close else ""
    hint_en = f" Perhaps {shorten(close[0])} is meant." if close else ""
    where = locator.mention(iri)
    return found(rules.UNKNOWN_TERM, ags, iri, where, term=shorten(iri), hint_de=hint_de, hint_en=hint_en)


def _foreign(ags: str, iri: str, locator: Locator) -> Finding:
    return found(rules.FOREIGN_SUBJECT, ags, iri, locator.find(iri), term=shorten(iri))


def _blank(ags: str, quads: list[Quad], locator: Locator) -> list[Finding]:
    holders = {
        quad.subject.value
        for quad in quads
        if isinstance(quad.object, BlankNode) and isinstance(quad.subject, NamedNode)
    }
    loose = any(isinstance(quad.subject, BlankNode) for quad in quads)
    nodes = sorted(holders) or (["_:"] if loose else [])
    return [found(rules.BLANK_NODE, ags, node, locator.find(node)) for node in nodes]
