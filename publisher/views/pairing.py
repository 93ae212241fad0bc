"""Which text of the newer version of a concept is which text of the older one.

First by wording: the same letters, then the most alike pair, then the next; so no two texts that are not paired would
both fit each other better than what they got. Place, number and order only decide between equally good pairs. Fields
that no wording joins (often the source does not name them) are paired by the texts they have in common. Everything
depends on the texts alone: the same two versions always give the same pairs.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from publisher.core.text import natural
from publisher.language.likeness import Wordings, dot
from publisher.views.model import Quotation
from publisher.views.site import Text

THRESHOLD = 0.5
"""From this likeness on a text is taken for another one reworded (see docs/decisions.md for how it was chosen)."""


@dataclass(frozen=True)
class PlanText:
    """A text of a version: its kind, its wording as printed ("" where the source does not name it), its place."""

    iri: str
    kind: str
    wording: str
    label: Text
    order: int = 0
    notation: str = ""
    fields: frozenset[str] = frozenset()
    parents: frozenset[str] = frozenset()
    """The goals it is part of or serves."""
    levels: frozenset[str] = frozenset()
    holders: frozenset[str] = frozenset()
    """Whose task or offer it is."""
    quotation: Quotation | None = None


@dataclass(frozen=True)
class Pair:
    """A text and what became of it; ``shared`` of ``of`` texts are the same where the wording did not join them."""

    old: PlanText
    new: PlanText
    shared: int = 0
    of: int = 0


@dataclass
class Pairing:
    """The pairs found so far among the texts of two versions."""

    old: Sequence[PlanText]
    new: Sequence[PlanText]
    fields_kind: str
    pairs: list[Pair] = field(default_factory=list)
    became: dict[str, str] = field(default_factory=dict)
    """Old IRI → new IRI."""
    came_from: dict[str, str] = field(default_factory=dict)

    def join(self, pair: Pair) -> None:
        """Takes ``pair`` in, unless one of the two is paired."""
        if pair.old.iri not in self.became and pair.new.iri not in self.came_from:
            self.pairs.append(pair)
            self.became[pair.old.iri] = pair.new.iri
            self.came_from[pair.new.iri] = pair.old.iri

    @property
    def left(self) -> list[PlanText]:
        """The old texts without a pair."""
        return [text for text in self.old if text.iri not in self.became]

    @property
    def arrived(self) -> list[PlanText]:
        """The new texts without a pair."""
        return [text for text in self.new if text.iri not in self.came_from]

    def same_place(self, old: PlanText, new: PlanText) -> bool:
        """Whether the field of ``new`` is what became of that of ``old``."""
        return bool({self.became.get(iri, "") for iri in old.fields} & new.fields)


class Judge:
    """How alike the wordings of two versions are; what is rare among them counts most."""

    def __init__(self, texts: Iterable[PlanText]) -> None:
        self._wordings = Wordings(text.wording for text in texts if text.wording)

    def likeness(self, one: PlanText, other: PlanText) -> float:
        """From 0 to 1; 1 for the same letters."""
        if one.wording == other.wording:
            return 1.0
        return round(dot(self._wordings.weights(one.wording), self._wordings.weights(other.wording)), 6)


def pairing(old: Sequence[PlanText], new: Sequence[PlanText], fields_kind: str, judge: Judge) -> Pairing:
    """The pairs among ``old`` and ``new``; ``fields_kind`` is the kind of the texts that others lie in."""
    found = Pairing(old, new, fields_kind)
    kinds = sorted({text.kind for text in (*old, *new)}, key=lambda kind: (kind != fields_kind, kind))
    for kind in kinds:
        _by_letters(found, kind)
        _by_likeness(found, kind, judge)
    _by_content(found)
    return found


def _by_letters(found: Pairing, kind: str) -> None:
    held: dict[str, list[PlanText]] = {}
    for text in found.arrived:
        if text.kind == kind and text.wording:
            held.setdefault(text.wording, []).append(text)
    _join(found, ((1.0, o, n) for o in found.left if o.kind == kind for n in held.get(o.wording, ())))


def _by_likeness(found: Pairing, kind: str, judge: Judge) -> None:
    left = [text for text in found.left if text.kind == kind and text.wording]
    arrived = [text for text in found.arrived if text.kind == kind and text.wording]
    likenesses = ((judge.likeness(old, new), old, new) for old in left for new in arrived)
    _join(found, (entry for entry in likenesses if entry[0] >= THRESHOLD))


def _join(found: Pairing, candidates: Iterable[tuple[float, PlanText, PlanText]]) -> None:
    def rank(entry: tuple[float, PlanText, PlanText]) -> tuple[object, ...]:
        likeness, old, new = entry
        numbered = bool(old.notation) and old.notation == new.notation
        apart = abs(old.order - new.order)
        return -likeness, not found.same_place(old, new), not numbered, apart, natural(old.iri), natural(new.iri)

    for _, old, new in sorted(candidates, key=rank):
        found.join(Pair(old, new))


def _by_content(found: Pairing) -> None:
    """Joins fields by the texts they have in common: at least half of what the smaller one holds."""
    inside: Counter[str] = Counter(iri for text in (*found.old, *found.new) for iri in text.fields)
    shared: Counter[tuple[str, str]] = Counter(
        (one, other) for pair in found.pairs for one in pair.old.fields for other in pair.new.fields
    )
    candidates = [
        (shared[old.iri, new.iri], inside[old.iri], old, new)
        for old in found.left
        for new in found.arrived
        if old.kind == new.kind == found.fields_kind
        and 2 * shared[old.iri, new.iri] >= max(1, min(inside[old.iri], inside[new.iri]))
        and shared[old.iri, new.iri]
    ]
    for number, of, old, new in sorted(
        candidates, key=lambda entry: (-entry[0], entry[1], natural(entry[2].iri), natural(entry[3].iri))
    ):
        found.join(Pair(old, new, number, of))
