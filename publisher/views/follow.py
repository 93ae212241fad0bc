"""What is kept for a whole release, made from what was kept for the one before where a few counties changed.

A number that adds up over the counties is the old one, less what these counties had, and what they have now. Both are
asked of a small part of the release by the same queries: the common graphs, and what is said of these counties.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from publisher.core.errors import Unlike
from publisher.core.turns import short_turns
from publisher.graph.sources import Sources
from publisher.graph.store import Dataset
from publisher.release.following import Change, change
from publisher.release.manifest import Manifest
from publisher.release.reader import Release, current_folder, read_manifest
from publisher.views import actors, chain, columns, counties, fields, held, method, terms
from publisher.views.actor_kinds import flat
from publisher.views.actor_list import naming
from publisher.views.gaps import speaking
from publisher.views.offered_exchanged import keep_offered
from publisher.views.ready import make_ready
from publisher.views.search_exchanged import belonging_of, exchanged
from publisher.views.search_index import Index
from publisher.views.site import Site
from publisher.views.topics import DIMENSIONS

ADDING_UP: tuple[Callable[[Site], Counter[Any]], ...] = (
    actors.numbers,
    counties.numbers,
    fields.local,
    method.elements,
    method.mappings,
    method.readings,
    terms.uses,
)
"""What is counted county by county: no count has to do with two of them."""
BY_COUNTY: tuple[Callable[[Site], Mapping[str, Any]], ...] = (
    chain.revised,
    columns.by_county,
    counties.documents,
    held.by_county,
)
"""What is said of each county by itself, in the order of their IRIs."""


def follow(old: Site, sources: Sources) -> Site:
    """The site that serves the release in force, made of ``old``, which is none afterwards.

    Raises Unlike when the release had better be loaded, DamagedRelease, NoRelease.
    """
    folder = current_folder(old.settings.releases)
    manifest = read_manifest(folder)
    new = Site.of(Release(folder, manifest, old.dataset), sources, old.settings)
    if (list(new.queries), new.context) != (list(old.queries), old.context):
        raise Unlike(release=manifest.version, reason="the program's queries changed")
    with short_turns(), ThreadPoolExecutor(1) as beside:
        # The catalogue is read beside; no thread is left when processes are forked.
        read = beside.submit(keep_offered, old, new)
        found = change(old.release, folder, manifest)
        keep_counts(old, new, found)
        old.dataset.exchange(found.removed, found.added)
        read.result()
    make_ready(new)
    old.forget()
    return new


def keep_counts(old: Site, new: Site, change: Change) -> None:
    """Keeps in ``new``, which differs from ``old`` by ``change``, what takes long to count and to index."""
    part = Dataset.read(change.part, old.base)
    counts: list[tuple[Any, ...]] = [(make,) for make in ADDING_UP]
    counts += [(naming, kind) for kind in flat(old)] + [(speaking, dimension) for dimension in DIMENSIONS]
    then = _of(old, part, old.release.manifest)
    before = [make(then, *values) for make, *values in counts]
    ours = {new.id(f"kreis/{ags}") for ags in change.counties}
    belonged = belonging_of(then, ours)
    part.exchange(change.removed, change.added)
    now = _of(new, part, new.release.manifest)
    for (make, *values), less in zip(counts, before, strict=True):
        # What is in both cancels out; subtracting counters by the sign would lose what becomes less first.
        found = old.once(make, *values).copy()
        found.subtract(less)
        found.update(make(now, *values))
        new.keep(+found, make, *values)
    for of_each in BY_COUNTY:
        kept = {county: what for county, what in old.once(of_each).items() if county not in ours}
        fresh = {county: what for county, what in of_each(now).items() if county in ours}
        said: Mapping[str, Any] = dict(sorted((kept | fresh).items()))
        new.keep(said, of_each)
    new.keep(exchanged(old.once(Index.of), now, ours, belonged), Index.of)


def _of(site: Site, part: Dataset, manifest: Manifest) -> Site:
    """A site of a ``part`` of the release of ``site``."""
    return Site(replace(site.release, manifest=manifest, dataset=part), site.queries, site.settings, site.context)
