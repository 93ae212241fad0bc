"""The statements of one validation: by property and subject for walking, in a store for SPARQL."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from publisher.core.terms import RDF, RDFS
from publisher.graph.store import Dataset, Row, Term

Place = Mapping[Term, Sequence[Term]]
"""Subject → the values that one property has there, each once."""
_TYPE, _SUBCLASS = NamedNode(RDF + "type"), NamedNode(RDFS + "subClassOf")


class Data:
    """What is validated."""

    def __init__(self, statements: bytes | Sequence[Quad]) -> None:
        """``statements`` are N-Triples, or quads whose graphs do not matter."""
        found: dict[Term, dict[Term, dict[Term, None]]] = defaultdict(lambda: defaultdict(dict))
        if isinstance(statements, bytes):
            statements = list(parse(statements, format=RdfFormat.N_TRIPLES))
        self._quads = statements
        for quad in self._quads:
            found[quad.predicate][quad.subject][quad.object] = None  # type: ignore[index]
        self._places: dict[Term, Place] = {
            name: {node: list(values) for node, values in held.items()} for name, held in found.items()
        }
        self.conforming: dict[tuple[str, Term], bool] = {}
        """Shape and node → whether the node conforms, as far as it was asked."""
        self.rows: dict[str, Mapping[Term, Sequence[Row]]] = {}
        """Constraint → its rows by focus node, as far as it was asked."""

    @cached_property
    def dataset(self) -> Dataset:
        """The same for SPARQL."""
        return Dataset.of(Quad(quad.subject, quad.predicate, quad.object) for quad in self._quads)

    def place(self, name: NamedNode) -> Place:
        """The values of the property ``name`` by subject."""
        return self._places.get(name, {})

    def values(self, node: Term, name: NamedNode) -> Sequence[Term]:
        """The values of the property ``name`` of ``node``."""
        return self.place(name).get(node, ())

    def objects(self, name: NamedNode) -> Iterator[Term]:
        """What the property ``name`` leads to, each once."""
        return iter(dict.fromkeys(value for values in self.place(name).values() for value in values))

    def instances(self, kind: Term) -> Iterator[Term]:
        """The SHACL instances of a class: those of its subclasses, too (SHACL section 2.1.3.2)."""
        return iter(dict.fromkeys(node for one in self._below(kind) for node in self._instances.get(one, ())))

    def is_instance(self, node: Term, kind: Term) -> bool:
        """Whether ``node`` is a SHACL instance of ``kind``."""
        below = self._below(kind)
        return any(one in below for one in self.values(node, _TYPE))

    @cached_property
    def _instances(self) -> Mapping[Term, Sequence[Term]]:
        found: dict[Term, list[Term]] = defaultdict(list)
        for node, kinds in self.place(_TYPE).items():
            for kind in kinds:
                found[kind].append(node)
        return found

    @cached_property
    def _direct(self) -> Mapping[Term, Sequence[Term]]:
        found: dict[Term, list[Term]] = defaultdict(list)
        for node, above in self.place(_SUBCLASS).items():
            for one in above:
                found[one].append(node)
        return found

    @cached_property
    def _closures(self) -> dict[Term, dict[Term, None]]:
        return {}

    def _below(self, kind: Term) -> Mapping[Term, None]:
        """``kind`` and everything that is a subclass of it, however far down."""
        if kind not in self._closures:
            found, waiting = {kind: None}, [kind]
            while waiting:
                for one in self._direct.get(waiting.pop(), ()):
                    if one not in found:
                        found[one] = None
                        waiting.append(one)
            self._closures[kind] = found
        return self._closures[kind]
