"""A server next door that nobody may call."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Listener:
    """A server of the house next door that counts who knocks and would answer with results."""

    sock: socket.socket
    calls: list[bytes] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.sock.getsockname()[1]}/x"

    def watch(self) -> None:
        while True:
            try:
                connection, _ = self.sock.accept()
            except OSError:
                return
            self.calls.append(b"call")
            connection.close()


@contextmanager
def listening() -> Iterator[Listener]:
    """The listener while it listens."""
    listener = Listener(socket.create_server(("127.0.0.1", 0)))
    thread = threading.Thread(target=listener.watch)
    thread.start()
    yield listener
    listener.sock.shutdown(socket.SHUT_RDWR)
    listener.sock.close()
    thread.join()
