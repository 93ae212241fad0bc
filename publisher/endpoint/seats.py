"""Numbers of descriptors that are always taken: by visitors' connections, or by nothing at all.

A worker may open no file and no socket, whatever a query says; its limit leaves no number free (``confine.only``).
Connections that are handed to it take the place of what leads nowhere.
"""

import os
import socket

_BYTES = 1 << 16


class Seats:
    """``number`` seats at the lowest descriptors that are free now."""

    def __init__(self, number: int) -> None:
        self._nothing = os.open(os.devnull, os.O_RDONLY)
        self._free = [os.dup(self._nothing) for _ in range(number)]

    def receive(self, sock: socket.socket) -> tuple[bytes, int | None]:
        """The next bytes from ``sock``, and the seat of the connection that came with them.

        Raises OSError when the other side has gone. Without a free seat a connection that comes is lost.
        """
        if not self._free:
            return sock.recv(_BYTES), None
        seat = self._free[-1]
        # The lowest number that is free is the one that is given.
        os.close(seat)
        try:
            raw, came, _, _ = socket.recv_fds(sock, _BYTES, 1)
        except OSError:
            os.dup2(self._nothing, seat, inheritable=False)
            raise
        if not came:
            os.dup2(self._nothing, seat, inheritable=False)
            return raw, None
        if came[0] != seat:
            # Where numbers are not scarce, a lower one was free.
            os.dup2(came[0], seat, inheritable=False)
            os.close(came[0])
        self._free.pop()
        return raw, seat

    def leave(self, seat: int) -> None:
        """Lets the connection at ``seat`` go; it stays open where others hold it."""
        os.dup2(self._nothing, seat, inheritable=False)
        self._free.append(seat)
