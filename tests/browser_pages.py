"""The kinds of pages that the browser tests visit: read from the table, one line a kind."""

import csv
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).parent / "data" / "browser" / "pages.tsv"
LANGUAGES = ("de", "en")


@dataclass(frozen=True)
class Kind:
    """One kind of page: its name, the path of an example in German, and the status it answers with."""

    name: str
    path: str
    status: int

    def at(self, language: str) -> str:
        """The path of the example in ``language``."""
        return self.path if language == "de" else f"/{language}{self.path}"


def kinds() -> tuple[Kind, ...]:
    """Every line of the table, in its order."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple(Kind(row["kind"], row["path"], int(row["status"])) for row in rows)


def kind(name: str) -> Kind:
    """The line of the table with this name."""
    return next(kind for kind in kinds() if kind.name == name)
