"""Reads the content of a file as what the catalogue says it is: RDF, a table, a workbook, an archive, JSON."""

import csv
import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Callable
from xml.etree import ElementTree

import zstandard
from pyoxigraph import RdfFormat, parse

_UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "application/gzip": gzip.decompress,
    "application/zstd": lambda body: zstandard.ZstdDecompressor().stream_reader(body, read_across_frames=True).read(),
}
_BOOK = "xl/workbook.xml"
_FAULTS = (SyntaxError, ValueError, OSError, EOFError, KeyError)
_PACKED = (zlib.error, zstandard.ZstdError, zipfile.BadZipFile, csv.Error)


def read(body: bytes, media: str, compressed: str) -> tuple[int, str]:
    """The statements in ``body``, -1 where it is no RDF; and why it is not what it is said to be, "" where it is.

    ``media`` is its media type, ``compressed`` that of its compression, if it has one.
    """
    try:
        if compressed not in _UNPACK:
            return -1, compressed
        return _read(_UNPACK[compressed](body), media), ""
    except (*_FAULTS, *_PACKED) as error:
        return -1, str(error) or type(error).__name__


def remote_contexts(body: bytes) -> list[str]:
    """The contexts that a reader of this JSON-LD would have to fetch elsewhere; raises ValueError for no JSON."""
    document = json.loads(body)
    tops = document if isinstance(document, list) else [document]
    contexts = [top.get("@context") for top in tops if isinstance(top, dict)]
    flat = [one for context in contexts for one in (context if isinstance(context, list) else [context])]
    return [one for one in flat if isinstance(one, str)]


def _read(body: bytes, media: str) -> int:
    # To the parser any JSON is JSON-LD.
    fmt = RdfFormat.from_media_type(media) if media not in ("", "application/json") else None
    if fmt == RdfFormat.JSON_LD and remote_contexts(body):
        raise ValueError("@context")
    if fmt is not None:
        return sum(1 for _ in parse(body, format=fmt))
    if media == "text/csv":
        _table(body.decode("utf-8"))
    elif media.endswith("json"):
        json.loads(body)
    elif media == "application/zip" or media.endswith(".sheet"):
        _archive(body, media.endswith(".sheet"))
    return -1


def _table(text: str) -> None:
    """Raises ValueError or csv.Error for what is no table of RFC 4180: a head, and as many cells in every row."""
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    head = next(rows, [])
    if not all(head) or len(set(head)) != len(head) or not head:
        raise ValueError("1")
    for row in rows:
        if len(row) != len(head):
            raise ValueError(str(rows.line_num))


def _archive(body: bytes, is_workbook: bool) -> None:
    """Raises BadZipFile, ValueError, KeyError or SyntaxError for what cannot be unpacked, or is no workbook."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        if broken := archive.testzip():
            raise ValueError(broken)
        if is_workbook:
            ElementTree.fromstring(archive.read(_BOOK))
