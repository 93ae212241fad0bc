"""The programs that researchers use, as they come: each asks our endpoint and gets right answers."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser_site import running
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, GET, JSON, JSONLD, POST, RDFXML, TURTLE, XML, SPARQLExceptions, SPARQLWrapper

from publisher.core.settings import Settings
from publisher.release.reader import Release

# The clients themselves use what their libraries have deprecated.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

COMUNICA = Path(__file__).parent / "comunica"
COUNTY = "https://w3id.org/kreisgraph/id/kreis/12071"
IC = "https://w3id.org/kreisgraph/ns#"
GOALS = f"SELECT ?goal ?text {{ ?goal a <{IC}Goal> ; <{IC}text> ?text }} ORDER BY ?goal"
NEIGHBOURS = f"SELECT ?code {{ <{COUNTY}> <{IC}neighbour> ?other . ?other <{IC}nutsCode> ?code }} ORDER BY ?code"


@pytest.fixture(scope="module")
def endpoint(release: Release, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    assert release.manifest.version
    with running(settings, tmp_path_factory.mktemp("site") / "serve.log") as address:
        yield f"{address}/sparql"


@pytest.fixture(scope="module")
def goals(release: Release) -> dict[str, str]:
    """What the data say, without any protocol between."""
    return {row["goal"].value: row["text"].value for row in release.dataset.select(GOALS)}


@pytest.fixture(scope="module")
def codes(release: Release) -> list[str]:
    return [row["code"].value for row in release.dataset.select(NEIGHBOURS)]


@pytest.mark.parametrize("method", [GET, POST])
@pytest.mark.parametrize("fmt", [JSON, XML, CSV])
def test_sparqlwrapper(endpoint: str, goals: dict[str, str], method: str, fmt: str) -> None:
    client = SPARQLWrapper(endpoint, agent="test")
    client.setMethod(method)
    client.setReturnFormat(fmt)
    client.setQuery(GOALS)
    found = client.queryAndConvert()
    if fmt == JSON:
        rows = {row["goal"]["value"]: row["text"]["value"] for row in found["results"]["bindings"]}
    elif fmt == CSV:
        rows = dict(list(csv.reader(io.StringIO(found.decode())))[1:])
    else:
        results = found.getElementsByTagName("result")
        rows = dict([node.firstChild.data for node in _values(result)] for result in results)
    assert rows == goals


def _values(result) -> list:  # type: ignore[no-untyped-def, type-arg]
    return [node for name in ("uri", "literal") for node in result.getElementsByTagName(name)]


@pytest.mark.parametrize("fmt", [TURTLE, RDFXML, JSONLD])
def test_sparqlwrapper_takes_graphs(endpoint: str, release: Release, fmt: str) -> None:
    client = SPARQLWrapper(endpoint, agent="test")
    client.setReturnFormat(fmt)
    client.setQuery(f"CONSTRUCT WHERE {{ <{COUNTY}> ?p ?o }}")
    found = client.queryAndConvert()
    graph = found if isinstance(found, Graph) else Graph().parse(data=found)
    assert len(graph) == len(release.dataset.select(f"SELECT ?p ?o {{ <{COUNTY}> ?p ?o }}"))


def test_sparqlwrapper_is_told_what_is_wrong(endpoint: str) -> None:
    client = SPARQLWrapper(endpoint, agent="test")
    client.setQuery("SELECT * { nothing")
    with pytest.raises(SPARQLExceptions.QueryBadFormed, match="line 1, column"):
        client.query()


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_the_store_of_rdflib(endpoint: str, goals: dict[str, str], codes: list[str], method: str) -> None:
    store = SPARQLStore(endpoint, method=method)
    graph = Graph(store)
    assert {str(row[0]): str(row[1]) for row in graph.query(GOALS)} == goals
    neighbours = list(graph.objects(URIRef(COUNTY), URIRef(IC + "neighbour")))
    assert sorted(str(code) for one in neighbours for code in graph.objects(one, URIRef(IC + "nutsCode"))) == codes


@pytest.mark.skipif(not shutil.which("curl"), reason="needs curl")
@pytest.mark.parametrize(
    "how",
    [
        ("-G", "--data-urlencode", "query=QUERY", "-H", "Accept: text/csv"),
        ("--data-urlencode", "query=QUERY", "-H", "Accept: text/csv"),
        ("--data", "QUERY", "-H", "Content-Type: application/sparql-query", "-H", "Accept: text/csv"),
        ("-G", "--data-urlencode", "query=QUERY", "-d", "format=csv", "--compressed"),
        ("-G", "--data-urlencode", "query=QUERY", "-d", "format=csv", "--http1.0"),
    ],
)
def test_curl(endpoint: str, goals: dict[str, str], how: tuple[str, ...]) -> None:
    command = ["curl", "-sS", "--fail", endpoint, *(part.replace("QUERY", GOALS) for part in how)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert dict(list(csv.reader(io.StringIO(done.stdout)))[1:]) == goals


@pytest.fixture(scope="module")
def comunica(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The command of the Comunica engine, installed as its lock file says."""
    folder = tmp_path_factory.mktemp("comunica")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(COMUNICA / name, folder)
    npm = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(npm, cwd=folder, check=True, capture_output=True)
    return ["node", str(folder / "node_modules/@comunica/query-sparql/bin/query.js")]


@pytest.mark.skipif(not shutil.which("npm"), reason="needs Node.js and npm")
def test_comunica_joins_our_endpoint_with_another_source(comunica: list[str], endpoint: str, codes: list[str]) -> None:
    """The neighbours stand in the document of the county, their codes come from the endpoint: found by description."""
    document = endpoint.removesuffix("sparql") + "doc/kreis/12071.ttl"
    for sources in ([endpoint], [f"sparql@{endpoint}"], [endpoint, document]):
        command = [*comunica, *sources, "-q", NEIGHBOURS, "-t", "application/sparql-results+json"]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ | {"NO_COLOR": "1"})
        rows = json.loads(done.stdout)["results"]["bindings"]
        assert sorted({row["code"]["value"] for row in rows}) == codes, (sources, done.stderr)


def test_python_alone(endpoint: str, goals: dict[str, str]) -> None:
    """No library: what stands in every Python."""
    code = "import json, sys, urllib.parse, urllib.request as r\n"
    code += "q = sys.argv[1] + '?' + urllib.parse.urlencode({'query': sys.argv[2]})\n"
    code += "print(len(json.load(r.urlopen(q))['results']['bindings']))\n"
    done = subprocess.run([sys.executable, "-c", code, endpoint, GOALS], capture_output=True, text=True, check=True)
    assert int(done.stdout) == len(goals)
