"""The endpoint's processes in front of other servers: the protocol, queries that never end, a server that dies."""

import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from endpoint_host import running, settings, write_release
from engine_servers import KINDS, Running, credentials, load, server
from pyoxigraph import Literal, NamedNode, Quad
from test_sparql_protocol import CASES, KILLER, Case, Client, _ask

from publisher.core.settings import Settings
from publisher.core.terms import GRAPH, RDFS
from publisher.endpoint.client import Endpoint
from publisher.endpoint.request import Limits
from publisher.graph import sources
from publisher.graph.queries import Queries
from publisher.graph.remote import UNION, Remote
from publisher.release.elsewhere import open_elsewhere
from publisher.views.site import Site
from publisher.web import sparql
from publisher.web.app import create_app

ROOT = Path(__file__).parent.parent
OTHERWISE = {
    "oxigraph": {"FROM a relative name": "refused, see docs/engines.md"},
    "virtuoso": {
        "FROM a relative name": "refused, see docs/engines.md",
        "too many rows": "it makes all rows before it gives the first: time is up before",
    },
}
"""Cases of the protocol that a kind of server answers otherwise, each with the reason."""
NEVER_ENDING = {
    "a count": KILLER,
    "a path": "SELECT (COUNT(*) AS ?n) { ?a (!<urn:x>)* ?b . ?c (!<urn:y>)* ?d . ?e (!<urn:z>)* ?f }",
}
TOO_DEEP = "SELECT (" + "!" * 50_000 + "1 AS ?x) {}"
TOO_MANY = "SELECT ?a { ?a ?b ?c . ?d ?e ?f }"


@dataclass(frozen=True)
class Front:
    """Our endpoint in front of a server."""

    server: Running
    settings: Settings
    client: Client


@pytest.fixture(scope="module", params=KINDS)
def front(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    releases, folder = tmp_path_factory.mktemp("site") / "releases", tmp_path_factory.mktemp("s")
    with server(request.param, tmp_path_factory.mktemp(request.param)) as one:
        chosen = one.settings(settings(releases, query_seconds=3.0))
        write_release(releases)
        with credentials():
            load(chosen)
        release = open_elsewhere(chosen, Queries(ROOT / "sparql"))
        site = Site.of(release, sources.find(chosen.input), chosen)
        with running("workers", folder, chosen):
            endpoint = Endpoint(folder, Limits.of(chosen))
            yield Front(one, chosen, Client(create_app(site, sparql.router(site, endpoint))))


@pytest.mark.parametrize("raw", CASES, ids=[case["name"] for case in CASES])
def test_the_protocol(front: Front, raw: dict[str, Any]) -> None:
    """The same requests and answers as with the data in memory."""
    case = Case(**raw)
    response = _ask(front.client, case)
    found = response.content.decode()
    right = response.status_code == case.status and response.headers.get("content-type", "").startswith(case.type)
    right = right and all(part in found for part in case.has) and not any(part in found for part in case.lacks)
    assert right != (case.name in OTHERWISE[front.server.kind]), (response.status_code, found[:600])


def test_too_many_rows_are_no_short_answer(front: Front) -> None:
    response = front.client.get("/sparql", params={"query": TOO_MANY, "format": "csv"})
    why = _why(response)
    if front.server.kind == "virtuoso":
        # Its own bound on rows is noticed, or time is over before: that depends on the machine.
        assert why in ((503, "query_seconds"), (503, "/methode#EngineBroken")), response.text[:600]
    else:
        assert why == (413, "query_rows"), response.text[:600]


def _why(response: httpx.Response) -> tuple[int, str]:
    """Status of a refusal, and the limit it names, else its kind; "" for an answer."""
    said = response.json()
    return int(response.status_code), said["limit"]["name"] if "limit" in said else said.get("type", "")


def test_what_is_too_deep_never_reaches_the_server(front: Front) -> None:
    response = front.client.request("POST", "/sparql", content=TOO_DEEP, headers=_QUERY)
    assert (response.status_code, response.json()["limit"]["name"]) == (413, "query_memory_mb")
    assert front.server.process.poll() is None


_QUERY = {"Content-Type": "application/sparql-query"}


def test_a_newer_release_is_loaded_beside_the_one_that_is_served(front: Front) -> None:
    """Only the graph that changed is sent again by its name; the older release stays whole until it is not needed."""
    queries = Queries(ROOT / "sparql")
    new = Quad(NamedNode("urn:new"), NamedNode(RDFS + "label"), Literal("neu"), NamedNode(GRAPH + "lists"))
    old = open_elsewhere(front.settings, queries).dataset
    assert isinstance(old, Remote)
    whole = old.size(UNION + old.version)
    chosen = front.settings.model_copy(update={"releases": front.settings.releases.parent / "newer"})
    write_release(chosen.releases, "two", "2026-02-02-test", [new])
    with credentials():
        done = load(chosen)
        assert load(chosen) == []
    assert [step for step, _ in done] == ["sent", "sent"]
    later = open_elsewhere(chosen, queries).dataset
    assert isinstance(later, Remote)
    assert (later.size(UNION + later.version), old.size(UNION + old.version)) == (whole + 1, whole)
    assert not old.complete() and later.complete()
    write_release(chosen.releases, "three", "2026-03-03-test", [new, replace_object(new)])
    with credentials():
        assert ("removed", UNION + old.version) in load(chosen)
        assert old.size(UNION + old.version) == 0
        load(front.settings)


def replace_object(quad: Quad) -> Quad:
    """``quad`` with another object."""
    return Quad(quad.subject, quad.predicate, Literal("neuer"), quad.graph_name)


@pytest.mark.parametrize("name", NEVER_ENDING)
def test_what_never_ends_is_an_error_in_time_and_others_are_answered(front: Front, name: str) -> None:
    response = front.client.get("/sparql", params={"query": NEVER_ENDING[name]})
    if front.server.kind == "virtuoso" and name == "a path":
        assert response.status_code == 501 and "transitive" in response.json()["details"]["de"]
    else:
        # A server that still works for others, who have gone, may not take this one at all: that is said, too.
        assert _why(response) in ((503, "query_seconds"), (503, "/methode#EngineDown")), response.text[:600]
    assert _soon(front, "/sparql?query=ASK%7B%7D").json()["boolean"] is True
    assert _soon(front, "/uebersicht").status_code == 200


def _soon(front: Front, path: str) -> httpx.Response:
    """The answer that comes once the server has dropped what nobody waits for any more; until then 503."""
    end = time.monotonic() + 30
    while (response := front.client.get(path)).status_code == 503 and time.monotonic() < end:
        time.sleep(0.5)
    return response


def test_a_server_that_dies_is_an_error_with_a_reason_and_comes_back(front: Front) -> None:
    """The last one: the server is gone afterwards."""

    def die() -> None:
        front.server.process.send_signal(signal.SIGKILL)

    timer = threading.Timer(0.8, die)
    timer.start()
    during = front.client.get("/sparql", params={"query": KILLER})
    timer.join()
    front.server.process.wait(10)
    after = front.client.get("/sparql", params={"query": "SELECT * { ?s ?p ?o } LIMIT 1"})
    for response in (during, after):
        assert (response.status_code, response.json()["type"]) == (503, "/methode#EngineDown"), response.text
        assert int(response.headers["Retry-After"]) > 0
        assert "antwortet gerade nicht" in response.json()["details"]["de"]
    page = front.client.get("/doc/kreis/12071.html", headers={"Accept": "text/html"})
    assert page.status_code == 503 and "antwortet gerade nicht" in page.text and page.headers["Retry-After"]
    assert front.client.get("/dumps/kreisgraph.nq").status_code == 200
