"""The tables of a release, their columns and keys: read from the queries that make them (sparql/tables/).

What a column is called and means is written once for all tables (locale/table_columns.toml).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from publisher.core.messages import Message, messages
from publisher.graph.queries import Queries

FOLDER = "tabellen"
QUERIES = "tables/"
COUNTY_KEY = "kreisschluessel"
COMMON = ("kreise", "gemeinsame_felder")
"""The tables that are not gathered county by county."""
ORDER = (
    *("kreise", "fassungen", "dokumente", "handlungsfelder", "ziele", "massnahmen", "weitere_texte", "akteure"),
    *("zuordnungen", "nennungen", "verknuepfungen", "listenumfang", "beschluesse", "zitate", "belege"),
    "gemeinsame_felder",
)
"""The tables in the order in which people want them."""
_KEYS = {
    "kreise": (COUNTY_KEY,),
    "nennungen": (),
    "verknuepfungen": ("von_iri", "beziehung_code", "nach_iri"),
    "belege": ("eintrag_iri", "beleg_iri"),
}
"""What tells the rows of a table apart where it is not ``iri``."""
_LINKS = {
    COUNTY_KEY: ("kreise", COUNTY_KEY),
    "fassung_iri": ("fassungen", "iri"),
    "verglichene_fassung_iri": ("fassungen", "iri"),
    "ueberarbeitet_iri": ("fassungen", "iri"),
    "dokument_iri": ("dokumente", "iri"),
    "beleg_iri": ("zitate", "iri"),
    "gemeinsames_feld_iri": ("gemeinsame_felder", "iri"),
    "oberfeld_iri": ("gemeinsame_felder", "iri"),
    "gehoert_zu_iri": ("akteure", "iri"),
    "gremium_iri": ("akteure", "iri"),
}
"""Column → the table and column that it leads to."""
_OWN = "teil_von_iri"
"""The column that leads to another row of the same table."""
_TYPES = {
    "zeile": "integer",
    "reihenfolge": "integer",
    "einwohner": "integer",
    "verglichen": "boolean",
    "einwohner_stichtag": "date",
}
_SELECT = re.compile(r"\bSELECT\s+(?:DISTINCT\s+)?((?:\?\w+\s+)+)WHERE\b")


@dataclass(frozen=True)
class Column:
    """One column: its name in the file, what it is called, what it means, its type."""

    name: str
    title: Message
    meaning: Message
    type: str
    """``string``, ``integer``, ``boolean``, ``date`` or ``uri``."""
    quoted: bool
    """Whether it holds words of a source."""


@dataclass(frozen=True)
class Table:
    """One table: its name, the query that makes it, its columns, its keys."""

    name: str
    query: str
    title: Message
    text: Message
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    """The columns that tell rows apart; none where a row has no name of its own."""
    links: Mapping[str, tuple[str, str]]
    """Column → the table and column that it leads to."""

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)

    @property
    def path(self) -> str:
        """Where its file lies in a release."""
        return f"{FOLDER}/{self.name}.csv"


def tables(queries: Queries) -> tuple[Table, ...]:
    """All tables, in the order in which people want them."""
    return tuple(_table(queries, name) for name in ORDER)


def _table(queries: Queries, name: str) -> Table:
    query = queries.get(QUERIES + name)
    chosen = _SELECT.search(query.sparql)
    assert chosen, f"{query.name} names its columns"
    names = chosen[1].replace("?", "").split()
    links = {column: _LINKS[column] for column in names if column in _LINKS}
    links |= {_OWN: (name, "iri")} if _OWN in names else {}
    return Table(
        name,
        query.name,
        Message(query.title["de"], query.title["en"]),
        Message(query.text["de"], query.text["en"]),
        tuple(map(_column, names)),
        _KEYS.get(name, ("iri",)),
        {column: target for column, target in links.items() if target != (name, column)},
    )


def _column(name: str) -> Column:
    said = messages("table_columns")[name]
    (title, meaning), (title_en, meaning_en) = (text.split(": ", 1) for text in (said.de, said.en))
    is_uri = name == "iri" or name.endswith("_iri") or name == "webseite"
    kind = "uri" if is_uri else _TYPES.get(name, "string")
    quoted = "wortlaut" in name or name in ("titel", "motto", "davor", "danach")
    return Column(name, Message(title, title_en), Message(meaning, meaning_en), kind, quoted)
