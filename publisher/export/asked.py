"""The site asked in process: the very routes that serve it, without sockets, threads and middleware."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Self
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Match, Route

from publisher.core.errors import KreisgraphError
from publisher.web.app import routers
from publisher.web.frame import Frame
from publisher.web.problems import status_of

_TABLE = re.compile(r"[.](csv|xlsx|jsonld)$")


@dataclass(frozen=True)
class Answer:
    """Status, media type, the body or the file that holds it, and where a redirect leads."""

    status: int
    media: str = ""
    body: bytes = b""
    file: Path | None = None
    location: str = ""


@dataclass(frozen=True)
class Asked:
    """The routes of a site."""

    routes: Sequence[Route]

    @classmethod
    def of(cls, frame: Frame) -> Self:
        """The site of ``frame`` without the services that need more than files."""
        return cls([route for router in routers(frame) for route in router.routes if isinstance(route, Route)])

    def has(self, path: str) -> bool:
        """Whether anything answers at ``path``."""
        scope = _scope(path, "")
        return any(route.matches(scope)[0] == Match.FULL for route in self.routes)

    def fixed(self) -> list[str]:
        """The addresses of all routes that take no part of the address as a value, but for tables to take along:

        some of those need a choice, and the pages link what there is.
        """
        return sorted({route.path for route in self.routes if "{" not in route.path and not _TABLE.search(route.path)})

    def ask(self, address: str, accept: str = "") -> Answer:
        """The answer to a GET of ``address`` (path and query below the top of the site), in the format ``accept``."""
        path, _, query = address.partition("?")
        scope = _scope(path, query, accept)
        for route in self.routes:
            match, more = route.matches(scope)
            if match == Match.FULL:
                try:
                    return _read(more["endpoint"](Request({**scope, **more})))
                except KreisgraphError as error:
                    if (status := status_of(error)) >= HTTPStatus.INTERNAL_SERVER_ERROR:
                        raise
                    return Answer(status)
                except StopIteration as error:
                    # It would end the loop of whoever waits for this answer, without a word.
                    raise RuntimeError(address) from error
        return Answer(404)


def request(path: str, query: str = "") -> Request:
    """A plain GET."""
    return Request(_scope(path, query))


def _scope(path: str, query: str, accept: str = "") -> dict[str, object]:
    return {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "server": ("export", 80),
        "root_path": "",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(b"accept", accept.encode())] if accept else [],
    }


def _read(response: Response) -> Answer:
    media = response.headers.get("content-type", "").partition(";")[0]
    if isinstance(response, FileResponse):
        return Answer(response.status_code, media, file=Path(response.path))
    location = response.headers.get("location", "")
    return Answer(response.status_code, media, bytes(response.body), location=location)
