"""The event streams of a release: what it adds to them, and their first pages, which lead to all releases' pages.

Pages that a release adds lie in its folder for ever, so they have an address that lasts and never change; only the
first page of a stream is written anew by each release. Nothing is taken out of a stream.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from publisher.core.messages import messages
from publisher.core.settings import Settings
from publisher.graph.formats import TRIG
from publisher.release.catalogue.blocks import Blocks
from publisher.release.catalogue.catalogue import FOLDER
from publisher.release.changes.comparing import Comparison, Side
from publisher.release.changes.merge import graph_files, read_lines
from publisher.release.datasets import dataset
from publisher.release.feeds import dcat as feed_dcat
from publisher.release.feeds import elements as feed_elements
from publisher.release.feeds.tree import Kind, Member, Node, Stream, first_page, page
from publisher.release.history.archive import Past

DCAT, ELEMENTS = "dcat-ap", "elements"
STREAMS = (DCAT, ELEMENTS)
SIZE = 100
"""So many members a page of the feed of the catalogue has."""
Written = tuple[str, str, bytes]
"""Path, media type, bytes."""


@dataclass(frozen=True)
class Issue:
    """A release and the one before it, with what differs."""

    new: Side
    old: Side | None
    found: Comparison


def first(name: str) -> str:
    """Where the first page of a stream lies in a release."""
    return f"feeds/{name}.trig"


def stream(name: str, settings: Settings) -> Stream:
    """The stream ``name`` as it describes itself."""
    site = settings.public_url or settings.base.rstrip("/")
    title = messages("changes")[f"stream-{name}"]
    shape = feed_dcat.SHAPE if name == DCAT else ""
    titles = (("de", title.de), ("en", title.en))
    return Stream(f"{settings.base}feed/{name}#stream", f"{site}/feed/{name}.trig", titles, shape)


def write_streams(issue: Issue, earlier: Iterable[Past], settings: Settings) -> Iterator[Written]:
    """The files of both streams in a release that comes after the releases ``earlier`` (newest first)."""
    writer = _Writer(issue, settings)
    past = sorted((one for one in earlier if one.number), key=lambda one: one.number)
    for name, pages in ((DCAT, writer.catalogue()), (ELEMENTS, writer.elements())):
        added = []
        for path, body in pages:
            added.append(path)
            yield path, "application/gzip" if path.endswith(".gz") else TRIG.media, body
        nodes = [node for one in past for node in _nodes(name, one, writer)]
        at = issue.new.manifest.published
        nodes += (Node(writer.address(path), at) for path in _leading(name, added))
        yield first(name), TRIG.media, first_page(stream(name, settings), nodes)


class _Writer:
    """Writes the pages that a release adds."""

    def __init__(self, issue: Issue, settings: Settings) -> None:
        self._issue, self._settings = issue, settings
        self._site = settings.public_url or settings.base.rstrip("/")
        self._base = issue.new.manifest.base
        self._start = f"{self._base}release/{issue.new.version}#"

    def address(self, path: str, version: str = "") -> str:
        """Where a page of a release is reached; a packed one by its name without the packing."""
        return f"{self._site}/release/{version or self._issue.new.version}/{path.removesuffix('.gz')}"

    def catalogue(self) -> Iterator[tuple[str, bytes]]:
        """Path and bytes of the pages with what happened to the entities of the catalogue."""
        happened = iter(self._members())
        at, number = self._issue.new.manifest.published, 1
        while members := list(islice(happened, SIZE)):
            path = f"feeds/{DCAT}/{number}.trig"
            yield path, page(stream(DCAT, self._settings), self.address(path), members=members, at=at)
            number += 1

    def elements(self) -> Iterator[tuple[str, bytes]]:
        """Path and bytes of a page for each county in which something happened, and of one that leads to them."""
        paths = []
        told = stream(ELEMENTS, self._settings)
        for name, happened in self._happened():
            paths.append(f"feeds/{ELEMENTS}/{name}.trig.gz")
            at = self._issue.new.manifest.published
            address = self.address(paths[-1])
            yield paths[-1], feed_elements.county_page(told, address, happened, self._start, at)
        if paths:
            index = f"feeds/{ELEMENTS}/index.trig"
            yield index, page(told, self.address(index), [Node(self.address(path)) for path in paths])

    def _members(self) -> list[Member]:
        old = self._issue.old
        new = Blocks.read(self._issue.new.folder / FOLDER / "catalog.ttl")
        known = old if old and _told(DCAT, old) else None
        held = Blocks.read(known.folder / FOLDER / "catalog.ttl") if known else None
        if held and held.held:
            return feed_dcat.members(*feed_dcat.differing(held, new), self._start, self._base)
        after = feed_dcat.entities(new.turtle(new.held))
        before = self._unread(after, known) if known else {}
        return feed_dcat.members(before, after, self._start, self._base)

    def _unread(self, new: feed_dcat.Entities, old: Side) -> feed_dcat.Entities:
        """The entities of before as far as the manifest tells them, where the catalogue is no longer there."""
        states = {state.name: state for state in old.manifest.datasets}
        changed = {
            dataset(state.name, self._base)
            for state in self._issue.new.manifest.datasets
            if states.get(state.name) != state
        }
        gone = {dataset(name, old.manifest.base): (2, ()) for name in states}
        return {**gone, **{iri: entity for iri, entity in new.items() if iri not in changed}}

    def _happened(self) -> Iterator[tuple[str, Iterable[tuple[Kind, str, list[bytes]]]]]:
        """Each county in which something happened to a thing, with what."""
        new, old = self._issue.new, self._issue.old
        known = old if old and _told(ELEMENTS, old) else None
        unread = self._issue.found.summary.unknown
        holds = graph_files(new.folder, new.manifest)
        held = graph_files(known.folder, known.manifest) if known else {}
        for name in sorted(new.counties | (known.counties if known else set())):
            left = held.get(known.graph(name)) if known else None
            right = holds.get(new.graph(name))
            same = known is not None and (
                left is not None and right is not None and left.sha256 == right.sha256
                if held
                else name not in {one.name for one in self._issue.found.sets}
            )
            if not same:
                before = read_lines(known.folder, left) if known else ()
                yield name, feed_elements.events(before, read_lines(new.folder, right), known=not unread)


def _told(name: str, side: Side) -> bool:
    """Whether the stream had begun with the release of ``side``."""
    return any(file.path == first(name) for file in side.manifest.files)


def _nodes(name: str, past: Past, writer: _Writer) -> list[Node]:
    return [Node(writer.address(path, past.version), past.published) for path in _leading(name, past.pages)]


def _leading(name: str, paths: Iterable[str]) -> list[str]:
    """Those of ``paths`` to which the first page leads."""
    inside = [path for path in paths if path.startswith(f"feeds/{name}/")]
    if name == ELEMENTS:
        return [path for path in inside if path.endswith("/index.trig")]
    return sorted(inside, key=lambda path: int(path.rpartition("/")[2].partition(".")[0]))
