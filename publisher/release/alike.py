"""The similarities between texts of counties as a graph joined from parts: those that begin with one county are one."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import Quad

from publisher.core.processes import spread
from publisher.core.settings import Settings
from publisher.core.terms import CANONICAL_BASE, COUNTY
from publisher.graph.write import nquads
from publisher.language.statements import Match
from publisher.release.counties import code
from publisher.release.dumps import Writer
from publisher.release.kept import Kept, key
from publisher.release.parts import content_of
from publisher.release.similar import SIMILAR, matches, quads_of
from publisher.release.tally import Share
from publisher.release.unit import Unit, objects_key, statements


@dataclass(frozen=True)
class Parts:
    """The parts of the graph: what stands for each, by graph and county; their numbers."""

    contents: Mapping[tuple[str, str], str]
    shares: Sequence[Share]
    objects: Mapping[str, bytes] = field(default_factory=dict)
    """The hashes of the objects of shares that were counted now, by what stands for them."""


@dataclass(frozen=True)
class Similarities:
    """Writes the similarities; ``lists`` are the common fields and closed lists under the base of the release."""

    settings: Settings
    writer: Writer
    kept: Kept
    lists: Sequence[Quad]

    def parts(self, units: Sequence[Unit]) -> Parts:
        """The parts of the graph; where no text of all ``units`` changed, those of an earlier build. Raises Gone."""
        name = key(b"similar", code(), nquads(self.lists), *(unit.texts.encode() for unit in units))
        if noted := self.kept.noted(name):
            found = {ags: (content, Share.parsed(share)) for ags, (content, share) in json.loads(noted).items()}
            if self._at_hand(found):
                return self._parts(found)
        grouped = self._grouped(units)
        order = sorted(grouped)
        made = spread(lambda ags: self._write(ags, grouped[ags]), order, self.settings.jobs)
        written = dict(zip(order, made, strict=True))
        found = {ags: (content, share) for ags, (content, share, _) in written.items()}
        told = {ags: (content, share.raw()) for ags, (content, share) in found.items()}
        self.kept.note(name, json.dumps(told).encode())
        return self._parts(found, {share.objects: objects for _, share, objects in written.values() if objects})

    def _at_hand(self, found: Mapping[str, tuple[str, Share]]) -> bool:
        return self.kept.notes(*(objects_key(share.objects) for _, share in found.values())) and all(
            self.writer.parts.take(self._graph, ags, content) for ags, (content, _) in found.items()
        )

    def _grouped(self, units: Sequence[Unit]) -> dict[str, list[Match]]:
        """Key → the pairs of texts that are alike of which the first is the county's."""
        held = [one for unit in units for one in statements(self.kept, unit)]
        start = self._own(COUNTY)
        grouped: dict[str, list[Match]] = {}
        for match in matches(held, self.lists, self.settings.jobs):
            grouped.setdefault(match.ids[0].removeprefix(start).partition("/")[0], []).append(match)
        return grouped

    def _write(self, ags: str, found: Sequence[Match]) -> tuple[str, Share, bytes]:
        """Writes a part: what stands for it, its numbers, the hashes of its objects; b"" where these are noted."""
        quads = [quad for match in found for quad in quads_of(match, self.settings.base)]
        content = content_of(quads)
        place = key(b"share", content.encode(), code())
        if (noted := self.kept.noted(place)) and self.writer.parts.take(self._graph, ags, content):
            share = Share.parsed(json.loads(noted))
            if self.kept.notes(objects_key(share.objects)):
                return content, share, b""
        share, objects = Share.of(quads, self.settings.base + "id/")
        self.kept.note(objects_key(share.objects), objects)
        self.kept.note(place, json.dumps(share.raw()).encode())
        return self.writer.parts.write(self._graph, ags, quads), share, objects

    def _parts(self, found: Mapping[str, tuple[str, Share]], objects: Mapping[str, bytes] | None = None) -> Parts:
        contents = {(self._graph, ags): content for ags, (content, _) in found.items()}
        return Parts(contents, [share for _, share in found.values()], objects or {})

    @property
    def _graph(self) -> str:
        return self._own(SIMILAR)

    def _own(self, iri: str) -> str:
        return self.settings.base + iri.removeprefix(CANONICAL_BASE)
