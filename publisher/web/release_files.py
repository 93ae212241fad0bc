"""Files at addresses that last: those of each release as they lie there, citations, the first pages of feeds."""

import gzip
from collections.abc import Callable
from email.utils import formatdate
from functools import partial
from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from publisher.core.messages import Message, phrase
from publisher.core.refusals import GoneRelease, NotFound
from publisher.graph.formats import DOCUMENT_FORMATS, N_QUADS, TRIG, Format
from publisher.graph.write import write
from publisher.release.changes import patch
from publisher.release.citation.about import USED, about
from publisher.release.citation.citing import Cited, read_facts, without_catalogue
from publisher.release.datasets import WHOLE
from publisher.release.feeds import atom, streams
from publisher.release.findable import FOLDER as SEARCH
from publisher.release.history.archive import KEPT, Past
from publisher.release.manifest import File
from publisher.release.reader import MANIFEST
from publisher.release.tables.schema import FOLDER as TABLES
from publisher.views import releases
from publisher.web import negotiation
from publisher.web.caching import FOREVER, cached, etag
from publisher.web.downloads import stored
from publisher.web.frame import Frame
from publisher.web.headers import RELEASE
from publisher.web.links import DEFAULT_LANGUAGE, LANGUAGES

FOLDERS = ("dumps", "sources", TABLES, "catalog", "sparql", "validation", SEARCH, *KEPT)
"""What of a release can be reached; where each of these was, 410 says so when it was removed."""
CITATIONS: dict[str, tuple[str, Callable[[Cited], str]]] = {
    "bib": ("application/x-bibtex; charset=utf-8", lambda cited: cited.bibtex),
    "csl.json": ("application/vnd.citationstyles.csl+json", lambda cited: cited.csl),
    "cff": ("text/yaml; charset=utf-8", lambda cited: cited.cff),
}
"""Ending → media type and how to write it."""
BY_MEDIA = {fmt.media: fmt for fmt in DOCUMENT_FORMATS}
_PACKED = ".gz"
_MEDIA = {TRIG.ending: TRIG.media, N_QUADS.ending: N_QUADS.media, patch.ENDING: patch.MEDIA}
"""Ending of a file that may lie packed → its media type."""


def router(frame: Frame) -> APIRouter:
    """The routes."""
    routes = APIRouter()
    add = partial(routes.add_route, methods=["GET", "HEAD"], include_in_schema=False)
    for fmt in DOCUMENT_FORMATS:
        add(f"/release/{{version}}.{fmt.ending}", partial(_described, frame, fmt))
    for ending in CITATIONS:
        add(f"/release/{{version}}/citation/{{name}}.{ending}", partial(_citation, frame, ending))
    add("/release/{version}/manifest.json", partial(_manifest, frame))
    for folder in FOLDERS:
        add(f"/release/{{version}}/{folder}/{{name:path}}", partial(_file, frame, folder))
    for name in streams.STREAMS:
        add(f"/feed/{name}.trig", partial(_first_page, frame, name))
        add(f"/feed/{name}", partial(_to, frame, f"/feed/{name}.trig"))
    for language in LANGUAGES:
        prefix = "" if language == DEFAULT_LANGUAGE else f"/{language}"
        add(f"{prefix}/feed/atom.xml", partial(_atom, frame, language))
        add(f"{prefix}/feed/atom", partial(_to, frame, f"{prefix}/feed/atom.xml"))
    return routes


def wanted(frame: Frame, request: Request) -> Past:
    """The release that an address names; raises NotFound."""
    past = releases.find(frame.site, request.path_params["version"])
    if past is None:
        raise NotFound(what=request.url.path)
    return past


def how_to_cite(frame: Frame, past: Past) -> dict[str, Cited]:
    """Data set → how to cite it in ``past``; everything comes first and is always there."""
    found = read_facts(past.folder)
    return found or {WHOLE: without_catalogue(past.manifest(), past.version, frame.site.settings)}


def describe(frame: Frame, past: Past, fmt: Format) -> bytes:
    """What ``past`` says of itself, in RDF."""
    cited = how_to_cite(frame, past)[WHOLE]
    return write(about(past.manifest(), past.version, cited, frame.site.settings), fmt, USED, USED)


def gone(frame: Frame, past: Past, file: File | None) -> GoneRelease:
    """That the files of ``past`` were removed; of one of them its checksum, so that a copy can still be told."""
    newest = releases.own(frame.site).version
    address = frame.links.whole(frame.links.href(f"/release/{newest}"))
    checksum = phrase("checksum", file=file.path, sum=file.sha256) if file else Message("", "")
    return GoneRelease(version=past.version, date=past.date, checksum=checksum, newer=newest, address=address)


def _file(frame: Frame, folder: str, request: Request) -> Response:
    """A file that the manifest of a release lists, byte for byte."""
    return _listed(frame, request, f"{folder}/{request.path_params['name']}")


def _listed(frame: Frame, request: Request, path: str) -> Response:
    past = wanted(frame, request)
    listed = {file.path: file for file in past.manifest().files}
    file = listed.get(path)
    if file is None and (packed := listed.get(path + _PACKED)):
        if path.startswith(KEPT):
            return _unpacked(request, past, packed)
        return RedirectResponse(_whole(frame, f"/release/{past.version}/{packed.path}"), HTTPStatus.FOUND)
    if file is None:
        raise NotFound(what=request.url.path)
    if past.removed and not (past.folder / path).is_file():
        raise gone(frame, past, file)
    latest = request.path_params["version"] == releases.LATEST
    if latest:
        return RedirectResponse(_whole(frame, f"/release/{past.version}/{path}"), HTTPStatus.FOUND)
    name = path.rpartition("/")[2] if path.startswith("dumps/") else ""
    return stored(frame, request, path, filename=name, headers={RELEASE: past.version}, of=past)


def _unpacked(request: Request, past: Past, file: File) -> Response:
    """A file that lies packed, under its name without the packing: packed on its way only where that is understood."""
    wanted = request.headers.get("accept-encoding", "")
    accepted = any(entry.value == "gzip" and entry.quality > 0 for entry in negotiation.ranges(wanted))
    media = _MEDIA[file.path.removesuffix(_PACKED).rpartition(".")[2]]

    def make() -> Response:
        body = (past.folder / file.path).read_bytes()
        if accepted:
            return Response(body, headers={"Content-Type": media, "Content-Encoding": "gzip"})
        return Response(gzip.decompress(body), headers={"Content-Type": media})

    tag = f'"{file.sha256}"' if accepted else f'"{file.sha256}-plain"'
    response = cached(request, tag, make, control=FOREVER)
    response.headers[RELEASE] = past.version
    response.headers["Last-Modified"] = formatdate((past.folder / file.path).stat().st_mtime, usegmt=True)
    return response


def _manifest(frame: Frame, request: Request) -> Response:
    past = wanted(frame, request)
    text = (past.folder / MANIFEST).read_text(encoding="utf-8")
    tag = etag(past.version, request.url.path)
    headers = {RELEASE: past.version}
    return cached(request, tag, lambda: Response(text, media_type="application/json", headers=headers))


def _described(frame: Frame, fmt: Format, request: Request) -> Response:
    past = wanted(frame, request)
    tag = etag(frame.stamp, past.version, fmt.ending)
    return cached(
        request, tag, lambda: Response(describe(frame, past, fmt), headers={"Content-Type": fmt.content_type})
    )


def _citation(frame: Frame, ending: str, request: Request) -> Response:
    past, name = wanted(frame, request), request.path_params["name"]
    cited = how_to_cite(frame, past).get(name)
    if cited is None:
        return _listed(frame, request, f"citation/{name}.{ending}")
    media, make = CITATIONS[ending]
    tag = etag(frame.stamp, request.url.path)
    return cached(request, tag, lambda: Response(make(cited), headers={"Content-Type": media}))


def _first_page(frame: Frame, name: str, request: Request) -> Response:
    return stored(frame, request, streams.first(name))


def _atom(frame: Frame, language: str, request: Request) -> Response:
    return stored(frame, request, atom.path(language))


def _to(frame: Frame, path: str, request: Request) -> Response:
    return RedirectResponse(_whole(frame, path), HTTPStatus.SEE_OTHER)


def _whole(frame: Frame, path: str) -> str:
    return frame.links.absolute(frame.links.href(path))
