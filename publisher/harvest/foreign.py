"""Shapes of others: reads files by their ending, tells rules from vocabularies, and leaves out what is ill-formed.

What is published is not always well-formed, and one rule that is not would stop the engine on all of them.
https://www.w3.org/TR/shacl/#shapes
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from publisher.core.errors import BrokenRdf, MissingSource, NoFiles, NoShapes
from publisher.core.messages import phrase
from publisher.core.terms import PREFIXES, RDF, RDFS, SH
from publisher.graph.sources import read_bytes, read_turtle
from publisher.quality.shapes import ntriples
from publisher.release.catalogue.listing import USED

Node = NamedNode | BlankNode | Literal | Triple
_FORMATS = {"ttl": "ttl", "nt": "nt", "rdf": "rdf", "xml": "rdf", "owl": "rdf", "jsonld": "jsonld"}
"""Ending of a file → the format in it."""
_NAMELESS = "urn:shape:"
"""How a rule without a name is called inside, so that a finding can be led back to it."""
_PARTS = {SH + name for name in ("property", "node", "not", "qualifiedValueShape")}
_PATH, _MESSAGE, _SUBCLASS = SH + "path", SH + "message", RDFS + "subClassOf"
_TARGETS = {SH + name for name in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf", "target")}


_USUAL = {**PREFIXES, **USED, "rdf": RDF, "rdfs": RDFS, "sh": SH}


@dataclass(frozen=True)
class LeftOut:
    """A part of a rule that is not well-formed."""

    file: str
    shape: str
    """The rule with a name that it belongs to."""
    part: str
    """The property that leads to it."""


@dataclass(frozen=True)
class Foreign:
    """Rules and vocabularies of others."""

    triples: tuple[Triple, ...]
    """The rules, the ill-formed parts left out, those without a name named."""
    vocabulary: bytes
    """What is no rule, as N-Triples."""
    left_out: tuple[LeftOut, ...]
    files: Mapping[str, str] = field(default_factory=dict)
    """Rule → the file it stands in."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Rule that had no name → what to call it."""

    def roots(self) -> dict[str, list[Triple]]:
        """Rule with a target of its own → its statements and those of all rules it leads to."""
        about = _by_subject(self.triples)
        classes = {RDFS + "Class", "http://www.w3.org/2002/07/owl#Class"}
        found = {}
        for node, said in about.items():
            kinds = {_value(one.object) for one in said if one.predicate.value == RDF + "type"}
            if kinds & classes or any(one.predicate.value in _TARGETS for one in said):
                found[_value(node)] = _reached(about, node)
        return found

    def message(self, shape: str, language: str) -> str:
        """What ``shape`` says, best in ``language``; "" when it says nothing."""
        said = [one.object for one in self.triples if _value(one.subject) == shape and one.predicate.value == _MESSAGE]
        texts = {text.language or "": text.value for text in said if isinstance(text, Literal)}
        return texts.get(language) or texts.get("de") or texts.get("en") or next(iter(texts.values()), "")

    def parameter(self, shape: str, component: str) -> str:
        """What ``shape`` asks for by ``component``: the parameter, and its value where that can be named."""
        name = component.rpartition("#")[2].removesuffix("ConstraintComponent")
        wanted = SH + name[:1].lower() + name[1:]
        said = (one.object for one in self.triples if _value(one.subject) == shape and one.predicate.value == wanted)
        values = [_value(one) for one in said if isinstance(one, NamedNode | Literal)]
        shown = sorted(compact(value) for value in values if not value.startswith(_NAMELESS))
        return f"{compact(wanted)} {', '.join(shown)}".strip()


def read(shapes: Iterable[Path], vocabularies: Iterable[Path] = ()) -> Foreign:
    """What stands in the files and folders ``shapes`` and ``vocabularies``.

    Raises SourceError: for what is not there, cannot be read, or holds no rule at all.
    """
    paths = list(shapes)
    held = {str(file): _triples(file) for path in paths for file in _files(path)}
    more = [one for path in vocabularies for file in _files(path) for one in _triples(file)]
    rules: list[Triple] = []
    files: dict[str, str] = {}
    others = more
    for name, triples in held.items():
        own = _rules(triples)
        rules += [one for one in triples if one.subject in own]
        others += [one for one in triples if one.subject not in own or one.predicate.value == _SUBCLASS]
        files |= {_value(node): name for node in own}
    if paths and not rules:
        raise NoShapes(file=", ".join(map(str, paths)))
    kept, left_out = _well_formed(rules, files)
    triples, names = _named(kept)
    files |= {name: files[node] for name, (node, _) in names.items() if node in files}
    shown = {name: title for name, (_, title) in names.items()}
    return Foreign(tuple(triples), ntriples(Quad(*one) for one in others), tuple(left_out), files, shown)


def _files(path: Path) -> list[Path]:
    """The files of ``path``, a file or a folder, that may hold RDF; raises MissingSource or NoFiles."""
    if not path.exists():
        raise MissingSource(file=str(path), remedy=phrase("check-path"))
    if not path.is_dir():
        return [path]
    found = sorted(file for file in path.iterdir() if file.suffix[1:].lower() in _FORMATS)
    if not found:
        raise NoFiles(folder=str(path), endings=", ".join(f".{ending}" for ending in _FORMATS))
    return found


def _triples(path: Path) -> list[Triple]:
    ending = _FORMATS.get(path.suffix[1:].lower(), "ttl")
    if ending == "ttl":
        quads: Iterable[Quad] = read_turtle(path, "urn:shapes")
    else:
        quads = _parsed(path, ending)
    # Files name their blank nodes alike.
    apart: dict[str, BlankNode] = defaultdict(BlankNode)
    return [Triple(_apart(quad.subject, apart), quad.predicate, _apart(quad.object, apart)) for quad in quads]  # type: ignore[arg-type]


def _parsed(path: Path, ending: str) -> Iterator[Quad]:
    fmt = RdfFormat.from_extension(ending)
    assert fmt is not None
    try:
        yield from parse(read_bytes(path), format=fmt, base_iri=path.absolute().as_uri())
    except (SyntaxError, ValueError) as error:
        raise BrokenRdf(file=str(path), format=str(fmt.name), detail=str(error)) from None


def _apart(node: Node, apart: dict[str, BlankNode]) -> Node:
    return apart[node.value] if isinstance(node, BlankNode) else node


def _rules(triples: Iterable[Triple]) -> set[Node]:
    """Everything that is part of a rule: what speaks SHACL, and the lists and paths it leads to."""
    about = _by_subject(triples)

    def speaks(one: Triple) -> bool:
        said = (one.predicate, one.object if one.predicate.value == RDF + "type" else None)
        return any(isinstance(term, NamedNode) and term.value.startswith(SH) for term in said)

    waiting: list[Node] = [node for node, said in about.items() if any(map(speaks, said))]
    found = set(waiting)
    while waiting:
        for one in about.get(waiting.pop(), ()):
            part = isinstance(one.object, BlankNode) or one.predicate.value in _PARTS
            if part and one.object not in found:
                found.add(one.object)
                waiting.append(one.object)
    return found


def _well_formed(rules: list[Triple], files: Mapping[str, str]) -> tuple[list[Triple], list[LeftOut]]:
    """``rules`` without what an engine stops at: sh:property without a path, sh:node with one, or neither there."""
    about = _by_subject(rules)
    paths = {node: sum(one.predicate.value == _PATH for one in said) for node, said in about.items()}
    above: dict[Node, Node] = {one.object: one.subject for one in rules if isinstance(one.object, BlankNode)}
    kept, left_out = [], []
    for one in rules:
        count = paths.get(one.object, 0)
        ill = (one.predicate.value == SH + "property" and count != 1) or (
            one.predicate.value == SH + "node" and (count > 0 or one.object not in about)
        )
        if not ill:
            kept.append(one)
            continue
        place = _value(_nearest(one.subject, above))
        left_out.append(LeftOut(files.get(_value(one.subject), ""), place, one.predicate.value))
    return kept, sorted(dict.fromkeys(left_out), key=lambda one: (one.file, one.shape, one.part))


def _nearest(node: Node, above: Mapping[Node, Node]) -> Node:
    """The first node with a name from ``node`` upwards."""
    seen = set()
    while isinstance(node, BlankNode) and node in above and node not in seen:
        seen.add(node)
        node = above[node]
    return node


def _named(rules: list[Triple]) -> tuple[list[Triple], dict[str, tuple[str, str]]]:
    """``rules`` with a name for each part that has none, and name → what it was called, what to call it."""
    above: dict[Node, Node] = {one.object: one.subject for one in rules if isinstance(one.object, BlankNode)}
    about = _by_subject(rules)
    names: dict[Node, NamedNode] = {}
    shown = {}
    for one in rules:
        if one.predicate.value not in _PARTS or not isinstance(one.object, BlankNode) or one.object in names:
            continue
        names[one.object] = NamedNode(f"{_NAMELESS}{len(names)}")
        path = next((said.object for said in about.get(one.object, ()) if said.predicate.value == _PATH), None)
        owner = short(_value(_nearest(one.subject, above)))
        title = f"{owner}/{short(_value(path))}" if isinstance(path, NamedNode) else owner
        shown[names[one.object].value] = (_value(one.object), title)
    renamed = [
        Triple(names.get(one.subject, one.subject), one.predicate, names.get(one.object, one.object)) for one in rules
    ]
    return renamed, shown


def _by_subject(triples: Iterable[Triple]) -> dict[Node, list[Triple]]:
    found: dict[Node, list[Triple]] = defaultdict(list)
    for one in triples:
        found[one.subject].append(one)
    return dict(found)


def _reached(about: Mapping[Node, list[Triple]], start: Node) -> list[Triple]:
    seen, waiting, found = {start}, [start], []
    while waiting:
        for one in about.get(waiting.pop(), ()):
            found.append(one)
            if one.object in about and one.object not in seen:
                seen.add(one.object)
                waiting.append(one.object)
    return found


def short(iri: str) -> str:
    """The last part of ``iri``."""
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2] or iri


def compact(iri: str) -> str:
    """``iri`` with a usual prefix; as it is where there is none."""
    name, start = max(
        ((name, start) for name, start in _USUAL.items() if iri.startswith(start)), key=_longest, default=("", "")
    )
    return f"{name}:{iri.removeprefix(start)}" if start else iri


def _longest(prefix: tuple[str, str]) -> int:
    return len(prefix[1])


def _value(node: object) -> str:
    return str(getattr(node, "value", node))
