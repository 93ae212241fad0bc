"""JSON-LD compacted with a context, for graphs without blank nodes: what rdflib writes, in a quarter of the time.

rdflib looks up anew for each statement what a property and its value are called. Here each kind of statement is looked
up once, in rdflib's reading of the context.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache, partial
from json.encoder import encode_basestring
from typing import Any

import rdflib
from pyoxigraph import Literal, NamedNode, Triple
from rdflib.plugins.serializers.jsonld import PLAIN_LITERAL_TYPES
from rdflib.plugins.shared.jsonld.context import UNDEF, Context, Term
from rdflib.plugins.shared.jsonld.keys import ID, LANG, SET, VOCAB

from publisher.core.terms import RDF, XSD

_LISTS = {RDF + "first", RDF + "rest"}
_NIL = NamedNode(RDF + "nil")
_PLAIN = {str(iri) for iri in PLAIN_LITERAL_TYPES}
_PAD = " "
Way = Callable[[dict[str, Any], str], None]
"""Puts a value, an IRI or the text of a literal, into what is said of a thing."""


def compact(triples: Sequence[Triple], context: Mapping[str, Any]) -> dict[str, Any] | None:
    """``triples`` as a JSON-LD document, things and values in the order of ``triples``.

    None where rdflib has to write it: there are none, or blank nodes or lists, or ``context`` has containers for more
    than languages.
    """
    writer = _Writer(context)
    return writer.document(triples) if triples and writer.can and not any(map(_is_odd, triples)) else None


def _is_odd(triple: Triple) -> bool:
    named = isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal)
    return not named or triple.predicate.value in _LISTS or triple.object == _NIL


class _Writer:
    """Writes documents with one context."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        self._context = Context(dict(context))
        self._said: dict[str, Any] = json.loads(json.dumps(dict(context), sort_keys=True))
        self._link, self._symbol = cache(self._context.shrink_iri), cache(self._context.to_symbol)
        self._of_link, self._of_text = cache(self._way_of_link), cache(self._way_of_text)

    @property
    def can(self) -> bool:
        """Whether nothing in the context needs more than the names of properties and values."""
        known = self._context
        used = (term.container for term in known.terms.values())
        return bool(self._said) and not known.language and all(not one or LANG in one for one in used)

    def document(self, triples: Sequence[Triple]) -> dict[str, Any]:
        """The document of ``triples``."""
        nodes: dict[str, dict[str, Any]] = {}
        for triple in triples:
            iri = self._link(triple.subject.value)  # type: ignore[union-attr]
            node = nodes.setdefault(iri, {self._context.id_key: iri})
            value = triple.object
            if isinstance(value, NamedNode):
                self._of_link(triple.predicate.value)(node, value.value)
            elif isinstance(value, Literal):
                kind = None if value.language else value.datatype.value
                self._of_text(triple.predicate.value, kind, value.language)(node, value.value)
        held = list(nodes.values())
        document = held[0] if len(held) == 1 else {self._context.graph_key: held}
        return {**document, "@context": self._said}

    def _way_of_link(self, predicate: str) -> Way:
        """How a statement that leads to an IRI is written."""
        found = (self._context.find_term(predicate, coercion, None) for coercion in (ID, VOCAB, UNDEF))  # type: ignore[arg-type]
        term = next(filter(None, found), None)
        if term and term.type in (ID, VOCAB):
            return _way(term.name, self._link if term.type == ID else self._symbol)
        if not term and predicate == RDF + "type":
            return _way(self._context.type_key, self._symbol)
        return _way(self._name(predicate, term), lambda iri: {self._context.id_key: self._link(iri)})

    def _way_of_text(self, predicate: str, datatype: str | None, language: str | None) -> Way:
        """How a statement with a literal is written."""
        term = self._context.find_term(predicate, datatype, language=language)
        name = self._name(predicate, term)
        if term and language and LANG in term.container:
            return partial(_add_spoken, name, language, SET in term.container)
        if term and term.type:
            plain = term.type in (ID, datatype)
        else:
            plain = bool(term and language and term.language == language)
        if plain:
            return _way(name, str)
        if language:
            return _way(name, lambda text: {self._context.lang_key: language, self._context.value_key: text})
        if datatype in _PLAIN:
            return _way(name, lambda text: _native(text, datatype))
        kind = self._symbol(datatype)
        return _way(name, lambda text: {self._context.type_key: kind, self._context.value_key: text})

    def _name(self, predicate: str, term: Term | None) -> str:
        if term:
            return str(term.name)
        if predicate == RDF + "type":
            return str(self._context.type_key)
        name = str(self._context.to_symbol(predicate))
        known = self._context.terms.get(name)
        return predicate if known and known.type else name


def _way(name: str, write: Callable[[str], Any]) -> Way:
    return lambda node, value: _add(node, name, write(value))


def _add_spoken(name: str, language: str, several: bool, node: dict[str, Any], text: str) -> None:
    spoken = node.setdefault(name, {})
    if several:
        # As rdflib begins such a list; readers leave out what is null.
        spoken.setdefault(language, [None]).append(text)
    else:
        _add(spoken, language, text)


def _add(node: dict[str, Any], name: str, value: Any) -> None:
    if name not in node:
        node[name] = value
    elif isinstance(node[name], list):
        node[name].append(value)
    else:
        node[name] = [node[name], value]


@lru_cache(maxsize=10_000)
def _native(text: str, datatype: str) -> Any:
    """A number or truth value as JSON has it; what is none, and every text, as it stands."""
    if datatype == XSD + "string":
        return text
    value = rdflib.Literal(text, datatype=rdflib.URIRef(datatype), normalize=False).toPython()
    return value if isinstance(value, bool | int | float) else text


def indented(value: Any, depth: int = 0) -> str:
    """``value`` as ``json.dumps(value, ensure_ascii=False, indent=1)`` writes it, in a third of the time."""
    if isinstance(value, str):
        return encode_basestring(value)
    if not value or not isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    inner, end = "\n" + _PAD * (depth + 1), "\n" + _PAD * depth
    if isinstance(value, list):
        return "[" + inner + ("," + inner).join(indented(one, depth + 1) for one in value) + end + "]"
    lines = (f"{encode_basestring(name)}: {indented(one, depth + 1)}" for name, one in value.items())
    return "{" + inner + ("," + inner).join(lines) + end + "}"
