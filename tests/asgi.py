"""Asks an application as a server would: raw paths, raw headers, no client that tidies either."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote

from fastapi import FastAPI
from starlette.datastructures import Headers

Sent = Mapping[str, str] | Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """Status, headers and body as they leave the application."""

    status: int
    headers: Headers
    body: bytes

    @property
    def text(self) -> str:
        """The body as UTF-8."""
        return self.body.decode("utf-8")

    @property
    def media(self) -> str:
        """The media type without parameters."""
        return self.headers.get("content-type", "").partition(";")[0]

    def names(self, header: str) -> set[str]:
        """The entries of a header that lists names, in lower case."""
        return {name.strip().lower() for name in self.headers.get(header, "").split(",")} - {""}


class Asgi:
    """A visitor of ``app``; sends no header that is not given."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self._runner = asyncio.Runner()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._runner.close()

    def ask(self, target: str, headers: Sent = (), method: str = "GET") -> Answer:
        """The answer to one request for ``target`` (path and query as sent). Raises what the application lets out."""
        return self._runner.run(self._ask(target, headers, method))

    async def _ask(self, target: str, headers: Sent, method: str) -> Answer:
        path, _, query = target.partition("?")
        pairs = headers.items() if isinstance(headers, Mapping) else headers
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode("latin-1", "replace"),
            "query_string": query.encode("latin-1"),
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in pairs],
            "server": ("127.0.0.1", 8123),
            "client": ("127.0.0.1", 40000),
        }
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        body = b"".join(message.get("body", b"") for message in sent[1:])
        # Servers drop the body of an answer to HEAD.
        return Answer(sent[0]["status"], Headers(raw=sent[0]["headers"]), b"" if method == "HEAD" else body)
