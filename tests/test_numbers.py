"""Every number on a page equals what the query gives that the page links to: pages are read back.

The cases stand in data/numbers.toml. ``pattern`` finds one number in the text of the page; ``query`` is the name of a
query at the foot of the page, which is run exactly as its link to the endpoint has it; of its rows those count that
have all of ``where``, and the number is the sum of ``column``, or how many different values ``distinct`` has, or how
many rows there are.
"""

import re
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from web_client import Client, Structure

from publisher.core.settings import Settings
from publisher.core.terms import shorten
from publisher.graph.sources import Sources
from publisher.graph.store import Row
from publisher.release.reader import Release
from publisher.views.site import Site
from publisher.web.app import create_app

TABLE = Path(__file__).parent / "data" / "numbers.toml"
CASES: list[dict[str, Any]] = tomllib.loads(TABLE.read_text(encoding="utf-8"))["number"]


@pytest.fixture(scope="module")
def site(release: Release, sources: Sources, settings: Settings) -> Site:
    return Site.of(release, sources, settings)


@pytest.fixture(scope="module")
def client(site: Site) -> Client:
    return Client(create_app(site))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['page']} {case['pattern'][:40]}")
def test_the_number_is_what_the_linked_query_gives(case: dict[str, Any], client: Client, site: Site) -> None:
    answer = client.ask(case["page"])
    assert answer.status_code == 200
    text = " ".join(Structure(answer.text).text.split())
    shown = re.search(case["pattern"], text)
    assert shown, f"{case['pattern']!r} is not in: {text[:3000]}"
    rows = [row for row in site.dataset.select(linked(answer.text)[case["query"]]) if fits(row, case.get("where", {}))]
    assert int(shown[1].replace(".", "")) == number(rows, case)


def linked(page: str) -> dict[str, str]:
    """Name → text of the queries that the foot of ``page`` links to the endpoint."""
    links = Structure(page).links
    pairs = [(links[i], links[i + 1]) for i in range(len(links) - 1)]
    return {
        file.removeprefix("/abfragen/").removesuffix(".rq"): parse_qs(urlsplit(run).query)["query"][0]
        for run, file in pairs
        if run.startswith("/sparql?query=") and file.startswith("/abfragen/")
    }


def fits(row: Row, where: dict[str, str]) -> bool:
    """Whether the columns of ``row`` have the values of ``where``; IRIs are given short, "" is unbound."""
    return all(shorten(row[name].value) == value if name in row else value == "" for name, value in where.items())


def number(rows: list[Row], case: dict[str, Any]) -> int:
    """The number that ``rows`` stand for."""
    if "column" in case:
        return sum(int(row[case["column"]].value) for row in rows)
    if "distinct" in case:
        return len({row[case["distinct"]].value for row in rows if case["distinct"] in row})
    return len(rows)
