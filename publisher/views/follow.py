"""What is kept for a whole release, made from what was kept for the one before where a few counties changed.

A number that adds up over the counties is the old one, less what these counties had, and what they have now. Both are
asked of a small part of the release by the same queries: the common graphs, and what is said of these counties.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from publisher.core.errors import Unlike
from publisher.graph.sources import Sources
from publisher.graph.store import Dataset
from publisher.release.following import Change, change
from publisher.release.manifest import Manifest
from publisher.release.reader import Release, current_folder, read_manifest
from publisher.views import counties, fields, method, terms
from publisher.views.ready import make_ready
from publisher.views.search_exchanged import exchanged
from publisher.views.search_index import Index
from publisher.views.site import Site

ADDING_UP: tuple[Callable[[Site], Counter[Any]], ...] = (
    counties.numbers,
    fields.local,
    method.elements,
    method.mappings,
    method.readings,
    terms.uses,
)
"""What is counted county by county: no count has to do with two of them."""


def follow(old: Site, sources: Sources) -> Site:
    """The site that serves the release in force, made of ``old``, which is none afterwards.

    Raises Unlike when the release had better be loaded, DamagedRelease, NoRelease.
    """
    folder = current_folder(old.settings.releases)
    manifest = read_manifest(folder)
    found = change(old.release, folder, manifest)
    new = Site.of(Release(folder, manifest, old.dataset), sources, old.settings)
    if (list(new.queries), new.context) != (list(old.queries), old.context):
        raise Unlike(release=manifest.version, reason="the program's queries changed")
    keep_counts(old, new, found)
    old.dataset.exchange(found.removed, found.added)
    make_ready(new)
    old.forget()
    return new


def keep_counts(old: Site, new: Site, change: Change) -> None:
    """Keeps in ``new``, which differs from ``old`` by ``change``, what takes long to count and to index."""
    part = Dataset.read(change.part, old.base)
    before = [make(_of(old, part, old.release.manifest)) for make in ADDING_UP]
    part.exchange(change.removed, change.added)
    now = _of(new, part, new.release.manifest)
    for make, less in zip(ADDING_UP, before, strict=True):
        # What is in both cancels out; subtracting counters by the sign would lose what becomes less first.
        found = old.once(make).copy()
        found.subtract(less)
        found.update(make(now))
        new.keep(+found, make)
    new.keep(exchanged(old.once(Index.of), now, {new.id(f"kreis/{ags}") for ags in change.counties}), Index.of)


def _of(site: Site, part: Dataset, manifest: Manifest) -> Site:
    """A site of a ``part`` of the release of ``site``."""
    return Site(replace(site.release, manifest=manifest, dataset=part), site.queries, site.settings, site.context)
