"""The talk between page processes and query workers: a kind of one byte, a length of four, the payload.

Worker: TAKEN as soon as it has the connection, then DATA …, then END or ERROR. Without either of the last two
the worker has died, and the answer is not whole.

Page processes and the usher of the waiting line talk in the same frames: JOIN, then CALLED when it is a query's turn,
SLOWER when its time in the quick lane is over, END with its outcome; STATS asks for the numbers.

On a kept connection (``wire.py``) QUERY follows QUERY without TAKEN, and LEAVING says that no more will be answered.
There a page process may also LEND a visitor's connection, whose descriptor comes with the frame; BACK gives it back,
RECALL asks for all of them, AVOID names queries and clients that are to be answered elsewhere.
"""

import asyncio
import json
import socket
import struct
from collections.abc import Iterable, Mapping

QUERY, TAKEN, DATA, END, ERROR = b"Q", b"T", b"D", b"Z", b"E"
JOIN, CALLED, SLOWER, STATS = b"J", b"C", b"S", b"N"
LEAVING = b"L"
LEND, BACK, RECALL, AVOID = b"V", b"B", b"R", b"A"

LINE = "line"
"""The name of the usher's socket; those of the workers are called as their lanes."""
CALLING = "calling"
"""The socket of the workers that may call the services on the list."""


def express(row: int) -> str:
    """The name of the socket of the worker that the page process ``row`` has for itself."""
    return f"express-{row}"


_HEAD = struct.Struct(">cI")
_LENT, _RETURNED = struct.Struct(">Q"), struct.Struct(">QI")


def send(sock: socket.socket, kind: bytes, payload: bytes = b"") -> None:
    """Sends one frame; raises OSError when the other side has gone."""
    sock.sendall(_HEAD.pack(kind, len(payload)) + payload)


def receive(sock: socket.socket) -> tuple[bytes, bytes]:
    """The next frame; raises EOFError when the other side has gone."""
    kind, size = _HEAD.unpack(_exactly(sock, _HEAD.size))
    return kind, _exactly(sock, size)


def _exactly(sock: socket.socket, size: int) -> bytes:
    whole = bytearray()
    while len(whole) < size:
        piece = sock.recv(min(size - len(whole), 1 << 16))
        if not piece:
            raise EOFError
        whole += piece
    return bytes(whole)


async def read(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """The next frame; raises EOFError or ConnectionError when the other side has gone."""
    kind, size = _HEAD.unpack(await reader.readexactly(_HEAD.size))
    return kind, await reader.readexactly(size)


def unpack(raw: bytes | bytearray, place: int) -> tuple[bytes, bytes, int] | None:
    """The frame in ``raw`` at ``place`` and where it ends; None while it is not whole."""
    if len(raw) - place < _HEAD.size:
        return None
    kind, size = _HEAD.unpack_from(raw, place)
    start = place + _HEAD.size
    return (kind, bytes(raw[start : start + size]), start + size) if len(raw) >= start + size else None


def pack(kind: bytes, payload: bytes = b"") -> bytes:
    """One frame as bytes."""
    return _HEAD.pack(kind, len(payload)) + payload


def failure(error: str, facts: dict[str, object]) -> bytes:
    """The payload of an ERROR frame: the name of the error's class and its facts."""
    return json.dumps({"error": error, "facts": facts}).encode()


def lent(loan: int, peer: str) -> bytes:
    """The payload of a LEND frame: its number, and the address at the other end of the connection."""
    return _LENT.pack(loan) + peer.encode()


def read_lent(payload: bytes) -> tuple[int, str]:
    """What ``lent`` put into ``payload``."""
    return _LENT.unpack_from(payload)[0], payload[_LENT.size :].decode()


def returned(loan: int, read: bytes, unsent: bytes) -> bytes:
    """The payload of a BACK frame: what of the next request was read already, and what of an answer is to be sent."""
    return _RETURNED.pack(loan, len(read)) + read + unsent


def read_returned(payload: bytes) -> tuple[int, bytes, bytes]:
    """What ``returned`` put into ``payload``."""
    loan, length = _RETURNED.unpack_from(payload)
    read = payload[_RETURNED.size : _RETURNED.size + length]
    return loan, read, payload[_RETURNED.size + length :]


def avoided(queries: Iterable[str], clients: Mapping[str, float]) -> bytes:
    """The payload of an AVOID frame: the keys of queries; who is to be avoided, and for how many seconds."""
    return json.dumps([list(queries), dict(clients)]).encode()


def read_avoided(payload: bytes) -> tuple[list[str], dict[str, float]]:
    """What ``avoided`` put into ``payload``."""
    queries, clients = json.loads(payload)
    return queries, clients
