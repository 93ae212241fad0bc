"""German sentences of the kind concepts are made of, put together from the words of words.toml."""

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any


@dataclass(frozen=True)
class Idea:
    """What a sentence says: about which common field, with which words; ``concept`` is its target group, if any."""

    kind: str
    """The list of patterns in words.toml it is from."""
    field: str
    pattern: str
    object: str
    group: str
    concept: str
    verb: str
    start: str
    where: str
    means: str
    year: int
    title: str

    @property
    def text(self) -> str:
        """The sentence."""
        accusative, _, dative = self.object.partition("|")
        people, _, to_people = self.group.partition("|")
        sentence = self.pattern.format(
            object=accusative,
            object_dative=dative,
            group=people,
            group_dative=to_people,
            verb=self.verb,
            start=self.start,
            where=self.where,
            where_start=self.where[0].upper() + self.where[1:],
            means=self.means,
            year=self.year,
            title=self.title,
        )
        return sentence[0].upper() + sentence[1:]

    @property
    def people(self) -> str:
        """The words for the target group as the sentence has them; "" when it names none."""
        if "{group" not in self.pattern:
            return ""
        words = self.group.partition("|")[2 if "{group_dative}" in self.pattern else 0]
        return words if words in self.text else words[0].upper() + words[1:]


@cache
def words() -> dict[str, Any]:
    """The tables of words.toml."""
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))


def topics(field: str) -> list[str]:
    """The common fields below ``field`` that have words; itself when it has no narrower ones."""
    return [topic for topic in words()["objects"] if topic.split(".")[0] == field]


def idea(random: Random, kind: str, topic: str) -> Idea:
    """A sentence of ``kind`` (a list of patterns in words.toml) about ``topic``."""
    table = words()
    concept = random.choice(list(table["groups"]))
    pattern = random.choice(table[kind])
    return Idea(
        kind=kind,
        field=topic,
        pattern=pattern if isinstance(pattern, str) else pattern[1],
        object=random.choice(table["objects"][topic]),
        group=random.choice(table["groups"][concept]),
        concept=concept,
        verb=random.choice(table["verbs"]),
        start=random.choice(table["starts"]),
        where=random.choice(table["where"]),
        means=random.choice(table["means"]),
        year=random.randint(2026, 2032),
        title=random.choice(table["titles"]),
    )


def reworded(random: Random, old: Idea) -> Idea:
    """``old`` said a little differently: another verb, place, way and year, the same subject."""
    table = words()
    return replace(
        old,
        verb=random.choice(table["verbs"]),
        start=random.choice(table["starts"]),
        where=random.choice(table["where"]),
        means=random.choice(table["means"]),
        year=random.randint(2026, 2032),
    )


def town(random: Random) -> str:
    """The name of a town that does not exist."""
    table = words()
    return "".join(random.choice(table[part]) for part in ("town_first", "town_middle", "town_last"))
