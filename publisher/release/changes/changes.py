"""What changed from one release to the next, so that people can read it: thing by thing, old and new wording."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal as OneOf

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from publisher.core.messages import messages
from publisher.core.terms import CANONICAL_BASE, LABEL_PROPERTIES, OA, RDF
from publisher.core.text import natural
from publisher.release.changes.merge import Lines
from publisher.release.changes.names import Name, Names
from publisher.release.changes.things import by_thing, thing_of

Change = OneOf["added", "changed", "removed"]
SetChange = OneOf["created", "changed", "withdrawn"]
EXACT = OA + "exact"
_TYPE = RDF + "type"


@dataclass(frozen=True)
class Fact:
    """What one property said only before, and says only now."""

    property: str
    old: tuple[Name, ...]
    new: tuple[Name, ...]


@dataclass(frozen=True)
class Row:
    """One thing that changed; ``kind`` is its class, ``old`` and ``new`` are its wordings ("" where it has none)."""

    thing: str
    kind: str
    change: Change
    old: str
    new: str
    facts: tuple[Fact, ...] = ()

    @property
    def name(self) -> str:
        """What it is called now, else what it was called."""
        return self.new or self.old

    @property
    def reworded(self) -> bool:
        """Whether its wording is another one now."""
        return self.change == "changed" and self.old != self.new

    @property
    def quoted(self) -> bool:
        """Whether it was reworded because the quotation that it repeats is another one."""
        return self.reworded and any(self._repeats(fact) for fact in self.facts)

    @property
    def details(self) -> tuple[Fact, ...]:
        """``facts`` without a quotation that says the same as the wording."""
        return tuple(fact for fact in self.facts if not self._repeats(fact))

    def _repeats(self, fact: Fact) -> bool:
        return fact.property == EXACT and (fact.old, fact.new) == ((Name(self.old),), (Name(self.new),))


@dataclass(frozen=True)
class Changed:
    """What changed in one data set."""

    name: str
    """``gesamt``, ``vokabular``, or the key of a county."""
    change: SetChange
    title: Name
    """What it is about: the name of the county."""
    rows: tuple[Row, ...] = ()
    """Thing by thing, where the data set was there before and after."""
    kinds: Mapping[str, int] = field(default_factory=dict)
    """Class → number of things that came or went with the data set, where it was not there before or is no more."""
    words: Mapping[str, Name] = field(default_factory=dict)
    """What the classes and properties named in it are called."""
    statements: tuple[int, int] = (0, 0)
    """How many statements it lost and gained."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """Change → number of things."""

    @property
    def all(self) -> int:
        """The number of things that changed, came or went."""
        return sum(self.counts.values())

    def word(self, iri: str, language: str) -> str:
        """What a class or property is called."""
        name = self.words.get(iri)
        return name.text(language) if name else iri


def compare(old: Iterable[bytes], new: Iterable[bytes], lines: Lines, names: Names) -> list[Row]:
    """One row for each thing that ``lines`` say something else of.

    ``old`` and ``new`` are all lines of the graph before and after; their names are taken into ``names``.
    """
    touched = {*by_thing(lines.removed), *by_thing(lines.added)}
    before, after = by_thing(old), by_thing(new)
    for held in (after, before):
        names.read(line for described in held.values() for line in described)
    rows = (_row(iri, _described(before.get(iri, ())), _described(after.get(iri, ())), names) for iri in touched)
    # What is of another vocabulary, such as what the graph says of itself, comes last.
    return sorted(rows, key=lambda row: (not row.kind.startswith(names.base), natural(row.thing)))


def kinds(lines: Iterable[bytes], base: str) -> dict[str, int]:
    """Class → number of things described in ``lines``, parts not counted."""
    start = f"<{_TYPE}>".encode()
    stated = [line for line in lines if line.split(b" ", 2)[1] == start]
    found: dict[str, list[str]] = {}
    for quad in parse(b"".join(stated), format=RdfFormat.N_QUADS):
        if isinstance(quad.subject, NamedNode) and thing_of(quad.subject.value) == quad.subject.value:
            found.setdefault(quad.subject.value, []).append(quad.object.value)
    counted = Counter(_kind(classes, base) for classes in found.values())
    return dict(sorted(counted.items(), key=lambda pair: (not pair[0].startswith(base), pair[0])))


def _described(lines: Iterable[bytes]) -> list[Quad]:
    return list(parse(b"".join(lines), format=RdfFormat.N_QUADS))


def _row(iri: str, old: list[Quad], new: list[Quad], names: Names) -> Row:
    before, after = _wording(iri, old, names.base), _wording(iri, new, names.base)
    kind = _kind(_types(iri, new) or _types(iri, old), names.base)
    if not (old and new):
        return Row(iri, kind, "added" if new else "removed", before, after)
    said, says = _facts(iri, old), _facts(iri, new)
    facts = []
    for name in sorted({*said, *says}, key=lambda iri: (iri != EXACT, iri)):
        left = [_value(term, names) for term in said.get(name, ()) if term not in says.get(name, ())]
        right = [_value(term, names) for term in says.get(name, ()) if term not in said.get(name, ())]
        # The wording has a place of its own.
        if ([Name(before)], [Name(after)]) != (left, right) or name == EXACT:
            facts.append(Fact(name, tuple(left), tuple(right)))
    return Row(iri, kind, "changed", before, after, tuple(fact for fact in facts if fact.old or fact.new))


def _facts(iri: str, quads: list[Quad]) -> dict[str, list[NamedNode | Literal]]:
    """Property → its values, said of the thing or of a part of it; links to its own parts are left out."""
    found: dict[str, list[NamedNode | Literal]] = {}
    for quad in quads:
        value = quad.object
        own = isinstance(value, NamedNode) and thing_of(value.value) == iri and value.value != iri
        if not own and isinstance(value, NamedNode | Literal):
            held = found.setdefault(quad.predicate.value, [])
            if value not in held:
                held.append(value)
    return found


def _types(iri: str, quads: list[Quad]) -> list[str]:
    mine = (quad for quad in quads if quad.subject == NamedNode(iri) and quad.predicate.value == _TYPE)
    return [quad.object.value for quad in mine if isinstance(quad.object, NamedNode)]


def _kind(classes: list[str], base: str) -> str:
    """The class that says best what a thing is: one of ours before others."""
    return min(classes, key=lambda iri: (not iri.startswith(base), iri), default="")


def _wording(iri: str, quads: list[Quad], base: str) -> str:
    """What a thing is called by its own statements, in German; where it has no name, the words of its quotations."""
    node = NamedNode(iri)
    for label in (name.replace(CANONICAL_BASE, base, 1) for name in LABEL_PROPERTIES):
        mine = [quad.object for quad in quads if quad.subject == node and quad.predicate.value == label]
        texts = [value for value in mine if isinstance(value, Literal)]
        if texts:
            return next((text for text in texts if text.language == "de"), texts[0]).value
    quoted = [quad.object.value for quad in quads if quad.predicate.value == EXACT and isinstance(quad.object, Literal)]
    return " … ".join(quoted)


def _value(term: NamedNode | Literal, names: Names) -> Name:
    return names.of(term.value) if isinstance(term, NamedNode) else Name(term.value)


def headline(changed: Changed, language: str) -> str:
    """What happened to a data set, in one line."""
    words = messages("changes")
    name = words[changed.name].text(language) if changed.name in words else changed.title.text(language)
    if changed.change != "changed":
        return f"{name}: {words[changed.change].text(language)}"
    parts = [
        words[f"{change}-things"].filled(count=changed.counts[change]).text(language)
        for change in ("changed", "added", "removed")
        if changed.counts.get(change)
    ]
    return f"{name}: {', '.join(parts) or words['changed'].text(language)}"
