"""The texts of other counties that are like a text, and why: as the build computed it, no source says so."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from itertools import product

from publisher.language.fit import fit
from publisher.language.words import WORD, fold
from publisher.views.model import Alike, Similar
from publisher.views.nearby import Nearby, nearby, referring
from publisher.views.passages import value
from publisher.views.site import Site

SIMILAR = "pages/similar"
SHOWN = 5
"""How many are shown with their wording; the others only by name."""


def similar(site: Site, iri: str) -> Similar:
    """The texts of other counties that are like ``iri``."""
    words: dict[str, dict[str, None]] = {}
    concepts: dict[str, dict[str, None]] = {}
    for _, other, word, concept in rows(site, iri):
        for found, shared in ((words, word), (concepts, concept)):
            held = found.setdefault(other, {})
            if shared:
                held[shared] = None
    alike = [Alike(other, site.county_of(other), tuple(words[other]), tuple(concepts[other])) for other in words]
    first = tuple(_worded(site, one) for one in alike[:SHOWN])
    return Similar(first, tuple(alike[SHOWN:]))


def rows(site: Site, iri: str) -> Iterable[tuple[str, str, str, str]]:
    """The rows of the query SIMILAR in its order: score, other text, shared word, shared concept; "" for none."""
    found = site.lately(referring, iri)
    if found is None:
        asked = site.select(SIMILAR, iri=iri)
        return ((value(row, "score"), value(row, "other"), value(row, "word"), value(row, "concept")) for row in asked)
    near, between = site.lately(nearby, iri), site.ns("between")
    pairs = dict.fromkeys(one for one, name in found if name == between)
    rows = {row for pair in pairs for row in _shared(near, pair, iri)}
    return sorted(rows, key=lambda row: (-Decimal(row[0]), *row[1:]))


def _shared(near: Nearby, pair: str, iri: str) -> Iterator[tuple[str, str, str, str]]:
    """What two texts share, as rows."""
    others = [other for other in near.iris(pair, "between") if other != iri]
    shared = [(word, "") for word in near.texts(pair, "sharedWord")]
    shared += [("", concept) for concept in near.texts(pair, "sharedConcept")]
    for score, other, (word, concept) in product(near.texts(pair, "score"), others, shared):
        yield score, other, word, concept


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
        if any(_fits(word, match[0]) for word in wanted):
            pieces += [(text[at : match.start()], False), (match[0], True)]
            at = match.end()
    return tuple(piece for piece in (*pieces, (text[at:], False)) if piece[0])


@lru_cache(1 << 14)
def _fits(wanted: str, word: str) -> bool:
    """Whether a word of a text fits the folded ``wanted``; texts share the same words again and again."""
    return fit(wanted, fold(word)) > 0
