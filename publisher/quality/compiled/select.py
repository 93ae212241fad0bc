"""A SPARQL-based constraint (SHACL section 5), asked once for all focus nodes together.

SHACL asks it for each focus node with ``$this`` bound before. Where every row binds ``$this`` by itself the rows of all
focus nodes are the same as those of one question without it; where one does not, another engine must look at it.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from publisher.graph.store import Row, Term
from publisher.quality.compiled.components import NotCompiled
from publisher.quality.compiled.data import Data

_OUTSIDE = re.compile(
    r"[$?](PATH|shapesGraph|currentShape)\b|\b(SERVICE|VALUES|MINUS)\b|\bBOUND\(\s*[$?]this\b", re.IGNORECASE
)
"""What would need the shape, or the binding of one focus node."""


@dataclass(frozen=True)
class Select:
    """One constraint: its name, its query, the prefixes declared for it."""

    name: str
    query: str
    prefixes: Mapping[str, str]

    def __post_init__(self) -> None:
        """Raises NotCompiled for a query that cannot be asked for all focus nodes together."""
        if _OUTSIDE.search(self.query):
            raise NotCompiled(self.name)

    def rows(self, data: Data, focus: Term) -> Sequence[Row]:
        """The rows in which ``$this`` is ``focus``. Raises NotCompiled when a row does not bind it."""
        if self.name not in data.rows:
            data.rows[self.name] = self._all(data)
        return data.rows[self.name].get(focus, ())

    def _all(self, data: Data) -> Mapping[Term, Sequence[Row]]:
        found: dict[Term, list[Row]] = defaultdict(list)
        for row in data.dataset.select_default(self.query, self.prefixes):
            if "this" not in row:
                raise NotCompiled(self.name)
            found[row["this"]].append(row)
        return found
