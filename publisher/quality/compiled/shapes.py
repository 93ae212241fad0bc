"""Shapes read into functions: what each says of a focus node (SHACL sections 2 to 5)."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse

from publisher.core.terms import RDF, RDFS, SH
from publisher.graph.store import Term
from publisher.quality.compiled.components import LISTED, SINGLE, NotCompiled, Offends
from publisher.quality.compiled.data import Data
from publisher.quality.compiled.select import Select

_FIRST, _REST, _NIL = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))
_TARGETS = ("targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode")
_SAID = {"path", "severity", "message", "name", "description", "order", "group", "qualifiedMinCount"}
_KNOWN = {*_TARGETS, *_SAID, *SINGLE, *LISTED, "qualifiedMaxCount"}


@dataclass(frozen=True)
class Offence:
    """What a shape finds: whose rule, at which value (None: at none), by which kind of constraint."""

    shape: "Shape"
    focus: Term
    value: Term | None
    component: str
    path: Term | None = None


@dataclass
class Shape:
    """One shape: where its values are, what it asks of them."""

    iri: str
    severity: str
    paths: tuple[NamedNode, ...]
    """The properties of which one leads to the values; none for a node shape."""
    plain: list[tuple[str, Offends]] = field(default_factory=list)
    """Components by name."""
    properties: list["Shape"] = field(default_factory=list)
    """What is asked of each value beyond that."""
    selects: list[Select] = field(default_factory=list)

    def offences(self, data: Data, focus: Term) -> Iterator[Offence]:
        """What is wrong with ``focus``."""
        values = self._values(data, focus)
        for component, offends in self.plain:
            for value in offends(data, focus, values):
                yield Offence(self, focus, value, component)
        for inner in self.properties:
            for one in values:
                yield from inner.offences(data, one)
        for select in self.selects:
            for row in select.rows(data, focus):
                # A node shape without ?value is about the focus node itself (SHACL section 5.3.2).
                value = row.get("value") or (None if self.paths else focus)
                yield Offence(self, focus, value, _component("SPARQL"), row.get("path"))

    def holds(self, data: Data, node: Term) -> bool:
        """Whether ``node`` conforms to the shape (SHACL section 3.4.1)."""
        key = self.iri, node
        if key not in data.conforming:
            data.conforming[key] = next(self.offences(data, node), None) is None
        return data.conforming[key]

    def _values(self, data: Data, focus: Term) -> Sequence[Term]:
        if not self.paths:
            return (focus,)
        if len(self.paths) == 1:
            return data.values(focus, self.paths[0])
        return list(dict.fromkeys(value for path in self.paths for value in data.values(focus, path)))


class Book:
    """All shapes of a graph. Raises NotCompiled when one of them asks for more than this engine knows."""

    def __init__(self, ntriples: bytes) -> None:
        self._facts: dict[Term, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        quads: list[Quad] = list(parse(ntriples, format=RdfFormat.N_TRIPLES))
        for quad in quads:
            self._facts[quad.subject][quad.predicate.value].append(quad.object)  # type: ignore[index, arg-type]
        self._shapes: dict[Term, Shape] = {}
        self.targets = [
            (self._shape(node), name, target)
            for node in list(self._facts)
            for name in _TARGETS
            for target in self._get(node, name)
        ]

    def offences(self, data: Data) -> Iterator[Offence]:
        """What all shapes find at their targets (SHACL section 2.1.3)."""
        focused: dict[int, tuple[Shape, dict[Term, None]]] = {}
        for shape, name, target in self.targets:
            _, nodes = focused.setdefault(id(shape), (shape, {}))
            nodes.update(dict.fromkeys(_targeted(data, name, target)))
        for shape, nodes in focused.values():
            for node in nodes:
                yield from shape.offences(data, node)

    def _get(self, node: Term, name: str) -> list[Term]:
        return self._facts[node].get(SH + name, []) if node in self._facts else []

    def _shape(self, node: Term) -> Shape:
        if node not in self._shapes:
            self._refuse_unknown(node)
            severity = next(iter(self._get(node, "severity")), NamedNode(SH + "Violation"))
            paths = [self._path(one) for one in self._get(node, "path")]
            shape = Shape(_text(node), severity.value.removeprefix(SH), paths[0] if paths else ())
            self._shapes[node] = shape
            self._fill(node, shape)
        return self._shapes[node]

    def _refuse_unknown(self, node: Term) -> None:
        said = {name.removeprefix(SH) for name in self._facts[node] if name.startswith(SH)}
        kinds = self._facts[node].get(RDF + "type", [])
        unknown = said - _KNOWN
        if unknown or NamedNode(RDFS + "Class") in kinds:
            raise NotCompiled(f"{_text(node)}: {', '.join(sorted(unknown))}")

    def _path(self, node: Term) -> tuple[NamedNode, ...]:
        if isinstance(node, NamedNode):
            return (node,)
        several = [one for found in self._get(node, "alternativePath") for one in self._list(found)]
        named = [one for one in several if isinstance(one, NamedNode)]
        if not named or len(named) != len(several):
            raise NotCompiled("path")
        return tuple(named)

    def _list(self, node: Term) -> list[Term]:
        found: list[Term] = []
        while node != _NIL:
            found += self._facts[node][_FIRST.value]
            node = self._facts[node][_REST.value][0]
        return found

    def _fill(self, node: Term, shape: Shape) -> None:
        """Puts into ``shape`` what is asked of it."""
        for name, (component, single) in SINGLE.items():
            shape.plain += [(_component(component), single(argument)) for argument in self._get(node, name)]
        for name, (component, listed) in LISTED.items():
            shape.plain += [(_component(component), listed(self._list(argument))) for argument in self._get(node, name)]
        for name, (component, logical) in _LOGICAL.items():
            for argument in self._get(node, name):
                inner = [argument] if name in ("node", "not") else self._list(argument)
                shape.plain.append((_component(component), logical([self._shape(one) for one in inner])))
        for argument in self._get(node, "qualifiedValueShape"):
            shape.plain += self._qualified(node, self._shape(argument))
        shape.properties += [self._shape(argument) for argument in self._get(node, "property")]
        for argument in self._get(node, "sparql"):
            shape.selects.append(Select(_text(argument), self._only(argument, "select"), self._prefixes(argument)))

    def _qualified(self, node: Term, inner: Shape) -> Iterator[tuple[str, Offends]]:
        for name, sign in (("Min", -1), ("Max", 1)):
            for limit in self._get(node, f"qualified{name}Count"):
                yield _component(f"Qualified{name}Count"), _counting(inner, sign, int(limit.value))

    def _only(self, node: Term, name: str) -> str:
        found = self._get(node, name)
        if len(found) != 1 or not isinstance(found[0], Literal):
            raise NotCompiled(f"{_text(node)}: sh:{name}")
        return found[0].value

    def _prefixes(self, node: Term) -> Mapping[str, str]:
        declared = [one for group in self._get(node, "prefixes") for one in self._get(group, "declare")]
        return {self._only(one, "prefix"): self._only(one, "namespace") for one in declared}


def _all(several: Sequence[Shape]) -> Offends:
    """sh:node and sh:and."""
    return lambda data, _, values: [one for one in values if not all(inner.holds(data, one) for inner in several)]


def _any(several: Sequence[Shape]) -> Offends:
    """sh:or."""
    return lambda data, _, values: [one for one in values if not any(inner.holds(data, one) for inner in several)]


def _none(several: Sequence[Shape]) -> Offends:
    """sh:not."""
    return lambda data, _, values: [one for one in values if any(inner.holds(data, one) for inner in several)]


_LOGICAL: Mapping[str, tuple[str, Callable[[Sequence[Shape]], Offends]]] = {
    "node": ("Node", _all),
    "and": ("And", _all),
    "or": ("Or", _any),
    "not": ("Not", _none),
}
"""Parameter → name of its component, and what makes it from the shapes that are its argument."""
_KNOWN |= {*_LOGICAL, "property", "qualifiedValueShape", "sparql"}


def _component(name: str) -> str:
    return f"{SH}{name}ConstraintComponent"


def _counting(inner: Shape, sign: int, limit: int) -> Offends:
    def offends(data: Data, focus: Term, values: Sequence[Term]) -> tuple[None, ...]:
        number = sum(inner.holds(data, one) for one in values)
        return (None,) if (number - limit) * sign > 0 else ()

    return offends


def _targeted(data: Data, name: str, target: Term) -> Iterator[Term]:
    if name == "targetClass":
        return data.instances(target)
    if name == "targetNode":
        return iter((target,))
    assert isinstance(target, NamedNode)
    return iter(data.place(target)) if name == "targetSubjectsOf" else data.objects(target)


def _text(node: Term) -> str:
    return node.value if not isinstance(node, BlankNode) else str(node)
