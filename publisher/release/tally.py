"""Counts what a set of statements holds: its things, classes and properties, as a user of the endpoint would.

A statement that stands in several graphs counts once, as it does in the union that queries see.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b, sha256
from typing import Any, Self

from pyoxigraph import NamedNode, Quad

from publisher.core.terms import RDF
from publisher.release.objects import Objects, hashes_raw

_TYPE = RDF + "type"
_PLAIN = ("triples", "subjects", "entities", "classes", "first", "properties", "graphs", "objects")
"""What of a share is written as it stands."""
_SHIFT = 32
"""A pair of subject and object is kept as one number: millions of them must fit into memory."""


@dataclass(frozen=True)
class Use:
    """How one property is used: statements, different subjects, different objects."""

    triples: int
    subjects: int
    objects: int


@dataclass(frozen=True)
class Tally:
    """The numbers of a union of graphs."""

    triples: int
    subjects: int
    entities: int
    """Subjects whose IRI is one of our things."""
    classes: Mapping[str, int]
    """Class → its instances."""
    properties: Mapping[str, Use]
    of_classes: Mapping[tuple[str, str], int]
    """Class and property → statements with that property about instances of that class."""
    graphs: Mapping[str, int]
    """Named graph → its statements."""


@dataclass(frozen=True)
class Share:
    """The numbers of one county's statements: of those whose subjects no other share and nothing else describes."""

    triples: int
    subjects: int
    entities: int
    classes: Mapping[str, int]
    first: Mapping[str, str]
    """Class → the instance whose IRI comes first."""
    properties: Mapping[str, tuple[int, int]]
    """Property → statements, different subjects; which objects it has is told apart, in ``objects``."""
    of_classes: Mapping[tuple[str, str], int]
    graphs: Mapping[str, int]
    objects: str
    """What stands for the hashes of its objects."""

    @classmethod
    def of(cls, quads: Iterable[Quad], things: str) -> tuple[Self, bytes]:
        """The share of ``quads``, and the hashes of its objects as bytes.

        ``things`` is how the IRIs of our things begin.
        """
        counted = Counted(quads, things)
        whole = counted.plus(())
        objects = hashes_raw({name: held.tobytes() for name, held in counted.hashes().items()})
        share = cls(
            triples=whole.triples,
            subjects=whole.subjects,
            entities=whole.entities,
            classes=dict(whole.classes),
            first={kind: counted.first(kind) for kind in whole.classes},
            properties={name: (use.triples, use.subjects) for name, use in whole.properties.items()},
            of_classes=dict(whole.of_classes),
            graphs=dict(whole.graphs),
            objects=sha256(objects).hexdigest(),
        )
        return share, objects

    def raw(self) -> dict[str, Any]:
        """The share as JSON has it, for ``parsed``."""
        return {
            **{name: getattr(self, name) for name in _PLAIN},
            "of_classes": [[*pair, count] for pair, count in self.of_classes.items()],
        }

    @classmethod
    def parsed(cls, raw: Mapping[str, Any]) -> Self:
        """The share that ``raw`` is."""
        return cls(
            **{name: raw[name] for name in _PLAIN},
            of_classes={(kind, name): count for kind, name, count in raw["of_classes"]},
        )


@dataclass(frozen=True)
class Gathered:
    """Statements in numbers, from which they are counted."""

    numbers: dict[object, int] = field(default_factory=dict)
    """Term → its number."""
    pairs: dict[str, set[int]] = field(default_factory=dict)
    """Property → its pairs of subject and object."""
    graphs: Counter[str] = field(default_factory=Counter)
    """Named graph → its statements."""

    def plus(self, quads: Iterable[Quad]) -> "Gathered":
        """These and ``quads``."""
        both = Gathered(dict(self.numbers), {name: set(held) for name, held in self.pairs.items()}, +self.graphs)
        for name, pairs in both.gather(quads, both.graphs).items():
            both.pairs.setdefault(name, set()).update(pairs)
        return both

    def gather(self, quads: Iterable[Quad], graphs: Counter[str]) -> dict[str, set[int]]:
        """The pairs of ``quads``, whose terms get numbers; ``graphs`` count them."""
        numbers = self.numbers
        pairs: dict[str, set[int]] = defaultdict(set)
        for quad in quads:
            graphs[quad.graph_name.value] += 1  # type: ignore[union-attr]
            subject = numbers.setdefault(quad.subject, len(numbers))
            value = numbers.setdefault(quad.object, len(numbers))
            pairs[quad.predicate.value].add(subject << _SHIFT | value)
        return pairs


class Counted:
    """Statements that were counted once, to which others can be added again and again without counting all anew."""

    def __init__(
        self,
        quads: Iterable[Quad] | Gathered,
        things: str,
        shares: Sequence[Share] = (),
        objects: Objects | None = None,
    ) -> None:
        """``things`` is how the IRIs of our things begin; ``shares`` are further statements, counted before.

        ``objects`` are those of all shares.
        """
        self._things, self._shares, self._objects = things, _together(shares), objects or Objects()
        self._shared: dict[str, int] = {}
        self._held_terms: list[object] = []
        self._held = quads if isinstance(quads, Gathered) else Gathered().plus(quads)
        self._numbers, self._pairs, self._graphs = self._held.numbers, self._held.pairs, self._held.graphs
        self._kinds = _kinds(self._pairs, {})
        self._subjects = {pair >> _SHIFT for pairs in self._pairs.values() for pair in pairs}
        self._uses = {name: _use(pairs) for name, pairs in self._pairs.items()}
        self._of_classes = _of_classes(self._pairs, self._kinds)

    def plus(self, quads: Iterable[Quad]) -> Tally:
        """The numbers with ``quads`` added; these give no class to a thing that was described before."""
        graphs = Counter(self._graphs)
        gathered = self._held.gather(quads, graphs)
        new = {name: pairs - self._pairs.get(name, set()) for name, pairs in gathered.items()}
        assert not {pair >> _SHIFT for pair in new.get(_TYPE, ())} & self._subjects
        kinds = _kinds(new, self._kinds)
        subjects = self._subjects.union(pair >> _SHIFT for pairs in new.values() for pair in pairs)
        names = {number: term for term, number in self._numbers.items()}
        classes = Counter(kind for found in kinds.values() for kind in found)
        of_classes = self._of_classes + _of_classes(new, kinds)
        uses = self._uses | {name: _use(self._pairs.get(name, set()) | pairs) for name, pairs in new.items()}
        return self._with_shares(
            Tally(
                triples=sum(use.triples for use in self._uses.values()) + sum(map(len, new.values())),
                subjects=len(subjects),
                entities=sum(self._is_thing(names[number]) for number in subjects),
                classes={names[kind].value: count for kind, count in classes.items()},  # type: ignore[attr-defined]
                properties=uses,
                of_classes={(names[kind].value, name): count for (kind, name), count in of_classes.items()},  # type: ignore[attr-defined]
                graphs=graphs,
            ),
            new,
        )

    def _with_shares(self, own: Tally, new: Mapping[str, set[int]]) -> Tally:
        """``own`` and the shares together; ``new`` are the pairs that were not there before, by property."""
        shares = self._shares
        names = dict.fromkeys([*own.properties, *shares.properties])
        none = Use(0, 0, 0)
        return Tally(
            triples=own.triples + shares.triples,
            subjects=own.subjects + shares.subjects,
            entities=own.entities + shares.entities,
            classes=_summed([own.classes, shares.classes]),
            properties={
                name: self._together(name, own.properties.get(name, none), new.get(name, set())) for name in names
            },
            of_classes=_summed([own.of_classes, shares.of_classes]),
            graphs=_summed([own.graphs, shares.graphs]),
        )

    def _together(self, name: str, own: Use, new: set[int]) -> Use:
        share = self._shares.properties.get(name)
        if share is None:
            return own
        if new or name not in self._shared:
            objects = set(self._hashes(self._pairs.get(name, set()) | new))
            self._shared[name] = self._objects.distinct(name, objects)
        return Use(own.triples + share[0], own.subjects + share[1], self._shared[name])

    def hashes(self) -> dict[str, "array[int]"]:
        """Property → the hashes of its different objects, in order."""
        return {name: array("Q", sorted(set(self._hashes(pairs)))) for name, pairs in self._pairs.items()}

    def _hashes(self, pairs: set[int]) -> Iterator[int]:
        terms = self._terms
        for number in {pair & (1 << _SHIFT) - 1 for pair in pairs}:
            yield _hash(terms[number])

    @property
    def _terms(self) -> list[object]:
        if len(self._held_terms) != len(self._numbers):
            self._held_terms = list(self._numbers)
        return self._held_terms

    def first(self, kind: str) -> str:
        """The instance of the class ``kind`` whose IRI comes first; "" when there is none."""
        number = self._numbers.get(NamedNode(kind))
        wanted = {subject for subject, kinds in self._kinds.items() if number in kinds}
        named = [term.value for term, own in self._numbers.items() if own in wanted and isinstance(term, NamedNode)]
        return min([*named, *filter(None, [self._shares.first.get(kind)])], default="")

    def _is_thing(self, term: object) -> bool:
        return isinstance(term, NamedNode) and term.value.startswith(self._things)


def _together(shares: Sequence[Share]) -> Share:
    """The numbers of ``shares`` added up."""
    first: dict[str, str] = {}
    properties: dict[str, tuple[int, int]] = {}
    for share in shares:
        for kind, iri in share.first.items():
            first[kind] = min(iri, first.get(kind, iri))
        for name, (triples, subjects) in share.properties.items():
            held = properties.get(name, (0, 0))
            properties[name] = (held[0] + triples, held[1] + subjects)
    return Share(
        triples=sum(share.triples for share in shares),
        subjects=sum(share.subjects for share in shares),
        entities=sum(share.entities for share in shares),
        classes=_summed(share.classes for share in shares),
        first=first,
        properties=properties,
        of_classes=_summed(share.of_classes for share in shares),
        graphs=_summed(share.graphs for share in shares),
        objects="",
    )


def _summed(parts: Iterable[Mapping[Any, int]]) -> dict[Any, int]:
    found: Counter[Any] = Counter()
    for part in parts:
        found.update(part)
    return dict(found)


def _hash(term: object) -> int:
    return int.from_bytes(blake2b(str(term).encode(), digest_size=8).digest(), "little")


def _kinds(pairs: Mapping[str, set[int]], known: Mapping[int, tuple[int, ...]]) -> dict[int, tuple[int, ...]]:
    """Subject → its classes."""
    found = dict(known)
    for pair in pairs.get(_TYPE, ()):
        subject = pair >> _SHIFT
        found[subject] = (*found.get(subject, ()), pair & (1 << _SHIFT) - 1)
    return found


def _of_classes(pairs: Mapping[str, set[int]], kinds: Mapping[int, tuple[int, ...]]) -> Counter[tuple[int, str]]:
    found: Counter[tuple[int, str]] = Counter()
    for name, held in pairs.items():
        for pair in held:
            for kind in kinds.get(pair >> _SHIFT, ()):
                found[kind, name] += 1
    return found


def _use(pairs: set[int]) -> Use:
    subjects = {pair >> _SHIFT for pair in pairs}
    return Use(len(pairs), len(subjects), len({pair & (1 << _SHIFT) - 1 for pair in pairs}))
