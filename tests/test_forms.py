"""Every question gives the expected rows, on toy data and on the five counties, with the values it is asked with.

A new question is a new ``.rq`` file under sparql/forms and a folder of its name under tests/data/forms with
``data.ttl`` (toy data), ``values.toml`` (what is asked: IRIs for the toy, keys as in an address for the counties),
``expected.csv`` and ``expected-counties.csv``. After a change of the counties' data::

    KREISGRAPH_UPDATE=1 pytest tests/test_forms.py
    git diff tests/data/forms
"""

import csv
import os
import tomllib
from pathlib import Path
from typing import Any

import pytest
from local_endpoint import tried
from pyoxigraph import NamedNode

from publisher.core.messages import messages
from publisher.core.terms import GRAPH, NS, lengthen, shorten
from publisher.endpoint.functions import with_functions
from publisher.graph.parameters import Parameter
from publisher.graph.sources import find, read_graph
from publisher.graph.store import Dataset
from publisher.language.vocabulary import Vocabulary
from publisher.views.form import ask, form, forms
from publisher.views.search_index import Index
from publisher.views.site import Site

CASES = Path(__file__).parent / "data" / "forms"
NAMES = sorted(path.stem for path in (find(None).queries / "forms").glob("*.rq"))
UPDATE = os.environ.get("KREISGRAPH_UPDATE") == "1"
PROOF = {"quotation", "line", "document"}
SILENT = {"not_said"}
"""Questions about what a source does not say: there is nothing to quote."""

Table = list[list[str]]


@pytest.fixture(scope="module")
def counties(site: Site) -> Dataset:
    """The release with the functions that the endpoint knows."""
    return with_functions(site.dataset, site.once(Index.of).vocabulary)


def values(name: str) -> dict[str, dict[str, Any]]:
    """What the question ``name`` is asked with in the tests."""
    return tomllib.loads((CASES / name / "values.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_question_on_toy_data(name: str, site: Site) -> None:
    quads = read_graph([CASES / name / "data.ttl"], GRAPH + "toy")
    words = (quad.object.value for quad in quads if quad.predicate == NamedNode(NS + "text"))
    toy = with_functions(Dataset.of(quads), Vocabulary(words))
    asked = {parameter: _terms(value) for parameter, value in values(name)["toy"].items()}
    query = form(site, name).query
    text = query.with_values({parameter: asked.get(parameter) for parameter in query.parameters})
    _compare(CASES / name / "expected.csv", rows(toy, text))


@pytest.mark.parametrize("name", NAMES)
def test_question_on_counties(name: str, site: Site, counties: Dataset) -> None:
    asked = ask(site, form(site, name), {key: [value] for key, value in values(name)["counties"].items()})
    _compare(CASES / name / "expected-counties.csv", rows(counties, asked.text))


@pytest.mark.parametrize("name", NAMES)
def test_every_fact_has_its_proof(name: str, site: Site, counties: Dataset) -> None:
    """The example gives rows; each names its thing, and unless it tells of a silence, a passage that stands there."""
    header, *found = rows(counties, tried(site, name).text)
    assert found and "document" in header
    if name in SILENT:
        return
    assert set(header) >= PROOF and {"element", "actor", "version"} & set(header)
    for row in found:
        cells = dict(zip(header, row, strict=True))
        assert all(cells[column] for column in PROOF), cells


@pytest.mark.parametrize("name", NAMES)
def test_question_explains_itself(name: str, site: Site) -> None:
    query = form(site, name).query
    assert all(query.title[language].endswith("?") for language in ("de", "en"))
    assert all(query.text[language].endswith(".") for language in ("de", "en"))
    assert "ORDER BY" in query.sparql and "# " in query.sparql.split("SELECT", 1)[1]
    assert query.example
    header = rows(Dataset.of([]), query.sparql.replace("ic:matches(?text, ?words)", "true"))[0]
    assert set(header) <= set(messages("columns")), "a column is named in locale/columns.toml"


def test_there_are_ten_questions_and_a_folder_for_each(site: Site) -> None:
    assert len(NAMES) >= 10
    assert [path.name for path in sorted(CASES.iterdir())] == NAMES == [one.name for one in forms(site)]


def test_no_column_is_named_that_no_question_has(site: Site) -> None:
    used = " ".join(one.query.sparql for one in forms(site))
    assert [name for name in messages("columns") if f"?{name}" not in used] == []


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("word text", Parameter("word", "text")),
        ("county county several optional", Parameter("county", "county", several=True, optional=True)),
        ("level list:GoalLevels = Overall", Parameter("level", "list:GoalLevels", default="Overall")),
        ("n number optional = 5", Parameter("n", "number", optional=True, default="5")),
    ],
)
def test_a_declared_parameter(declared: str, expected: Parameter) -> None:
    from publisher.graph.parameters import read

    assert read(declared) == [expected]


@pytest.mark.parametrize("broken", ["word", "word text several sometimes", "Word text", "word text optional several"])
def test_a_declaration_that_is_none(broken: str) -> None:
    from publisher.graph.parameters import read

    with pytest.raises(ValueError, match=broken.split()[0]):
        read(broken)


def _terms(value: Any) -> Any:
    """IRIs for prefixed names in a list, text as it is."""
    return [lengthen(one) for one in value] if isinstance(value, list) else value


def _compare(file: Path, found: Table) -> None:
    if UPDATE:
        with file.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows(found)
    with file.open(encoding="utf-8", newline="") as stream:
        assert found == list(csv.reader(stream))


def rows(dataset: Dataset, text: str) -> Table:
    """The result as a table with a header, its IRIs shortened."""
    functions = dict(dataset.functions)
    solutions = dataset.store.query(text, use_default_graph_as_union=True, custom_functions=functions)
    header = [variable.value for variable in solutions.variables]  # type: ignore[union-attr]
    return [header, *([_cell(row.get(name)) for name in header] for row in dataset.select(text))]


def _cell(term: Any) -> str:
    if term is None:
        return ""
    return shorten(term.value) if isinstance(term, NamedNode) else str(term.value)
