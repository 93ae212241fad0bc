"""The examples of docs/data.md run on the tables of the release, and name what is there."""

import re
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from publisher.core.terms import GRAPH, NS
from publisher.graph.queries import Queries
from publisher.graph.sources import Sources
from publisher.release.reader import Release
from publisher.release.tables.schema import ORDER, tables

DOCS = (Path(__file__).parent.parent / "docs/data.md").read_text(encoding="utf-8")
SITE = '"http://127.0.0.1:8000"'


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", DOCS, re.MULTILINE | re.DOTALL)


@pytest.mark.filterwarnings("ignore")
def test_the_examples_in_python_run(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(release.folder)
    code = "\n".join(_blocks("python"))
    assert code.count(SITE) == 1
    out = StringIO()
    with redirect_stdout(out):
        exec(compile(code.replace(SITE, '"."'), "docs/data.md", "exec"), {})
    said = out.getvalue()
    held = release.dataset.graph(GRAPH + "12071")
    count = sum(1 for quad in held if quad.predicate.value == NS + "inField" and "/ziel-" in str(quad.subject))
    assert count and re.search(rf"Landkreis Spree-Neiße +{count}\n", said), "goals in fields by county"
    assert "Landkreis Leer" in said and "/kreis/03457/" in said, "mentions of volunteers, keys with their zeros"
    assert re.search(r"Landkreis .* (Goal|CrossCuttingTheme|FieldOfAction) ", said), "rows of the data package"


def test_the_example_in_r_names_what_is_there(sources: Sources) -> None:
    """R is not at hand where the tests run; at least its tables and columns exist."""
    (code,) = _blocks("r")
    known = {table.name: set(table.header) for table in tables(Queries(sources.queries))}
    used = set(re.findall(r'table\("(\w+)"\)', code))
    assert used and used <= set(known)
    columns = set(re.findall(r"\b(landkreis|ebene|eintrag_iri|kennung|gemeinsames_feld|iri)\b", code))
    assert columns <= set().union(*(known[name] for name in used))


def test_every_table_is_in_the_docs() -> None:
    section = DOCS[DOCS.index("## The tables") : DOCS.index("### Excel")]
    assert {name for name in ORDER if f"`{name}`" not in section} == set()
