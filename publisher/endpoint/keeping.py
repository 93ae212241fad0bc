"""Query after query on one kept connection: the worker's side of the express lane.

Each has a bound on the processor's time that it takes, which the kernel keeps; nobody watches whether the visitor still
waits, since the little that is granted here is soon over.
"""

import os
import select
import signal
import socket
from collections.abc import Callable

from publisher.endpoint import frames
from publisher.endpoint.reply import reply
from publisher.endpoint.request import Limits, QueryRequest
from publisher.graph.store import Dataset

_LOOK_SECONDS = 2.0
"""How often an idle worker makes sure that it is still needed."""
_QUERIES_BETWEEN = 16
"""How many small queries are answered before the memory is looked at again."""


def keep(
    connection: socket.socket,
    dataset: Dataset,
    limits: Limits,
    spent: Callable[[], bool],
    unneeded: Callable[[], bool],
) -> None:
    """Answers until the other side goes; says that it is leaving when ``spent``, or when idle and ``unneeded``."""
    raw, poller, served = bytearray(), select.poll(), 0
    poller.register(connection, select.POLLIN)
    try:
        # To ask the kernel each time would cost a tenth of a small query.
        while served % _QUERIES_BETWEEN or not spent():
            served += 1
            while (frame := frames.unpack(raw, 0)) is None:
                if poller.poll(_LOOK_SECONDS * 1000):
                    raw += _more(connection)
                elif unneeded():
                    frames.send(connection, frames.LEAVING)
                    return
            _, payload, end = frame
            del raw[:end]
            connection.sendall(_timed(connection, dataset, payload, limits))
        frames.send(connection, frames.LEAVING)
    except (BrokenPipeError, ConnectionResetError, EOFError):
        pass
    finally:
        connection.close()


def _timed(connection: socket.socket, dataset: Dataset, raw: bytes, limits: Limits) -> bytes:
    """What ends the answer to the query in ``raw``, or the process ends: of its time, or of its memory."""
    try:
        request = QueryRequest.decode(raw)
        signal.setitimer(signal.ITIMER_PROF, request.work)
        try:
            return reply(connection, dataset, request, limits)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    except MemoryError:
        os._exit(1)


def _more(connection: socket.socket) -> bytes:
    piece = connection.recv(1 << 16)
    if not piece:
        raise EOFError
    return piece
