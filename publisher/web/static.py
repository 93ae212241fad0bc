"""Style sheet, fonts and icon: read once, addressed with their hash, kept for long."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from publisher.core.refusals import NotFound
from publisher.web.caching import CACHE_CONTROL, FOREVER, cached
from publisher.web.links import Links

FOLDER = Path(__file__).parent.parent / "static"

_MEDIA = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".md": "text/markdown; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True)
class StaticFile:
    """One file: its bytes, its media type, the start of its SHA-256."""

    content: bytes
    media: str
    digest: str


@dataclass(frozen=True)
class StaticFiles:
    """All static files by their name below ``static/``; those of other makers may be absent."""

    files: Mapping[str, StaticFile]
    links: Links

    @classmethod
    def load(cls, links: Links) -> Self:
        """The files of the installation."""
        paths = sorted(path for path in FOLDER.rglob("*") if path.suffix in _MEDIA)
        return cls({path.relative_to(FOLDER).as_posix(): _read(path) for path in paths}, links)

    @property
    def stamp(self) -> str:
        """Changes whenever a file does."""
        return "".join(file.digest for file in self.files.values())

    def address(self, name: str) -> str:
        """The address of the file ``name`` with its hash; "" when the file is not there."""
        file = self.files.get(name)
        return f"{self.links.href('/static/' + name)}?v={file.digest}" if file else ""

    def respond(self, request: Request, name: str) -> Response:
        """The file ``name``; raises NotFound."""
        if name not in self.files:
            raise NotFound(what=f"/static/{name}")
        file = self.files[name]
        control = FOREVER if request.query_params.get("v") == file.digest else CACHE_CONTROL
        # Weak, since it stands for the plain and the compressed bytes.
        tag = f'W/"{file.digest}"'
        return cached(request, tag, lambda: Response(file.content, media_type=file.media), control=control)


def _read(path: Path) -> StaticFile:
    content = path.read_bytes()
    return StaticFile(content, _MEDIA[path.suffix], hashlib.sha256(content).hexdigest()[:16])


def router(static: StaticFiles) -> APIRouter:
    """The routes of the static files."""
    routes = APIRouter()

    def serve(request: Request) -> Response:
        return static.respond(request, request.path_params["name"])

    def icon(request: Request) -> Response:
        return static.respond(request, "favicon.svg")

    routes.add_route("/static/{name:path}", serve, methods=["GET", "HEAD"], include_in_schema=False)
    # Browsers ask here when they show something that is no page of ours, such as a file.
    routes.add_route("/favicon.ico", icon, methods=["GET", "HEAD"], include_in_schema=False)
    return routes
