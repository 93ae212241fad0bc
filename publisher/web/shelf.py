"""The shelf: answers that were made once, whole and compressed, for the next visitor who asks for the same.

A release does not change while it is served, so nothing on the shelf grows old; it goes with its process. What an
answer depends on, it says itself in ``Vary``: https://www.rfc-editor.org/rfc/rfc9111#section-4.1
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from publisher.web.compression import accepted
from publisher.web.counts import kind_of

LARGEST = 1 << 20
"""Answers of more bytes are not kept."""
_PLACES = 20_000
"""Of so many addresses it is known what their answers depend on."""
_OVERHEAD = 2000
"""About what an entry takes beyond its body."""
_NOT_PLAIN = (b"range", b"if-none-match", b"if-match", b"if-modified-since", b"if-unmodified-since", b"if-range")
"""Headers of requests whose answers depend on more than ``Vary`` says."""
_ENCODING = b"accept-encoding"
Place = tuple[bytes, bytes]
"""Path and query string as they came."""
Key = tuple[Place, tuple[bytes, ...]]


@dataclass(frozen=True)
class Kept:
    """One answer with status 200."""

    headers: list[tuple[bytes, bytes]]
    body: bytes

    @property
    def size(self) -> int:
        """About the memory it takes, in bytes."""
        return len(self.body) + _OVERHEAD


class Room:
    """Entries of at most ``most`` bytes together; those asked for least lately go first."""

    def __init__(self, most: int) -> None:
        self._most = self._left = most
        self._entries: OrderedDict[Key, Kept] = OrderedDict()

    @property
    def size(self) -> int:
        """About the memory that its entries take, in bytes."""
        return self._most - self._left

    def get(self, key: Key) -> Kept | None:
        """The answer for ``key``."""
        found = self._entries.get(key)
        if found:
            self._entries.move_to_end(key)
        return found

    def put(self, key: Key, kept: Kept) -> None:
        """Keeps an answer, and gives up old ones for it."""
        old = self._entries.pop(key, None)
        self._left += old.size if old else 0
        while self._entries and self._left < kept.size:
            _, gone = self._entries.popitem(last=False)
            self._left += gone.size
        if self._left >= kept.size:
            self._entries[key] = kept
            self._left -= kept.size


class Shelf:
    """ASGI middleware around the whole site, for one process and one release.

    Answers to queries have a room of their own, so that no visitor's queries push pages out; 0 bytes keep nothing.
    """

    def __init__(self, app: ASGIApp, pages: int, queries: int) -> None:
        self.app = app
        self._rooms = {"page": Room(pages), "sparql": Room(queries)}
        self._open = {name for name, size in (("page", pages), ("sparql", queries)) if size}
        self._depends: OrderedDict[Place, tuple[bytes, ...]] = OrderedDict()

    @property
    def size(self) -> int:
        """About the memory that all it keeps takes, in bytes."""
        return sum(room.size for room in self._rooms.values())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        room = self._room(scope) if scope["type"] == "http" else ""
        if not room:
            await self.app(scope, receive, send)
            return
        place: Place = (scope.get("raw_path") or scope["path"].encode(), scope["query_string"])
        headers = _gathered(scope)
        names = self._depends.get(place)
        kept = self._rooms[room].get((place, _values(names, headers))) if names is not None else None
        if kept:
            await send({"type": "http.response.start", "status": 200, "headers": list(kept.headers)})
            await send({"type": "http.response.body", "body": kept.body, "more_body": False})
            return
        listener = _Listener(send)
        await self.app(scope, receive, listener.send)
        if listener.whole:
            self._put(room, place, headers, Kept(listener.headers, bytes(listener.body)))

    def _room(self, scope: Scope) -> str:
        """Where the answer may stand; "" for what is never kept."""
        if scope["method"] != "GET" or any(name in _NOT_PLAIN for name, _ in scope["headers"]):
            return ""
        room = "sparql" if kind_of(scope["path"]) == "sparql" else "page"
        return room if room in self._open else ""

    def _put(self, room: str, place: Place, headers: Mapping[bytes, bytes], kept: Kept) -> None:
        said = ",".join(value.decode("latin-1") for name, value in kept.headers if name == b"vary")
        names = tuple(sorted(name.strip().lower().encode() for name in said.split(",") if name.strip()))
        if b"*" in names:
            return
        self._depends[place] = names
        if len(self._depends) > _PLACES:
            self._depends.popitem(last=False)
        self._rooms[room].put((place, _values(names, headers)), kept)


class _Listener:
    """Passes an answer on and holds it, as long as it may be kept."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._holding = False
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = bytearray()
        self.whole = False

    async def send(self, message: Message) -> None:
        """Takes the next part."""
        if message["type"] == "http.response.start":
            self.headers = [(name.lower(), value) for name, value in message.get("headers", ())]
            self._holding = message["status"] == HTTPStatus.OK and _may_be_kept(dict(self.headers))
        elif self._holding:
            self._hold(message)
        await self._send(message)

    def _hold(self, message: Message) -> None:
        if message["type"] != "http.response.body" or len(self.body) + len(message.get("body", b"")) > LARGEST:
            self._holding, self.body = False, bytearray()
            return
        self.body += message.get("body", b"")
        self.whole = not message.get("more_body", False)


def _may_be_kept(headers: Mapping[bytes, bytes]) -> bool:
    control = headers.get(b"cache-control", b"no-store")
    return b"no-store" not in control and b"private" not in control and b"set-cookie" not in headers


def _gathered(scope: Scope) -> dict[bytes, bytes]:
    """The headers of a request, those that come in several lines as one list."""
    found: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        found[name] = found[name] + b", " + value if name in found else value
    return found


def _values(names: tuple[bytes, ...], headers: Mapping[bytes, bytes]) -> tuple[bytes, ...]:
    """What a request says to the headers that an answer depends on."""
    return tuple(_coding(headers.get(name)) if name == _ENCODING else headers.get(name, b"") for name in names)


@lru_cache(1000)
def _coding(header: bytes | None) -> bytes:
    """Of all that a reader accepts, only the coding counts that is chosen."""
    return accepted(header.decode("latin-1") if header is not None else None).encode()
