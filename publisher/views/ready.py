"""What most pages look up, made before the first visitor comes and before processes are forked off."""

from concurrent.futures import ThreadPoolExecutor

from publisher.core.settings import Settings
from publisher.core.turns import short_turns
from publisher.graph.sources import Sources
from publisher.release.elsewhere import open_in_force
from publisher.release.reader import Release
from publisher.views.actor_kinds import flat
from publisher.views.actor_list import counties_with
from publisher.views.actors import totals
from publisher.views.chain import several
from publisher.views.columns import by_key
from publisher.views.counties import counted, counties
from publisher.views.districts import districts
from publisher.views.fields import overview
from publisher.views.form import forms
from publisher.views.gaps import spread
from publisher.views.held import held
from publisher.views.method import method
from publisher.views.offered import offered
from publisher.views.places import places
from publisher.views.releases import history, releases
from publisher.views.search_entries import are_noted
from publisher.views.search_index import Index
from publisher.views.site import Site
from publisher.views.terms import in_use
from publisher.views.topics import DIMENSIONS, topics


def open_ready(settings: Settings, sources: Sources) -> Site:
    """The site that serves the release in force, with all that ``make_ready`` makes, and the index of the search.

    What does not rest on statements is made while they are read, and what does not rest on the last of them while those
    are: the engine leaves the interpreter to others while it reads and answers. Raises as ``open_in_force``.
    """
    made: list[Site] = []

    # One thread: two that compute in Python would only get in each other's way.
    with short_turns(), ThreadPoolExecutor(1) as beside:

        def first(release: Release) -> None:
            made.append(Site.of(release, sources, settings))
            beside.submit(make_first, made[0])

        def soon(_: Release) -> None:
            beside.submit(made[0].once, Index.of)
            beside.submit(make_soon, made[0])

        release = open_in_force(settings, sources.queries, soon, first)
        site = made[0] if made else Site.of(release, sources, settings)
        site.once(in_use)
    # What is there already is not made again; what could not be made says here why.
    make_ready(site)
    site.once(Index.of)
    return site


def make_first(site: Site) -> None:
    """Makes what rests on files of the release alone, not on its statements."""
    offered(site)
    if are_noted(site):
        site.once(Index.of)


def make_ready(site: Site) -> None:
    """Makes what ``Site.once`` keeps for the whole release, so that no visitor waits for it."""
    make_soon(site)
    site.once(in_use)


def make_soon(site: Site) -> None:
    """Makes what does not rest on the graphs that are read last."""
    for make in (
        districts,
        held,
        counties,
        counted,
        by_key,
        places,
        several,
        totals,
        forms,
        offered,
        releases,
        history,
    ):
        make(site)
    for figures in (overview, method):
        site.once(figures)
    for dimension in DIMENSIONS:
        topics(site, dimension)
        spread(site, dimension)
    for kind in flat(site):
        counties_with(site, kind)
