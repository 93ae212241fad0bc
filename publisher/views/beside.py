"""Side by side: what a few counties say on one topic, the closest texts in one row, the others below."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from publisher.core.refusals import BadRequest
from publisher.graph.queries import Call
from publisher.views import columns as counties
from publisher.views import passages, topics
from publisher.views.alike import Row, alike
from publisher.views.choice import Choice, Doubt, choose
from publisher.views.columns import Column
from publisher.views.passages import Passage
from publisher.views.site import Site
from publisher.views.topics import Dimension, Topic

COUNTIES = "pages/topic_counties"
MOST = 5
"""How many counties' texts fit side by side."""
ROOM = 100
"""How many texts a page holds; of more, each county's first ones are shown."""
SUGGESTED = 12
_GROUPED = 3
"""With more texts a county than this, those without a counterpart stand in groups."""


@dataclass(frozen=True)
class Request:
    """What a reader wants to see: counties (keys or names), a topic by its short name, texts of one kind or of all."""

    counties: tuple[str, ...] = ()
    dimension: Dimension = topics.FIELDS
    topic: str = ""
    kind: str = ""
    """The last part of a class IRI (``Goal``)."""
    difference: bool = False
    """Whether differences of wording are shown at once."""


@dataclass(frozen=True)
class Group:
    """Texts without a counterpart, of each county some: on a narrower topic, else of one kind, else all ("")."""

    about: str
    cells: tuple[tuple[Passage, ...], ...]


@dataclass(frozen=True)
class Share:
    """What there is of one county: how many texts on the topic, of the kinds asked for, and how many are shown."""

    column: Column
    total: int
    wanted: int
    shown: int


@dataclass(frozen=True)
class Way:
    """The topics around one: the broader, the one before and the one after it in the same list."""

    broader: Topic | None = None
    before: Topic | None = None
    after: Topic | None = None


@dataclass(frozen=True)
class Beside:
    """Everything the page and its files show."""

    request: Request
    columns: tuple[Column, ...] = ()
    topic: Topic | None = None
    way: Way = Way()
    kinds: tuple[tuple[str, int], ...] = ()
    """The kinds of texts there are (class IRIs), and how many of each."""
    shares: tuple[Share, ...] = ()
    names: tuple[tuple[Passage, ...], ...] = ()
    """For each county its own fields and themes of the topic."""
    rows: tuple[Row, ...] = ()
    groups: tuple[Group, ...] = ()
    texts: tuple[tuple[Passage, ...], ...] = ()
    """For each county all its texts of the kinds asked for, shown or not."""
    calls: tuple[Call, ...] = ()
    speaking: tuple[Column, ...] = ()
    """When no county is chosen: those that say something."""
    recorded: int = 0
    few: tuple[Column, ...] = ()
    """All counties, while they are few."""
    dropped: tuple[Column, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    most: int = MOST

    @property
    def asked(self) -> str:
        """The counties shown, as a value for addresses."""
        return ",".join(column.ags for column in self.columns)

    @property
    def offered(self) -> tuple[Column, ...]:
        """The counties with a box to tick: all of them while they are few, else those shown."""
        return tuple({column.ags: column for column in (*self.columns, *self.few)}.values())


def beside(site: Site, request: Request, room: int = ROOM) -> Beside:
    """The texts that ``request`` asks for, at most ``room``; raises BadRequest for what is not known."""
    everyone = counties.columns(site)
    choice = choose(site, request.counties)
    shown = counties.with_lists(site, choice.columns[:MOST]) if choice.columns else ()
    topic = topics.chosen(site, request.dimension, request.topic) if request.topic else None
    if topic and shown:
        return _filled(site, request, choice, shown, topic, room)
    if request.kind:
        _known(site, request.kind)
    speaking, calls = _speaking(site, topic) if topic else ((), ())
    return Beside(
        request,
        shown,
        topic,
        _way(site, request.dimension, topic),
        calls=calls,
        speaking=speaking,
        **_around(everyone, choice),  # type: ignore[arg-type]
    )


def _around(everyone: tuple[Column, ...], choice: Choice) -> dict[str, object]:
    return {
        "recorded": len(everyone),
        "few": everyone if len(everyone) <= SUGGESTED else (),
        "dropped": choice.columns[MOST:],
        "doubts": choice.doubts,
    }


def _speaking(site: Site, topic: Topic) -> tuple[tuple[Column, ...], tuple[Call, ...]]:
    """The counties that say something on ``topic``, and the query that tells."""
    call = Call(COUNTIES, {"topic": (topic.iri,)})
    found = {row["county"].value for row in site.select(call.name, **call.values)}
    return tuple(column for column in counties.columns(site) if column.iri in found), (call,)


def _filled(site: Site, request: Request, choice: Choice, shown: tuple[Column, ...], topic: Topic, room: int) -> Beside:
    iris = tuple(column.iri for column in shown)
    found = passages.passages(site, iris, (topic,))
    everything = tuple(found.get(iri, ()) for iri in iris)
    kinds = Counter(text.kind for texts in everything for text in texts)
    if request.kind:
        _known(site, request.kind, kinds)
    wanted = tuple(tuple(text for text in texts if _is_wanted(site, text, request, kinds)) for texts in everything)
    names = tuple(tuple(text for text in texts if _is_name(site, text, request)) for texts in wanted)
    rest = [[text for text in texts if text not in names[place]] for place, texts in enumerate(wanted)]
    laid = alike(site, rest, topic)
    rows, alone = _cut(laid.rows, laid.alone, room - sum(map(len, names)))
    shares = tuple(
        Share(column, len(everything[at]), len(wanted[at]), _count(at, names, rows, alone))
        for at, column in enumerate(shown)
    )
    return Beside(
        request,
        shown,
        topic,
        _way(site, request.dimension, topic),
        _ranked(site, kinds),
        shares,
        names,
        rows,
        _groups(site, alone, topic),
        wanted,
        (*passages.calls(iris, (topic,)), counties.lists_call(shown), request.dimension.call(site)),
        **_around(counties.columns(site), choice),  # type: ignore[arg-type]
    )


def _is_wanted(site: Site, text: Passage, request: Request, kinds: Counter[str]) -> bool:
    if not request.kind:
        return True
    return text.kind == _known(site, request.kind, kinds)


def _known(site: Site, kind: str, found: Iterable[str] = ()) -> str:
    """The class that ``kind`` names in addresses; raises BadRequest when it is none."""
    known = {_last(iri): iri for iri in (*found, *map(site.ns, passages.KINDS))}
    if kind not in known:
        raise BadRequest(name="art", value=kind, allowed=", ".join(known))
    return known[kind]


def _is_name(site: Site, text: Passage, request: Request) -> bool:
    return request.dimension == topics.FIELDS and text.is_field(site)


def _last(iri: str) -> str:
    return iri.replace("#", "/").rpartition("/")[2]


def _ranked(site: Site, kinds: Counter[str]) -> tuple[tuple[str, int], ...]:
    rank = {site.ns(name): place for place, name in enumerate(passages.KINDS)}
    return tuple(sorted(kinds.items(), key=lambda pair: (rank.get(pair[0], len(rank)), pair[0])))


def _cut(
    rows: tuple[Row, ...], alone: tuple[tuple[Passage, ...], ...], room: int
) -> tuple[tuple[Row, ...], tuple[tuple[Passage, ...], ...]]:
    """The closest rows, up to two thirds of ``room``, and of each county as many of its other texts as still fit."""
    used = list(accumulate(len(row.texts) for row in rows))
    kept = rows[: sum(size * 3 <= room * 2 for size in used)]
    left = room - (used[len(kept) - 1] if kept else 0)
    sizes = [len(texts) for texts in alone]
    each = max(most for most in range(max(sizes, default=0) + 1) if sum(min(most, size) for size in sizes) <= left)
    return kept, tuple(texts[:each] for texts in alone)


def _count(
    place: int,
    names: tuple[tuple[Passage, ...], ...],
    rows: tuple[Row, ...],
    alone: tuple[tuple[Passage, ...], ...],
) -> int:
    return len(names[place]) + sum(row.cells[place] is not None for row in rows) + len(alone[place])


def _groups(site: Site, alone: tuple[tuple[Passage, ...], ...], topic: Topic) -> tuple[Group, ...]:
    """``alone`` by narrower topic where there are such and the texts are many, else by kind, else in one group."""
    if not any(alone):
        return ()
    if max(map(len, alone)) <= _GROUPED:
        return (Group("", alone),)
    order = [narrow.iri for narrow in topic.narrower] or list(map(site.ns, passages.KINDS))
    cells: dict[str, list[list[Passage]]] = defaultdict(lambda: [[] for _ in alone])
    for place, texts in enumerate(alone):
        for text in texts:
            about = next((iri for iri in order if iri in text.topics), "") if topic.narrower else text.kind
            cells[about][place].append(text)
    rank = {about: number for number, about in enumerate(order)}
    ranked = sorted(cells, key=lambda about: (rank.get(about, len(rank)), about))
    return tuple(Group(about, tuple(map(tuple, cells[about]))) for about in ranked)


def _way(site: Site, dimension: Dimension, topic: Topic | None) -> Way:
    """What stands around ``topic``."""
    if not topic:
        return Way()
    top = topics.topics(site, dimension)
    broader = next((parent for parent in top if topic in parent.narrower), None)
    same = broader.narrower if broader else top
    at = same.index(topic)
    return Way(broader, same[at - 1] if at else None, same[at + 1] if at + 1 < len(same) else None)
