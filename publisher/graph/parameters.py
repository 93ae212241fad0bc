"""The parameters that a query declares in its head, each with a kind that says which values it takes.

``name kind``, then what else holds of it: ``several`` values at once, ``optional``, ``= default``. Kinds of their own
are ``iri``, ``iris`` (several, or None for any), ``text`` and ``number``. Every other kind names where its values come
from: ``list:GoalLevels`` any list of the ontology, else the file ``values/<kind>.rq``, which gives ``?value`` with a
``?notation`` for addresses, a ``?label`` in each language and, where there are some, other names (``?also``).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode

from publisher.graph.store import Term

PLAIN = ("iri", "iris", "text", "number")
"""The kinds that take any value of their type."""
LIST = "list:"
VALUES = "values/"
"""Where the queries lie that give the values of a kind."""

_PART = re.compile(
    r"(?P<name>[a-z_]+) +(?P<kind>[\w:]+)(?P<several> +several)?(?P<optional> +optional)?(?: *= *(?P<default>.+))?"
)


@dataclass(frozen=True)
class Parameter:
    """One parameter: its name in query and address, its kind, how many values it takes, what it is without one."""

    name: str
    kind: str
    several: bool = False
    optional: bool = False
    default: str = ""

    @property
    def listed(self) -> bool:
        """Whether its values come from a list."""
        return self.kind not in PLAIN

    @property
    def source(self) -> str:
        """The name of the query that gives its values."""
        return VALUES + ("list" if self.kind.startswith(LIST) else self.kind)

    @property
    def scheme(self) -> str:
        """The local name of the list of the ontology it takes its values from; "" when it is none."""
        return self.kind.removeprefix(LIST) if self.kind.startswith(LIST) else ""

    def terms(self, value: object) -> list[Term]:
        """``value`` as terms: one, or several where the kind takes them."""
        if (self.listed or self.kind == "iris") and isinstance(value, Iterable) and not isinstance(value, str):
            return [self._term(one) for one in value]
        return [self._term(value)]

    def _term(self, value: object) -> Term:
        if isinstance(value, NamedNode | BlankNode | Literal):
            return value
        if self.kind == "number":
            return Literal(int(str(value)))
        return Literal(str(value)) if self.kind == "text" else NamedNode(str(value))


def read(declared: str) -> list[Parameter]:
    """The parameters of ``declared``, separated by commas; raises ValueError with the part that is none."""
    return [_read(part.strip()) for part in declared.split(",") if part.strip()]


def _read(part: str) -> Parameter:
    match = _PART.fullmatch(part)
    if not match:
        raise ValueError(part)
    default = (match["default"] or "").strip()
    return Parameter(match["name"], match["kind"], bool(match["several"]), bool(match["optional"]), default)
