"""The documents about things in every format, faster than one request each, with the same bytes.

The statements of a thing are asked for once for all formats. JSON-LD is put together from the nodes in the dump of
their graph, where every statement about them stands: the same library has written them with the same context.
"""

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path

from pyoxigraph import NamedNode, Triple

from publisher.export.plan import Plan, document_of
from publisher.graph.formats import DOCUMENT_FORMATS, JSON_LD
from publisher.graph.write import ordered, write_ordered
from publisher.views import resource as view
from publisher.views.resource import LARGE

_FORMATS = {fmt.ending: fmt for fmt in DOCUMENT_FORMATS}
_KEPT = 4
"""The nodes of so many graphs are kept: things of one county come one after the other."""
Nodes = Mapping[str, tuple[str, str]]
"""IRI → its node as JSON: by which ``graph.write`` puts nodes in order, and as it stands in a document."""


@dataclass(frozen=True)
class Documents:
    """Gives documents by path."""

    plan: Plan
    _last: dict[str, list[Triple]] = field(default_factory=dict, repr=False)
    _nodes: "OrderedDict[str, Nodes]" = field(default_factory=OrderedDict, repr=False)

    def body(self, path: str) -> bytes | None:
        """The document at ``path`` (``/doc/….jsonld``); None for what is none."""
        name, ending = document_of(path)
        fmt = _FORMATS.get(ending)
        if not name or fmt is None:
            return None
        site = self.plan.site
        triples = self._statements(self.plan.links.iri(name))
        if fmt is JSON_LD and (body := self._json_ld(triples)):
            return body
        return write_ordered(triples, fmt, site.dataset.prefixes, site.context)

    def _statements(self, iri: str) -> list[Triple]:
        if iri not in self._last:
            self._last.clear()
            self._last[iri] = ordered(view.statements(self.plan.site, iri))
        return self._last[iri]

    def _json_ld(self, triples: list[Triple]) -> bytes | None:
        """The document of ``triples`` from nodes that are written already; None where any is not."""
        found = {}
        for subject in {triple.subject for triple in triples}:
            if not isinstance(subject, NamedNode):
                return None
            graphs = {quad.graph_name for quad in self.plan.site.dataset.outgoing(subject.value)}
            # Statements of several graphs stand in several dumps.
            if len(graphs) != 1 or not isinstance(graph := graphs.pop(), NamedNode):
                return None
            node = self._of_graph(graph.value).get(subject.value)
            if node is None:
                return None
            found[subject.value] = node
        if len(found) == 1:
            inner = next(iter(found.values()))[1][2:]
            return f'{{\n "@context": {self._context},\n{inner}\n'.encode()
        nodes = ",\n  ".join(text.replace("\n", "\n  ") for _, text in sorted(found.values()))
        return f'{{\n "@context": {self._context},\n "@graph": [\n  {nodes}\n ]\n}}\n'.encode()

    def _of_graph(self, graph: str) -> Nodes:
        if graph not in self._nodes:
            while len(self._nodes) >= _KEPT:
                self._nodes.popitem(last=False)
            self._nodes[graph] = self._read(graph)
        self._nodes.move_to_end(graph)
        return self._nodes[graph]

    def _read(self, graph: str) -> Nodes:
        """The nodes in the dump of ``graph``; none of a graph that is too large, or has blank nodes."""
        path = self._dumps.get(graph)
        if path is None or sum(1 for _ in islice(self.plan.site.dataset.graph(graph), LARGE + 1)) > LARGE:
            return {}
        document = json.loads(path.read_bytes())
        document.pop("@context", None)
        nodes = document["@graph"] if set(document) == {"@graph"} else [document]
        written = {
            self._iri(node): (json.dumps(node, sort_keys=True), json.dumps(node, ensure_ascii=False, indent=1))
            for node in nodes
        }
        return {} if any(iri.startswith("_:") for iri in written) else written

    def _iri(self, node: Mapping[str, object]) -> str:
        return str(node.get("id", node.get("@id", "")))

    @cached_property
    def _dumps(self) -> Mapping[str, Path]:
        release = self.plan.site.release
        files = (file for file in release.manifest.files if file.graph and file.path.endswith(f".{JSON_LD.ending}"))
        return {file.graph: release.folder / file.path for file in files}

    @cached_property
    def _context(self) -> str:
        """The context as it stands in a document, one level deep."""
        sample = next(iter(self._dumps.values()), None)
        context = json.loads(sample.read_bytes())["@context"] if sample else dict(self.plan.site.context)
        return json.dumps(context, ensure_ascii=False, indent=1).replace("\n", "\n ")
