"""The store: named graphs in memory, read-only once loaded. The only user of pyoxigraph's Store.

A release that another server holds is a ``graph.remote.Remote``, which answers the same questions.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import IO, ClassVar, Self, cast

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    Variable,
    parse,
)

from publisher.core.terms import CANONICAL_BASE, LABEL_PROPERTIES, RDF, prefixes
from publisher.graph.counted import without_counting
from publisher.graph.lines import pieces

Term = NamedNode | BlankNode | Literal
Row = dict[str, Term]
"""One row of a result: only the bound variables."""
Result = QuerySolutions | QueryBoolean | Iterable[Triple]
"""What a query gives: rows, yes or no, or triples."""
Function = Callable[..., Term | Triple | None]
"""What a query may call: takes terms, gives one, or None for an error."""


@cache
def _local(name: NamedNode) -> str:
    return name.value.replace("#", "/").rpartition("/")[2]


@dataclass(frozen=True)
class Dataset:
    """All named graphs of a release, with the base their IRIs have."""

    store: Store
    base: str = CANONICAL_BASE
    functions: Mapping[NamedNode, Function] = field(default_factory=dict, repr=False, compare=False)
    """What queries may call beyond SPARQL."""
    statements: int | None = None
    """How many statements all named graphs hold, where that is known."""
    filled: ClassVar[bool] = False
    """Whether parameters stand in the text of a query instead of being bound as terms."""

    @classmethod
    def of(cls, quads: Iterable[Quad], base: str = CANONICAL_BASE) -> Self:
        """A dataset of ``quads``."""
        store = Store()
        store.extend(quads)
        return cls(store, base)

    @classmethod
    def read(cls, nquads: bytes | IO[bytes], base: str = CANONICAL_BASE) -> Self:
        """A dataset of N-Quads of ours, read piece by piece; blank nodes keep the labels of the file.

        That every IRI in it is one is not checked again: whoever wrote the file has parsed it.
        """
        dataset = cls(Store(), base)
        dataset.take(BytesIO(nquads) if isinstance(nquads, bytes) else nquads)
        return dataset

    def take(self, file: IO[bytes]) -> None:
        """Adds the N-Quads in ``file``, as ``read`` takes them. Other threads may be reading what is there."""
        for named, blank in pieces(file):
            # The loader takes less memory than the parser, but gives blank nodes labels of its own. It is given the
            # lines, not the file, which it would ask for bit by bit, waiting each time for threads that compute.
            self.store.load(named, format=RdfFormat.N_QUADS, lenient=True)
            if blank:
                self.store.extend(parse(blank, format=RdfFormat.N_QUADS))

    @classmethod
    def turtle(cls, path: Path, base: str = CANONICAL_BASE) -> Self:
        """A dataset of the Turtle file ``path``, all of it in the default graph."""
        store = Store()
        store.load(path=str(path), format=RdfFormat.TURTLE)
        return cls(store, base)

    def exchange(self, removed: Iterable[bytes], added: Iterable[bytes]) -> None:
        """Takes the statements in the N-Quads lines ``removed`` out, and those in ``added`` in. Nobody may be reading.

        What is taken out still takes memory; a graph without statements is one no more.
        """
        touched = set()
        for quad in parse(b"".join(removed), format=RdfFormat.N_QUADS, lenient=True):
            self.store.remove(quad)
            touched.add(quad.graph_name)
        self.store.extend(parse(b"".join(added), format=RdfFormat.N_QUADS, lenient=True))
        for name in touched:
            if isinstance(name, NamedNode) and next(self.graph(name.value), None) is None:
                self.store.remove_graph(name)

    def run(
        self,
        query: str,
        default: Sequence[str] = (),
        named: Sequence[str] = (),
        union: bool = True,
        graph: bool = False,
    ) -> Result:
        """The result of a visitor's ``query`` over the graphs ``default`` and ``named``.

        Without any of them: over all graphs (``union``), or over what the query names itself. ``graph`` says that
        triples are expected. Raises SyntaxError, RuntimeError, ValueError or OSError of the engine.
        """
        functions = self._called(query)
        if default or named:
            return self.store.query(
                query,
                default_graph=[NamedNode(iri) for iri in default],
                named_graphs=[NamedNode(iri) for iri in named],
                custom_functions=functions,
            )
        if self.statements is not None:
            query = without_counting(query, self.statements) or query
        return self.store.query(query, use_default_graph_as_union=union, custom_functions=functions)

    def _called(self, query: str) -> dict[NamedNode, Function]:
        """The functions that ``query`` may call: those whose name stands in it, or may stand there in escapes."""
        escaped = "\\" in query
        return {name: call for name, call in self.functions.items() if escaped or _local(name) in query}

    def confirm(self) -> None:
        """Makes sure that an answer came from one release: what is in memory never changes."""

    def close(self) -> None:
        """Lets connections go, where there are any."""

    def broken(self, error: Exception) -> Exception:
        """What it means that an answer cannot be read to its end because of ``error``."""
        return error

    def select(self, query: str, parameters: Mapping[str, Term] | None = None) -> list[Row]:
        """Rows of a SELECT over the union of all graphs, ``parameters`` bound as terms."""
        return _rows(cast(QuerySolutions, self._ask(query, parameters)))

    def select_default(self, query: str, prefixes: Mapping[str, str]) -> list[Row]:
        """Rows of a SELECT over the default graph alone.

        ``prefixes`` are those that the query uses without declaring them.
        """
        return _rows(cast(QuerySolutions, self.store.query(query, prefixes=dict(prefixes))))

    def construct(self, query: str, parameters: Mapping[str, Term] | None = None) -> list[Triple]:
        """Triples of a CONSTRUCT over the union of all graphs, ``parameters`` bound as terms."""
        return list(self._ask(query, parameters))  # type: ignore[arg-type]

    def ask(self, query: str, parameters: Mapping[str, Term] | None = None) -> bool:
        """The answer of an ASK over the union of all graphs, ``parameters`` bound as terms."""
        return bool(self._ask(query, parameters))

    def _ask(self, query: str, parameters: Mapping[str, Term] | None) -> QuerySolutions | QueryBoolean | QueryTriples:
        return self.store.query(
            query,
            use_default_graph_as_union=True,
            substitutions=_bound(parameters),
            custom_functions=dict(self.functions),
        )

    def outgoing(self, iri: str) -> Iterator[Quad]:
        """Every statement about ``iri``, in any graph."""
        return self.store.quads_for_pattern(NamedNode(iri), None, None)

    def about(self, iri: str) -> list[Triple]:
        """Every statement about ``iri``; one that stands in several graphs may come several times."""
        return [quad.triple for quad in self.store.quads_for_pattern(NamedNode(iri), None, None)]

    def incoming(self, iri: str, apart: Container[str] = ()) -> Iterator[tuple[str, str]]:
        """Each named thing that refers to ``iri``, with the property by which it does, in no order.

        References in the graphs ``apart`` are left out.
        """
        for quad in self.store.quads_for_pattern(None, None, NamedNode(iri)):
            inside = isinstance(quad.graph_name, NamedNode) and quad.graph_name.value in apart
            if isinstance(quad.subject, NamedNode) and not inside:
                yield quad.subject.value, quad.predicate.value

    def objects(self, iri: str, predicate: str) -> list[Term]:
        """The values of ``predicate`` of ``iri``, each once, sorted."""
        quads = self.store.quads_for_pattern(NamedNode(iri), NamedNode(self.own(predicate)), None)
        return sorted({cast(Term, quad.object) for quad in quads}, key=str)

    def known(self, iri: str) -> bool:
        """Whether anything is said about ``iri`` or a graph has that name."""
        node = NamedNode(iri)
        return next(self.store.quads_for_pattern(node, None, None), None) is not None or self.has_graph(iri)

    def has_graph(self, iri: str) -> bool:
        """Whether a named graph ``iri`` exists; what is no IRI names none."""
        try:
            return self.store.contains_named_graph(NamedNode(iri))
        except ValueError:
            return False

    def types(self, iri: str) -> list[str]:
        """The classes of ``iri``."""
        return [term.value for term in self.objects(iri, RDF + "type") if isinstance(term, NamedNode)]

    def label(self, iri: str, language: str) -> Literal | None:
        """The best label of ``iri``: in ``language`` if there is one, else German, else any."""
        for predicate in LABEL_PROPERTIES:
            found = {term.language: term for term in self.objects(iri, predicate) if isinstance(term, Literal)}
            if found:
                return found.get(language) or found.get("de") or next(iter(found.values()))
        return None

    def graph(self, iri: str) -> Iterator[Quad]:
        """The statements of one named graph."""
        return self.store.quads_for_pattern(None, None, None, NamedNode(iri))

    def graphs(self) -> list[str]:
        """The names of all graphs, sorted."""
        return sorted(name.value for name in self.store.named_graphs())

    def own(self, iri: str) -> str:
        """``iri`` of our canonical base as it is in this dataset."""
        return _own(iri, self.base)

    @property
    def prefixes(self) -> dict[str, str]:
        """The usual prefixes, ours under the dataset's base."""
        return prefixes(self.base)


@lru_cache(1 << 12)
def _own(iri: str, base: str) -> str:
    return base + iri[len(CANONICAL_BASE) :] if iri.startswith(CANONICAL_BASE) else iri


def _rows(solutions: QuerySolutions) -> list[Row]:
    names = [variable.value for variable in solutions.variables]
    # Hundreds of thousands of rows come this way: nothing is done for each that need not be.
    return [
        {name: value for name, value in zip(names, solution) if value is not None}  # noqa: B905
        for solution in cast(Iterable[Sequence[Term | None]], solutions)
    ]


def _bound(parameters: Mapping[str, Term] | None) -> dict[Variable, Term | Triple] | None:
    return {Variable(name): term for name, term in parameters.items()} if parameters else None


def union(quads: Iterable[Quad]) -> list[Quad]:
    """The statements of ``quads`` in the default graph, each once."""
    return sorted({Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in quads}, key=str)
