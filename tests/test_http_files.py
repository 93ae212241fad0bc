"""Files over HTTP: representations, tags, digests, parts. Each case is a row of tests/data/http/files.toml."""

import base64
import hashlib
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asgi import Answer, Asgi

from publisher.release.reader import Release
from publisher.views.site import Site
from publisher.web.app import create_app

CASES = tomllib.loads((Path(__file__).parent / "data/http/files.toml").read_text(encoding="utf-8"))["case"]
CODINGS = {"plain": "", "gzip": ".gz", "zstd": ".zst"}
MEDIA = {
    ".nt": "application/n-triples",
    ".gz": "application/gzip",
    ".zst": "application/zstd",
    ".csv": "text/csv; charset=utf-8",
    ".zip": "application/zip",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@pytest.fixture(scope="module")
def visitor(site: Site) -> Iterator[Asgi]:
    with Asgi(create_app(site)) as visitor:
        yield visitor


def _bytes(release: Release, path: str, coding: str) -> bytes:
    file = release.folder / f"{path[1:]}{CODINGS[coding]}"
    return file.read_bytes() if file.is_file() else b""


def _tag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()}"'


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_request_for_a_file(visitor: Asgi, release: Release, case: dict[str, Any]) -> None:
    path, method = case["path"], case.get("method", "GET")
    facts = {coding: _tag(_bytes(release, path, coding)) for coding in CODINGS}
    facts["date"] = visitor.ask(path).headers.get("last-modified", "")
    sent = {name: value.format(**facts) for name, value in case.get("headers", {}).items()}
    answer = visitor.ask(path, sent, method)
    assert answer.status == case["status"]
    if answer.status == 404:
        return
    whole = _bytes(release, path, case.get("coding", "plain"))
    if answer.status == 416:
        assert answer.headers["content-range"] == f"bytes */{len(whole)}"
        return
    _compare(answer, whole, case, method)


def _compare(answer: Answer, whole: bytes, case: dict[str, Any], method: str) -> None:
    """The head and the body of an answer against the bytes of its representation."""
    assert answer.headers["etag"] == _tag(whole)
    assert "accept-encoding" in answer.names("vary")
    assert answer.headers["last-modified"] and answer.headers["cache-control"]
    if answer.status == 304:
        assert answer.body == b"" and "content-length" not in answer.headers
        return
    coding = case.get("coding", "plain")
    digest = f"sha-256=:{base64.b64encode(hashlib.sha256(whole).digest()).decode()}:"
    assert answer.headers["repr-digest"] == digest
    assert answer.headers.get("content-digest") == (digest if answer.status == 200 else None)
    assert answer.headers.get("content-encoding") == (None if coding == "plain" else coding)
    assert answer.headers["accept-ranges"] == "bytes"
    parts = [(a % len(whole) if a < 0 else a, b % len(whole) if b < 0 else b) for a, b in case.get("parts", [])]
    if len(parts) > 1:
        assert _parts(answer) == [(f"bytes {a}-{b}/{len(whole)}", whole[a : b + 1]) for a, b in parts]
        return
    assert answer.headers["content-type"] == MEDIA[Path(case["path"]).suffix]
    first, last = parts[0] if parts else (0, len(whole) - 1)
    assert int(answer.headers["content-length"]) == last - first + 1
    assert answer.headers.get("content-range") == (f"bytes {first}-{last}/{len(whole)}" if parts else None)
    assert answer.body == (b"" if method == "HEAD" else whole[first : last + 1])


def _parts(answer: Answer) -> list[tuple[str, bytes]]:
    """The parts of a multipart answer: where each lies, and its bytes."""
    kind, _, boundary = answer.headers["content-type"].partition("; boundary=")
    assert kind == "multipart/byteranges"
    assert int(answer.headers["content-length"]) == len(answer.body)
    head, *found, end = answer.body.split(f"--{boundary}".encode())
    assert (head, end.strip()) == (b"", b"--")
    pairs = (part.removeprefix(b"\r\n").removesuffix(b"\r\n").split(b"\r\n\r\n", 1) for part in found)
    lines = [(dict(line.split(": ", 1) for line in top.decode().split("\r\n")), body) for top, body in pairs]
    return [(top["Content-Range"], body) for top, body in lines]


def test_a_small_file_is_compressed_on_its_way_and_then_says_no_digest_of_the_plain_one(visitor: Asgi) -> None:
    for method in ("GET", "HEAD"):
        answer = visitor.ask("/dumps/12071.ttl", {"accept-encoding": "gzip"}, method)
        assert answer.headers["content-encoding"] == "gzip" and answer.headers["etag"].startswith("W/")
        assert not {"repr-digest", "content-digest"} & set(answer.headers)


def test_a_table_leads_to_its_description(visitor: Asgi) -> None:
    link = visitor.ask("/tabellen/ziele.csv").headers["link"]
    assert link == '</tabellen/csv-metadata.json>; rel="describedby"; type="application/csvm+json"'
    assert visitor.ask("/tabellen/csv-metadata.json").media == "application/csvm+json"
    assert "link" not in visitor.ask("/dumps/12071.nt").headers
