"""What a worker needs to answer over HTTP by itself, from whoever knows HTTP."""

from typing import Any, Protocol

from publisher.endpoint.request import QueryRequest


class Head(Protocol):
    """What a request says beside its address."""

    @property
    def client(self) -> str:
        """Whose it is: any name that tells clients apart."""


class Prepared(Protocol):
    """A request for a small answer, understood but for its running."""

    @property
    def request(self) -> QueryRequest:
        """What is asked."""

    @property
    def key(self) -> bytes:
        """Tells queries apart, whatever the format: 32 bytes."""

    def message(self, body: bytes) -> tuple[bytes, int]:
        """The whole message that answers with ``body``, and how many bytes of it are its body."""


class Direct(Protocol):
    """How requests at the endpoint are answered."""

    start: bytes
    """What every request begins with that may be answered, up to the query string."""
    keeps: bool
    """Whether the page process keeps answers, so that what is asked again is better asked there."""

    def read(self, tail: bytes, peer: str) -> Head | None:
        """What stands in ``tail``, all of a request behind its address; None where it takes more than an answer.

        ``peer`` is the address at the other end of the connection.
        """

    def prepare(self, target: bytes, head: Any) -> Prepared | None:
        """The request for the query string ``target`` with ``head``, which ``read`` gave; None where it takes more."""

    def ended(self, seconds: float, size: int) -> None:
        """Counts an answer of ``size`` bytes that took ``seconds``."""
