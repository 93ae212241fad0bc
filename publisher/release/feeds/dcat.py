"""The feed for data portals: which entities of the catalogue were created, changed or deleted, release by release.

https://semiceu.github.io/LDES-DCAT-AP-feeds/ (entities of section 1.1: some stand alone, some within them, terms of
other vocabularies are only referred to).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from publisher.core.terms import DCT, RDF
from publisher.release.catalogue.blocks import Blocks
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


def entities(catalogue: bytes) -> Entities:
    """The entities of a catalogue in Turtle."""
    about: dict[str, list[Triple]] = defaultdict(list)
    types: dict[str, set[str]] = defaultdict(set)
    for quad in parse(catalogue, format=RdfFormat.TURTLE):
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


def differing(old: Blocks, new: Blocks) -> tuple[Entities, Entities]:
    """The entities of two catalogues of which something else may be told: those of ``old``, those of ``new``.

    What is told of an entity is what is said of it and of what is told with it.
    """
    if old.head != new.head:
        return entities(old.turtle(old.held)), entities(new.turtle(new.held))
    differ = {name for name in {*old.held, *new.held} if old.held.get(name) != new.held.get(name)}
    if not differ:
        return {}, {}
    standalone, embedded = new.forms(*STANDALONE), new.forms(*EMBEDDED)
    alone, within, told_by = set[bytes](), set[bytes](), defaultdict[bytes, list[bytes]](list)
    for side, names in ((new, new.held.keys()), (old, differ)):
        for name in names:
            words = side.words(name)
            if is_alone := not standalone.isdisjoint(words):
                alone.add(name)
            if is_within := not embedded.isdisjoint(words):
                within.add(name)
            if is_alone or is_within:
                for word in words:
                    told_by[word].append(name)
    affected = alone & (differ | _reached(differ & within, lambda name: told_by.get(name, ()), within))
    return _of(old, affected, within), _of(new, affected, within)


def _of(side: Blocks, affected: set[bytes], within: set[bytes]) -> Entities:
    """The entities that are called ``affected``; things ``within`` others are told with these."""
    inner = _reached(affected, lambda name: within & side.words(name), within)
    wanted = {side.iri(name) for name in affected}
    found = entities(side.turtle(affected | inner))
    return {iri: entity for iri, entity in found.items() if iri in wanted}


def _reached(start: set[bytes], leads: Callable[[bytes], Iterable[bytes]], through: set[bytes]) -> set[bytes]:
    """All that ``start`` leads to, going on from what is among ``through``."""
    found: set[bytes] = set()
    waiting = list(start)
    while waiting:
        for name in leads(waiting.pop()):
            if name not in found:
                found.add(name)
                if name in through:
                    waiting.append(name)
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
