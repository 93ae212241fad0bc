"""HTTP as visitors err and attackers try: nothing there, wrong methods, other hosts, broken input."""

import json
import random
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from addresses import BROWSER, DOCUMENTS, KEPT, THINGS
from asgi import Answer, Asgi
from web_client import INLINE

from publisher.core.settings import Settings
from publisher.endpoint.client import Endpoint
from publisher.endpoint.request import Limits
from publisher.views.site import Site
from publisher.web import sparql
from publisher.web.app import create_app

ERRORS = tomllib.loads((Path(__file__).parent / "data/http/linked_data_errors.toml").read_text(encoding="utf-8"))
POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@pytest.fixture(scope="module")
def visitor(site: Site, settings: Settings) -> Iterator[Asgi]:
    # Nobody answers queries here; the page of the endpoint needs nobody.
    with Asgi(create_app(site, sparql.router(site, Endpoint(Path("/nowhere"), Limits.of(settings))))) as visitor:
        yield visitor


@pytest.mark.parametrize("case", ERRORS["case"], ids=lambda case: f"{case.get('method', 'GET')} {case['path']}"[:70])
def test_errors_speak_to_people_and_programs(visitor: Asgi, case: dict[str, Any]) -> None:
    method, status = case.get("method", "GET"), case.get("status", 404)
    path = case["path"].replace("#", "%23")
    page = visitor.ask(path, {"accept": BROWSER}, method)
    assert (page.status, page.media) == (status, "text/html")
    assert 'role="search"' in page.text and "<main" in page.text and 'name="robots" content="noindex"' in page.text
    for accept in ("application/json", "*/*", "text/turtle", "text/turtle, text/html;q=0.1"):
        answer = visitor.ask(path, {"accept": accept}, method)
        assert (answer.status, answer.media) == (status, "application/problem+json")
        problem = json.loads(answer.text)
        assert problem["status"] == status and problem["title"] and problem["detail"]
        _harmless(answer)
    _harmless(page)
    for markup in ("<script", "<b "):
        assert markup not in page.text
    for refused in (page, answer):
        assert refused.headers["cache-control"] == "no-store"
        assert status != 405 or {"get", "head"} <= refused.names("allow")


def _harmless(answer: Answer) -> None:
    """No answer shows our insides, takes over a visitor's header, or leaves the policies off."""
    for word in ("Traceback", "site-packages", "publisher/", "id/49", "root:", "[project]"):
        assert word not in answer.text
    assert "set-cookie" not in answer.headers
    _locked(answer)


def _locked(answer: Answer) -> None:
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ") and "unsafe" not in policy and "http" not in policy


def test_a_slash_too_many_leads_on(visitor: Asgi) -> None:
    for path, there in {
        "/kreise/": "/kreise",
        "/en": "/en/",
        "/ns/": "/ns",
        "/en/kreise/?land=12": "/en/kreise?land=12",
    }.items():
        answer = visitor.ask(path, {"host": "evil.example"})
        assert (answer.status, answer.headers["location"]) == (308, there)


def test_a_very_long_address(visitor: Asgi) -> None:
    for path in (
        "/id/" + "a" * 60_000,
        "/doc/" + "x/" * 20_000 + "y.ttl",
        "/" + "%41" * 20_000,
        "/suche?q=" + "a" * 60_000,
    ):
        assert visitor.ask(path).status in (200, 400, 404, 414)


@pytest.mark.parametrize("path", [*KEPT, *THINGS, "/nix", "/sparql", "/kreise/"])
def test_every_answer_is_locked_down(visitor: Asgi, path: str) -> None:
    for method in ("GET", "HEAD", "OPTIONS", "DELETE"):
        answer = visitor.ask(path, {"accept": BROWSER}, method)
        _locked(answer)
        if method == "GET" and answer.media == "text/html" and path not in ("/sparql", "/validation/report.html"):
            assert answer.headers["content-security-policy"] == POLICY
            assert not INLINE.search(answer.text)


HOSTS = ["evil.example", "evil.example:99", "evil.example/x?y#", "[evil", "a b", "\u00ff", "", "evil.example@site"]


@pytest.mark.parametrize("host", HOSTS)
def test_no_address_comes_from_what_we_are_called(visitor: Asgi, host: str) -> None:
    paths = [
        *DOCUMENTS,
        "/",
        "/kreise",
        "/daten",
        "/manifest.json",
        *THINGS,
        "/sparql",
        "/nix",
        "/kreise/",
        "/vergleich",
    ]
    named = {"x-forwarded-host": "evil.example", "forwarded": "host=evil.example", "x-forwarded-prefix": "/evil"}
    for path in paths:
        for accept in (BROWSER, "text/turtle"):
            answer = visitor.ask(path, {"host": host, "accept": accept, "accept-encoding": "identity", **named})
            assert answer.status < 500
            everything = answer.text + str(dict(answer.headers))
            assert "evil" not in everything and "127.0.0.1" not in everything and ":8123" not in everything, path


def test_no_input_breaks_the_site(visitor: Asgi) -> None:
    chance = random.Random(20261123)
    starts = [
        *KEPT,
        *THINGS,
        "/sparql",
        "/vergleich?kreis=12071&kreis=07334",
        "/vergleich.csv?kreis=12071",
        "/suche?q=",
    ]
    for _ in range(400):
        target = _spoiled(chance, chance.choice(starts))
        sent = {name: _noise(chance) for name in chance.sample(HEADERS, 3)}
        method = chance.choice(["GET", "GET", "GET", "HEAD", "OPTIONS"])
        answer = visitor.ask(target, sent, method)
        assert answer.status < 500 or (answer.status == 503 and "/sparql" in target), (method, target, sent)
        _locked(answer)


HEADERS = [
    *("accept", "accept-language", "accept-encoding", "if-none-match", "if-modified-since", "range", "if-range"),
    *("host", "origin", "cookie", "content-type", "x-forwarded-host", "user-agent"),
]
PIECES = [
    *(
        "%00",
        "%ff",
        "\u00ff",
        "..",
        "/",
        "//",
        "%2e",
        "?",
        "&",
        "=",
        ";q=",
        ",",
        '"',
        "W/",
        "*",
        "{{",
        "<",
        "'",
        "%",
        "\\",
    ),
    *(
        "text/html",
        "text/turtle",
        "de",
        "en",
        "gzip",
        "bytes=",
        "-",
        "0",
        "1e9",
        "nan",
        ":",
        " ",
        "\t",
        "#",
        "ns",
        ".ttl",
        "|",
    ),
]


def _noise(chance: random.Random) -> str:
    return "".join(chance.choices(PIECES, k=chance.randrange(8)))


def _spoiled(chance: random.Random, target: str) -> str:
    """``target`` with noise put in, or characters taken out; it still starts with a slash."""
    at = chance.randrange(1, len(target) + 1)
    return target[:at] + _noise(chance) + target[at + chance.randrange(3) :]
