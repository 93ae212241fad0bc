"""Statements of counties compared with each other: shared words and shared concepts, and what they add up to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from publisher.language.likeness import Rarity, Weights, Wordings, dot

CONCEPTS = 0.5
"""How much of what the wording leaves open shared concepts can make up for."""
BROADER, MENTIONED = 0.5, 0.3
"""What the broader field of a concept, and a target group or the like, weighs beside the concept itself."""
DAMPING = 0.1
"""Keeps a common concept from counting like a rare one where it is the only one."""
LEAST = 0.25
"""Two statements less alike than this are not called alike."""


@dataclass(frozen=True)
class Statement:
    """A text of a county: its name (an IRI), whose it is, its wording, what it is about."""

    id: str
    county: str
    text: str
    concepts: frozenset[str] = frozenset()
    """The common fields it belongs to."""
    mentions: frozenset[str] = frozenset()
    """The target groups, kinds of actors and grounds of discrimination it names."""


@dataclass(frozen=True)
class Match:
    """Two statements and how alike they are: 1 means the same words; ``words`` and ``concepts`` are what they share."""

    ids: tuple[str, str]
    """In alphabetical order."""
    score: float
    words: tuple[str, ...]
    """As printed, weightiest first."""
    concepts: tuple[str, ...]
    """Weightiest first; a broader field only where no narrower one of it is shared."""


@dataclass(frozen=True)
class Weighed:
    """A statement with the weights of its words and concepts."""

    statement: Statement
    words: Weights
    concepts: Weights

    @property
    def keys(self) -> tuple[str, ...]:
        """Its words and concepts; two statements without a common one are not alike at all."""
        return (*self.words, *self.concepts)


@dataclass(frozen=True)
class Yardstick:
    """What is rare in a collection of statements; measures how alike two of them are.

    ``broader`` names the broader field of each common field.
    """

    wordings: Wordings
    rarity: Rarity
    broader: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, statements: Iterable[Statement], broader: Mapping[str, str], glossary: Iterable[str] = ()
    ) -> "Yardstick":
        """The yardstick of ``statements``; ``glossary`` are further texts that words are known from."""
        held = list(statements)
        wordings = Wordings((statement.text for statement in held), glossary)
        return cls(wordings, Rarity(_about(statement, broader) for statement in held), broader)

    def weigh(self, statement: Statement) -> Weighed:
        """``statement`` ready to be compared."""
        concepts = self.rarity.unit(_about(statement, self.broader), DAMPING)
        return Weighed(statement, self.wordings.weights(statement.text), concepts)

    def score(self, one: Weighed, other: Weighed) -> float:
        """How alike two statements are, from 0 to 1; their order does not matter."""
        return score(dot(one.words, other.words), dot(one.concepts, other.concepts))

    def match(self, one: Weighed, other: Weighed) -> Match:
        """Two statements with their likeness and what makes it."""
        first, second = sorted((one, other), key=lambda weighed: weighed.statement.id)
        words = self.wordings.shared(first.words, second.words)
        concepts = self._shared(first.concepts, second.concepts)
        return Match((first.statement.id, second.statement.id), self.score(first, second), words, concepts)

    def _shared(self, one: Weights, other: Weights) -> tuple[str, ...]:
        common = one.keys() & other.keys()
        implied = {self.broader.get(concept) for concept in common}
        return tuple(sorted(common - implied, key=lambda key: (-one[key] * other[key], key)))


def score(wording: float, concepts: float) -> float:
    """What the likeness in words and that in concepts add up to.

    The wording counts in full; shared concepts make up for a part of what it leaves open.
    """
    return wording + (1 - wording) * CONCEPTS * concepts


def _about(statement: Statement, broader: Mapping[str, str]) -> dict[str, float]:
    """What ``statement`` is about, with what each concept weighs before its rarity."""
    found = dict.fromkeys(sorted(statement.mentions), MENTIONED)
    for concept in sorted(statement.concepts):
        if concept in broader:
            found.setdefault(broader[concept], BROADER)
    return found | dict.fromkeys(sorted(statement.concepts), 1.0)
