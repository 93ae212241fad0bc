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


_SLACK = 1e-6


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


@dataclass(frozen=True)
class Alike:
    """Two texts of one kind whose wordings are much alike: from THRESHOLD to 1."""

    likeness: float
    old: PlanText
    new: PlanText


@dataclass
class Pairing:
    """The pairs found so far among the texts of two versions."""

    old: Sequence[PlanText]
    new: Sequence[PlanText]
    fields_kind: str
    alike: tuple[Alike, ...] = ()
    """All pairs that would be possible by their wording."""
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


def pairing(old: Sequence[PlanText], new: Sequence[PlanText], fields_kind: str) -> Pairing:
    """The pairs among ``old`` and ``new``; ``fields_kind`` is the kind of the texts that others lie in."""
    found = Pairing(old, new, fields_kind)
    found.alike = alike(old, new)
    kinds = sorted({text.kind for text in (*old, *new)}, key=lambda kind: (kind != fields_kind, kind))
    for kind in kinds:
        # The same letters are a likeness of 1, and so come first.
        _join(found, (entry for entry in found.alike if entry.old.kind == kind))
    _by_content(found)
    return found


def alike(old: Sequence[PlanText], new: Sequence[PlanText]) -> tuple[Alike, ...]:
    """All pairs of one kind whose wordings are alike from THRESHOLD on; the rarer a word, the more it counts."""
    wordings = _wordings(*sorted((old, new), key=len, reverse=True))
    held: dict[tuple[str, str], list[tuple[int, float]]] = {}
    for place, text in enumerate(new):
        for key, weight in wordings.weights(text.wording).items():
            held.setdefault((text.kind, key), []).append((place, weight))
    found = []
    for text in old:
        weights = wordings.weights(text.wording)
        sums: dict[int, float] = {}
        for key, weight in weights.items():
            for place, other in held.get((text.kind, key), ()):
                sums[place] = sums.get(place, 0.0) + weight * other
        for place, likeness in sums.items():
            # Sums may differ in their last digits with the order of words; what is near the threshold is told exactly.
            if likeness > THRESHOLD - _SLACK:
                exact = round(dot(weights, wordings.weights(new[place].wording)), 6)
                same = text.wording == new[place].wording
                found += [Alike(1.0 if same else exact, text, new[place])] if exact >= THRESHOLD else []
    return tuple(found)


def _wordings(more: Sequence[PlanText], fewer: Sequence[PlanText]) -> Wordings:
    """What is rare in a version: told by the one with more texts, since what both share is not common for that."""
    return Wordings((text.wording for text in more if text.wording), (text.wording for text in fewer))


def _join(found: Pairing, candidates: Iterable[Alike]) -> None:
    def rank(entry: Alike) -> tuple[object, ...]:
        old, new = entry.old, entry.new
        numbered = bool(old.notation) and old.notation == new.notation
        apart = abs(old.order - new.order)
        same = old.wording == new.wording
        place = (not found.same_place(old, new), not numbered, apart)
        return not same, -entry.likeness, *place, natural(old.iri), natural(new.iri)

    for entry in sorted(candidates, key=rank):
        found.join(Pair(entry.old, entry.new))


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
