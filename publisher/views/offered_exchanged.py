"""The data sets of the catalogue when a few of them changed: only what differs is parsed, only they are read.

What comes out is what ``offered`` would read from the whole of the new catalogue.
"""

from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import BlankNode, RdfFormat, Triple, parse, serialize

from publisher.core.errors import DamagedRelease
from publisher.graph.store import Dataset
from publisher.release.catalogue.blocks import Blocks
from publisher.release.datasets import dataset
from publisher.views.offered import catalogue, described, offered, read, statements, turtle
from publisher.views.site import Site


def keep_offered(old: Site, new: Site) -> None:
    """Keeps in ``new`` what is known of its catalogue, made of what ``old`` knows of its own, which is none afterwards.

    Where that cannot be done nothing is kept, and the catalogue is read when it is asked for. Raises DamagedRelease
    when the new one is not what was written.
    """
    held, path = catalogue(old), turtle(new.release)
    before = _blocks(old)
    if held is None or path is None or before is None:
        return
    now = Blocks.read(path)
    names = {name for name in {*before.held, *now.held} if before.held.get(name) != now.held.get(name)}
    gone, come = (list(parse(one.turtle(names), format=RdfFormat.TURTLE)) for one in (before, now))
    if before.head != now.head or any(map(_nameless, (*gone, *come))):
        return
    held.exchange([_lines(gone)], [_lines(come)])
    new.keep(catalogue(old), statements)
    sets = {dataset(state.name, new.base): state.name for state in new.release.manifest.datasets}
    other = {sets[iri] for iri in reaching(held, map(now.iri, names), sets)}
    new.keep(read(new, {name: one for name, one in offered(old).items() if name not in other}), described)


def reaching(held: Dataset, things: Iterable[str], sets: Mapping[str, str]) -> Iterator[str]:
    """Those of ``sets`` that are among ``things`` or lead to one of them, but not only by way of another set."""
    seen = set(things)
    waiting = list(seen)
    while waiting:
        iri = waiting.pop()
        if iri in sets:
            yield iri
            continue
        fresh = {subject for subject, _ in held.incoming(iri)} - seen
        seen |= fresh
        waiting.extend(fresh)


def _blocks(site: Site) -> Blocks | None:
    """The catalogue that ``site`` has read; None where its file is not there any more as it was."""
    try:
        path = turtle(site.release)
    except DamagedRelease:
        return None
    return Blocks.read(path) if path else None


def _nameless(triple: Triple) -> bool:
    return isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode)


def _lines(triples: Iterable[Triple]) -> bytes:
    return bytes(serialize(triples, format=RdfFormat.N_TRIPLES) or b"")
