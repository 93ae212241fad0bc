"""German and English names of the few classes and properties of other vocabularies that pages show."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from publisher.core.terms import GRAPH
from publisher.graph.sources import read_turtle

FILE = Path(__file__).parent.parent / "locale" / "terms.ttl"


def foreign(iri: str, language: str) -> str:
    """What the pages call ``iri`` in ``language``; "" when it is not one of those terms."""
    return _names().get(iri, {}).get(language, "")


@cache
def _names() -> Mapping[str, Mapping[str, str]]:
    """The names in the file by IRI and language: it holds nothing but labels."""
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for quad in read_turtle(FILE, GRAPH + "terms"):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal) and quad.object.language:
            found[quad.subject.value][quad.object.language] = quad.object.value
    return dict(found)
