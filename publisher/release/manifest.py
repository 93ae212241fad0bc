"""The manifest of a release: what it holds, of when, in which state each county is."""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

State = Literal["current", "kept", "left_out"]
"""current: this release's data; kept: last valid state of an earlier release; left_out: no valid data yet."""


@dataclass(frozen=True)
class File:
    """One file of the release: its path below the release folder, size in bytes, SHA-256 in hex."""

    path: str
    media: str
    bytes: int
    sha256: str
    graph: str = ""
    """IRI of the named graph it holds; empty for the whole."""


@dataclass(frozen=True)
class CountyState:
    """How one county stands in the release."""

    ags: str
    state: State
    since: str
    """Version of the release the county's statements come from; empty when left out."""
    triples: int = 0
    violations: int = 0
    """Findings in the new data that kept it out; 0 for a current county."""


@dataclass(frozen=True)
class DatasetState:
    """How one data set of the catalogue stands: its dates follow its content, not the build."""

    name: str
    """``gesamt``, ``vokabular``, or the key of a county."""
    content: str
    """SHA-256 of its statements."""
    issued: str
    """Its date when it was published first, YYYY-MM-DD."""
    modified: str
    """Its date when its content last changed, YYYY-MM-DD."""
    since: str
    """Version of the release in which this content came first."""


@dataclass(frozen=True)
class Manifest:
    """All facts of a release; written as manifest.json."""

    version: str
    date: str
    """Date of the data, YYYY-MM-DD: the newest dct:modified of the county graphs."""
    base: str
    triples: int
    files: list[File] = field(default_factory=list)
    counties: list[CountyState] = field(default_factory=list)
    datasets: list[DatasetState] = field(default_factory=list)
    """The data sets of the catalogue; none in a release of an earlier version of the program."""
    number: int = 0
    """Its place in the order of building, counted from 1; 0 in a release of an earlier version of the program."""
    previous: str = ""
    """Version of the release before; empty for the first."""
    published: str = ""
    """Its moment in feeds (xsd:dateTime): follows the date of the data and always comes after the one before."""

    def json(self) -> str:
        """The manifest as JSON text, stable: a line for each fact, file, county and data set."""
        lines = (f"{json.dumps(name)}: {_listed(value)}" for name, value in sorted(vars(self).items()))
        return "{\n " + ",\n ".join(lines) + "\n}\n"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The manifest in ``text``; raises ValueError, KeyError or TypeError when it is none."""
        raw: dict[str, Any] = json.loads(text)
        files = [File(**entry) for entry in raw.pop("files")]
        counties = [CountyState(**entry) for entry in raw.pop("counties")]
        datasets = [DatasetState(**entry) for entry in raw.pop("datasets", [])]
        return cls(files=files, counties=counties, datasets=datasets, **raw)

    def county(self, ags: str) -> CountyState | None:
        """The state of the county ``ags``; None when it has no concept in the graph."""
        return next((county for county in self.counties if county.ags == ags), None)


def _listed(value: Any) -> str:
    if not isinstance(value, list) or not value:
        return _json(value)
    return "[\n  " + ",\n  ".join(_json(vars(entry)) for entry in value) + "\n ]"


_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


def describe(folder: Path, path: str, media: str, graph: str = "") -> File:
    """The entry of the file ``path`` below ``folder``, which is read piece by piece."""
    with (folder / path).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return File(path, media, file.tell(), digest, graph)
