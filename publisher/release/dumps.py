"""The dump files of a release: whole and one a graph, in every format, the same bytes for the same statements."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Quad

from publisher.core.terms import CANONICAL_BASE, prefixes
from publisher.graph.formats import DOCUMENT_FORMATS, JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE
from publisher.graph.sources import Sources
from publisher.graph.write import json_ld_dataset, nquads, write, write_dataset
from publisher.release.manifest import File, describe

WHOLE = "dumps/kreisgraph"
WHOLE_FORMATS = (N_QUADS, TRIG, TURTLE, N_TRIPLES, RDF_XML, JSON_LD)
"""The formats in which all of it is one file."""


def write_dumps(
    folder: Path, quads: list[Quad], base: str, context: dict[str, Any], done: Callable[[str], None] = lambda _: None
) -> list[File]:
    """Write all dumps of ``quads`` below ``folder``; the files written, sorted by path. ``done`` hears of each."""
    (folder / "dumps").mkdir(parents=True, exist_ok=True)
    files = list(_by_graph(folder, quads, base, context, done))
    json_ld = {file.graph: (folder / file.path).read_bytes() for file in files if file.media == JSON_LD.media}
    files += _whole(folder, quads, base)
    files.append(_put(folder, f"{WHOLE}.jsonld", JSON_LD.media, json_ld_dataset(json_ld, context)))
    return sorted(files, key=lambda file: file.path)


def read_context(sources: Sources, base: str) -> dict[str, Any]:
    """The JSON-LD context's inner object, its namespaces under ``base``."""
    text = sources.context.read_text(encoding="utf-8").replace(CANONICAL_BASE, base)
    context: dict[str, Any] = json.loads(text)["@context"]
    return context


def _whole(folder: Path, quads: list[Quad], base: str) -> Iterable[File]:
    """The dumps of everything; Turtle, N-Triples and RDF/XML hold the union of the graphs."""
    yield _put(folder, f"{WHOLE}.nq", N_QUADS.media, nquads(quads))
    yield _put(folder, f"{WHOLE}.trig", TRIG.media, write_dataset(quads, TRIG, prefixes(base)))
    for fmt in (TURTLE, N_TRIPLES, RDF_XML):
        yield _put(folder, f"{WHOLE}.{fmt.ending}", fmt.media, write(quads, fmt, prefixes(base)))


def _by_graph(
    folder: Path, quads: list[Quad], base: str, context: dict[str, Any], done: Callable[[str], None]
) -> Iterable[File]:
    graphs: dict[str, list[Quad]] = {}
    for quad in quads:
        if isinstance(quad.graph_name, NamedNode):
            graphs.setdefault(quad.graph_name.value, []).append(quad)
    for graph, statements in sorted(graphs.items()):
        name = graph.rpartition("/")[2]
        done(name)
        yield _put(folder, f"dumps/{name}.nq", N_QUADS.media, nquads(statements), graph)
        for fmt in DOCUMENT_FORMATS:
            body = write(statements, fmt, prefixes(base), context)
            yield _put(folder, f"dumps/{name}.{fmt.ending}", fmt.media, body, graph)


def _put(folder: Path, path: str, media: str, body: bytes, graph: str = "") -> File:
    (folder / path).write_bytes(body)
    return describe(folder, path, media, graph)
