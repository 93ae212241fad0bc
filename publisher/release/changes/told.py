"""What changed, kept in the release as data: a summary, and a file for each data set; read again for pages."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from publisher.release.changes.changes import Changed, Fact, Row
from publisher.release.changes.names import Name

FOLDER = "changes"
SUMMARY = f"{FOLDER}/summary.json"


@dataclass(frozen=True)
class Summary:
    """What changed since the release before, data set by data set, without the single things."""

    version: str
    previous: str
    """Version of the release before; "" for the first."""
    unknown: bool = False
    """Whether the files of the release before were not there, so that only data sets can be compared."""
    moved: bool = False
    """Whether the base of all IRIs changed; there is no patch then."""
    sets: tuple[Changed, ...] = ()
    """Without their rows and words."""
    graphs: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Named graph → how many statements it lost and gained."""


def path(name: str) -> str:
    """Where the changes of the data set ``name`` lie."""
    return f"{FOLDER}/{name}.json"


def as_json(changed: Changed) -> str:
    """The changes of one data set, stable."""
    return _text(
        {
            **_head(changed),
            "rows": [_row(row) for row in changed.rows],
            "words": {iri: _name(name) for iri, name in sorted(changed.words.items())},
        }
    )


def summary_as_json(summary: Summary) -> str:
    """The summary, stable."""
    return _text(
        {
            "version": summary.version,
            "previous": summary.previous,
            "unknown": summary.unknown,
            "moved": summary.moved,
            "sets": [_head(one) for one in summary.sets],
            "graphs": {graph: list(numbers) for graph, numbers in summary.graphs.items()},
        }
    )


def read(folder: Path, name: str) -> Changed | None:
    """The changes of one data set in a release folder; None where there are none."""
    raw = _read(folder / path(name))
    if raw is None:
        return None
    rows = tuple(
        Row(r["thing"], r["kind"], r["change"], r["old"], r["new"], tuple(_fact(fact) for fact in r["facts"]))
        for r in raw["rows"]
    )
    words = {iri: Name(*name) for iri, name in raw["words"].items()}
    return _changed(raw, rows, words)


def read_summary(folder: Path) -> Summary | None:
    """The summary of a release folder; None for a release of an earlier version of the program."""
    raw = _read(folder / SUMMARY)
    if raw is None:
        return None
    sets = tuple(_changed(one, (), {}) for one in raw["sets"])
    graphs = {graph: (numbers[0], numbers[1]) for graph, numbers in raw["graphs"].items()}
    return Summary(raw["version"], raw["previous"], raw["unknown"], raw["moved"], sets, graphs)


def _read(file: Path) -> dict[str, Any] | None:
    if not file.is_file():
        return None
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _head(changed: Changed) -> dict[str, Any]:
    return {
        "name": changed.name,
        "change": changed.change,
        "title": _name(changed.title),
        "kinds": dict(changed.kinds),
        "statements": list(changed.statements),
        "counts": dict(changed.counts),
    }


def _changed(raw: Mapping[str, Any], rows: tuple[Row, ...], words: Mapping[str, Name]) -> Changed:
    lost, gained = raw["statements"]
    title = Name(*raw["title"])
    return Changed(raw["name"], raw["change"], title, rows, raw["kinds"], words, (lost, gained), raw["counts"])


def _row(row: Row) -> dict[str, Any]:
    facts = [[fact.property, [_name(n) for n in fact.old], [_name(n) for n in fact.new]] for fact in row.facts]
    return {
        "thing": row.thing,
        "kind": row.kind,
        "change": row.change,
        "old": row.old,
        "new": row.new,
        "facts": facts,
    }


def _fact(raw: list[Any]) -> Fact:
    name, old, new = raw
    return Fact(name, tuple(Name(*one) for one in old), tuple(Name(*one) for one in new))


def _name(name: Name) -> list[str]:
    return [name.de, name.en] if name.en else [name.de]
