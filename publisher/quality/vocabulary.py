"""Terms and nodes: everything of ours that is used exists, and a county speaks only of itself."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

from pyoxigraph import BlankNode, NamedNode, Quad

from publisher.core.messages import phrase
from publisher.core.terms import CANONICAL_BASE, COUNTY, GRAPH, shorten
from publisher.quality import rules
from publisher.quality.findings import Finding
from publisher.quality.locate import Locator
from publisher.quality.rules import found

_COUNTY = re.compile(re.escape(COUNTY) + r"(\d{5})/")


def check(ags: str, quads: list[Quad], known: set[str], locator: Locator) -> list[Finding]:
    """Unknown terms and foreign subjects in a county's statements.

    ``known`` are the IRIs of ours that the common graphs describe.
    """
    own = subjects(quads)
    unknown = sorted(iri for iri in _used(quads) if iri not in known and iri not in own)
    return [*(_unknown(ags, iri, known | own, locator) for iri in unknown), *_foreign(ags, own, locator)]


def blank(ags: str, quads: list[Quad], locator: Locator) -> list[Finding]:
    """Nodes without an IRI, told by the subject that refers to them."""
    holders = {
        quad.subject.value
        for quad in quads
        if isinstance(quad.object, BlankNode) and isinstance(quad.subject, NamedNode)
    }
    if not holders and any(isinstance(quad.subject, BlankNode) for quad in quads):
        return [found(rules.BLANK_NODE, ags, GRAPH + ags, locator.nameless())]
    return [found(rules.BLANK_NODE, ags, node, locator.find(node)) for node in sorted(holders)]


def belongs(iri: str, ags: str) -> bool:
    """Whether ``iri`` is one of the county's own: its graph, or something below the county."""
    return iri.startswith(f"{COUNTY}{ags}/") or iri == GRAPH + ags


def subjects(quads: Iterable[Quad]) -> set[str]:
    """The IRIs described in ``quads``."""
    return {quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)}


def _used(quads: list[Quad]) -> set[str]:
    used = {quad.predicate.value for quad in quads}
    used |= {quad.object.value for quad in quads if isinstance(quad.object, NamedNode)}
    return {iri for iri in used if iri.startswith(CANONICAL_BASE)}


def _unknown(ags: str, iri: str, known: set[str], locator: Locator) -> Finding:
    where = locator.mention(iri)
    if (county := _COUNTY.match(iri)) and county[1] != ags:
        return found(rules.FOREIGN_TERM, ags, iri, where, term=shorten(iri), other=county[1])
    close = get_close_matches(iri, known, n=1, cutoff=0.8)
    hint = phrase("perhaps", term=shorten(close[0])) if close else ""
    return found(rules.UNKNOWN_TERM, ags, iri, where, term=shorten(iri), hint=hint)


def _foreign(ags: str, own: set[str], locator: Locator) -> list[Finding]:
    """A finding for each foreign subject; one for all of them where the whole folder is another county's."""
    counties = {match[1] for iri in own if (match := _COUNTY.match(iri))}
    if len(counties) == 1 and ags not in counties:
        (other,) = counties
        first = min(iri for iri in own if iri.startswith(COUNTY))
        return [found(rules.WRONG_FOLDER, ags, GRAPH + ags, locator.find(first), other=other)]
    foreign = sorted(iri for iri in own if not belongs(iri, ags))
    return [found(rules.FOREIGN_SUBJECT, ags, iri, locator.find(iri), term=shorten(iri)) for iri in foreign]
