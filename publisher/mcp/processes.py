"""The server as a command: over standard input and output for one agent, or at an address of its own.

As with the site, one parent holds the release; the server and the workers that run its queries are forked from it.
"""

import os
import signal
import socket
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import anyio
import uvicorn
from mcp.server.stdio import stdio_server

from publisher.core.settings import Settings
from publisher.endpoint.client import Endpoint
from publisher.endpoint.confine import die_with
from publisher.endpoint.crews import query_crews
from publisher.endpoint.functions import with_functions
from publisher.endpoint.pool import Crew, Pool
from publisher.endpoint.request import Limits
from publisher.graph import sources
from publisher.mcp.http import application
from publisher.mcp.server import server
from publisher.release.elsewhere import for_visitors, open_in_force
from publisher.views.form import forms
from publisher.views.held import held
from publisher.views.search_index import Index
from publisher.views.site import Site


def over_pipes(settings: Settings, language: str) -> None:
    """Serves the agent at standard input and output until it hangs up; raises NoRelease or DamagedRelease."""

    async def talk(site: Site, endpoint: Endpoint) -> None:
        agents = server(site, endpoint, language)
        async with stdio_server() as (reader, writer):
            await agents.run(reader, writer, agents.create_initialization_options())

    _serve(settings, lambda site, endpoint: anyio.run(talk, site, endpoint))


def over_http(settings: Settings, doors: socket.socket, language: str) -> None:
    """Serves every agent that comes to ``doors``; raises NoRelease or DamagedRelease."""

    def listen(site: Site, endpoint: Endpoint) -> None:
        config = uvicorn.Config(application(site, endpoint, language), log_level="warning", access_log=False)
        uvicorn.Server(config).run(sockets=[doors])

    _serve(settings, listen)


def _serve(settings: Settings, talk: Callable[[Site, Endpoint], None]) -> None:
    with tempfile.TemporaryDirectory(prefix="kreisgraph-") as folder:
        found = sources.find(settings.input)
        release = open_in_force(settings, found.queries)
        # One agent seldom asks two things at once.
        limits = replace(Limits.of(settings), workers=1, quick_workers=1)
        site = Site.of(release, found, settings)
        for make in (forms, held):
            make(site)
        asked = for_visitors(settings, release.dataset)
        dataset = with_functions(asked, site.once(Index.of).vocabulary)
        for one in (release.dataset, asked):
            # Each process makes connections of its own.
            one.close()
        queries = query_crews(dataset, limits, Path(folder))
        parent = os.getpid()

        def agents() -> None:
            die_with(parent, signal.SIGTERM)
            try:
                talk(site, Endpoint(Path(folder), limits))
            finally:
                # Who hung up needs nobody in the server's place.
                os.kill(parent, signal.SIGTERM)

        pool = Pool([*queries, Crew("agents", 1, agents)])
        pool.start()
        pool.watch()
