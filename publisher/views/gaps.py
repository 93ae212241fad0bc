"""The gap view: what other counties address and one's own does not, and which kind of silence that is."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from publisher.graph.queries import Call
from publisher.views import columns as counties
from publisher.views import compare, examples, topics
from publisher.views.choice import Doubt, choose
from publisher.views.columns import Column
from publisher.views.examples import Cells
from publisher.views.passages import Passage
from publisher.views.site import Site
from publisher.views.topics import Dimension, Topic

SPREAD = "pages/topic_spread"
MOST = 5
"""How many other counties one's own is held against."""
FEW = 3
"""Fewer neighbours than this are joined by other counties."""
SUGGESTED = 12
EXAMPLES = 3

State = Literal["addressed", "silent", "open", "service_page", "not_covered"]
"""addressed: the source says something; silent: it was at hand in full and says nothing; open: it says nothing, but
only a part of the concept was at hand; service_page: there is no concept, and the page about offers says nothing;
not_covered: no document of the county is in the data."""

Standing = Literal["missing", "only", "shared", "nobody"]
"""Who addresses a topic: only others, only one's own county, it and others, none of them."""

Why = Literal["chosen", "neighbour", "state", "other"]
"""Why another county stands there: the reader chose it, it is a neighbour, is in the same state, or neither."""


@dataclass(frozen=True)
class Request:
    """One's own county, those it is held against (keys or names), and the list of topics."""

    own: str = ""
    others: tuple[str, ...] = ()
    dimension: Dimension = topics.FIELDS


@dataclass(frozen=True)
class Other:
    """Another county, and why it stands there."""

    column: Column
    why: Why


@dataclass(frozen=True)
class Voice:
    """A county that says something on a topic, and in how many texts."""

    column: Column
    texts: int


@dataclass(frozen=True)
class Point:
    """One topic as seen from one's own county, with its narrower topics ``below``."""

    topic: Topic
    state: State
    texts: int
    """How many texts the own source has on it."""
    voices: tuple[Voice, ...] = ()
    """The others that say something."""
    spread: int = 0
    """In how many of all counties in the data the source says something."""
    examples: tuple[Passage, ...] = ()
    """Of the others where they alone speak, of the own county where it alone does."""
    below: tuple["Point", ...] = ()

    @property
    def standing(self) -> Standing:
        """Who addresses the topic."""
        if self.texts:
            return "shared" if self.voices else "only"
        return "missing" if self.voices else "nobody"

    def narrower(self, standing: Standing) -> tuple["Point", ...]:
        """The narrower topics of that standing."""
        return tuple(point for point in self.below if point.standing == standing)


@dataclass(frozen=True)
class Gaps:
    """Everything the page and its files show."""

    request: Request
    own: Column | None = None
    others: tuple[Other, ...] = ()
    points: tuple[Point, ...] = ()
    """Every topic of the list."""
    calls: tuple[Call, ...] = ()
    recorded: int = 0
    suggestions: tuple[Column, ...] = ()
    few: tuple[Column, ...] = ()
    """All counties, while they are few."""
    dropped: tuple[Column, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    """Names of others that are not clear."""
    own_doubts: tuple[Doubt, ...] = ()
    most: int = MOST

    @property
    def asked(self) -> str:
        """The other counties, as a value for addresses."""
        return ",".join(other.column.ags for other in self.others)

    @property
    def offered(self) -> tuple[Column, ...]:
        """The counties with a box to tick: all others while they are few, else those shown."""
        known = {column.ags: column for column in (*(other.column for other in self.others), *self.few)}
        return tuple(column for column in known.values() if not self.own or column.ags != self.own.ags)

    def standing(self, standing: Standing) -> tuple[Point, ...]:
        """The topics of that standing."""
        return tuple(point for point in self.points if point.standing == standing)

    def finer(self, standing: Standing) -> tuple[Point, ...]:
        """The topics shared with others of which some narrower topic is of that ``standing``."""
        return tuple(point for point in self.standing("shared") if point.narrower(standing))


def gaps(site: Site, request: Request) -> Gaps:
    """The gaps that ``request`` asks for; raises BadRequest for an unknown county."""
    everyone = counties.columns(site)
    mine = choose(site, [request.own] if request.own else [])
    theirs = choose(site, request.others)
    found = Gaps(
        request,
        recorded=len(everyone),
        suggestions=everyone[:SUGGESTED],
        few=everyone if len(everyone) <= SUGGESTED else (),
        doubts=theirs.doubts,
        own_doubts=mine.doubts,
    )
    if not mine.columns:
        return found
    own = mine.columns[0]
    wanted = tuple(Other(column, "chosen") for column in theirs.columns if column.ags != own.ags)
    others = wanted or around(site, own)
    own, *whole = counties.with_lists(site, (own, *(other.column for other in others[:MOST])))
    kept = tuple(replace(other, column=column) for other, column in zip(others, whole, strict=False))
    dropped = tuple(other.column for other in others[MOST:])
    return _filled(site, replace(found, others=kept, dropped=dropped), own)


def around(site: Site, own: Column) -> tuple[Other, ...]:
    """The counties to hold ``own`` against when none is chosen: its neighbours in the data; where these are few, some
    of the same state as well, then any."""
    known = counties.by_key(site)
    near = [known[place.ags] for place in counties.neighbours(site, own) if place.ags in known]
    found = {column.ags: Other(column, "neighbour") for column in near[:MOST]}
    for column in sorted(counties.columns(site), key=lambda column: column.state != own.state):
        if len(found) < FEW and column.ags != own.ags:
            found.setdefault(column.ags, Other(column, "state" if column.state == own.state else "other"))
    return tuple(found.values())


def spread(site: Site, dimension: Dimension) -> Mapping[str, int]:
    """In how many of all counties the source says something, for each topic of ``dimension``; made once."""
    return site.once(speaking, dimension)


def spread_call(site: Site, dimension: Dimension) -> Call:
    """The query that gives ``spread``."""
    return Call(SPREAD, {"scheme": (site.dataset.own(dimension.scheme),)})


def speaking(site: Site, dimension: Dimension) -> Counter[str]:
    """The number of counties for each topic of ``dimension``; those of several parts of the data add up."""
    call = spread_call(site, dimension)
    return Counter({row["topic"].value: int(row["counties"].value) for row in site.select(call.name, **call.values)})


def state(site: Site, column: Column, texts: int) -> State:
    """What it means that the source of ``column`` has so many ``texts`` on a topic."""
    if not column.modelled:
        return "not_covered"
    if texts:
        return "addressed"
    if not column.has_concept:
        return "service_page"
    return "open" if column.partial(site) else "silent"


def _filled(site: Site, found: Gaps, own: Column) -> Gaps:
    dimension = found.request.dimension
    shown = (own, *(other.column for other in found.others))
    call = compare.cells_call(site, shown, dimension)
    cells = examples.cells(site, call)
    look = _Look(site, own, tuple(other.column for other in found.others), cells, spread(site, dimension))
    points = tuple(look.point(topic) for topic in topics.topics(site, dimension))
    chosen = {point.topic.iri: look.chosen(point) for point in _exemplary(points)}
    asked = examples.call(cell for several in chosen.values() for cell in several)
    texts = examples.read(site, asked)
    told = {iri: tuple(texts[cell] for cell in several if cell in texts) for iri, several in chosen.items()}
    calls = (call, spread_call(site, dimension), counties.lists_call(shown), dimension.call(site))
    return replace(
        found,
        own=own,
        points=tuple(_told(point, told) for point in points),
        calls=(*calls, asked) if texts else calls,
    )


@dataclass(frozen=True)
class _Look:
    """What is looked at: one's own county, the others, their cells, in how many counties each topic is addressed."""

    site: Site
    own: Column
    others: tuple[Column, ...]
    cells: Cells
    spread: Mapping[str, int]

    def point(self, topic: Topic) -> Point:
        """``topic`` as seen from the own county."""
        texts = self._texts(self.own, topic)
        voices = tuple(Voice(column, number) for column in self.others if (number := self._texts(column, topic)))
        below = tuple(self.point(narrow) for narrow in topic.narrower)
        known = self.spread.get(topic.iri, 0)
        return Point(topic, state(self.site, self.own, texts), texts, voices, known, below=below)

    def chosen(self, point: Point) -> tuple[str, ...]:
        """The cells that examples for ``point`` are taken from."""
        speaking = [self.own.iri] if point.texts else [voice.column.iri for voice in point.voices]
        return examples.choose(self.cells, point.topic.iri, speaking, EXAMPLES)

    def _texts(self, column: Column, topic: Topic) -> int:
        return sum(cell.texts for cell in self.cells.get((column.iri, topic.iri), ()))


def _exemplary(points: tuple[Point, ...]) -> Iterator[Point]:
    """The topics that are shown with examples: addressed on one side only, at the broadest level where that is so."""
    for point in points:
        if point.standing in ("missing", "only"):
            yield point
        elif point.standing == "shared":
            yield from (low for low in point.below if low.standing in ("missing", "only"))


def _told(point: Point, told: Mapping[str, tuple[Passage, ...]]) -> Point:
    below = tuple(_told(low, told) for low in point.below)
    return replace(point, examples=told.get(point.topic.iri, ()), below=below)
