"""Serving: one parent that loads the release, processes for pages, processes for queries.

No request reaches the parent. It loads all before the first fork, so that the processes share one copy in memory.
"""

import os
import signal
import socket
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from fastapi import APIRouter

from publisher.core.errors import SettingsError
from publisher.core.settings import PREFIX, Settings
from publisher.endpoint.client import Endpoint
from publisher.endpoint.confine import die_with
from publisher.endpoint.crews import query_crews
from publisher.endpoint.functions import with_functions
from publisher.endpoint.pool import Crew, Pool
from publisher.endpoint.request import Limits
from publisher.graph import sources
from publisher.release.reader import Release, open_release
from publisher.views.ready import make_ready
from publisher.views.search_index import Index
from publisher.views.site import Site
from publisher.web import api, questions, sparql, texts
from publisher.web.app import create_app

SERVICES = (sparql.router, questions.router, api.router)
"""What of the site needs the query workers."""
_SHUTDOWN_SECONDS = 3
_BACKLOG = 1024


@dataclass(frozen=True)
class Address:
    """Where the site listens."""

    host: str
    port: int

    def url(self) -> str:
        """The address for a browser."""
        return f"http://[{self.host}]:{self.port}/" if ":" in self.host else f"http://{self.host}:{self.port}/"


def say_now(line: str) -> None:
    """Prints ``line`` at once, also into a file or pipe."""
    print(line, flush=True)


Guest = Callable[[Site, Endpoint], APIRouter]
"""Makes the routes of a service that is no part of the site itself."""


def serve(settings: Settings, say: Callable[[str], None] = say_now, guests: Sequence[Guest] = ()) -> None:
    """Serves the release in force, and ``guests`` beside it, until SIGTERM or SIGINT; says a line when it is ready.

    Raises NoRelease or DamagedRelease, or SettingsError when it cannot listen at the address.
    """
    with listen_at(settings) as doors, tempfile.TemporaryDirectory(prefix="kreisgraph-") as folder:
        release = open_release(settings.releases)
        texts.warn(settings)
        pool = _pool(settings, release, doors, Path(folder), guests)
        pool.start()
        try:
            at = Address(settings.host, doors.getsockname()[1])
            say(f"{at.url()}  Version {release.manifest.version}")
        except BaseException:
            pool.stop()
            raise
        pool.watch()


def listen_at(settings: Settings) -> socket.socket:
    """The socket that takes connections at the address of ``settings``; raises SettingsError when it cannot."""
    address = Address(settings.host, settings.port)
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    doors = socket.socket(family, socket.SOCK_STREAM)
    doors.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        doors.bind((address.host, address.port))
    except OSError as error:
        doors.close()
        allowed = f"{error.strerror}; {PREFIX}HOST, {PREFIX}PORT"
        raise SettingsError(name=f"{PREFIX}PORT", value=address.port, allowed=allowed) from None
    # Both page processes take connections from this one queue.
    doors.listen(_BACKLOG)
    doors.setblocking(False)
    return doors


def _pool(settings: Settings, release: Release, doors: socket.socket, folder: Path, guests: Sequence[Guest]) -> Pool:
    limits = Limits.of(settings)
    site = Site.of(release, sources.find(settings.input), settings)
    endpoint = Endpoint(folder, limits)
    app = create_app(site, *(make(site, endpoint) for make in (*SERVICES, *guests)))
    make_ready(site)
    dataset = with_functions(release.dataset, site.once(Index.of).vocabulary)
    queries = query_crews(dataset, limits, folder)
    parent = os.getpid()

    def pages() -> None:
        die_with(parent, signal.SIGTERM)
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=_SHUTDOWN_SECONDS
        )
        uvicorn.Server(config).run(sockets=[doors])

    return Pool([*queries, Crew("pages", settings.page_workers, pages)])
