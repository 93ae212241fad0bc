"""Whatever an address asks for: no page fails, none grows without bounds, nothing written comes back unescaped."""

import re
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from web_client import Client, Structure

from publisher.views.places import places
from publisher.views.site import Site
from publisher.web.app import create_app

TABLE = tomllib.loads((Path(__file__).parent / "data" / "http" / "hostile.toml").read_text(encoding="utf-8"))
PAGES: list[dict[str, Any]] = TABLE["page"]
LARGEST, SLOWEST = 300_000, 3.0
"""Bytes of a page; seconds of a processor for an answer, many times what it takes, however busy the machine is."""
ENDINGS = ("", ".csv", ".xlsx", ".jsonld")
FAILURE = re.compile(r"Traceback|File \"/|publisher/[a-z_]+/|Internal Server Error")


@pytest.fixture(scope="module")
def client(site: Site) -> Client:
    return Client(create_app(site))


def _values() -> Iterator[tuple[str, str]]:
    """The name and the text, as it stands in an address, of every value that nobody would write by chance."""
    for name, value in TABLE["value"].items():
        text = value["text"] * value.get("times", 1)
        yield name, text if value.get("raw") else quote(text, safe="")


def _cases() -> Iterator[Any]:
    for page in PAGES:
        for parameter in page["parameters"]:
            for ending in ENDINGS if page.get("files") else ENDINGS[:1]:
                yield pytest.param(page, parameter, ending, id=f"{page['path']}{ending} {parameter}")


def _address(page: dict[str, Any], parameter: str, value: str, ending: str = "", prefix: str = "") -> str:
    rest = [f"{name}={kept}" for name, kept in page.get("with", {}).items() if name != parameter]
    return f"{prefix}{page['path']}{ending}?{'&'.join([*rest, f'{parameter}={value}'])}"


@pytest.mark.parametrize(("page", "parameter", "ending"), list(_cases()))
def test_any_value_gets_an_answer(client: Client, page: dict[str, Any], parameter: str, ending: str) -> None:
    for name, value in _values():
        if ending and name not in TABLE["in_files"]:
            continue
        for prefix in ("", "/en") if name in TABLE["english"] else ("",):
            begun = time.process_time()
            answer = client.ask(_address(page, parameter, value, ending, prefix))
            assert time.process_time() - begun < SLOWEST, name
            assert answer.status_code in (200, 303, 308, 400, 404), name
            assert len(answer.headers.get("location", "")) < 2500, name
            if answer.headers.get("content-type", "").startswith("text/html"):
                assert len(answer.content) < LARGEST, name
                assert "<script" not in answer.text, name
                assert not FAILURE.search(answer.text), name
                assert answer.text.count("<h1") == 1, name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page["path"])
def test_a_value_that_is_none_of_the_allowed_is_told_them(client: Client, page: dict[str, Any]) -> None:
    for parameter in page["allowed"]:
        for prefix, words in (("", "Möglich ist"), ("/en", "Possible")):
            answer = client.ask(_address(page, parameter, "Fisch%3Cb%3E", prefix=prefix))
            assert answer.status_code == 400, parameter
            assert words in answer.text and "Fisch&lt;b&gt;" in answer.text, parameter
        if page.get("files"):
            assert client.ask(_address(page, parameter, "Fisch", ".csv")).status_code == 400, parameter


@pytest.mark.parametrize("case", TABLE["limit"], ids=lambda case: case["path"])
def test_too_much_is_told_how_much_is_possible(client: Client, case: dict[str, str]) -> None:
    path = case["path"] + quote(case["text"] * int(case.get("times", 1)), safe=",=&")
    for prefix in ("", "/en"):
        answer = client.ask(prefix + path)
        assert answer.status_code == 400
        assert case["en" if prefix else "de"] in " ".join(Structure(answer.text).text.split())


@pytest.mark.parametrize("page", [page for page in PAGES if "kreis" in page.get("lists", ())], ids=lambda p: p["path"])
def test_a_county_written_twice_counts_once(client: Client, page: dict[str, Any]) -> None:
    for written in ("12071,12071", "12071,,12071,", "12071&kreis=12071"):
        answer = client.ask(_address(page, "kreis", written))
        assert answer.status_code == 303, written
        assert re.search(r"kreis=12071(&|$)", answer.headers["location"]), written


@pytest.mark.parametrize("page", [page for page in PAGES if "kreis" in page.get("lists", ())], ids=lambda p: p["path"])
def test_fifty_counties_are_answered_with_those_that_fit(client: Client, site: Site, page: dict[str, Any]) -> None:
    answer = client.ask(_address(page, "kreis", ",".join(place.ags for place in places(site)[:50])))
    assert answer.status_code == 200
    assert len(answer.content) < LARGEST


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page["path"])
def test_a_page_can_be_asked_for_its_head_and_again(client: Client, page: dict[str, Any]) -> None:
    query = "&".join(f"{name}={value}" for name, value in page.get("with", {}).items())
    for ending in ENDINGS if page.get("files") else ENDINGS[:1]:
        path = f"{page['path']}{ending}?{query}"
        whole, head = client.ask(path), client.ask(path, method="HEAD")
        assert (whole.status_code, head.status_code, head.content) == (200, 200, b""), path
        assert head.headers["etag"] == whole.headers["etag"]
        again = client.ask(path, if_none_match=whole.headers["etag"])
        assert (again.status_code, again.content) == (304, b""), path
        assert client.ask(path, method="POST").status_code == 405
