"""Files as they lie in a release: which representation a reader gets, its tag and digest, parts of it.

A large file lies there compressed as well; who accepts that gets those very bytes.
https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3.3 (a tag for each coding), https://www.rfc-editor.org/rfc/rfc9530
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, RangeNotSatisfiable, Response
from starlette.types import Message, Receive, Scope, Send

from publisher.release.manifest import File
from publisher.release.packings import PACKINGS
from publisher.web.compression import PAST, accepted, wanted
from publisher.web.ranges import Part, Unsatisfiable, parts


@dataclass(frozen=True)
class Representation:
    """The bytes that a reader gets: the file that holds them, and how they are coded ("" for as they are)."""

    file: File
    coding: str = ""

    @property
    def tag(self) -> str:
        """The strong tag of these very bytes."""
        return f'"{self.file.sha256}"'

    @property
    def digest(self) -> str:
        """Their digest, as a structured field."""
        return f"sha-256=:{base64.b64encode(bytes.fromhex(self.file.sha256)).decode()}:"


def chosen(request: Request, path: str, files: Mapping[str, File]) -> Representation:
    """The representation of the file ``path`` that fits ``request``; ``files`` are all files of the release by path.

    Who asks for a part gets that of what it has already (If-Range), else that of the plain file: few programs that
    ask for parts can put coded ones together.
    """
    plain = Representation(files[path])
    coded: dict[str, Representation] = {
        packing.coding: Representation(files[path + packing.ending], packing.coding)
        for packing in PACKINGS
        if path + packing.ending in files
    }
    if request.method == "GET" and "range" in request.headers:
        held = request.headers.get("if-range", "")
        fitting = (one for one in coded.values() if one.tag == held and accepted(wanted(request), (one.coding,)))
        return next(fitting, plain)
    return coded.get(accepted(wanted(request), tuple(coded)), plain)


class Unsent(Response):
    """An answer without content about a file that lies packed: its tag is not that of something compressed here."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the answer past the compression."""
        await super().__call__(scope, receive, scope.get(PAST, send))


class Stored(FileResponse):
    """A file of a release, whole or in parts. It goes past the compression when it ``lies_packed`` already."""

    def __init__(self, place: Path, media: str, filename: str, shown: Representation, lies_packed: bool) -> None:
        super().__init__(place, media_type=media, filename=filename or None)
        self._past = lies_packed
        self.headers["Repr-Digest"] = self.headers["Content-Digest"] = shown.digest
        if shown.coding:
            self.headers["Content-Encoding"] = shown.coding

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the answer; a range is understood with GET only, as the specification has it."""
        if scope["method"] != "GET":
            scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"range"]}
        past = self._past or any(name == b"range" for name, _ in scope["headers"])
        await super().__call__(scope, receive, _partial(scope.get(PAST, send) if past else send))

    @classmethod
    def _parse_range_header(cls, http_range: str, file_size: int) -> list[Part]:
        """In place of Starlette's, which answers 400 to what is to be left aside."""
        try:
            return parts(http_range, file_size)
        except Unsatisfiable:
            raise RangeNotSatisfiable(file_size) from None


def _partial(send: Send) -> Send:
    """Takes the digest of the content from an answer that holds only a part of it."""

    async def forward(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == HTTPStatus.PARTIAL_CONTENT:
            message = {**message, "headers": [pair for pair in message["headers"] if pair[0] != b"content-digest"]}
        await send(message)

    return forward
