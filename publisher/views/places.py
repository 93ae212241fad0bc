"""Which of the 400 districts a visitor means: by name, a part of it, a key or a code, however it is spelled.

``find`` is what every page asks; it never guesses: mistyped names are proposals for the visitor to choose from.
"""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from publisher.core.terms import NS
from publisher.graph.store import Row
from publisher.language.spelling import letters, nearness
from publisher.views.site import Site

QUERY = "pages/places"
LONGEST = 100
"""The longest text that is looked at, in characters."""
_PROPOSALS, _CLOSE = 8, 0.12
"""How many names are proposed for a mistyped one, and by which share they may be less near than the nearest."""

_RURAL = frozenset(("kreis", "landkreis", "lk", "lkr", "kr", "county", "district"))
_CITY = frozenset(("stadt", "stadtkreis", "kreisfreie", "kreisfrei", "krfr", "sk", "city", "town"))
_LITTLE = frozenset(("a", "am", "an", "d", "der", "den", "i", "im", "in", "of"))
"""Words that names are written with, without or shortened: "Neustadt a.d. Aisch"."""
_CITIES = (NS + "KreisfreieStadt", NS + "Stadtkreis")


class How(StrEnum):
    """By what a district was found, surest first."""

    KEY = "key"
    NUTS = "nuts"
    NAME = "name"
    WORDS = "words"
    STATE = "state"
    START = "start"
    INSIDE = "inside"
    SIMILAR = "similar"


@dataclass(frozen=True)
class Place:
    """A district as far as it takes to find and to name it; ``state`` and ``kind`` are IRIs."""

    iri: str
    ags: str
    label: str
    name: str
    state: str
    kind: str
    nuts: str
    spelling: str
    """What to write into a field so that only this district is found: the label, for a city beside a county of its
    name with its kind ("Heilbronn (Stadtkreis)")."""


@dataclass(frozen=True)
class Match:
    """A district that fits what was written, and by what it was found."""

    place: Place
    how: How


@dataclass(frozen=True)
class _Spelled:
    """A place with the spellings it is found by."""

    place: Place
    keys: frozenset[str]
    city: bool
    names: frozenset[str]
    """Its label and its name, whole and without the kind."""
    words: frozenset[str]
    state: tuple[str, ...]


def places(site: Site) -> tuple[Place, ...]:
    """All districts, by name."""
    return tuple(entry.place for entry in site.once(_spelled))


def find(site: Site, text: str) -> tuple[Match, ...]:
    """The districts that ``text`` may mean, best first; all were found in the same way.

    One match that is not ``How.SIMILAR`` is the district meant. Several are for the visitor to choose from, as are
    similar ones, which only resemble what was written. Empty when nothing comes near.
    """
    wanted = letters(text[:LONGEST])
    everyone = site.once(_spelled)
    how, found = _by_key(everyone, wanted)
    if not found:
        how, found = _by_name(everyone, wanted)
    return tuple(Match(entry.place, how) for entry in found)


def one(site: Site, text: str) -> Place | None:
    """The district that ``text`` means, None when it is none or may be several."""
    found = find(site, text)
    return found[0].place if len(found) == 1 and found[0].how is not How.SIMILAR else None


def _spelled(site: Site) -> tuple[_Spelled, ...]:
    rows = site.select(QUERY)
    bare = Counter(_bare(row["label"].value) for row in rows)
    cities = {site.dataset.own(kind) for kind in _CITIES}
    return tuple(_read(row, cities, bare) for row in rows)


def _read(row: Row, cities: set[str], bare: Counter[str]) -> _Spelled:
    values = {name: term.value for name, term in row.items() if hasattr(term, "value")}
    label, name, kind = values["label"], values["name"], values.get("kind", "")
    city = kind in cities
    doubtful = city and bare[_bare(label)] > 1
    place = Place(
        *(values["county"], values["ags"], label, name, values["state"], kind, values.get("nuts", "")),
        spelling=f"{label} ({values['kindName']})" if doubtful else label,
    )
    return _Spelled(
        place,
        frozenset((values["ags"], *values["former"].split())),
        city,
        frozenset((_bare(label), _bare(name), _whole(label), _whole(name))),
        frozenset(letters(f"{label} {name}")),
        letters(values["stateName"]),
    )


def _whole(text: str) -> str:
    return " ".join(word for word in letters(text) if word not in _LITTLE)


def _bare(text: str) -> str:
    """``text`` in one spelling without the words for the kind of a district, unless nothing else is in it."""
    return " ".join(_significant(letters(text))) or _whole(text)


def _significant(words: tuple[str, ...]) -> list[str]:
    return [word for word in words if word not in _RURAL | _CITY | _LITTLE]


def _by_key(everyone: tuple[_Spelled, ...], wanted: tuple[str, ...]) -> tuple[How, list[_Spelled]]:
    """By the key of a district, also within that of one of its municipalities, or by the NUTS code."""
    code = "".join(wanted)
    if not code.isascii() or not any(sign.isdigit() for sign in code):
        return How.KEY, []
    if code.isdigit():
        # Spreadsheets drop the leading zero of 5, 8 and 12 digits.
        key = (code.zfill(len(code) + 1) if len(code) in (4, 7, 11) else code)[:5]
        return How.KEY, [entry for entry in everyone if len(code) in (4, 5, 7, 8, 11, 12) and key in entry.keys]
    return How.NUTS, [entry for entry in everyone if entry.place.nuts.casefold() == code]


def _by_name(everyone: tuple[_Spelled, ...], wanted: tuple[str, ...]) -> tuple[How, list[_Spelled]]:
    whole, bare = " ".join(word for word in wanted if word not in _LITTLE), _significant(wanted)
    if not bare:
        return How.NAME, [entry for entry in everyone if whole in entry.names]
    state = _state(everyone, wanted)
    named = [word for word in bare if word not in state] or bare
    fitting = [entry for entry in everyone if _fits(entry, wanted, state if named != bare else ())]
    ways = (
        (How.NAME, [entry for entry in fitting if {whole, " ".join(bare), " ".join(named)} & entry.names]),
        (How.WORDS, [entry for entry in fitting if all(word in entry.words for word in named)]),
        (How.STATE, [entry for entry in everyone if entry.state == state and named == bare]),
        (How.START, [entry for entry in fitting if _all_start(named, entry)]),
        (How.INSIDE, [entry for entry in fitting if _all_inside(named, entry)]),
    )
    how, found = next(((how, found) for how, found in ways if found), (How.SIMILAR, []))
    if not found:
        return how, _similar(everyone, whole, " ".join(named))
    return how, sorted(found, key=lambda entry: not _bare(entry.place.label).startswith(named[0]))


def _state(everyone: tuple[_Spelled, ...], wanted: tuple[str, ...]) -> tuple[str, ...]:
    """The words of the state that is named in ``wanted``; the longest, as "Sachsen" is in "Sachsen-Anhalt"."""
    named = {entry.state for entry in everyone if set(entry.state) <= set(wanted)}
    return max(named, key=len, default=())


def _fits(entry: _Spelled, wanted: tuple[str, ...], state: tuple[str, ...]) -> bool:
    """Whether the kind and the state that were written, if any, are those of ``entry``."""
    kinds = {kind for kind, words in ((False, _RURAL), (True, _CITY)) if words & set(wanted)}
    return (not kinds or entry.city in kinds) and (not state or entry.state == state)


def _all_start(words: list[str], entry: _Spelled) -> bool:
    return all(len(word) > 1 and any(name.startswith(word) for name in entry.words) for word in words)


def _all_inside(words: list[str], entry: _Spelled) -> bool:
    return all(len(word) > 2 and any(word in name for name in entry.words) for word in words)


def _similar(everyone: tuple[_Spelled, ...], whole: str, bare: str) -> list[_Spelled]:
    near = {
        entry: max(nearness(whole, entry.names), nearness(bare, (*entry.names, *entry.words))) for entry in everyone
    }
    least = max(near.values()) - _CLOSE
    best = sorted((entry for entry, share in near.items() if share > max(least, 0)), key=lambda entry: -near[entry])
    return best[:_PROPOSALS]
