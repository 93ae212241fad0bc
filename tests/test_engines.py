"""Other servers hold the data: the same rows, pages, catalogue and endpoint as from our own engine.

Run for each kind of server, with the release of the checkout. What differs stands in data/engines/differences.toml.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import pytest
from engine_servers import KINDS, Running, credentials, load, server
from local_endpoint import LocalEndpoint
from web_client import Client

from publisher.core.errors import StoreIncomplete, StoreSilent
from publisher.core.refusals import OtherRelease
from publisher.core.settings import Settings
from publisher.endpoint.answers import answer
from publisher.endpoint.functions import with_functions
from publisher.endpoint.request import Limits, QueryRequest
from publisher.graph import sources
from publisher.graph.order import in_order
from publisher.graph.queries import Query
from publisher.graph.remote import STORE, UNION, Remote
from publisher.graph.sources import Sources
from publisher.graph.store import Dataset
from publisher.release.elsewhere import open_elsewhere
from publisher.release.reader import Release
from publisher.views.search_index import Index
from publisher.views.site import Site
from publisher.web import api, questions, sparql
from publisher.web.app import create_app

DATA = Path(__file__).parent / "data" / "engines"
PAGES = (DATA / "pages.txt").read_text(encoding="utf-8").split()
DIFFERENT: dict[str, dict[str, str]] = tomllib.loads((DATA / "differences.toml").read_text(encoding="utf-8"))
THING = "https://w3id.org/kreisgraph/id/"
NEVER = ("engine/", "checks/", "derived/", "tables/", "profiles/dcat-ap-de")
"""Asked while a release is built, or of the catalogue, which are in memory; or of what only servers hold."""
GIVEN = {
    "iri": [f"{THING}kreis/12071", f"{THING}kreis/12071/1", f"{THING}feld/F01", f"{THING}kreis/12071/1/ziel-05"],
    "text": ["Beratung"],
    "number": [1],
}


@dataclass(frozen=True)
class Place:
    """The site where the data lie in one place."""

    site: Site
    dataset: Dataset
    client: Client


@pytest.fixture(scope="module", params=KINDS)
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with server(request.param, tmp_path_factory.mktemp(request.param)) as one:
        yield one


@pytest.fixture(scope="module")
def elsewhere(running: Running, release: Release, settings: Settings, sources: Sources) -> Place:
    chosen = running.settings(settings)
    with credentials():
        assert {step for step, _ in load(chosen)} == {"sent"}
        assert load(chosen) == []
    queries = Site.of(release, sources, settings).queries
    return _place(open_elsewhere(chosen, queries), sources, chosen)


@pytest.fixture(scope="module")
def here(release: Release, settings: Settings, sources: Sources) -> Place:
    return _place(release, sources, settings)


def _place(release: Release, found: Sources, settings: Settings) -> Place:
    site = Site.of(release, found, settings)
    dataset = with_functions(release.dataset, site.once(Index.of).vocabulary)
    endpoint = LocalEndpoint(dataset)
    return Place(site, dataset, Client(create_app(site, *(m.router(site, endpoint) for m in (sparql, questions, api)))))


def test_every_query_gives_the_same_rows(running: Running, here: Place, elsewhere: Place) -> None:
    """Of every file, with several values; those that visitors may run, as they run them."""
    found = {query.name for query in here.site.queries if _asked(query) and _differs(query, here, elsewhere)}
    assert found == set(DIFFERENT[running.kind])


def _asked(query: Query) -> bool:
    """Whether it is ever asked of the store of a release that is served, and of one in memory."""
    return not query.name.startswith(NEVER)


def _differs(query: Query, here: Place, elsewhere: Place) -> bool:
    asked = partial(_visitor if query.name.startswith(("examples/", "forms/")) else _page, query)
    if "matches(" in query.sparql:
        asked = partial(_visitor, query)
    return any(asked(here, values) != asked(elsewhere, values) for values in _values(query))


def _values(query: Query) -> Iterator[dict[str, object]]:
    parameters = query.parameters.values()
    single = any(one.kind == "iri" for one in parameters)
    if not single:
        yield {one.name: None if one.listed or one.kind == "iris" else GIVEN[one.kind][0] for one in parameters}
    for iri in GIVEN["iri"][: None if single else 1] if parameters else ():
        yield {
            one.name: (iri,) if one.listed or one.kind == "iris" else iri if one.kind == "iri" else GIVEN[one.kind][0]
            for one in parameters
        }


def _visitor(query: Query, place: Place, values: dict[str, object]) -> bytes:
    out = bytearray()
    try:
        answer(place.dataset, QueryRequest(query.with_values(values), "json"), Limits(), out.extend)
    except Exception as error:
        return repr(error).encode()
    return bytes(out)


def _page(query: Query, place: Place, values: dict[str, object]) -> list[str]:
    try:
        if "CONSTRUCT" in query.sparql:
            return sorted(map(str, place.site.construct(query.name, **values)))
        # Of rows that the query does not tell apart, the order is nobody's promise.
        found = in_order(query.sparql, sorted(place.site.select(query.name, **values), key=str))
        rows = [str(sorted((name, str(term)) for name, term in row.items())) for row in found]
    except Exception as error:
        return [repr(error)]
    return rows if "ORDER BY" in query.sparql else sorted(rows)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_the_same_bytes(here: Place, elsewhere: Place, path: str) -> None:
    accept = {} if path.endswith("html") or "." not in path else {"accept": "*/*"}
    expected, found = here.client.ask(path, **accept), elsewhere.client.ask(path, **accept)
    assert (found.status_code, found.headers["content-type"]) == (
        expected.status_code,
        expected.headers["content-type"],
    )
    assert found.text == expected.text


def test_the_service_description_is_the_same(here: Place, elsewhere: Place) -> None:
    asked = [place.client.ask("/sparql", accept="text/turtle") for place in (here, elsewhere)]
    assert asked[0].text == asked[1].text and "sd:namedGraph" in asked[0].text


HIDDEN = {
    "what is held": f"SELECT ?g {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(!STRSTARTS(STR(?g), '{THING}graph/')) }}",
    "by its name": f"SELECT ?s {{ GRAPH <{STORE}> {{ ?s ?p ?o }} }}",
    "a whole release": f"SELECT ?s {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), '{UNION}')) }}",
    "in the default graph": "SELECT ?s { ?s ?p ?o FILTER(STRSTARTS(STR(?s), 'urn:kreisgraph:')) }",
    "of the server": "SELECT ?s { GRAPH <http://www.openlinksw.com/schemas/virtrdf#> { ?s ?p ?o } }",
}


@pytest.mark.parametrize("name", HIDDEN)
def test_nothing_else_in_the_store_is_seen(elsewhere: Place, name: str) -> None:
    out = bytearray()
    answer(elsewhere.dataset, QueryRequest(HIDDEN[name], "csv"), Limits(), out.extend)
    assert len(out.splitlines()) == 1, bytes(out[:300])


def test_all_statements_and_graphs_are_counted_once(here: Place, elsewhere: Place) -> None:
    for text in (
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g",
        f"SELECT (COUNT(*) AS ?n) FROM <{THING}graph/12071> {{ ?s ?p ?o }}",
        f"SELECT (COUNT(*) AS ?n) FROM NAMED <{THING}graph/12071> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    ):
        rows = []
        for place in (here, elsewhere):
            out = bytearray()
            answer(place.dataset, QueryRequest(text, "csv"), Limits(), out.extend)
            rows.append(bytes(out))
        assert rows[0] == rows[1], text


REFUSED = {
    "a graph by prefix": (f"PREFIX g: <{THING}graph/> SELECT * FROM g:12071 {{ ?s ?p ?o }}", 400, KINDS),
    "a graph of others": (f"SELECT * FROM <{STORE}> {{ ?s ?p ?o }}", 400, KINDS),
    "a procedure": ("SELECT (<bif:upper>('a') AS ?x) {}", 400, ("virtuoso",)),
    "a procedure by prefix": ("PREFIX b: <BIF:> SELECT (b:upper('a') AS ?x) {}", 400, ("virtuoso",)),
    "a procedure in escapes": (r"SELECT (<\u0062if:upper>('a') AS ?x) {}", 400, ("virtuoso",)),
    "a pragma": ("DEFINE get:soft 'replace' SELECT * { ?s ?p ?o }", 400, KINDS),
    "a call": ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", 400, KINDS),
    "an update": ("DELETE WHERE { ?s ?p ?o }", 400, KINDS),
    "a path that it starts wrongly": (
        "SELECT ?y { ?y ?p ?o . VALUES ?x { <urn:a> <urn:b> } ?x <urn:p>* ?y }",
        501,
        ("virtuoso",),
    ),
    "a computed text": (
        "PREFIX ic: <https://w3id.org/kreisgraph/ns#> ASK { FILTER(ic:matches(CONCAT('a', 'b'), 'a')) }",
        501,
        KINDS,
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_server_would_do_wrong_is_refused_with_a_reason(running: Running, elsewhere: Place, name: str) -> None:
    query, status, kinds = REFUSED[name]
    if running.kind in kinds:
        response = elsewhere.client.ask(f"/sparql?{httpx.QueryParams({'query': query})}", accept="application/json")
        assert response.status_code == status, response.text
        assert len(response.json()["details"]["de"]) > 40


def test_a_store_that_changes_gives_nothing_more(running: Running, elsewhere: Place, settings: Settings) -> None:
    """Loading takes the note away first: from then on there is no answer, and a reason."""
    dataset = elsewhere.dataset
    assert isinstance(dataset, Remote)
    path = "/sparql?query=SELECT*%7B%3Fs%20%3Fp%20%3Fo%7DLIMIT%201"
    assert elsewhere.client.ask(path, accept="*/*").status_code == 200
    chosen = running.settings(settings)
    with credentials():
        _forget(chosen)
        with pytest.raises(OtherRelease):
            dataset.confirm()
        asked = elsewhere.client.ask(path, accept="application/json")
        assert (asked.status_code, asked.json()["type"]) == (503, "/methode#OtherRelease")
        assert int(asked.headers["Retry-After"]) > 0 and "kreisgraph load" in asked.json()["details"]["de"]
        page = elsewhere.client.ask("/doc/kreis/12071/1/ziel-07.html")
        assert page.status_code == 503 and "kreisgraph load" in page.text
        with pytest.raises(StoreIncomplete):
            open_elsewhere(chosen, elsewhere.site.queries)
        assert load(chosen)
    dataset.confirm()
    assert elsewhere.client.ask(path, accept="*/*").status_code == 200


def _forget(settings: Settings) -> None:
    from publisher.release import elsewhere

    folder = elsewhere.current_folder(settings.releases)
    manifest = elsewhere.read_manifest(folder)
    queries = elsewhere.Queries(sources.find(settings.input).queries)
    elsewhere.Loading(folder, manifest, elsewhere.server_of(settings), queries, lambda *_: None)._note({})


def test_a_server_that_is_not_there_is_named(settings: Settings, release: Release, sources: Sources) -> None:
    chosen = settings.model_copy(update={"store": "http://127.0.0.1:9/query"})
    with pytest.raises(StoreSilent, match=r"127\.0\.0\.1:9"):
        open_elsewhere(chosen, Site.of(release, sources, settings).queries)
