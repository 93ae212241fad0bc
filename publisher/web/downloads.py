"""Files: dumps of the release, the queries, the JSON-LD context, the manifest."""

import json
import mimetypes
from collections.abc import Mapping
from email.utils import formatdate
from functools import partial
from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from publisher.core.refusals import NotFound
from publisher.graph.formats import JSON_LD
from publisher.release.history.archive import Past
from publisher.release.manifest import File
from publisher.release.packings import GZIP, PACKINGS
from publisher.release.reader import MANIFEST
from publisher.release.tables.description import CSVW, CSVW_MEDIA
from publisher.release.tables.schema import FOLDER as TABLES
from publisher.views.site import Site
from publisher.web.caching import CACHE_CONTROL, FOREVER, cached, etag, unchanged_since
from publisher.web.frame import Frame
from publisher.web.stored import Stored, Unsent, chosen

FOLDERS = ("dumps", "sources", TABLES)
"""The folders of a release whose files are served at the path that the manifest gives them."""
NONE: Mapping[str, str] = {}
QUERY_MEDIA = "application/sparql-query"


def router(frame: Frame) -> APIRouter:
    """The routes of everything that is downloaded as a file."""
    routes = APIRouter()
    add = partial(routes.add_route, methods=["GET", "HEAD"], include_in_schema=False)
    for folder in FOLDERS:
        add(f"/{folder}/{{name:path}}", partial(_file, frame, folder))
    add("/abfragen/{name:path}.rq", partial(_query, frame))
    add("/context.jsonld", partial(_context, frame))
    add("/manifest.json", partial(_manifest, frame))
    return routes


def _file(frame: Frame, folder: str, request: Request) -> Response:
    """A file that the manifest lists, byte for byte; nothing else of the release is reachable."""
    path = f"{folder}/{request.path_params['name']}"
    headers = NONE
    if path.endswith(".csv") and CSVW in frame.site.once(_by_path):
        # https://www.w3.org/TR/tabular-data-model/#link-header
        headers = {"Link": f'<{frame.links.href(f"/{CSVW}")}>; rel="describedby"; type="{CSVW_MEDIA}"'}
    return stored(frame, request, path, filename=path.rpartition("/")[2], headers=headers)


def stored(
    frame: Frame,
    request: Request,
    path: str,
    *,
    filename: str = "",
    vary: str = "",
    headers: Mapping[str, str] = NONE,
    of: Past | None = None,
) -> Response:
    """The file ``path`` of the release as it lies there, to be kept under ``filename`` when one is given.

    With ``of`` that of another release, which never changes. Last-Modified is when it was last written with other
    bytes. Raises NotFound for what the manifest does not list.
    """
    files = {file.path: file for file in of.manifest().files} if of else frame.site.once(_by_path)
    folder = of.folder if of else frame.site.release.folder
    if path not in files and path + GZIP.ending in files and not of:
        # Of much there is only a packed file; it is not unpacked on the way, which would take seconds.
        return RedirectResponse(frame.links.href(f"/{path}{GZIP.ending}"), HTTPStatus.FOUND)
    if path not in files or not (folder / path).is_file():
        raise NotFound(what="/" + path)
    shown, modified = chosen(request, path, files), (folder / path).stat().st_mtime
    media = files[path].media or mimetypes.guess_type(path)[0] or "application/octet-stream"
    lies_packed = any(path + packing.ending in files for packing in PACKINGS)

    def make() -> Response:
        if unchanged_since(request, modified):
            return Response(status_code=HTTPStatus.NOT_MODIFIED)
        return Stored(folder / shown.file.path, media, filename, shown, lies_packed)

    response = cached(request, shown.tag, make, vary=vary, control=FOREVER if of else CACHE_CONTROL)
    if lies_packed and response.status_code == HTTPStatus.NOT_MODIFIED:
        response = Unsent(status_code=HTTPStatus.NOT_MODIFIED, headers=dict(response.headers))
    response.headers.update(headers)
    response.headers["Last-Modified"] = formatdate(modified, usegmt=True)
    return response


def _by_path(site: Site) -> Mapping[str, File]:
    """All files of the release by path."""
    return {file.path: file for file in site.release.manifest.files}


def _query(frame: Frame, request: Request) -> Response:
    query = frame.site.queries.get(request.path_params["name"])
    return _text(frame, request, query.sparql, f"{QUERY_MEDIA}; charset=utf-8")


def _context(frame: Frame, request: Request) -> Response:
    text = json.dumps({"@context": dict(frame.site.context)}, ensure_ascii=False, indent=1) + "\n"
    return _text(frame, request, text, JSON_LD.media)


def _manifest(frame: Frame, request: Request) -> Response:
    path = frame.site.release.folder / MANIFEST
    text = path.read_text(encoding="utf-8") if path.is_file() else frame.site.release.manifest.json()
    return _text(frame, request, text, "application/json")


def _text(frame: Frame, request: Request, text: str, media: str) -> Response:
    tag = etag(frame.stamp, request.url.path, request.url.query)
    return cached(request, tag, lambda: Response(text, media_type=media))
