"""Two versions of one concept side by side: what stayed, was reworded, moved, added or dropped. Never a score.

A text that only one of the two shows was added or dropped only where the list of the other is complete; else nothing
follows from its absence, and it is said so.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from publisher.core.text import natural
from publisher.graph.queries import Call
from publisher.language.difference import Piece, difference
from publisher.views import chain, edition_texts
from publisher.views.chain import Edition
from publisher.views.edition_texts import KINDS, Extent
from publisher.views.pairing import THRESHOLD, Pair, Pairing, PlanText, pairing
from publisher.views.site import Site

Change = Literal[
    "reworded",
    "reworded_moved",
    "moved",
    "unnamed",
    "turned",
    "added",
    "appearing",
    "dropped",
    "missing",
    "same",
]
"""unnamed: a field that a source does not name, so that its name cannot be compared; turned: now of another kind;
appearing: only the newer source shows it, and the older one may have left it out; missing: the other way round."""
CHANGES: tuple[Change, ...] = get_args(Change)
PlaceKind = Literal["field", "goal", "level", "holder"]


@dataclass(frozen=True)
class Move:
    """That a text stands elsewhere: what it left and what it came to (IRIs)."""

    kind: PlaceKind
    left: tuple[str, ...]
    reached: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One text and what became of it."""

    change: Change
    old: PlanText | None
    new: PlanText | None
    pieces: tuple[Piece, ...] = ()
    moves: tuple[Move, ...] = ()
    shared: int = 0
    """By how many texts in common (of ``of``) a field was recognised, where its name did not tell."""
    of: int = 0
    near: PlanText | None = None
    """A text of the other version that is much like it but has become, or come from, another one."""

    @property
    def texts(self) -> tuple[PlanText, ...]:
        """The one or two texts of the row."""
        return tuple(text for text in (self.old, self.new) if text)


@dataclass(frozen=True)
class Section:
    """Everything of one kind; ``counts`` holds the number of rows of each change."""

    kind: str
    rows: tuple[Row, ...]
    old: int
    new: int
    old_extent: Extent
    new_extent: Extent

    @property
    def counts(self) -> Mapping[str, int]:
        """Change → number of rows."""
        return Counter(row.change for row in self.rows)

    def of(self, change: str) -> tuple[Row, ...]:
        """The rows of one change."""
        return tuple(row for row in self.rows if row.change == change)

    def applies(self, change: str) -> bool:
        """Whether a text of this kind can have undergone ``change``, so that its number may be told.

        Nothing is added or dropped by a list that is not complete, nor while the other version holds a text without a
        name that may be the same; then a text only appears or is missing.
        """
        nameless = [row for row in self.of("unnamed") if len(row.texts) == 1]
        added = self.old_extent.complete and not any(row.old for row in nameless)
        dropped = self.new_extent.complete and not any(row.new for row in nameless)
        # Of a kind that a version does not show at all there is nothing to tell either.
        told = {
            "added": bool(self.new) and added,
            "appearing": bool(self.new) and not added,
            "dropped": bool(self.old) and dropped,
            "missing": bool(self.old) and not dropped,
        }
        return told.get(change, bool(self.old and self.new))


@dataclass(frozen=True)
class Revision:
    """What changed from ``old`` to ``new``."""

    old: Edition
    new: Edition
    sections: tuple[Section, ...]
    threshold: float = THRESHOLD

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes worth a line in the summary: the rare ones only where there are some."""
        rare = {"unnamed", "turned"}
        return tuple(c for c in CHANGES if c not in rare or any(section.counts[c] for section in self.sections))


def calls(old: Edition, new: Edition) -> tuple[Call, ...]:
    """The queries behind the comparison of two versions."""
    county = old.iri.rpartition("/")[0]
    return (chain.call(county), *edition_texts.calls((old, new)))


def revision(site: Site, old: Edition, new: Edition) -> Revision:
    """What changed from ``old`` to ``new``, two versions of one concept."""
    texts = edition_texts.texts(site, (old, new))
    extents = edition_texts.extents(site, (old, new))
    found = pairing(texts[old.iri], texts[new.iri], site.ns("FieldOfAction"))
    kinds = [site.ns(kind) for kind in KINDS]
    whole = [{kind for kind in kinds if extents[version, kind].complete} for version in (old.iri, new.iri)]
    rows = compared(found, *whole)
    sections = (
        Section(
            kind,
            tuple(row for row in rows if any(text.kind == kind for text in row.texts)),
            sum(text.kind == kind for text in found.old),
            sum(text.kind == kind for text in found.new),
            extents[old.iri, kind],
            extents[new.iri, kind],
        )
        for kind in kinds
    )
    return Revision(old, new, tuple(section for section in sections if section.rows))


def compared(found: Pairing, in_old: set[str], in_new: set[str]) -> tuple[Row, ...]:
    """One row for each pair and each text without one, in the order of the sources.

    ``in_old`` and ``in_new`` are the kinds of which a version shows every text.
    """
    rows = [_paired(found, pair) for pair in found.pairs]
    turned = _turned(found)
    gone = {text.iri for row in turned for text in row.texts}
    left = [text for text in found.left if text.iri not in gone]
    arrived = [text for text in found.arrived if text.iri not in gone]
    for text in left:
        change: Change = "dropped" if text.kind in in_new - _nameless(arrived) else "missing"
        near = _near((entry.likeness, entry.new) for entry in found.alike if entry.old is text)
        rows.append(Row(change if text.wording else "unnamed", text, None, near=near))
    for text in arrived:
        change = "added" if text.kind in in_old - _nameless(left) else "appearing"
        near = _near((entry.likeness, entry.old) for entry in found.alike if entry.new is text)
        rows.append(Row(change if text.wording else "unnamed", None, text, near=near))
    return tuple(sorted([*rows, *turned], key=lambda row: (row.texts[-1].order, natural(row.texts[-1].iri))))


def _nameless(texts: list[PlanText]) -> set[str]:
    """The kinds of which there is a text without a name: any other one may be it."""
    return {text.kind for text in texts if not text.wording}


def _paired(found: Pairing, pair: Pair) -> Row:
    old, new = pair.old, pair.new
    if not (old.wording and new.wording):
        return Row("unnamed", old, new, shared=pair.shared, of=pair.of)
    moves = _moves(found, old, new)
    if old.wording == new.wording:
        return Row("moved" if moves else "same", old, new, moves=moves)
    pieces = difference(old.wording, new.wording)
    return Row("reworded_moved" if moves else "reworded", old, new, pieces, moves, pair.shared, pair.of)


def _turned(found: Pairing) -> list[Row]:
    """Texts whose very wording stands in the other version as another kind."""
    arrived = {text.wording: text for text in reversed(found.arrived) if text.wording}
    return [Row("turned", old, arrived.pop(old.wording)) for old in found.left if old.wording in arrived]


def _near(alike: Iterable[tuple[float, PlanText]]) -> PlanText | None:
    """The most alike of the texts given with their likeness; None when there is none."""
    best = min(alike, key=lambda entry: (-entry[0], natural(entry[1].iri)), default=None)
    return best[1] if best else None


def _moves(found: Pairing, old: PlanText, new: PlanText) -> tuple[Move, ...]:
    nameless = {text.iri for text in (*found.old, *found.new) if not text.wording}
    moves = (
        _move("field", found.became, old.fields, new.fields, nameless),
        _move("goal", found.became, old.parents, new.parents, nameless),
        _move("level", dict(zip(old.levels, old.levels, strict=True)), old.levels, new.levels, set()),
        _move("holder", dict(zip(old.holders, old.holders, strict=True)), old.holders, new.holders, set()),
    )
    return tuple(move for move in moves if move)


def _move(
    kind: PlaceKind, became: Mapping[str, str], before: frozenset[str], after: frozenset[str], nameless: set[str]
) -> Move | None:
    """How the places ``before`` and ``after`` differ; None where they do not, or where a source does not tell."""
    if not before or not after:
        return None
    left = sorted((place for place in before if became.get(place) not in after), key=natural)
    kept = {became.get(place) for place in before}
    reached = sorted((place for place in after if place not in kept), key=natural)
    # Two fields that nothing joins may still be one, when a source does not name it.
    unclear = not any(place in became for place in left) and not set(reached) & set(became.values())
    if not (left or reached) or (unclear and nameless & {*left, *reached}):
        return None
    return Move(kind, tuple(left), tuple(reached))
