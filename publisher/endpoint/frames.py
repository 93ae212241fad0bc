"""The talk between page processes and query workers: a kind of one byte, a length of four, the payload.

Worker: TAKEN as soon as it has the connection, then DATA …, then END or ERROR. Without either of the last two
the worker has died, and the answer is not whole.

Page processes and the usher of the waiting line talk in the same frames: JOIN, then CALLED when it is a query's turn,
SLOWER when its time in the quick lane is over, END with its outcome; STATS asks for the numbers.
"""

import asyncio
import json
import socket
import struct

QUERY, TAKEN, DATA, END, ERROR = b"Q", b"T", b"D", b"Z", b"E"
JOIN, CALLED, SLOWER, STATS = b"J", b"C", b"S", b"N"

LINE = "line"
"""The name of the usher's socket; those of the workers are called as their lanes."""
CALLING = "calling"
"""The socket of the workers that may call the services on the list."""

_HEAD = struct.Struct(">cI")


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


def pack(kind: bytes, payload: bytes = b"") -> bytes:
    """One frame as bytes."""
    return _HEAD.pack(kind, len(payload)) + payload


def failure(error: str, facts: dict[str, object]) -> bytes:
    """The payload of an ERROR frame: the name of the error's class and its facts."""
    return json.dumps({"error": error, "facts": facts}).encode()
