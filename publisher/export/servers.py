"""Samples for web servers: negotiation, media types, caching. A plain file server needs none of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from publisher.export.asked import request
from publisher.export.options import Options
from publisher.graph.formats import DOCUMENT_FORMATS, N_QUADS, TRIG, TURTLE
from publisher.release.manifest import Manifest
from publisher.release.packings import GZIP
from publisher.web.frame import Frame
from publisher.web.takeaway import XLSX

FILES = {"htaccess": ".htaccess", "nginx.conf": "server/nginx.conf", "Caddyfile": "server/Caddyfile"}
"""Template → file of the export."""
_TYPES = (
    ("html", "text/html"),
    *((fmt.ending, fmt.media) for fmt in (*DOCUMENT_FORMATS, N_QUADS, TRIG)),
    ("rq", "application/sparql-query"),
    ("json", "application/json"),
    ("csv", "text/csv"),
    ("xlsx", XLSX),
    ("xml", "application/xml"),
    ("atom", "application/atom+xml"),
    ("bib", "application/x-bibtex"),
    ("cff", "application/yaml"),
    ("zip", "application/zip"),
    ("txt", "text/plain"),
    ("css", "text/css"),
    ("js", "text/javascript"),
    ("svg", "image/svg+xml"),
    ("woff2", "font/woff2"),
)
_PATH, _PORT, _FOLDER = "/kreisgraph/", 8080, "/srv/kreisgraph"


@dataclass(frozen=True)
class Sample:
    """What the samples are filled with."""

    path: str
    """Where the folder hangs below the host, with a slash at both ends."""
    port: int = _PORT
    folder: str = _FOLDER
    packed: tuple[str, ...] = ()
    """The graphs whose files in other formats than N-Quads are there packed only."""
    types: tuple[tuple[str, str], ...] = _TYPES

    @property
    def accepts(self) -> tuple[tuple[str, str], ...]:
        """Ending of each format of a document, and the pattern of its media type."""
        return tuple((fmt.ending, fmt.media.replace("+", r"\+").replace(".", r"\.")) for fmt in DOCUMENT_FORMATS)


def samples(frame: Frame, options: Options) -> Iterator[tuple[str, bytes]]:
    """The files for web servers with their bodies."""
    path = urlsplit(options.url).path + "/" if options.url else ""
    data = Sample(path or _PATH, packed=_packed(frame.site.release.manifest))
    visit = frame.visit(request("/"))
    for template, file in FILES.items():
        yield file, frame.text(visit, f"export/servers/{template}", data).encode()


def _packed(manifest: Manifest) -> tuple[str, ...]:
    paths = {file.path for file in manifest.files}
    packed = (file for file in manifest.files if file.graph and file.path.endswith(f".{TURTLE.ending}{GZIP.ending}"))
    return tuple(sorted(f.graph.rpartition("/")[2] for f in packed if f.path.removesuffix(GZIP.ending) not in paths))
