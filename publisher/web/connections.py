"""One connection of a visitor, with bounds that the server itself does not set.

A head that does not come, a body that trickles, an answer that nobody reads, and more connections than files: each
ends the connection and nothing else.
"""

import asyncio
import json
import socket
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from publisher.core.settings import Settings

HEAD_BYTES = 2_000_000
"""Longest head of a request: a query of the greatest length, every character percent-encoded, fits in."""

_USER_TIMEOUT = getattr(socket, "TCP_USER_TIMEOUT", None)
State = Literal["idle", "head", "body"]


@dataclass(frozen=True)
class Bounds:
    """What one process grants its visitors."""

    connections: int = 400
    head_seconds: float = 10.0
    body_seconds: float = 30.0
    unread_seconds: float = 60.0

    @classmethod
    def of(cls, settings: Settings) -> "Bounds":
        """The bounds that ``settings`` set."""
        return cls(settings.page_connections, settings.head_seconds, settings.body_seconds, settings.unread_seconds)


class Connection(HttpToolsProtocol):
    """The server's protocol within ``bounds``."""

    def __init__(self, *args: Any, bounds: Bounds, **named: Any) -> None:
        super().__init__(*args, **named)
        self._bounds = bounds
        self._state: State = "idle"
        self._received = 0
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Takes the connection, or says that there are too many."""
        super().connection_made(transport)
        if len(self.connections) > self._bounds.connections:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE)
            return
        sock = transport.get_extra_info("socket")
        if sock is not None and _USER_TIMEOUT is not None and sock.family != socket.AF_UNIX:
            # The kernel ends a connection whose other side takes nothing; slow readers it lets be.
            sock.setsockopt(socket.IPPROTO_TCP, _USER_TIMEOUT, int(self._bounds.unread_seconds * 1000))
        self._wait("idle", self._bounds.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """Ends."""
        self._rest()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Takes the next bytes of a request."""
        if self.transport.is_closing():
            return
        if self._state == "idle" and self._timer is None:
            self._wait("idle", self._bounds.head_seconds)
        super().data_received(data)
        self._received = self._received + len(data) if self._state == "head" else 0
        if self._received > HEAD_BYTES and not self.transport.is_closing():
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_message_begin(self) -> None:
        """The first byte of a request has come."""
        super().on_message_begin()
        self._wait("head", self._bounds.head_seconds)

    def on_headers_complete(self) -> None:
        """The head is whole."""
        super().on_headers_complete()
        self._wait("body", self._bounds.body_seconds)

    def on_message_complete(self) -> None:
        """The request is whole."""
        super().on_message_complete()
        self._rest()

    def _wait(self, state: State, seconds: float) -> None:
        self._rest()
        self._state = state
        self._timer = self.loop.call_later(seconds, self._late)

    def _rest(self) -> None:
        self._state = "idle"
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _late(self) -> None:
        """What was to come has not come in time."""
        self._timer = None
        if self.transport.is_closing():
            return
        answering = self.cycle is not None and not self.cycle.response_complete
        if answering and (self.cycle.response_started or self._state != "body"):
            # An answer is on its way, which has limits of its own.
            self._wait(self._state, self._bounds.head_seconds)
        elif self._state == "idle":
            self.transport.close()
        else:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)

    def _refuse(self, status: HTTPStatus) -> None:
        """Says why, and closes; https://www.rfc-editor.org/rfc/rfc9457#section-3"""
        problem = {"type": "about:blank", "title": status.phrase, "status": int(status)}
        body = json.dumps(problem).encode() + b"\n"
        retry = "retry-after: 5\r\n" if status == HTTPStatus.SERVICE_UNAVAILABLE else ""
        head = (
            f"HTTP/1.1 {int(status)} {status.phrase}\r\ncontent-type: application/problem+json\r\n"
            f"content-length: {len(body)}\r\ncache-control: no-store\r\n{retry}connection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()
