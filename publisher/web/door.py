"""The server of one page process: takes connections, and at its end lets every visitor finish."""

import asyncio
import resource
import signal
import socket
from collections.abc import Callable
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from publisher.web.connections import Bounds
from publisher.web.lent import Lane, Nobody, within

_LOOK_SECONDS = 0.05
_REST_TICKS = 50
"""How many turns of the server, ten a second, nobody must have come before it is looked at what the process holds."""
_CLOSE = (b"connection", b"close")


class Door(uvicorn.Server):
    """A server that, asked to end, takes nobody new and waits for those who are there.

    A connection that is open but idle is not closed at once: its visitor may be sending a request at that very moment,
    and the request would be lost. It is closed with the next answer, or when nothing comes for a while.
    """

    def __init__(self, config: uvicorn.Config, grace_seconds: float, heavy: Callable[[], bool], lane: Lane) -> None:
        super().__init__(config)
        self._lane = lane
        self._grace = grace_seconds
        self._hurry = False
        self._heavy = heavy
        self._seen = 0

    async def on_tick(self, counter: int) -> bool:
        """Whether it is time to end: also when nobody is here and the process is ``heavy``."""
        if counter % _REST_TICKS == 0:
            quiet = not self.server_state.connections and self.server_state.total_requests == self._seen
            self._seen = self.server_state.total_requests
            self.should_exit = self.should_exit or (quiet and self._heavy())
        return await super().on_tick(counter)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Ends: SIGTERM lets everybody finish, SIGINT (somebody sits at the terminal) closes idle connections."""
        self._hurry = self._hurry or sig == signal.SIGINT
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stops accepting, waits for answers, ends."""
        loop = asyncio.get_running_loop()
        for sock in sockets or []:
            # asyncio takes a connection in two steps; one between them would be dropped by closing.
            loop.remove_reader(sock)
        await asyncio.sleep(0)
        for server in self.servers:
            server.close()
        for sock in sockets or []:
            sock.close()
        await self._lane.recall()
        if not self._hurry:
            await self._drain(loop.time() + self._grace)
        await super().shutdown([])

    async def _drain(self, deadline: float) -> None:
        loop, state = asyncio.get_running_loop(), self.server_state
        state.default_headers = [*state.default_headers, _CLOSE]
        await asyncio.sleep(_LOOK_SECONDS)
        for connection in list(state.connections):
            if connection.cycle is not None and not connection.cycle.response_complete:  # type: ignore[union-attr]
                connection.shutdown()
        while state.connections and not self.force_exit and loop.time() < deadline:
            await asyncio.sleep(_LOOK_SECONDS)


def serve_visitors(
    app: ASGIApp,
    doors: socket.socket,
    bounds: Bounds,
    *,
    grace_seconds: float = 0.0,
    proxies: str = "",
    heavy: Callable[[], bool] = lambda: False,
    lane: Lane | None = None,
) -> None:
    """Serves ``app`` at ``doors`` until the process is told to end. Called in a forked process.

    Connections with many small queries are lent to ``lane``. It also ends in a quiet moment when it is ``heavy``: one
    that is light is to take its place.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    lane = lane or Nobody()
    config = uvicorn.Config(
        app,
        http=within(bounds, lane),
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        timeout_graceful_shutdown=1,
    )
    Door(config, grace_seconds, heavy, lane).run(sockets=[doors])
