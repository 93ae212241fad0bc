"""The feed for data portals: which entities of the catalogue were created, changed or deleted, release by release.

https://semiceu.github.io/LDES-DCAT-AP-feeds/ (entities of section 1.1: some stand alone, some within them, terms of
other vocabularies are only referred to).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from publisher.core.terms import DCT, RDF
from publisher.release.catalogue.listing import DCAT, FOAF, SPDX, VCARD
from publisher.release.feeds.tree import Kind, Member

SHAPE = "https://semiceu.github.io/LDES-DCAT-AP-feeds/shape.ttl#ActivityShape"
STANDALONE = (FOAF + "Agent", VCARD + "Kind", DCAT + "Dataset", DCAT + "DataService", DCAT + "Catalog")
"""The classes of what stands alone, in the order in which one must be there before the next refers to it."""
EMBEDDED = (DCAT + "Distribution", SPDX + "Checksum", FOAF + "Document", DCT + "Location")
"""The classes of what is told with what refers to it. Each distribution is of one data set only."""
_TYPE = RDF + "type"
Entities = Mapping[str, tuple[int, tuple[Triple, ...]]]
"""Entity → its place in STANDALONE, and its statements."""


def entities(catalogue: Path) -> Entities:
    """The entities of a catalogue in Turtle; none where there is no file."""
    if not catalogue.is_file():
        return {}
    about: dict[str, list[Triple]] = defaultdict(list)
    types: dict[str, set[str]] = defaultdict(set)
    for quad in parse(path=str(catalogue), format=RdfFormat.TURTLE):
        subject = quad.subject.value
        about[subject].append(Triple(quad.subject, quad.predicate, quad.object))
        if quad.predicate.value == _TYPE:
            types[subject].add(quad.object.value)
    found = {}
    for iri, classes in types.items():
        places = [place for place, kind in enumerate(STANDALONE) if kind in classes]
        if places:
            found[iri] = places[0], tuple(sorted(_payload(iri, about, types), key=str))
    return found


def members(old: Entities, new: Entities, start: str, base: str) -> list[Member]:
    """What happened from ``old`` to ``new``, in an order in which each may be carried out.

    ``start`` is how the IRIs of the members begin. What is referred to comes first and goes last.
    """
    found = []
    for iri, (place, payload) in new.items():
        if iri not in old or old[iri][1] != payload:
            kind: Kind = "Update" if iri in old else "Create"
            found.append(((False, place, iri), Member(_name(start, kind, iri, base), kind, iri, payload)))
    for iri, (place, _) in old.items():
        if iri not in new:
            found.append(((True, -place, iri), Member(_name(start, "Delete", iri, base), "Delete", iri)))
    return [member for _, member in sorted(found, key=lambda pair: pair[0])]


def _payload(iri: str, about: Mapping[str, list[Triple]], types: Mapping[str, set[str]]) -> Iterator[Triple]:
    waiting, seen = [iri], {iri}
    while waiting:
        for triple in about.get(waiting.pop(), ()):
            yield triple
            value = triple.object
            if isinstance(value, NamedNode) and value.value not in seen and types.get(value.value, set()) & {*EMBEDDED}:
                seen.add(value.value)
                waiting.append(value.value)


def _name(start: str, kind: str, iri: str, base: str) -> str:
    inner = iri.removeprefix(base)
    slug = inner.replace("/", "-").replace("#", "-") if inner != iri else sha256(iri.encode()).hexdigest()[:10]
    return f"{start}{kind.lower()}-{slug}"
