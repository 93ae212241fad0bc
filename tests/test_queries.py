"""Every query file loads; every example gives the expected rows on toy data and on the five counties.

A new example is a new ``.rq`` file under sparql/examples and a folder of its name under tests/data/queries with
``data.ttl`` (toy data), ``expected.csv`` (its rows) and ``expected-counties.csv`` (the rows on the real data).

After a change of the counties' data rewrite the last one and read the difference before committing it::

    KREISGRAPH_UPDATE=1 pytest tests/test_queries.py
    git diff tests/data/queries
"""

import csv
import os
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import NamedNode

from publisher.core.terms import GRAPH, NS, shorten
from publisher.endpoint.functions import NAMES, with_functions
from publisher.graph.queries import Queries, read_query
from publisher.graph.sources import find, read_graph
from publisher.graph.store import Dataset
from publisher.language.vocabulary import Vocabulary
from publisher.release.executables import executables
from publisher.release.similar import similar

CASES = Path(__file__).parent / "data" / "queries"
SOURCES = find(None)
EXAMPLES = sorted(path.stem for path in (SOURCES.queries / "examples").glob("*.rq"))
PORTABLE = [name for name in EXAMPLES if "ic:matches" not in (SOURCES.queries / "examples" / f"{name}.rq").read_text()]
"""Those that call no function of our endpoint."""
FILES = sorted(path.relative_to(SOURCES.queries).as_posix() for path in SOURCES.queries.rglob("*.rq"))
UPDATE = os.environ.get("KREISGRAPH_UPDATE") == "1"

Table = list[list[str]]


@pytest.fixture(scope="session")
def queries() -> Queries:
    return Queries(SOURCES.queries)


@pytest.fixture(scope="session")
def counties() -> Dataset:
    """The vocabulary, the lists, the districts, all counties, each in its own graph, and what the build derives."""
    common = [path for files in SOURCES.common.values() for path in files if path.name != "graphs.ttl"]
    quads = read_graph(common, GRAPH + "common")
    held = [read_graph(county.files, county.graph) for county in SOURCES.counties()]
    lists = [q for name in ("fields", "lists") for q in read_graph(SOURCES.common[GRAPH + name], GRAPH + name)]
    queries = Queries(SOURCES.queries)
    derived = [*similar(queries, held, lists), *executables(queries, quads)]
    return callable_on(Dataset.of([*quads, *(quad for county in held for quad in county), *derived]))


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_on_toy_data(name: str, queries: Queries) -> None:
    toy = callable_on(Dataset.of(read_graph([CASES / name / "data.ttl"], GRAPH + "toy")))
    assert rows(queries, toy, name) == read(CASES / name / "expected.csv")


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_on_counties(name: str, queries: Queries, counties: Dataset) -> None:
    file = CASES / name / "expected-counties.csv"
    found = rows(queries, counties, name)
    if UPDATE:
        write(file, found)
    assert found == read(file)


@pytest.mark.parametrize("name", PORTABLE)
def test_example_gives_the_same_rows_in_another_engine(name: str, queries: Queries) -> None:
    """What researchers copy into their own tools must not depend on ours."""
    toy = rdflib.Graph().parse(CASES / name / "data.ttl")
    result = toy.query(queries.get(f"examples/{name}").sparql)
    assert result.vars is not None
    found = [["" if value is None else shorten(str(value)) for value in row] for row in result]
    header, *expected = read(CASES / name / "expected.csv")
    assert [str(variable) for variable in result.vars] == header
    assert found == expected


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_says_when_it_only_runs_here(name: str, queries: Queries) -> None:
    query = queries.get(f"examples/{name}")
    assert NAMES == (NS + "matches",), "a new function: PORTABLE leaves out what calls it"
    assert ("nur an diesem Endpunkt" in query.text["de"]) == (name not in PORTABLE)
    assert ("only at this endpoint" in query.text["en"]) == (name not in PORTABLE)


def test_each_example_has_a_folder_and_each_folder_an_example() -> None:
    assert [path.name for path in sorted(CASES.iterdir())] == EXAMPLES


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_explains_itself(name: str, queries: Queries) -> None:
    query = queries.get(f"examples/{name}")
    assert query.text["de"].endswith("."), "#+ text: says for whom it is and how to read the result"
    assert query.text["en"].endswith(".")
    assert not query.parameters, "an example runs as it is"
    assert "ORDER BY" in query.sparql, "rows must come in a stable order"
    assert "# " in query.sparql.split("SELECT", 1)[1], "a comment says why the query is built this way"


@pytest.mark.parametrize("file", FILES)
def test_query_file_loads_and_parses(file: str) -> None:
    query = read_query(SOURCES.queries / file, SOURCES.queries)
    callable_on(Dataset.of([])).ask(query.sparql)


def callable_on(dataset: Dataset) -> Dataset:
    """``dataset`` as the endpoint serves it, with the functions that queries may call."""
    texts = dataset.store.quads_for_pattern(None, NamedNode(NS + "text"), None)
    return with_functions(dataset, Vocabulary(quad.object.value for quad in texts))


_SOME = {"iri": f"{GRAPH}x", "iris": (f"{GRAPH}x", f"{GRAPH}y"), "text": 'a "quoted" } word', "number": 7}


@pytest.mark.parametrize("file", FILES)
def test_query_with_its_values_filled_in_can_be_run(file: str, queries: Queries) -> None:
    """Readers get the text with VALUES blocks; it has to be a query as well."""
    query = queries.get(file.removesuffix(".rq"))
    text = query.with_values({one.name: _SOME["iris" if one.listed else one.kind] for one in query.parameters.values()})
    callable_on(Dataset.of([])).select(text) if "CONSTRUCT" not in text else Dataset.of([]).construct(text)


def rows(queries: Queries, dataset: Dataset, name: str) -> Table:
    """The result of an example as a table with a header, its IRIs shortened."""
    query = queries.get(f"examples/{name}")
    solutions = dataset.store.query(
        query.sparql, use_default_graph_as_union=True, custom_functions=dict(dataset.functions)
    )
    header = [variable.value for variable in solutions.variables]  # type: ignore[union-attr]
    found = dataset.select(query.sparql)
    return [header, *([cell(row.get(column)) for column in header] for row in found)]


def cell(value: object) -> str:
    """A term as it stands in the CSV file."""
    if value is None:
        return ""
    return shorten(value.value) if isinstance(value, NamedNode) else value.value  # type: ignore[attr-defined]


def read(file: Path) -> Table:
    """The table in ``file``."""
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def write(file: Path, table: Table) -> None:
    """Write ``table`` to ``file``."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(table)
