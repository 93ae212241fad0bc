"""Who occurs in the counties' documents: kinds of actors × counties, by name. Never a score, never a 0."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from publisher.graph.queries import Call
from publisher.graph.store import Row
from publisher.language.spelling import letters
from publisher.views import columns as counties
from publisher.views.actor_choice import Chosen, chosen
from publisher.views.actor_kinds import Kind, flat
from publisher.views.columns import Column
from publisher.views.passages import value
from publisher.views.site import Site, Text

NAMED = "pages/actors_named"
MENTIONS = "pages/actors_mentions"
TOTALS = "pages/actors_totals"
MENTION_TOTALS = "pages/actors_mention_totals"
MOST = 6
"""How many counties fit side by side."""
SHOWN = 8
"""How many names a cell shows; the rest is a link away."""

State = Literal["named", "silent", "part", "no_concept", "not_covered"]
"""named: the source names such actors; silent: the whole document was at hand and names none; part: only a part of it
was; no_concept: there is only a service page; not_covered: the county is not in the data."""


@dataclass(frozen=True)
class Entry:
    """An actor, or a word of the source for a kind of actors; ``things`` are the actor, or the texts with the word."""

    label: Text
    things: tuple[str, ...]
    home: str = ""
    """The organisation it belongs to, where only that tells it from others of its name."""


@dataclass(frozen=True)
class Cell:
    """Whom of a kind one county's document names; without entries ``state`` says what kind of silence it is."""

    column: Column
    state: State
    entries: tuple[Entry, ...] = ()

    @property
    def shown(self) -> tuple[Entry, ...]:
        """The first entries, as many as fit."""
        return self.entries[:SHOWN]

    @property
    def more(self) -> int:
        """How many entries do not fit."""
        return len(self.entries) - len(self.shown)


@dataclass(frozen=True)
class Line:
    """One row of the matrix."""

    kind: Kind
    cells: tuple[Cell, ...]

    @property
    def spoken(self) -> bool:
        """Whether a document of any of the counties names such actors."""
        return any(cell.entries for cell in self.cells)


@dataclass(frozen=True)
class Total:
    """How many documents name actors of a kind, and how many they name; for words of the source, in how many texts."""

    kind: Kind
    counties: int
    entries: int


@dataclass(frozen=True)
class Overview:
    """Everything the overview and its files show: a matrix, or the totals when no counties are chosen."""

    chosen: Chosen
    lines: tuple[Line, ...]
    totals: tuple[Total, ...]
    calls: tuple[Call, ...]


def overview(site: Site, texts: Iterable[str]) -> Overview:
    """Who occurs in the documents of the counties that ``texts`` (keys or names) mean.

    Without a choice: of all counties while they fit side by side, else the totals of all. Raises BadRequest for a key
    that no county has.
    """
    found = chosen(site, texts, MOST, begin=True)
    states = Call(counties.COUNTIES)
    if not found.columns:
        return Overview(found, (), totals(site), (*totals_calls(site), states))
    return Overview(found, _matrix(site, found.columns), (), (*matrix_calls(site, found.columns), states))


def rows_kinds(site: Site) -> tuple[Kind, ...]:
    """The kinds that are rows of the matrix: bodies by their types."""
    return tuple(kind for kind in flat(site) if not kind.narrower)


def named_call(site: Site, shown: Iterable[Column], wanted: Iterable[Kind]) -> Call:
    """The query for the actors of the kinds ``wanted`` in the documents of ``shown``."""
    own = tuple(kind.iri for kind in wanted if not kind.worded)
    return Call(NAMED, {"county": tuple(column.iri for column in shown), "kind": own})


def mentions_call(site: Site, shown: Iterable[Column], wanted: Iterable[Kind]) -> Call:
    """The query for the words that the texts of ``shown`` have for the kinds ``wanted``."""
    worded = tuple(kind.iri for kind in wanted if kind.worded)
    return Call(MENTIONS, {"county": tuple(column.iri for column in shown), "kind": worded})


def matrix_calls(site: Site, shown: tuple[Column, ...]) -> tuple[Call, Call]:
    """The two queries the matrix of ``shown`` is made from."""
    wanted = rows_kinds(site)
    return named_call(site, shown, wanted), mentions_call(site, shown, wanted)


def totals(site: Site) -> tuple[Total, ...]:
    """How many documents name actors of each kind; of the whole release."""
    return site.once(_totals)


def totals_calls(site: Site) -> tuple[Call, Call]:
    """The two queries the totals are made from."""
    own = tuple(kind.iri for kind in flat(site) if not kind.worded)
    worded = tuple(kind.iri for kind in flat(site) if kind.worded)
    return Call(TOTALS, {"kind": own}), Call(MENTION_TOTALS, {"kind": worded})


def entries(site: Site, calls: Iterable[Call]) -> dict[tuple[str, str], tuple[Entry, ...]]:
    """County and kind → whom the calls (of the two queries above) find, by name."""
    rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for call in calls:
        for row in site.select(call.name, **call.values):
            rows[row["county"].value, row["kind"].value].append(row)
    return {place: _words(found) if "wording" in found[0] else _names(found) for place, found in rows.items()}


def cell(site: Site, column: Column, found: tuple[Entry, ...]) -> Cell:
    """What the document of ``column`` says, or why nothing."""
    return Cell(column, "named" if found else silence(site, column), found)


def silence(site: Site, column: Column) -> State:
    """What it means when the document of ``column`` names nobody."""
    if not column.modelled:
        return "not_covered"
    if not column.has_concept:
        return "no_concept"
    return "part" if column.partial(site) else "silent"


def _matrix(site: Site, shown: tuple[Column, ...]) -> tuple[Line, ...]:
    found = entries(site, matrix_calls(site, shown))
    return tuple(
        Line(kind, tuple(cell(site, column, found.get((column.iri, kind.iri), ())) for column in shown))
        for kind in rows_kinds(site)
    )


def _names(rows: list[Row]) -> tuple[Entry, ...]:
    """Actors by name; of those with one name the organisation is told."""
    homes: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        homes[value(row, "name")].add(row["actor"].value)
    found = {}
    for row in rows:
        name, actor = value(row, "name"), row["actor"].value
        home = value(row, "home") if len(homes[name]) > 1 else ""
        found[actor] = Entry(Text(name or actor, "de"), (actor,), home)
    return tuple(sorted(found.values(), key=lambda entry: (letters(entry.label.value), entry.things)))


def _words(rows: list[Row]) -> tuple[Entry, ...]:
    """The words of the source, each once with all texts it stands in."""
    things: dict[str, dict[str, None]] = defaultdict(dict)
    for row in rows:
        things[row["wording"].value][row["text"].value] = None
    return tuple(Entry(Text(word, "de"), tuple(texts)) for word, texts in things.items())


def _totals(site: Site) -> tuple[Total, ...]:
    found = site.once(numbers)
    kinds = (kind for kind in flat(site) if found[kind.iri, "counties"])
    return tuple(Total(kind, found[kind.iri, "counties"], found[kind.iri, "entries"]) for kind in kinds)


def numbers(site: Site) -> Counter[tuple[str, str]]:
    """How many documents name actors of each kind, and how many actors; those of several counties add up."""
    found: Counter[tuple[str, str]] = Counter()
    for call in totals_calls(site):
        for row in site.select(call.name, **call.values):
            found.update({(row["kind"].value, name): int(row[name].value) for name in ("counties", "entries")})
    return found
