"""What the search can find, with every text it can be found by: read from statements, or from files of a release.

A release holds a file for each county with what can be found of it, so that a server need not wait for the statements.
Nothing that is found of a thing below a county is said of a thing below another one.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from sys import intern

from pyoxigraph import Quad

from publisher.core.terms import CANONICAL_BASE, COUNTY
from publisher.graph.queries import Queries
from publisher.graph.store import Dataset
from publisher.graph.write import nquads
from publisher.release.joined import without
from publisher.release.manifest import File, Manifest
from publisher.release.reader import LATE, checked, graph_files

TEXTS, FIELDS, SUPERSEDED = "pages/search_texts", "pages/search_fields", "pages/search_superseded"
QUERIES = (TEXTS, FIELDS, SUPERSEDED)
FOLDER = "search"
Topics = dict[str, set[str]]
"""IRI of a common field → those of all things that belong to it or to a narrower one, also what no search finds."""
_BY_COUNTY = ("comparison", "reading")
"""Graphs that say little but what is about counties: it is in their files as far as it can be found."""


@dataclass(frozen=True, slots=True)
class Findable:
    """A thing that can be found."""

    iri: str
    classes: tuple[str, ...]
    texts: tuple[tuple[str, str], ...]
    """Each text with its language ("" where there is none), sorted."""
    superseded: bool
    """Whether it stands in a version that is no longer in force."""


@dataclass(frozen=True)
class Found:
    """All that can be found in something."""

    things: list[Findable] = field(default_factory=list)
    """In no order."""
    topics: Topics = field(default_factory=lambda: defaultdict(set))


def things(queries: Queries, dataset: Dataset) -> list[Findable]:
    """What can be found in ``dataset``, in the order of the IRIs."""
    texts: dict[str, dict[str, str]] = defaultdict(dict)
    classes: dict[str, set[str]] = defaultdict(set)
    for row in queries.select(dataset, TEXTS):
        thing, words = row["thing"].value, row["words"]
        text, language = words.value, intern(getattr(words, "language", None) or "")
        # The same words in several languages are one text, whichever row comes first.
        texts[thing][text] = min(texts[thing].get(text, language), language)
        classes[thing].add(row["class"].value)
    old = {row["thing"].value for row in queries.select(dataset, SUPERSEDED)}
    return [
        Findable(iri, tuple(sorted(classes[iri])), tuple(sorted(texts[iri].items())), iri in old)
        for iri in sorted(texts)
    ]


def topics(queries: Queries, dataset: Dataset) -> Topics:
    """What belongs to each common field, as ``dataset`` says."""
    found: Topics = defaultdict(set)
    for row in queries.select(dataset, FIELDS):
        found[row["field"].value].add(intern(row["thing"].value))
    return found


def write(folder: Path, ags: str, found: Found, apart: list[Quad], base: str) -> File:
    """Writes what is ``found`` of the county ``ags`` below ``folder``; ``base`` is that of IRIs of ours.

    ``apart`` are its statements about anything else than things below the county.
    """
    start = _start(base, ags)

    def inside(iris: Iterable[str]) -> list[str]:
        return sorted(iri.removeprefix(start) for iri in iris if iri.startswith(start))

    raw = {
        "apart": nquads(apart).decode(),
        "things": [
            [one.iri.removeprefix(start), one.classes, one.texts, one.superseded]
            for one in found.things
            if one.iri.startswith(start)
        ],
        "topics": {topic: held for topic, iris in sorted(found.topics.items()) if (held := inside(iris))},
    }
    body = json.dumps(raw, ensure_ascii=False, separators=(",", ":")).encode()
    path = _path(ags)
    (folder / FOLDER).mkdir(exist_ok=True)
    (folder / path).write_bytes(body)
    return File(path, "application/json", len(body), hashlib.sha256(body).hexdigest())


def is_noted(manifest: Manifest) -> bool:
    """Whether a release has a file of what can be found for each of its counties."""
    files = {file.path for file in manifest.files}
    return bool(graph_files(manifest)) and all(_path(ags) in files for ags in _counties(manifest))


def noted(folder: Path, manifest: Manifest, queries: Queries) -> Found:
    """What can be found in the release in ``folder``, which ``is_noted``.

    Of its statements only those about no county are read; whoever reads all of them compares them with their
    checksums. Raises DamagedRelease when what is noted of a county is not what was written.
    """
    found, apart = Found(), list(_apart(folder, manifest))
    files, counties = {file.path: file for file in manifest.files}, _counties(manifest)
    for ags in counties:
        raw = json.loads(checked(folder, files[_path(ags)]).read_bytes())
        apart.append(raw["apart"].encode())
        start = _start(manifest.base, ags)
        for iri, classes, texts, superseded in raw["things"]:
            languages = tuple((text, intern(language)) for text, language in texts)
            found.things.append(Findable(intern(start + iri), tuple(map(intern, classes)), languages, superseded))
        for topic, iris in raw["topics"].items():
            found.topics[topic].update(intern(start + iri) for iri in iris)
    rest, below = Dataset.read(b"".join(apart), manifest.base), tuple(_start(manifest.base, ags) for ags in counties)
    found.things.extend(one for one in things(queries, rest) if not one.iri.startswith(below))
    for topic, held in topics(queries, rest).items():
        found.topics[topic].update(held)
    return found


def _counties(manifest: Manifest) -> list[str]:
    """The keys of the counties of which it holds statements."""
    return [county.ags for county in manifest.counties if county.state != "left_out"]


def _path(ags: str) -> str:
    return f"{FOLDER}/{ags}.json"


def _apart(folder: Path, manifest: Manifest) -> Iterator[bytes]:
    """What the graphs that are no county's say of things that are below none, as N-Quads."""
    counties = {county.ags for county in manifest.counties}
    start = f"<{_start(manifest.base, '')}".encode()
    for graph, file in graph_files(manifest).items():
        name = graph.rpartition("/")[2]
        if name in _BY_COUNTY:
            yield without(folder / file.path, start)
        elif name not in counties and name not in LATE:
            yield (folder / file.path).read_bytes()


def _start(base: str, ags: str) -> str:
    """How the IRIs of things below the county ``ags`` begin; "" stands for all counties."""
    return f"{base}{COUNTY.removeprefix(CANONICAL_BASE)}{ags}" + ("/" if ags else "")
