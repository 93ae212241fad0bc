"""What the files of a thing are made from, as a hash: where it is the same as last time, they need not be made again.

Known for sure only of what a county says and what has no page of its own kind: its page and documents show statements
of the county's graph and of the graphs that are common to all, what refers to it, and what is similar to it. Everything
else (pages of counties, fields, versions, what counts over all) is always made anew.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from pyoxigraph import NamedNode, Quad

import publisher
from publisher.core.terms import GRAPH
from publisher.export.options import Options
from publisher.export.plan import Plan
from publisher.views.similar import similar
from publisher.web.app import kinds
from publisher.web.frame import Frame
from publisher.web.links import LANGUAGES
from publisher.web.resources import Kinds

_COUNTY = re.compile(r"kreis/(\d{5})/")
_COUNTING = frozenset(("comparison", "similar", "description", "reading"))
"""Graphs that the build derives from all counties: what of them a page shows is looked at thing by thing."""
_WHOLE = "dumps/kreisgraph.nq"


@dataclass(frozen=True)
class Unchanged:
    """Gives the hash of each thing; ``common`` stands for the program, the settings and the common graphs."""

    plan: Plan
    kinds: Kinds
    common: str
    dumps: Mapping[str, str]
    """Named graph → the SHA-256 of its statements."""
    _counties: dict[str, str] = field(default_factory=dict, repr=False)
    _last: dict[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, plan: Plan, frame: Frame, options: Options, parts: bool) -> Self:
        """The hashes of one export."""
        manifest = plan.site.release.manifest
        dumps = {file.graph: file.sha256 for file in manifest.files if file.graph and file.path.endswith(".nq")}
        start = plan.site.dataset.own(GRAPH)
        common = sorted(
            (graph, digest)
            for graph, digest in dumps.items()
            if not (name := graph.removeprefix(start)).isdigit() and name not in _COUNTING
        )
        queries = [(query.name, query.sparql) for query in plan.site.queries]
        settings = plan.site.settings.shown()
        said = (_program(), manifest.base, settings, options.url, options.server, parts, common, queries)
        return cls(plan, kinds(frame), _hash(repr(said)), dumps)

    def source(self, name: str) -> str:
        """The hash of what the files of the thing ``name`` are made from; "" where that is not known."""
        if name not in self._last:
            self._last.clear()
            self._last[name] = self._source(name)
        return self._last[name]

    def _source(self, name: str) -> str:
        match = _COUNTY.match(name)
        iri = self.plan.links.iri(name)
        dataset = self.plan.site.dataset
        if not match or self.kinds.find(iri, tuple(dataset.types(iri))) is not self.kinds.fallback:
            return ""
        graph = dataset.own(f"{GRAPH}{match[1]}")
        own = f"{self.plan.site.id('kreis/')}{match[1]}/"
        elsewhere = sorted(str(quad) for quad in dataset.outgoing(iri) if quad.graph_name != NamedNode(graph))
        derived = {dataset.own(GRAPH + one) for one in _COUNTING}
        referring = sorted(pair for pair in dataset.incoming(iri, derived) if not pair[0].startswith(own))
        said = [self._said(one) for one, _ in referring]
        return _hash(repr((self.common, self._county(match[1], graph), elsewhere, referring, said, self._alike(iri))))

    def _county(self, ags: str, graph: str) -> str:
        """What the county says, and what is said of the things of others that it names."""
        if ags not in self._counties:
            dataset, state = self.plan.site.dataset, self.plan.site.release.manifest.county(ags)
            objects = {quad.object.value for quad in dataset.graph(graph) if isinstance(quad.object, NamedNode)}
            own = self.plan.site.id("")
            beyond = [self._said(iri) for iri in sorted(objects) if iri.startswith(own) and self._is_beyond(iri, graph)]
            held = state.state if state else ""
            self._counties[ags] = _hash(repr((self.dumps.get(graph, ags), held, beyond)))
        return self._counties[ags]

    def _is_beyond(self, iri: str, graph: str) -> bool:
        """Whether a county other than that of ``graph`` says anything of ``iri``."""
        names = {quad.graph_name.value for quad in self.plan.site.dataset.outgoing(iri)}  # type: ignore[union-attr]
        start = self.plan.site.dataset.own(GRAPH)
        return any(name != graph and name.removeprefix(start).isdigit() for name in names)

    def _alike(self, iri: str) -> str:
        """The similar texts of others as the page shows them, with the names of all that is named there."""
        found = repr(self.plan.site.lately(similar, iri))
        named = sorted(set(re.findall(re.escape(self.plan.site.id("")) + r"[^'\"\s,)]+", found)))
        site = self.plan.site
        return repr((found, [(site.label(one, tongue), site.kind(one)) for one in named for tongue in LANGUAGES]))

    def _said(self, iri: str) -> str:
        quads: Iterable[Quad] = self.plan.site.dataset.outgoing(iri)
        return _hash("\n".join(sorted(map(str, quads))))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _program() -> str:
    """A hash of the program with its templates, texts and style sheets."""
    folder, digest = Path(publisher.__file__).parent, hashlib.sha256()
    for path in sorted(one for one in folder.rglob("*") if one.is_file() and "__pycache__" not in one.parts):
        digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()
