"""A small map of a county and its neighbours: where each stands, where its name fits, which of them border.

Places are drawn where they lie, then moved apart just as far as it takes for every name to be read. Numbers are
drawing units; letters are about ``LETTER`` wide.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import cos, hypot, radians

from publisher.views.districts import Point

LETTER, LINE = 7.7, 17
"""How wide a letter and how high a line of a name is."""
MARK = 11
"""How far a place's mark reaches from its middle."""
_NOTE = (96, 16)
"""Room for the line below the name."""
_GAP, _MARGIN = 8, 6
_WIDTH, _HEIGHT, _FAR = 430, 400, 150
"""How much room the places get, and how far apart two of them may stand at most when there are few."""
_ROUNDS = 500
_LONG = 15
"""How many letters of a name stand in a line as long as it can be broken."""


@dataclass(frozen=True)
class Spot:
    """A place on the map: ``x`` and ``y`` are the middle of its mark, its name stands below in ``lines``."""

    key: str
    lines: tuple[str, ...]
    x: float
    y: float

    @property
    def reach(self) -> float:
        """How far the place with its name reaches to the left and to the right."""
        return max(_NOTE[0], *(len(line) * LETTER for line in self.lines)) / 2

    @property
    def below(self) -> float:
        """How far the place with its name reaches down."""
        return MARK + 4 + LINE * len(self.lines) + _NOTE[1]


@dataclass(frozen=True)
class Locality:
    """All places, the first one in the middle of interest, and the size of the drawing."""

    spots: tuple[Spot, ...]
    width: int
    height: int

    def spot(self, key: str) -> Spot:
        """The place ``key``."""
        return next(spot for spot in self.spots if spot.key == key)


def locality(places: Sequence[tuple[str, str, Point]]) -> Locality:
    """The map of ``places``: key, name and position of each."""
    spots = _projected(places)
    for _ in range(_ROUNDS):
        moved = _apart(spots)
        if moved == spots:
            break
        spots = moved
    left, top = min(spot.x - spot.reach for spot in spots), min(spot.y - MARK for spot in spots)
    shifted = tuple(
        replace(spot, x=round(spot.x - left + _MARGIN, 1), y=round(spot.y - top + _MARGIN, 1)) for spot in spots
    )
    width = max(spot.x + spot.reach for spot in shifted) + _MARGIN
    return Locality(shifted, round(width), round(max(spot.y + spot.below for spot in shifted) + _MARGIN))


def _projected(places: Sequence[tuple[str, str, Point]]) -> list[Spot]:
    """The places on a plane whose middle is the first one, as large as the room allows."""
    home = places[0][2]
    narrow = cos(radians(home.latitude))
    flat = [((p.longitude - home.longitude) * narrow, home.latitude - p.latitude) for _, _, p in places]
    across = max(x for x, _ in flat) - min(x for x, _ in flat)
    down = max(y for _, y in flat) - min(y for _, y in flat)
    far = max((hypot(x, y) for x, y in flat), default=0)
    limits = [(_WIDTH, across), (_HEIGHT, down), *([(_FAR, far)] if len(places) < 4 else [])]
    scale = min((room / size for room, size in limits if size), default=1)
    return [Spot(key, _broken(name), x * scale, y * scale) for (key, name, _), (x, y) in zip(places, flat, strict=True)]


def _broken(name: str) -> tuple[str, ...]:
    """``name`` in lines, broken after blanks and hyphens only."""
    lines: list[str] = []
    for part in re.findall(r"[^\s-]+-?|-", name):
        joined = f"{lines[-1]}{'' if lines[-1].endswith('-') else ' '}{part}" if lines else part
        if lines and len(joined) <= _LONG:
            lines[-1] = joined
        else:
            lines.append(part)
    return tuple(lines)


def _apart(spots: list[Spot]) -> list[Spot]:
    """The places with each two that cover one another moved apart, the shorter way."""
    moved = list(spots)
    for first in range(len(moved)):
        for second in range(first + 1, len(moved)):
            one, other = moved[first], moved[second]
            across = one.reach + other.reach + _GAP - abs(other.x - one.x)
            down = _down(one, other)
            if across <= 0.01 or down <= 0.01:
                continue
            if across < down:
                shift = (across / 2 if other.x >= one.x else -across / 2, 0.0)
            else:
                shift = (0.0, down / 2 if other.y >= one.y else -down / 2)
            moved[first] = replace(one, x=one.x - shift[0], y=one.y - shift[1])
            moved[second] = replace(other, x=other.x + shift[0], y=other.y + shift[1])
    return moved


def _down(one: Spot, other: Spot) -> float:
    """How far the two overlap up and down."""
    upper, lower = (one, other) if one.y <= other.y else (other, one)
    return upper.y + upper.below + _GAP - (lower.y - MARK)


def overlaps(spots: Iterable[Spot]) -> list[tuple[str, str]]:
    """The pairs of places that cover one another."""
    shown = list(spots)
    return [
        (one.key, other.key)
        for number, one in enumerate(shown)
        for other in shown[number + 1 :]
        if one.reach + other.reach > abs(other.x - one.x) and _down(one, other) > _GAP
    ]
