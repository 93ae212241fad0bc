"""Our own queries: one ``.rq`` file each, with a head that says what it is and which parameters it takes.

Head lines are comments in grlc form, ``#+ key: value``. Keys: ``title`` and ``title_en`` (required), ``text`` and
``text_en``, ``group`` (of an example: where it is listed), ``parameters`` (see ``graph.parameters``), the name of one,
alone and with ``_en`` (what to call it), ``example`` (values to try, as in an address). A parameter is bound as a term
by substitution (SEP-0007) and never spliced; one that takes several values, or None for any, as a VALUES block at the
start of WHERE.
``Query.with_values`` writes every parameter as such a block, for readers who want to run the query themselves.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pyoxigraph import Triple

from publisher.core.errors import QueryFileError
from publisher.core.refusals import NotFound
from publisher.core.terms import CANONICAL_BASE
from publisher.graph import parameters
from publisher.graph.parameters import PLAIN, Parameter
from publisher.graph.store import Dataset, Row, Term

_HEAD = re.compile(r"^#\+\s*([a-z_]+)\s*:\s*(.*)$")
_SINGLE = ("iri", "text", "number")
_TOKEN = re.compile(r"""#[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|<[^<>\s]*>|[{}]|\?\w+""")
"""What has to be told apart to put a value in place: comments, strings, IRIs, brackets, variables."""
_EMPTY_PATH = r"\?{name}\s+[^.;{{}}?$]*[\w)>][*?](?=[\s/|)^])"
"""A path that may have no step and starts at a variable."""
_WHERE = re.compile(r"^(.*?\bWHERE\s*\{)", re.DOTALL)


@dataclass(frozen=True)
class Call:
    """A query by name, with the values it is asked with."""

    name: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Query:
    """One query file: its name (path below sparql/ without the ending), its head, its text."""

    name: str
    title: dict[str, str]
    text: dict[str, str]
    parameters: dict[str, Parameter]
    sparql: str
    labels: dict[str, dict[str, str]] = field(default_factory=dict)
    """What a parameter is called, where the head says so."""
    example: str = ""
    group: str = ""
    """What it is shown with: a name that the page of the examples knows."""

    def bind(self, values: Mapping[str, object]) -> tuple[str, dict[str, Term]]:
        """The text to run and the terms to substitute in it, for ``values`` of the declared kinds.

        Raises QueryFileError for an undeclared or missing parameter.
        """
        self._check(values)
        single = {name: value for name, value in values.items() if self.parameters[name].kind in _SINGLE}
        several = {name: value for name, value in values.items() if name not in single}
        return self._filled(several), {name: self.parameters[name].terms(v)[0] for name, v in single.items()}

    def with_values(self, values: Mapping[str, object]) -> str:
        """The query without its head, every parameter filled in: what a reader can run by herself."""
        return "".join(self.pieces(values))

    def pieces(self, values: Mapping[str, object]) -> tuple[str, str, str]:
        """The text of ``with_values`` in three: only the one between depends on the values."""
        self._check(values)
        before, after = self._bare
        return before, self._blocks(values), after

    @cached_property
    def _bare(self) -> tuple[str, str]:
        """The text without its head, before and after the place where values are filled in."""
        bare = "".join(line for line in self.sparql.splitlines(keepends=True) if not line.startswith("#+"))
        where = _WHERE.match(bare)
        return (where[0], bare[where.end() :]) if where else (bare, "")

    def with_constants(self, values: Mapping[str, object]) -> str:
        """As ``with_values``, with a single value put in place of its parameter where a path may have no step.

        Some servers follow such a path from every thing there is when its start is only bound by VALUES.
        """
        text = self.with_values(values)
        for name, value in values.items():
            terms = self.parameters[name].terms(value) if value is not None else []
            if len(terms) == 1 and re.search(_EMPTY_PATH.format(name=name), text):
                text = _in_place(text, name, str(terms[0]))
        return text

    def _check(self, values: Mapping[str, object]) -> None:
        if set(values) != set(self.parameters):
            raise QueryFileError(
                file=self.name, what=f"parameters {sorted(values)}, declared {sorted(self.parameters)}"
            )

    def _filled(self, values: Mapping[str, object]) -> str:
        """The text with a VALUES block for each of ``values`` that is given."""
        blocks = self._blocks(values)
        return _WHERE.sub(lambda where: where[1] + blocks, self.sparql, count=1) if blocks else self.sparql

    def _blocks(self, values: Mapping[str, object]) -> str:
        return "".join(
            f"{_block(name)}{' '.join(map(str, self.parameters[name].terms(value)))} }}"
            for name, value in values.items()
            if value is not None
        )


class Queries:
    """All queries of a folder, loaded and checked once, run by name on a dataset."""

    def __init__(self, folder: Path, base: str = CANONICAL_BASE) -> None:
        self.base = base
        files = sorted(folder.rglob("*.rq"))
        self._queries = {q.name: q for q in (read_query(path, folder, base) for path in files)}

    def __iter__(self) -> Iterator[Query]:
        return iter(self._queries.values())

    def get(self, name: str) -> Query:
        """The query ``name``; raises NotFound."""
        if name not in self._queries:
            raise NotFound(what=f"{name}.rq")
        return self._queries[name]

    def select(self, dataset: Dataset, name: str, **values: object) -> list[Row]:
        """Rows of the SELECT ``name`` with its parameters bound."""
        return dataset.select(*self._asked(dataset, name, values))

    def construct(self, dataset: Dataset, name: str, **values: object) -> list[Triple]:
        """Triples of the CONSTRUCT ``name`` with its parameters bound."""
        return dataset.construct(*self._asked(dataset, name, values))

    def _asked(self, dataset: Dataset, name: str, values: Mapping[str, object]) -> tuple[str, dict[str, Term]]:
        query = self.get(name)
        return (query.with_constants(values), {}) if dataset.filled else query.bind(values)

    def text(self, call: Call) -> str:
        """The text of the query of ``call`` with its values filled in; raises NotFound or QueryFileError."""
        return "".join(self.pieces(call))

    def pieces(self, call: Call) -> tuple[str, str, str]:
        """``text`` in three pieces, see ``Query.pieces``."""
        return self.get(call.name).pieces(call.values)


def _in_place(text: str, name: str, term: str) -> str:
    """``text`` with ``term`` for the variable ``name`` in its pattern, unless that would not be SPARQL."""
    where = _WHERE.match(text)
    start = where.end() if where else 0
    end = _closed(text, start)
    pattern, block = text[start:end], f"{_block(name)}{term} }}"
    rest = pattern.replace(block, "", 1)
    if re.search(rf"(bound\s*\(\s*|as |select[^{{]*|values[^{{]*)\?{name}\b", rest, re.IGNORECASE):
        return text
    replaced = _TOKEN.sub(lambda found: term if found[0] == f"?{name}" else found[0], rest)
    return text[:start] + block + replaced + text[end:]


def _closed(text: str, start: int) -> int:
    """Where the bracket that was opened before ``start`` is closed."""
    depth = 1
    for found in _TOKEN.finditer(text, start):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth == 0:
            return found.start()
    return len(text)


def _block(name: str) -> str:
    return f"\n  VALUES ?{name} {{ "


def read_query(path: Path, folder: Path, base: str = CANONICAL_BASE) -> Query:
    """The query in ``path``, named by its place below ``folder``, its IRIs under ``base``.

    Raises QueryFileError for a head without title or a parameter that the query does not use.
    """
    sparql = path.read_text(encoding="utf-8")
    head = {m[1]: m[2].strip() for m in map(_HEAD.match, sparql.splitlines()) if m}
    declared = _parameters(path, folder, head.get("parameters", ""))
    for key in ("title", "title_en"):
        if not head.get(key):
            raise QueryFileError(file=str(path), what=f"the head lacks #+ {key}:")
    for name in declared:
        if not re.search(rf"[?$]{name}\b", sparql):
            raise QueryFileError(file=str(path), what=f"the declared parameter {name} is not used")
    if declared and not _WHERE.match(sparql):
        raise QueryFileError(file=str(path), what="a query with parameters says WHERE {")
    return Query(
        name=path.relative_to(folder).with_suffix("").as_posix(),
        title={"de": head["title"], "en": head["title_en"]},
        text={"de": head.get("text", ""), "en": head.get("text_en", "")},
        parameters=declared,
        sparql=sparql.replace(f"<{CANONICAL_BASE}", f"<{base}"),
        labels={
            name: {"de": head[name], "en": head.get(f"{name}_en", head[name])} for name in declared if name in head
        },
        example=head.get("example", ""),
        group=head.get("group", ""),
    )


def _parameters(path: Path, folder: Path, text: str) -> dict[str, Parameter]:
    try:
        declared = {one.name: one for one in parameters.read(text)}
    except ValueError as error:
        raise QueryFileError(file=str(path), what=f"{str(error)!r} declares no parameter") from None
    for one in declared.values():
        if one.listed and not (folder / f"{one.source}.rq").is_file():
            kinds = f"{', '.join(PLAIN)}, list:<list of the ontology>, a file of values/"
            raise QueryFileError(
                file=str(path), what=f"parameter {one.name!r} has the kind {one.kind!r}; there are {kinds}"
            )
    return declared
