"""The parent of the processes that serve one release. It loads all before it forks, so that they share one copy.

No request reaches it.
"""

import gc
import os
import signal
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from fastapi import APIRouter
from starlette.types import ASGIApp

from publisher.core.settings import Settings
from publisher.endpoint.client import Endpoint
from publisher.endpoint.confine import die_with, give_memory_back
from publisher.endpoint.crews import query_crews
from publisher.endpoint.functions import with_functions
from publisher.endpoint.pool import Crew, Pool
from publisher.endpoint.request import Limits
from publisher.endpoint.roll import Roll
from publisher.endpoint.slip import Slip
from publisher.endpoint.tally import Tally
from publisher.endpoint.weight import AT_REST, own_memory
from publisher.graph import sources
from publisher.graph.remote import Remote
from publisher.release.elsewhere import for_visitors
from publisher.release.history.retention import hold
from publisher.views.follow import follow
from publisher.views.ready import open_ready
from publisher.views.search_index import Index
from publisher.views.site import Site
from publisher.web import api, logs, metrics, operations, questions, sparql, texts
from publisher.web.app import create_app
from publisher.web.child import Heir, Ties, bequeath
from publisher.web.connections import Bounds
from publisher.web.counts import Counts
from publisher.web.direct import DirectAnswers
from publisher.web.door import serve_visitors
from publisher.web.lent import Lane
from publisher.web.records import Records
from publisher.web.shelf import Shelf
from publisher.web.shortcut import Shortcut
from publisher.web.waiting_room import WaitingRoom

SERVICES = (sparql.router, questions.router, api.router)
"""What of the site needs the query workers."""
Guest = Callable[[Site, Endpoint], APIRouter]
"""Makes the routes of a service that is no part of the site itself."""
_PAGES = "pages"
_WAITING_ROOM_SECONDS = 1.0
_MORE_SECONDS = 2.0
"""How much longer than its visitors a page process may take to end."""


def serve_release(
    settings: Settings, doors: socket.socket, folder: Path, guests: Sequence[Guest], ties: Ties
) -> Heir | None:
    """Serves the release in force, and ``guests`` beside it, until SIGTERM or SIGINT; reports its version when ready.

    Sockets of the processes lie in ``folder``. Raises NoRelease or DamagedRelease before that. When the supervisor
    asks for it, a copy of this process is forked that goes over to the release in force then: there it returns how.
    """
    descriptor = logs.configure(settings)
    # Everything made until the fork stays: to look for garbage again and again would take a fifth of the time.
    gc.disable()
    kept = [open_ready(settings, sources.find(settings.input))]
    return _serve(_Place(settings, doors, guests), kept, folder, descriptor, ties)


def _follow(place: "_Place", kept: list[Site], folder: Path, ties: Ties) -> Heir | None:
    """As ``serve_release`` in a process that holds the release before, the one in ``kept``. Raises Unlike as well."""
    descriptor = logs.configure(place.settings)
    gc.disable()
    # What belonged to the processes before goes; what is loaded was set aside.
    gc.collect()
    kept.append(follow(kept.pop(), sources.find(place.settings.input)))
    return _serve(place, kept, folder, descriptor, ties)


@dataclass(frozen=True)
class _Place:
    """What stays from release to release."""

    settings: Settings
    doors: socket.socket
    guests: Sequence[Guest]


def _serve(place: _Place, kept: list[Site], folder: Path, descriptor: int, ties: Ties) -> Heir | None:
    """Serves the site in ``kept``, which is handed on: nobody else keeps what is loaded."""
    release = kept[0].release
    gc.collect()
    # From here on the collector leaves alone what is loaded.
    gc.freeze()
    held = hold(release.folder)
    texts.warn(place.settings)
    pool = _pool(place.settings, kept[0], place.doors, folder, descriptor, place.guests)
    ties.announce()
    pool.start()
    try:
        ties.report(release.manifest.version)
    except BaseException:
        pool.stop()
        raise
    given: list[tuple[Ties, Path]] = []

    def called() -> bool:
        given.extend(filter(None, [bequeath(ties, [place.doors.fileno()])]))
        return bool(given)

    with held:
        if not pool.watch(called):
            return None
    new, where = given[0]
    return Heir(partial(_follow, place, kept, where), new)


def wait_for_release(settings: Settings, doors: socket.socket) -> None:
    """Answers that there is no release yet, until SIGTERM or SIGINT."""
    serve_visitors(WaitingRoom(), doors, Bounds.of(settings), grace_seconds=_WAITING_ROOM_SECONDS)


def _pool(
    settings: Settings,
    site: Site,
    doors: socket.socket,
    folder: Path,
    descriptor: int,
    guests: Sequence[Guest],
) -> Pool:
    limits, release = Limits.of(settings), site.release
    # A row of numbers for each page process, and one for its express worker.
    counts, tally = Counts(2 * settings.page_workers), Tally(2 * settings.page_workers)
    manifest, endpoint = release.manifest, Endpoint(folder, limits, tally)
    asked = for_visitors(settings, release.dataset)
    dataset = with_functions(asked, site.once(Index.of).vocabulary)
    if not isinstance(dataset, Remote):
        dataset = replace(dataset, statements=manifest.triples)
    # What another server answers takes a moment anyway, and what is given up here would run on there.
    express = 0 if dataset.filled else settings.page_workers
    lanes = [(_direct(settings, site, endpoint, (counts, tally), row), Slip()) for row in range(express)]
    line, *workers = query_crews(dataset, limits, folder, lanes)
    names, sizes = zip(*((crew.name, crew.size) for crew in (line, *workers)), strict=True)
    roll, pages = Roll([*names, _PAGES], [*sizes, settings.page_workers]), []
    numbers = metrics.Sources(manifest, counts, roll, time.time())
    operate = operations.router(settings, manifest, endpoint, numbers.exposition)
    app = create_app(site, operate, *(make(site, endpoint) for make in (*SERVICES, *guests)))
    front = Shortcut(app, sparql.handlers(site, endpoint), manifest.version)
    write = logs.writer(settings, manifest.version, descriptor)
    # What a worker answers by itself stands in no log.
    lane = endpoint if lanes and write is None else None
    for row in range(settings.page_workers):
        kept = Shelf(front, settings.page_cache_mb << 20, settings.query_cache_mb << 20)
        begin = partial(endpoint.hurry, row, lanes[row][1]) if lanes else _begin
        own = Records(kept, counts, row, write)
        process = _page_process(own, doors, settings, begin, partial(_is_heavy, kept), lane)
        pages.append(Crew(_PAGES, 1, process, first=True))
    for one in (release.dataset, asked):
        # Each process makes connections of its own.
        one.close()
    # Each fork takes a while where much is loaded: pages are there first, and what is asked waits for its worker.
    return Pool([line, *pages, *workers], roll, settings.grace_seconds + _MORE_SECONDS)


def _direct(
    settings: Settings, site: Site, endpoint: Endpoint, numbers: tuple[Counts, Tally], row: int
) -> DirectAnswers:
    """What the express worker of the page process ``row`` answers by; its own row stands behind those of the pages."""
    return DirectAnswers(
        sparql.desk(site, endpoint), *numbers, settings.page_workers + row, keeps=settings.query_cache_mb > 0
    )


def _begin() -> None:
    """Nothing has to be begun where there is no express lane."""


def _is_heavy(shelf: Shelf) -> bool:
    """Whether a page process holds much that it has copied by reading, beside what it keeps for visitors."""
    return own_memory() > shelf.size + AT_REST


def _page_process(
    app: ASGIApp,
    doors: socket.socket,
    settings: Settings,
    begin: Callable[[], None],
    heavy: Callable[[], bool],
    lane: Lane | None,
) -> Callable[[], None]:
    parent = os.getpid()
    serve = partial(
        serve_visitors,
        app,
        doors,
        Bounds.of(settings),
        grace_seconds=settings.grace_seconds,
        proxies=settings.trusted_proxies,
        heavy=heavy,
        lane=lane,
    )

    def run() -> None:
        die_with(parent, signal.SIGTERM)
        give_memory_back()
        begin()
        serve()

    return run
