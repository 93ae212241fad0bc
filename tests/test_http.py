"""HTTP as caches and harvesters use it: conditions, HEAD, compression, ranges, files, other origins."""

import gzip
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
import zstandard
from addresses import BROWSER, DATA, DOCUMENTS, FILES, KEPT, PAGES, THINGS
from asgi import Asgi

from publisher.core.settings import Settings
from publisher.endpoint.client import Endpoint
from publisher.endpoint.request import Limits
from publisher.graph.sources import Sources
from publisher.release.reader import Release
from publisher.views.site import Site
from publisher.web import sparql
from publisher.web.app import create_app

UNPACK = {"zstd": lambda raw: zstandard.decompress(raw), "br": brotli.decompress, "gzip": gzip.decompress}


@pytest.fixture(scope="module")
def visitor(site: Site, settings: Settings) -> Iterator[Asgi]:
    # Nobody answers queries here; the page of the endpoint needs nobody.
    with Asgi(create_app(site, sparql.router(site, Endpoint(Path("/nowhere"), Limits.of(settings))))) as visitor:
        yield visitor


@pytest.mark.parametrize("coding", ["identity", "gzip"])
@pytest.mark.parametrize("path", KEPT)
def test_what_is_held_is_not_sent_again(visitor: Asgi, path: str, coding: str) -> None:
    sent = {"accept-encoding": coding}
    first = visitor.ask(path, sent)
    assert first.status == 200 and "no-store" not in first.headers["cache-control"]
    tag = first.headers["etag"]
    for held in (tag, "*", f'"x", {tag}'):
        again = visitor.ask(path, sent | {"if-none-match": held})
        assert (again.status, again.body) == (304, b""), held
        for name in ("etag", "vary", "cache-control"):
            assert again.headers.get(name) == first.headers.get(name), (held, name)
    assert visitor.ask(path, sent | {"if-none-match": '"x"'}, "HEAD").status == 200


@pytest.mark.parametrize("path", [DOCUMENTS[1], FILES[0]])
def test_tags_are_read_in_every_form(visitor: Asgi, path: str) -> None:
    plain = visitor.ask(path).headers["etag"].removeprefix("W/")
    for held in (plain, f"W/{plain}", f'W/"a","b",{plain}', f'"a" ,,\t{plain} , "c"', " * "):
        assert visitor.ask(path, {"if-none-match": held}).status == 304, held
    for other in ("x", "", plain.strip('"'), 'W/"*"', "\u00ff", plain[:-2] + '"'):
        assert visitor.ask(path, {"if-none-match": other}).status == 200, other


def test_every_representation_has_its_own_tag(visitor: Asgi) -> None:
    tags = [visitor.ask(path).headers["etag"] for path in [*KEPT, "/kreise?land=12", "/en/kreise", "/suche?q=Arbeit"]]
    assert len(tags) == len(set(tags))


def test_what_is_compressed_here_never_carries_a_strong_tag(visitor: Asgi, release: Release) -> None:
    lying = {f"/{file.path}": f'"{file.sha256}"' for file in release.manifest.files}
    for path in KEPT:
        answer = visitor.ask(path, {"accept-encoding": "gzip"})
        if "content-encoding" in answer.headers and answer.headers["etag"] != lying.get(f"{path}.gz"):
            assert answer.headers["etag"].startswith("W/"), path
            assert "repr-digest" not in answer.headers and "content-digest" not in answer.headers


@pytest.mark.parametrize("path", ["/id/kreis/99999", "/doc/kreis/99999.ttl", "/doc/kreis/99999.html", "/dumps/nix.ttl"])
def test_anything_of_nothing_is_still_nothing(visitor: Asgi, path: str) -> None:
    assert visitor.ask(path, {"if-none-match": "*"}).status == 404


@pytest.mark.parametrize("path", FILES[:3])
def test_a_file_can_be_asked_for_by_date(visitor: Asgi, release: Release, path: str) -> None:
    modified = visitor.ask(path).headers["last-modified"]
    assert visitor.ask(path, {"if-modified-since": modified}).status == 304
    assert visitor.ask(path, {"if-modified-since": "Sat, 01 Jan 2000 00:00:00 GMT"}).status == 200
    assert visitor.ask(path, {"if-modified-since": modified, "if-none-match": '"x"'}).status == 200
    for broken in ("", "yesterday", "0", "\u00ff", "Sat, 99 Foo 20000 00:00:00 GMT"):
        assert visitor.ask(path, {"if-modified-since": broken}).status == 200


def test_pages_name_no_date_they_do_not_know(visitor: Asgi) -> None:
    assert not [path for path in (*DOCUMENTS, *PAGES) if "last-modified" in visitor.ask(path).headers]


@pytest.mark.parametrize("coding", ["identity", "gzip"])
@pytest.mark.parametrize("path", [*KEPT, *THINGS, "/nix", "/dumps/nix", "/sparql", "/doc/kreis/99999.ttl"])
def test_head_says_what_get_says(visitor: Asgi, path: str, coding: str) -> None:
    sent = {"accept": BROWSER, "accept-encoding": coding}
    got, head = visitor.ask(path, sent), visitor.ask(path, sent, "HEAD")
    assert head.status == got.status
    # The length of what was never compressed is not known.
    length = {"content-length": got.headers.get("content-length", "")}
    assert dict(head.headers) | length == dict(got.headers) | length
    assert coding == "gzip" or head.headers.get("content-length") == length["content-length"]
    assert head.body == b""


def test_what_depends_on_the_request_says_so(visitor: Asgi) -> None:
    for path in THINGS:
        assert {"accept", "accept-language"} <= visitor.ask(path).names("vary")
    for path in ("/nix", "/id/kreis/99999"):
        assert {"accept", "accept-language"} <= visitor.ask(path).names("vary")
    for path in KEPT:
        names = visitor.ask(path, {"accept-encoding": "gzip"}).headers["vary"].lower().split(", ")
        assert "accept-encoding" in names and len(names) == len(set(names)), path


@pytest.mark.parametrize(
    ("header", "compressed"),
    {
        "gzip": True,
        "gzip, br;q=0.5": True,
        "GZIP;q=0.5": True,
        "gzip;q=0": False,
        "*;q=0": False,
        "identity": False,
        "deflate": False,
        "x-gzipped": False,
        "": False,
    }.items(),
)
def test_only_who_wants_gzip_gets_it(visitor: Asgi, header: str, compressed: bool) -> None:
    for path in ("/kreise", "/ns.ttl", "/dumps/12071.nt"):
        answer = visitor.ask(path, {"accept-encoding": header})
        assert answer.headers.get("content-encoding") == ("gzip" if compressed else None)
        plain = visitor.ask(path).body
        assert (gzip.decompress(answer.body) if compressed else answer.body) == plain
        assert int(answer.headers.get("content-length", len(answer.body))) == len(answer.body)


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, br", "br"),
        ("*", "zstd"),
        ("zstd;q=0, *", "br"),
        ("br;q=0.1, gzip", "gzip"),
    ],
)
def test_the_coding_a_reader_likes_best_is_taken(visitor: Asgi, header: str, coding: str) -> None:
    for path in ("/kreise", "/ns.ttl", "/dumps/12071.nt"):
        answer = visitor.ask(path, {"accept-encoding": header})
        assert answer.headers["content-encoding"] == coding
        assert UNPACK[coding](answer.body) == visitor.ask(path).body


def test_fonts_are_not_compressed_again(visitor: Asgi) -> None:
    fonts = sorted((Path(__file__).parent.parent / "publisher/static").rglob("*.woff2"))
    for font in fonts:
        answer = visitor.ask(f"/static/vendor/{font.name}", {"accept-encoding": "gzip"})
        assert "content-encoding" not in answer.headers and answer.body == font.read_bytes()


def test_every_listed_file_arrives_as_it_was_built(visitor: Asgi, release: Release) -> None:
    listed = json.loads(visitor.ask("/manifest.json").text)["files"]
    # Queries have addresses of their own.
    served = [file for file in listed if not file["path"].startswith("sparql/")]
    assert len(served) > 60
    for file in served:
        recorded = file["path"].startswith(("changes/", "feeds/", "citation/", "search/"))
        start = f"/release/{release.manifest.version}/" if recorded else "/"
        answer = visitor.ask(start + file["path"].removeprefix("catalog/"), {"accept-encoding": "identity"})
        assert (answer.status, answer.media) == (200, file["media"]), file["path"]
        assert len(answer.body) == file["bytes"] == int(answer.headers["content-length"])
        assert hashlib.sha256(answer.body).hexdigest() == file["sha256"], file["path"]
        if file["media"] != "text/html":
            assert answer.headers["access-control-allow-origin"] == "*"


def test_a_part_of_a_dump(visitor: Asgi, release: Release) -> None:
    whole = visitor.ask("/dumps/12071.nt")
    tag = whole.headers["etag"]
    assert whole.headers["accept-ranges"] == "bytes"
    for coding in ("identity", "gzip"):
        sent = {"accept-encoding": coding, "range": "bytes=100-2999"}
        part = visitor.ask("/dumps/12071.nt", sent)
        assert (part.status, part.body) == (206, whole.body[100:3000])
        assert part.headers["content-range"] == f"bytes 100-2999/{len(whole.body)}"
        assert "content-encoding" not in part.headers and part.headers["etag"] == tag
        assert visitor.ask("/dumps/12071.nt", sent | {"if-range": tag}).status == 206
        assert visitor.ask("/dumps/12071.nt", sent | {"if-range": '"old"'}).status == 200
    assert visitor.ask("/dumps/12071.nt", {"range": "bytes=99999999-"}).status == 416


def test_every_query_is_a_file(visitor: Asgi, sources: Sources) -> None:
    for path in sources.queries.rglob("*.rq"):
        answer = visitor.ask(f"/abfragen/{path.relative_to(sources.queries).as_posix()}")
        assert (answer.status, answer.media) == (200, "application/sparql-query")
        assert answer.text == path.read_text(encoding="utf-8")


def test_the_context_is_json_ld_for_everyone(visitor: Asgi) -> None:
    answer = visitor.ask("/context.jsonld", {"origin": "https://portal.example"})
    assert answer.media == "application/ld+json" and answer.headers["access-control-allow-origin"] == "*"
    assert json.loads(answer.text)["@context"]["ic"]["@id"] == "https://w3id.org/kreisgraph/ns#"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", [*THINGS, *DOCUMENTS[1:5], *DATA, *FILES, "/id/kreis/99999", "/sparql?query=x"])
def test_other_sites_may_read_data(visitor: Asgi, path: str, method: str) -> None:
    headers = visitor.ask(
        path, {"accept": "application/json;q=0.1, */*", "origin": "https://a.example"}, method
    ).headers
    assert headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in headers and "set-cookie" not in headers
    exposed = {name.strip() for name in headers["access-control-expose-headers"].split(",")}
    assert {"ETag", "Link", "Location"} <= exposed


@pytest.mark.parametrize("path", [*THINGS, *DOCUMENTS, *FILES, "/sparql", "/nix"])
def test_other_sites_may_ask_first(visitor: Asgi, path: str) -> None:
    sent = {
        "origin": "https://a.example",
        "access-control-request-method": "GET",
        "access-control-request-headers": "accept,if-none-match,range",
    }
    answer = visitor.ask(path, sent, "OPTIONS")
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert {"get", "head"} <= answer.names("access-control-allow-methods")
    assert {"accept", "if-none-match", "range"} <= answer.names("access-control-allow-headers")
    assert "access-control-allow-credentials" not in answer.headers
