"""Versions of a concept: which counties have several, and what changed from one version to another."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from publisher.core.messages import phrase
from publisher.core.refusals import BadRequest, NotFound
from publisher.views import chain as chains
from publisher.views import revision as view
from publisher.views.chain import Chain, Edition
from publisher.views.revision import Revision, Row, Section
from publisher.web import takeaway
from publisher.web.frame import Frame, Page, Visit
from publisher.web.takeaway import Takeaway

PATH = "/fassungen"
SECTION = "/kreise"
KINDS = {
    "felder": "FieldOfAction",
    "themen": "CrossCuttingTheme",
    "leitlinien": "GuidingPrinciple",
    "ziele": "Goal",
    "empfehlungen": "Recommendation",
    "massnahmen": "Measure",
    "aufgaben": "Task",
    "angebote": "Offer",
}
"""The kinds of texts as addresses name them."""
KEPT = 32
"""How many comparisons a process remembers."""
Compare = Callable[[Edition, Edition], Revision]
WHOLE, SAMPLE, PAGE = 200, 25, 150
"""So many rows stand on one page; of more, so many of each kind, and of one kind so many a page."""


@dataclass(frozen=True)
class Part:
    """What is shown of one kind: its rows by change, and how many pages of them there are."""

    key: str
    section: Section
    groups: tuple[tuple[str, tuple[Row, ...]], ...]
    page: int = 1
    pages: int = 1

    @property
    def hidden(self) -> int:
        """How many rows are not on this page."""
        return len(self.section.rows) - sum(len(rows) for _, rows in self.groups)


@dataclass(frozen=True)
class Shown:
    """What the page shows: the versions to choose from, the two chosen, and what changed between them."""

    county: str
    chain: Chain
    old: Edition | None
    new: Edition | None
    found: Revision | None = None
    sections: tuple[tuple[str, Section], ...] = ()
    """Everything of each kind, by the name of the kind in addresses."""
    parts: tuple[Part, ...] = ()
    """What of it stands on this page."""
    only: str = ""
    """The one kind shown, as addresses name it."""

    @property
    def values(self) -> dict[str, str]:
        """The two versions as parameters of an address."""
        both = {"alt": self.old, "neu": self.new}
        return {name: edition.key for name, edition in both.items() if edition}

    @property
    def backwards(self) -> bool:
        """Whether the version called old stands after the other."""
        order = self.chain.editions
        return self.old is not None and self.new is not None and order.index(self.old) > order.index(self.new)


def router(frame: Frame) -> APIRouter:
    """The routes of the comparison of versions."""
    routes = APIRouter()
    # A reader asks for the same comparison again: in the other language, for the next page, for the workbook.
    compare = lru_cache(maxsize=KEPT)(partial(view.revision, frame.site))
    frame.register(routes, PATH, partial(_page, compare))
    takeaway.register(frame, routes, PATH, partial(_takeaway, compare))
    return routes


def _page(compare: Compare, visit: Visit) -> Page | Response:
    if not any(visit.one(name) for name in ("alt", "neu", "kreis")):
        return _overview(visit)
    shown = _cut(visit, _shown(compare, visit))
    given = {name: visit.one(name) for name in ("alt", "neu") if visit.one(name)}
    if shown.found and given != shown.values:
        # The address to hand on names both versions.
        return RedirectResponse(visit.href(PATH, **shown.values), 303)
    calls = view.calls(shown.old, shown.new) if shown.found and shown.old and shown.new else ()
    return Page("revision.html", shown, calls or (chains.call(shown.county),), SECTION)


def _overview(visit: Visit) -> Page:
    return Page("revisions.html", chains.several(visit.site), (chains.SEVERAL,), SECTION)


def _shown(compare: Compare, visit: Visit) -> Shown:
    """The two versions asked for; one that is not named is the neighbour of the other in the chain.

    Raises BadRequest for a version that there is not, and for two versions of different concepts.
    """
    old, new = visit.one("alt"), visit.one("neu")
    county = visit.site.id("kreis/" + ((old or new).partition("/")[0] or visit.one("kreis")))
    found = chains.chains(visit.site, county) if visit.site.known(county) else ()
    chain = next((chain for chain in found if {old, new} & {e.key for e in chain.editions}), None)
    if not (old or new):
        chain = max(found, key=lambda chain: (len(chain.held), len(chain.editions)), default=None)
    if not chain:
        allowed = ", ".join(e.key for c in found for e in c.editions) or phrase("a-version")
        name = next((name for name in ("alt", "neu", "kreis") if visit.one(name)), "neu")
        raise BadRequest(name=name, value=visit.one(name), allowed=allowed)
    first, second = _both(chain, _named(chain, "alt", old), _named(chain, "neu", new))
    shown = Shown(county, chain, first, second)
    if not (first and second and first.held and second.held and first != second):
        return shown
    revision = compare(first, second)
    named = {section.kind: section for section in revision.sections}
    kinds = ((key, named.get(visit.site.ns(kind))) for key, kind in KINDS.items())
    sections = tuple((key, section) for key, section in kinds if section)
    whole = tuple(_part(key, section, 1, 1, len(section.rows)) for key, section in sections)
    return replace(shown, found=revision, sections=sections, parts=whole)


def _named(chain: Chain, name: str, key: str) -> Edition | None:
    named = next((edition for edition in chain.editions if edition.key == key), None)
    if key and not named:
        raise BadRequest(name=name, value=key, allowed=", ".join(edition.key for edition in chain.editions))
    return named


def _both(chain: Chain, old: Edition | None, new: Edition | None) -> tuple[Edition | None, Edition | None]:
    """The pair meant: with one version its neighbour, with none the last two that can be compared."""
    if old and not new:
        return old, next(iter(chain.after(old)), None)
    if new and not old:
        return next(iter(chain.before(new)), None), new
    if not (old or new):
        # Where none can be compared, the page says of the last two why.
        last = (chain.held if len(chain.held) > 1 else chain.editions)[-2:]
        return (last[0], last[1]) if len(last) > 1 else (None, None)
    return old, new


def _cut(visit: Visit, shown: Shown) -> Shown:
    """``shown`` with as many rows as fit a page: all, or some of each kind, or one page of the kind asked for.

    Raises BadRequest for a kind or a page that there is not.
    """
    sections = dict(shown.sections)
    only = visit.one("art", sections)
    if only:
        pages = max(1, -(-len(sections[only].rows) // PAGE))
        page = int(visit.one("seite", {str(number): None for number in range(1, pages + 1)}) or 1)
        return replace(shown, only=only, parts=(_part(only, sections[only], page, pages, PAGE),))
    if sum(len(section.rows) for section in sections.values()) <= WHOLE:
        return shown
    return replace(shown, parts=tuple(_part(key, section, 1, 1, SAMPLE) for key, section in shown.sections))


def _part(key: str, section: Section, page: int, pages: int, size: int) -> Part:
    ordered = [row for change in view.CHANGES for row in section.of(change)]
    rows = ordered[(page - 1) * size : page * size]
    groups = ((change, tuple(row for row in rows if row.change == change)) for change in view.CHANGES)
    return Part(key, section, tuple((change, found) for change, found in groups if found), page, pages)


def _takeaway(compare: Compare, visit: Visit) -> Takeaway:
    shown = _shown(compare, visit)
    if not (shown.found and shown.old and shown.new):
        raise NotFound(what=visit.path)
    names = f"{shown.old.key}-{shown.new.number}".replace("/", "-")
    things = (text.iri for section in shown.found.sections for row in section.rows for text in row.texts)
    return Takeaway(
        template="tables/revision.html",
        name=f"fassungen-{names}",
        data=shown,
        address=visit.address(PATH, **shown.values),
        queries=view.calls(shown.old, shown.new),
        things=tuple(dict.fromkeys((shown.old.iri, shown.new.iri, *things))),
    )
