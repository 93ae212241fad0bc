"""What the catalogue offers: each file belongs to one data set, and a data set's dates follow its content.

There is a data set for each county, one for the vocabulary with the fields of action, and one for everything.
"""

import hashlib
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from publisher.core.terms import CANONICAL_BASE, GRAPH
from publisher.release.datasets import VOCABULARY, VOCABULARY_GRAPHS, WHOLE, dataset
from publisher.release.dumps import WHOLE as EVERYTHING
from publisher.release.manifest import DatasetState, File, Manifest
from publisher.release.packings import GZIP, is_packed
from publisher.release.tables.schema import FOLDER as TABLES

FOLDERS = ("dumps/", f"{TABLES}/")
"""The folders of a release whose files belong to data sets."""
_CONTENT = ".nq"
"""The files whose bytes are the content: canonical, and the same whatever other formats there are."""


@dataclass(frozen=True)
class Offer:
    """One data set of the catalogue with its files."""

    name: str
    """``gesamt``, ``vokabular``, or the key of a county."""
    iri: str
    files: tuple[File, ...]
    content: str
    """SHA-256 of its statements."""
    stated: str
    """The date that its graphs state, YYYY-MM-DD; "" when they state none."""


def offers(files: Iterable[File], counties: Iterable[str], dates: Mapping[str, str], base: str) -> list[Offer]:
    """The data sets of ``files``: everything, the vocabulary, then the ``counties`` (keys) that have files.

    ``dates`` are those that the named graphs state, by IRI; the newest is that of everything.
    """
    known = set(counties)
    grouped: dict[str, list[File]] = defaultdict(list)
    held = list(files)
    paths = {file.path for file in held}
    for file in held:
        if _is_offered(file, paths):
            grouped[_owner(file, known, base)].append(file)
    ordered = sorted(grouped, key=lambda name: (name != WHOLE, name != VOCABULARY, name))
    return [_offer(name, grouped[name], dates, base) for name in ordered]


def _is_offered(file: File, paths: Container[str]) -> bool:
    """Whether a portal is told of ``file``: of compressed ones only those of everything, or without a plain one.

    With 400 counties the others would be twice as many as all the rest; who asks for the plain file gets them.
    """
    everything = file.path.startswith(f"{EVERYTHING}.")
    alone = is_packed(file.path) and file.path.rpartition(".")[0] not in paths
    return file.path.startswith(FOLDERS) and (everything or alone or not is_packed(file.path))


def _owner(file: File, counties: set[str], base: str) -> str:
    """The name of the data set that ``file`` belongs to, by its graph, else by the start of its name."""
    graph = file.graph.removeprefix(base + GRAPH.removeprefix(CANONICAL_BASE))
    if graph in VOCABULARY_GRAPHS:
        return VOCABULARY
    start = graph or file.path.rpartition("/")[2][:5]
    return start if start in counties else WHOLE


def _offer(name: str, files: list[File], dates: Mapping[str, str], base: str) -> Offer:
    ordered = tuple(sorted(files, key=lambda file: (file.graph, file.path)))
    # The file of everything holds the graphs that are dumped by themselves, too.
    parts = [file for file in ordered if file.path.endswith(_CONTENT) and (name != WHOLE or not file.graph)]
    # Of much there is only a packed one, the same bytes for the same statements as well.
    parts = parts or [file for file in ordered if file.path == f"{EVERYTHING}{_CONTENT}{GZIP.ending}"]
    content = hashlib.sha256("\n".join(file.sha256 for file in parts).encode()).hexdigest()
    stated = dates.values() if name == WHOLE else (dates.get(file.graph, "") for file in ordered)
    return Offer(name, dataset(name, base), ordered, content, max(stated, default=""))


def states(offered: Iterable[Offer], previous: Manifest | None, version: str, date: str) -> list[DatasetState]:
    """How the data sets stand in the release ``version`` of ``date``.

    One whose content is that of ``previous`` keeps its dates. A date never goes back.
    """
    held = {state.name: state for state in previous.datasets} if previous else {}
    return [_state(offer, held.get(offer.name), version, date) for offer in offered]


def _state(offer: Offer, held: DatasetState | None, version: str, date: str) -> DatasetState:
    stated = offer.stated or date
    if held is None:
        return DatasetState(offer.name, offer.content, stated, stated, version)
    if held.content == offer.content:
        return held
    return DatasetState(offer.name, offer.content, held.issued, max(stated, held.modified), version)


def undated(new: Iterable[DatasetState], previous: Manifest | None) -> list[DatasetState]:
    """Those of ``new`` whose content changed since ``previous`` while their date did not: portals may miss that."""
    held = {state.name: state for state in previous.datasets} if previous else {}
    return [
        state
        for state in new
        if state.name in held
        and held[state.name].content != state.content
        and held[state.name].modified == state.modified
    ]
