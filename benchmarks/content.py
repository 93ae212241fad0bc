"""What a made-up concept says: its fields of action with goals and measures, and how a later version differs."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from benchmarks.wording import Idea, idea, reworded, topics, words

_SHARED = 0.18
"""Share of sentences many counties have word for word, as if taken from the same model text."""
_TRIES = 30
_SHARED_SENTENCES = 4
"""Number of such sentences for each common field and kind."""


@dataclass(frozen=True)
class Goal:
    """A goal, the measures that serve it, and the recommendations where there are any."""

    idea: Idea
    measures: tuple[Idea, ...]
    recommendations: tuple[Idea, ...] = ()


@dataclass(frozen=True)
class Field:
    """A field of action: its name, what it is mapped to (relation, common field), why it matters, its goals."""

    name: str
    matches: tuple[tuple[str, str], ...]
    rationale: Idea
    goals: tuple[Goal, ...]


@dataclass(frozen=True)
class Size:
    """How much there is of everything."""

    fields: int
    goals: int
    measures: int
    recommendations: int


class Composer:
    """Makes up the content of one version; never says the same twice within a kind."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._said: set[str] = set()

    def fields(self, size: Size) -> tuple[Field, ...]:
        """Fields about different common fields."""
        codes = self._random.sample(list(words()["fields"]), size.fields)
        return tuple(self._field(code, size) for code in codes)

    def again(self, fields: tuple[Field, ...], size: Size) -> tuple[Field, ...]:
        """A later version: goals kept, reworded, moved or dropped, new fields and new goals added."""
        known = {match[1].split(".")[0] for field in fields for match in field.matches}
        new = [code for code in words()["fields"] if code not in known]
        kept = [self._revised(field, size) for field in fields[: max(2, len(fields) - 1)]]
        moved = kept[0].goals[:1]
        kept[0] = replace(kept[0], goals=kept[0].goals[1:])
        kept[1] = replace(kept[1], goals=(*kept[1].goals, *moved))
        added = self._random.sample(new, max(0, size.fields - len(kept)))
        return (*kept, *(self._field(code, size) for code in added))

    def sentence(self, kind: str, topic: str) -> Idea:
        """A sentence of ``kind`` about ``topic`` that was not said before."""
        return self._new(lambda: self._any(kind, topic))

    def pattern(self, pattern: str, topic: str) -> Idea:
        """A sentence of the form ``pattern`` about ``topic`` that was not said before."""
        return self._new(lambda: replace(idea(self._random, "statements", topic), pattern=pattern))

    def _field(self, code: str, size: Size) -> Field:
        name, matches = self._name(code)
        goals = tuple(self._goal(code, size) for _ in range(self._about(size.goals)))
        return Field(name, matches, self.sentence("rationales", self._random.choice(topics(code))), goals)

    def _name(self, code: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        names = words()["fields"][code]
        choice = self._random.random()
        if choice < 0.15:
            topic = self._random.choice(topics(code))
            name = self._random.choice(words()["objects"][topic]).partition("|")[0]
            return name[0].upper() + name[1:], (("broadMatch", topic),)
        if choice < 0.3:
            other = self._random.choice([key for key in words()["fields"] if key != code])
            return f"{names[1]} sowie {words()['fields'][other][1]}", (("narrowMatch", code), ("narrowMatch", other))
        number = self._random.randrange(len(names))
        return names[number], (("exactMatch" if number == 0 else "closeMatch", code),)

    def _goal(self, code: str, size: Size) -> Goal:
        topic = self._random.choice(topics(code))
        measures = tuple(self.sentence("measures", topic) for _ in range(self._about(size.measures)))
        advice = tuple(self.sentence("recommendations", topic) for _ in range(size.recommendations))
        return Goal(self.sentence("goals", topic), measures, advice)

    def _revised(self, field: Field, size: Size) -> Field:
        kept = [self._repeated(goal, size) for goal in field.goals if self._random.random() > 0.15]
        code = field.matches[0][1].split(".")[0]
        added = [self._goal(code, size) for _ in range(max(1, self._about(size.goals) - len(kept)))]
        return replace(field, rationale=self._same(field.rationale), goals=(*kept, *added))

    def _repeated(self, goal: Goal, size: Size) -> Goal:
        topic = goal.idea.field
        if self._random.random() < 0.3:
            text = self._new(lambda: reworded(self._random, goal.idea))
        else:
            text = self._same(goal.idea)
        kept = [self._same(measure) for measure in goal.measures]
        added = [self.sentence("measures", topic) for _ in range(max(0, size.measures - len(kept)))]
        advice = tuple(self.sentence("recommendations", topic) for _ in range(size.recommendations))
        return Goal(text, (*kept, *added), advice)

    def _same(self, said: Idea) -> Idea:
        """``said`` once more; something new where this version says it already."""
        if said.text in self._said:
            return self._new(lambda: reworded(self._random, said))
        self._said.add(said.text)
        return said

    def _any(self, kind: str, topic: str) -> Idea:
        if self._random.random() < _SHARED:
            return idea(Random(f"{kind} {topic} {self._random.randrange(_SHARED_SENTENCES)}"), kind, topic)
        return idea(self._random, kind, topic)

    def _new(self, make: Callable[[], Idea]) -> Idea:
        """What ``make`` makes, once it is new; something else of its kind when it has nothing new to say."""
        for _ in range(_TRIES):
            said = make()
            if said.text not in self._said:
                self._said.add(said.text)
                return said
        topic = self._random.choice(list(words()["objects"]))
        return self._new(lambda: idea(self._random, said.kind, topic))

    def _about(self, number: int) -> int:
        return max(1, number + self._random.randint(-1, 1)) if number else 0
