"""The texts of other counties that are like a text, and why: as the build computed it, no source says so."""

from collections.abc import Iterable
from dataclasses import replace

from publisher.language.fit import fit
from publisher.language.words import WORD, fold
from publisher.views.model import Alike, Similar
from publisher.views.nearby import Nearby
from publisher.views.passages import value
from publisher.views.site import Site

SIMILAR = "pages/similar"
SHOWN = 5
"""How many are shown with their wording; the others only by name."""


def similar(site: Site, iri: str) -> Similar:
    """The texts of other counties that are like ``iri``."""
    words: dict[str, dict[str, None]] = {}
    concepts: dict[str, dict[str, None]] = {}
    for row in site.select(SIMILAR, iri=iri):
        other = value(row, "other")
        for found, name in ((words, "word"), (concepts, "concept")):
            held = found.setdefault(other, {})
            if name in row:
                held[value(row, name)] = None
    alike = [Alike(other, site.county_of(other), tuple(words[other]), tuple(concepts[other])) for other in words]
    first = tuple(_worded(site, one) for one in alike[:SHOWN])
    return Similar(first, tuple(alike[SHOWN:]))


def _worded(site: Site, one: Alike) -> Alike:
    text = site.value(one.iri, "text")
    found = Nearby(site).quotations(one.iri)
    whole = next((quotation for quotation in found if quotation.exact == text), found[0] if found else None)
    return replace(one, pieces=marked(text, one.words), quotation=whole)


def marked(text: str, shared: Iterable[str]) -> tuple[tuple[str, bool], ...]:
    """``text`` in pieces: the words that fit one of the ``shared`` ones, and what stands between them."""
    wanted = [fold(word) for word in shared]
    pieces: list[tuple[str, bool]] = []
    at = 0
    for match in WORD.finditer(text):
        if any(fit(word, fold(match[0])) for word in wanted):
            pieces += [(text[at : match.start()], False), (match[0], True)]
            at = match.end()
    return tuple(piece for piece in (*pieces, (text[at:], False)) if piece[0])
