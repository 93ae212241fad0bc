"""The geometry of the tile map: where hexagons lie, the outlines of groups of them, where a group's name fits.

Hexagons stand on a corner; odd rows are shifted half a tile to the right. All numbers are whole drawing units.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

WIDTH, STEP = 40, 35
"""How wide a tile is, and how far one row lies below the other."""
_CORNERS = ((0, -23), (20, -12), (20, 12), (0, 23), (-20, 12), (-20, -12))
"""The corners of a tile around its middle, clockwise from the top."""
HEXAGON = "M" + "L".join(f"{x} {y}" for x, y in _CORNERS) + "Z"
"""The outline of one tile around its middle."""
_MARGIN = 6
_LETTER = 8.4
"""How wide a letter of a name is, about."""
_LINE = 16
"""How much height a name takes."""

Point = tuple[int, int]


@dataclass(frozen=True)
class Tile:
    """A tile: its column and row, and the group it belongs to."""

    column: int
    row: int
    group: str

    @property
    def middle(self) -> Point:
        """Where its middle lies."""
        shift = WIDTH // 2 if self.row % 2 else 0
        return _MARGIN + WIDTH // 2 + self.column * WIDTH + shift, _MARGIN + 23 + self.row * STEP


@dataclass(frozen=True)
class Caption:
    """The name of a group and where its middle lies."""

    group: str
    x: int
    y: int


def size(tiles: Iterable[Tile]) -> Point:
    """Width and height of the drawing."""
    middles = [tile.middle for tile in tiles]
    return max(x for x, _ in middles) + WIDTH // 2 + _MARGIN, max(y for _, y in middles) + 23 + _MARGIN


def outlines(tiles: Iterable[Tile]) -> str:
    """The borders between groups, and around all of them, as the path of an SVG; each edge is drawn once."""
    edges: dict[frozenset[Point], list[str]] = defaultdict(list)
    for tile in tiles:
        x, y = tile.middle
        corners = [(x + dx, y + dy) for dx, dy in _CORNERS]
        for one, other in zip(corners, corners[1:] + corners[:1], strict=True):
            edges[frozenset((one, other))].append(tile.group)
    borders = [edge for edge, groups in edges.items() if len(set(groups)) == len(groups)]
    return "".join(_drawn(line) for line in _lines(borders))


def _lines(edges: Iterable[frozenset[Point]]) -> Iterable[list[Point]]:
    """``edges`` joined to as few lines as a walk along them gives."""
    open_ends: dict[Point, set[Point]] = defaultdict(set)
    for edge in edges:
        one, other = edge
        open_ends[one].add(other)
        open_ends[other].add(one)
    # A walk from where borders meet ends where borders meet; what is left are rings.
    starts = sorted(open_ends, key=lambda point: (len(open_ends[point]) % 2 == 0, point))
    for start in starts:
        while open_ends[start]:
            line = [start]
            while open_ends[line[-1]]:
                following = min(open_ends[line[-1]])
                open_ends[line[-1]].remove(following)
                open_ends[following].remove(line[-1])
                line.append(following)
            yield line


def _drawn(line: list[Point]) -> str:
    x, y = line[0]
    moves = (f"{bx - ax} {by - ay}" for (ax, ay), (bx, by) in pairwise(line))
    return f"M{x} {y}l" + " ".join(moves).replace(" -", "-")


def captions(tiles: Iterable[Tile], names: Mapping[str, str]) -> tuple[Caption, ...]:
    """Where the name of each group stands: between two rows, so that it covers no mark in the middle of a tile.

    Of all such places it is the one with the most of the group's own tiles behind the name and nearest to the middle
    of the group; long names are placed first, and no name covers another.
    """
    grouped: dict[str, list[Point]] = defaultdict(list)
    for tile in tiles:
        grouped[tile.group].append(tile.middle)
    placed: dict[str, Caption] = {}
    for group in sorted(grouped, key=lambda group: (-len(names[group]), group)):
        free = [place for place in _places(group, grouped[group]) if not _covers(place, placed.values(), names)]
        placed[group] = min(free, key=lambda place: _misfit(place, grouped[group], _breadth(names[group])))
    return tuple(placed[group] for group in grouped)


def _places(group: str, middles: list[Point]) -> list[Caption]:
    rows = {y for _, y in middles}
    left, right = min(x for x, _ in middles), max(x for x, _ in middles)
    lines = {y + shift for y in rows for shift in (-STEP // 2, STEP // 2)}
    return [Caption(group, x, y) for y in sorted(lines) for x in range(left - WIDTH, right + WIDTH + 1, WIDTH // 4)]


def _misfit(place: Caption, middles: list[Point], breadth: float) -> float:
    """How little of the name lies on the group's own tiles, and how far from the group's middle."""
    own = 0.0
    for x, y in middles:
        if abs(y - place.y) < STEP:
            start, end = max(x - WIDTH / 2, place.x - breadth / 2), min(x + WIDTH / 2, place.x + breadth / 2)
            own += max(0.0, end - start) / 2
    away = abs(place.x - sum(x for x, _ in middles) / len(middles)) + abs(
        place.y - sum(y for _, y in middles) / len(middles)
    )
    return 4 * (breadth - own) + away


def _covers(place: Caption, others: Iterable[Caption], names: Mapping[str, str]) -> bool:
    breadth = _breadth(names[place.group])
    return any(
        abs(place.y - other.y) < _LINE and abs(place.x - other.x) < (breadth + _breadth(names[other.group])) / 2
        for other in others
    )


def _breadth(name: str) -> float:
    return len(name) * _LETTER
