"""What helps when a search finds little: slips corrected, compounds taken apart, counties and kinds read as such."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

from pyoxigraph import Literal as Term

from publisher.core.bits import members
from publisher.core.terms import SKOS
from publisher.language.fit import EXACT, fit
from publisher.language.spelling import letters
from publisher.language.wanted import Wanted, typed
from publisher.language.words import WORD, fold, words
from publisher.views import places
from publisher.views.search import Found, Request, search
from publisher.views.search_index import Index
from publisher.views.site import Site

Why = Literal["slip", "parts", "county", "kind"]

_LANGUAGES = ("en", "de")
_SURE = (places.How.KEY, places.How.NAME, places.How.WORDS)
_MOST_WORDS = 6
"""Longer queries are not looked through for the name of a county."""
_RELATED = 8


@dataclass(frozen=True)
class Instead:
    """Another request that is probably meant, why, and how many things it finds."""

    why: Why
    request: Request
    total: int
    place: places.Place | None = None
    """The county that was read out of the query, when one was."""


@dataclass(frozen=True)
class Related:
    """A common field that the query names, with its other names that are found somewhere."""

    field: str
    names: tuple[tuple[str, int], ...]


def instead(index: Index, request: Request) -> tuple[Instead, ...]:
    """What may have been meant by a request that finds nothing: every proposal finds something, the likeliest first."""
    known = typed(request.query)
    missing = [word for word in request.wanted.words if not any(index.holding(word))]
    proposals = [*_slips(index, request, known, missing), *_parts(index, request, known, missing)]
    found = (Instead(why, tried, search(index, tried).total) for why, tried in proposals)
    return tuple(one for one in found if one.total)


def narrower(site: Site, index: Index, request: Request) -> Instead | None:
    """The request with the county or the kind that stands among its words as a filter; None when none does."""
    for place, confined in _by_county(site, request) if not request.county else ():
        if total := search(index, confined).total:
            return Instead("county", confined, total, place)
    for kind in _by_kind(site, index, request) if not request.kind else ():
        numbers = dict(search(index, kind).kinds())
        if total := numbers.get(kind.kind, 0):
            return Instead("kind", kind, total)
    return None


def alone(index: Index, request: Request) -> tuple[tuple[str, int], ...]:
    """Each word of the query as typed, with how many things it finds by itself."""
    known = typed(request.query)
    if len(request.wanted.words) < 2:
        return ()
    return tuple(
        (known[word], search(index, replace(request, query=known[word])).total) for word in request.wanted.words
    )


def related(site: Site, found: Found, language: str) -> Related | None:
    """The common field that the query names exactly, with its other names in ``language``; None when it names none."""
    named = next(iter(found.tiers), 0)
    kind = found.index.kind(site.id("feld"))
    field = next((found.index.entries[place].iri for place in members(named & kind.all)), "") if kind else ""
    if not field:
        return None
    names = []
    for name in _names(site, field, language):
        request = replace(found.request, query=name, kind="", page=1)
        other = search(found.index, request)
        # What is found besides the terms themselves: a name that no county uses leads nowhere.
        number = sum(count for iri, count in other.kinds() if iri not in (site.id("feld"), SKOS + "Concept"))
        if number and request.wanted.words != found.request.wanted.words:
            names.append((name, number))
    return Related(field, tuple(names[:_RELATED]))


def _names(site: Site, field: str, language: str) -> list[str]:
    terms = [*site.dataset.objects(field, SKOS + "prefLabel"), *site.dataset.objects(field, SKOS + "altLabel")]
    return [term.value for term in terms if isinstance(term, Term) and term.language == language]


def _slips(index: Index, request: Request, known: dict[str, str], missing: list[str]) -> Iterator[tuple[Why, Request]]:
    """Every missing word replaced by one that looks like it; the other candidates of a single one as well."""
    vocabulary = index.vocabulary
    meant = {word: vocabulary.slips.meant(word) for word in missing}
    if not missing or not all(meant.values()):
        return
    for number in range(max(map(len, meant.values()))):
        changed = {known[word]: vocabulary.written[found[min(number, len(found) - 1)]] for word, found in meant.items()}
        yield "slip", _with(request, changed)


def _parts(index: Index, request: Request, known: dict[str, str], missing: list[str]) -> Iterator[tuple[Why, Request]]:
    """Every missing compound replaced by the two words it is made of."""
    halves = {word: index.vocabulary.halves(word) for word in missing}
    if missing and all(halves.values()):
        written = index.vocabulary.written
        changed = {
            known[word]: " ".join(written.get(part, part) for part in parts) for word, parts in halves.items() if parts
        }
        yield "parts", _with(request, changed)


def _with(request: Request, changed: dict[str, str]) -> Request:
    """``request`` with some of its words replaced, its phrases given up."""
    found = (changed.get(word, word) for word in WORD.findall(request.query))
    return replace(request, query=" ".join(found), page=1)


def _by_county(site: Site, request: Request) -> Iterator[tuple[places.Place, Request]]:
    """The request for each county that some of its words name, the longest name first."""
    found = WORD.findall(request.query)
    if not 1 < len(found) <= _MOST_WORDS or places.one(site, request.query):
        return
    naming = site.once(_naming)
    for start, end in sorted(combinations(range(len(found) + 1), 2), key=lambda cut: cut[0] - cut[1]):
        rest = (*found[:start], *found[end:])
        named = all(naming.issuperset(letters(word)) for word in found[start:end])
        matches = places.find(site, " ".join(found[start:end])) if named and Wanted.parse(" ".join(rest)).words else ()
        if len(matches) == 1 and matches[0].how in _SURE:
            place = matches[0].place
            yield place, replace(request, query=" ".join(rest), county=place.iri, page=1)


def _naming(site: Site) -> frozenset[str]:
    """All words and keys that districts are named by."""
    names = (f"{place.spelling} {place.name} {place.ags} {place.nuts}" for place in places.places(site))
    return frozenset(word for name in names for word in letters(name))


def _by_kind(site: Site, index: Index, request: Request) -> Iterator[Request]:
    """The request for the kind that one of its words names („Ziele Sprache“)."""
    found = WORD.findall(request.query)
    labels = (
        (kind.iri, words(site.label(kind.iri, language).value)) for kind in index.kinds for language in _LANGUAGES
    )
    names = {label[0]: iri for iri, label in labels if len(label) == 1}
    for word in found if len(found) > 1 else ():
        for name, kind in names.items():
            rest = " ".join(other for other in found if other != word)
            if Wanted.parse(rest).words and fit(fold(word), name) == EXACT:
                yield replace(request, query=rest, kind=kind, page=1)
