"""The frames that answer a query: its bytes in pieces, and at the end that they are whole, or what is wrong."""

import re
import socket

from publisher.core.refusals import QueryRefused, QuerySyntax
from publisher.endpoint import frames
from publisher.endpoint.answers import answer
from publisher.endpoint.request import Limits, QueryRequest
from publisher.graph.store import Dataset

_CHUNK = 1 << 15
_POSITION = re.compile(r"error at (\d+):(\d+): ")
_SENTENCE = re.compile(r"[A-Z][\w()-]+( [\w()-]+)+")


def reply(connection: socket.socket, dataset: Dataset, request: QueryRequest, limits: Limits) -> bytes:
    """Sends all but the end of the answer as DATA frames; the frames that end it."""
    held = bytearray()

    def out(piece: bytes) -> None:
        held.extend(piece)
        if len(held) >= _CHUNK:
            frames.send(connection, frames.DATA, bytes(held))
            held.clear()

    try:
        answer(dataset, request, limits, out)
    except (BrokenPipeError, ConnectionResetError):
        raise
    except QueryRefused as error:
        return frames.pack(frames.ERROR, frames.failure(type(error).__name__, error.facts))
    except (SyntaxError, RuntimeError, ValueError, OSError) as error:
        return frames.pack(frames.ERROR, frames.failure("QuerySyntax", syntax(str(error)).facts))
    return frames.pack(frames.DATA, bytes(held)) + frames.pack(frames.END)


def syntax(message: str) -> QuerySyntax:
    """The error for what the engine says of a query, with line and column where it names them."""
    found = _POSITION.search(message)
    reason = readable(_POSITION.sub("", message))
    if not found:
        return QuerySyntax(detail=reason, reason=reason)
    line, column = int(found[1]), int(found[2])
    detail = f"line {line}, column {column}{'. ' if reason else ''}{reason}"
    return QuerySyntax(detail=detail, reason=reason, line=line, column=column)


def readable(message: str) -> str:
    """What the parser says in words; "" where it only lists the characters that it knows, which helps nobody."""
    listed = message.removeprefix("expected one of ").removeprefix("expected ")
    if listed == message:
        return message
    return "; ".join(item for item in listed.split(", ") if _SENTENCE.match(item))
