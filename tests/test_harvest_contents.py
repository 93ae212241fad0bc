"""A file is read as what the catalogue says it is; what it is not is said."""

import gzip
import io
import zipfile

import pytest
import zstandard

from publisher.harvest.contents import read

NT = b"<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b> <urn:d> .\n"
NQ = b"<urn:a> <urn:b> <urn:c> <urn:g> .\n"
CSV = b'a,b\r\n1,"x, ""y"""\r\n'
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GZIP, ZSTD = "application/gzip", "application/zstd"


def _archive(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in members.items():
            archive.writestr(name.replace("__", "/"), body)
    return out.getvalue()


BOOK = _archive(xl__workbook=b"", **{"xl__workbook.xml": b"<workbook/>"})

GOOD = {
    "n-triples": (NT, "application/n-triples", "", 2),
    "n-quads": (NQ, "application/n-quads", "", 1),
    "gzip": (gzip.compress(NT), "application/n-triples", GZIP, 2),
    "zstd": (zstandard.compress(NT), "application/n-triples", ZSTD, 2),
    "zstd of unknown size": (zstandard.ZstdCompressor(write_content_size=False).compress(NT), "text/turtle", ZSTD, 2),
    "json-ld": (b'{"@id": "urn:a", "urn:b": "c"}', "application/ld+json", "", 1),
    "csv": (CSV, "text/csv", "", -1),
    "csv in gzip": (gzip.compress(CSV), "text/csv", GZIP, -1),
    "json": (b'{"a": 1}', "application/json", "", -1),
    "csvw": (b'{"@context": "http://www.w3.org/ns/csvw"}', "application/csvm+json", "", -1),
    "zip": (_archive(a=CSV), "application/zip", "", -1),
    "xlsx": (BOOK, XLSX, "", -1),
    "something else": (b"\0", "image/png", "", -1),
}
BAD = {
    "n-triples": (NT[:-3], "application/n-triples", ""),
    "no gzip": (NT, "application/n-triples", GZIP),
    "gzip cut off": (gzip.compress(NT)[:-4], "application/n-triples", GZIP),
    "gzip of something else": (gzip.compress(CSV), "application/n-triples", GZIP),
    "no zstd": (gzip.compress(NT), "application/n-triples", ZSTD),
    "another compression": (NT, "application/n-triples", "application/x-xz"),
    "a context elsewhere": (b'{"@context": "https://x.example/", "@id": "urn:a"}', "application/ld+json", ""),
    "csv in latin-1": ("a\r\nß\r\n".encode("latin-1"), "text/csv", ""),
    "csv with a row too short": (b"a,b\r\n1\r\n", "text/csv", ""),
    "csv with a quotation mark too much": (b'a,b\r\n"1"2,3\r\n', "text/csv", ""),
    "csv without a head": (b"", "text/csv", ""),
    "csv with a name twice": (b"a,a\r\n1,2\r\n", "text/csv", ""),
    "json": (b'{"a": 1', "application/json", ""),
    "a page instead of an archive": (b"<!doctype html>", "application/zip", ""),
    "an archive cut off": (_archive(a=CSV)[:-30], "application/zip", ""),
    "an archive with a changed byte": (_archive(a=b"q" * 50).replace(b"qqq", b"qxq", 1), "application/zip", ""),
    "an archive that is no workbook": (_archive(a=CSV), XLSX, ""),
    "a workbook that is no xml": (_archive(**{"xl__workbook.xml": b"<workbook>"}), XLSX, ""),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_it_is_said_to_be(name: str) -> None:
    body, media, compressed, triples = GOOD[name]
    assert read(body, media, compressed) == (triples, "")


@pytest.mark.parametrize("name", BAD)
def test_what_it_is_not(name: str) -> None:
    triples, fault = read(*BAD[name])
    assert triples == -1 and fault
