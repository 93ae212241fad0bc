"""A server next door that nobody may call."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_BODY = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"literal","value":"from next door"}}]}}'
_ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\nConnection: close\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(_BODY), _BODY)
)


@dataclass
class Listener:
    """A server of the house next door that keeps who knocks, and answers everybody with one row."""

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
            with connection:
                connection.settimeout(10)
                self.calls.append(connection.recv(1 << 16))
                connection.sendall(_ANSWER)


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
