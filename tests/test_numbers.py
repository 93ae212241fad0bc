"""Every number on a page equals what the query gives that the page links to: pages are read back.

The cases stand in data/numbers.toml. ``pattern`` finds a number in the text of the main part of the page; ``query`` is
the name of a query that the page links, which is run exactly as the link to the endpoint has it; of its rows those
count that have all of ``where``, and the number is the sum of ``column``, or how many different values ``distinct``
has, or how many rows there are. With ``by`` the pattern finds all numbers of a list or table, and they are those of
the rows with the same values of these columns taken together; rows without such a value do not count. With ``total``
the numbers found are shares of a whole, and their sum is the number; ``less`` says how many of a cut list are shown.

No other number may stand on any page, unless ``apart`` says why it is none of the data.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from browser_pages import Kind, kinds
from main_text import MainText
from pyoxigraph import Triple
from web_client import Client, Structure

from publisher.core.terms import shorten
from publisher.endpoint.functions import with_functions
from publisher.graph.store import Dataset, Row
from publisher.views.search_index import Index
from publisher.views.site import Site
from publisher.web.app import create_app

TABLE = tomllib.loads((Path(__file__).parent / "data" / "numbers.toml").read_text(encoding="utf-8"))
CASES: list[dict[str, Any]] = TABLE["number"]
APART = ("/sparql", "/fragen/")
"""What needs query workers; the tests of these pages read their numbers back themselves."""
PAGES = [kind for kind in kinds() if kind.status == 200 and not kind.path.startswith(APART)]
FILTER = re.compile(r'<a href="(/suche\?[^"]+)"[^>]*>[^<]*(?:<span[^>]*>[^<]*</span>)?</a> <span[^>]*>([\d.]+)<')
ALONE = re.compile(r"(?<![\w/.,:§#–-])\d+(?:\.\d{3})*(?![\w/:#]|[.,]\d)")
"""A number that stands alone: no part of a key, a date, a notation, an address."""


@pytest.fixture(scope="module")
def dataset(site: Site) -> Dataset:
    """The data with the functions that the endpoint knows."""
    return with_functions(site.dataset, site.once(Index.of).vocabulary)


@pytest.fixture(scope="module")
def client(site: Site) -> Client:
    return Client(create_app(site))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['page']} {case['pattern'][:40]}")
def test_the_number_is_what_the_linked_query_gives(case: dict[str, Any], client: Client, dataset: Dataset) -> None:
    answer = client.ask(case["page"])
    assert answer.status_code == 200
    text = MainText(answer.text).text
    shown = [int(number.replace(".", "")) for number in re.findall(case["pattern"], text)]
    assert shown, f"{case['pattern']!r} is not in: {text[:3000]}"
    rows = [row for row in answers(dataset, linked(answer.text)[case["query"]]) if fits(row, case.get("where", {}))]
    if "by" in case:
        theirs = [number_of(some, case) for some in groups(rows, case["by"])]
        assert sorted(number for number in shown if number) == sorted(theirs)
    elif case.get("total"):
        assert len(shown) > 1 and sum(shown) == number_of(rows, case)
    else:
        assert shown[0] == number_of(rows, case) - case.get("less", 0)


@pytest.mark.parametrize("page", ["/suche?q=Sprache", "/suche?q=Integration&art=Aussage", "/suche?q=Sprache&feld=F01"])
def test_a_filter_says_how_much_its_link_leads_to(client: Client, page: str) -> None:
    filters = FILTER.findall(client.ask(page).text)
    assert len(filters) > 2
    for href, number in filters:
        found = re.search(r"([\d.]+) Treffer für", MainText(client.ask(unescape(href)).text).text)
        assert found and found[1] == number, href


@pytest.mark.parametrize("kind", PAGES, ids=lambda kind: kind.name)
def test_no_other_number_stands_on_the_page(kind: Kind, client: Client) -> None:
    text = MainText(client.ask(kind.path).text).text
    aside = (one["pattern"] for one in TABLE["apart"] if re.match(one.get("page", ""), kind.path))
    known = [*(case["pattern"] for case in CASES), *aside]
    spans = [match.span() for pattern in known for match in re.finditer(pattern, text)]
    unknown = [
        text[max(0, found.start() - 60) : found.end() + 40]
        for found in ALONE.finditer(text)
        if not any(start <= found.start() and found.end() <= end for start, end in spans)
    ]
    assert not unknown


@pytest.fixture(scope="module")
def texts(client: Client) -> dict[str, str]:
    """The text of the main part of every page, by path."""
    return {kind.path: MainText(client.ask(kind.path).text).text for kind in PAGES}


@pytest.mark.parametrize("apart", TABLE["apart"], ids=lambda apart: apart["pattern"])
def test_what_is_said_to_be_no_number_of_the_data_is_still_there(apart: dict[str, str], texts: dict[str, str]) -> None:
    assert len(apart["reason"]) > 15
    pages = [text for path, text in texts.items() if re.match(apart.get("page", ""), path)]
    assert any(re.search(apart["pattern"], text) for text in pages)


def linked(page: str) -> dict[str, list[str]]:
    """Name → texts of the queries that the foot of ``page`` links to the endpoint."""
    links = Structure(page).links
    found: dict[str, list[str]] = defaultdict(list)
    for run, file in pairwise(links):
        if run.startswith("/sparql?query=") and file.startswith("/abfragen/"):
            name = file.removeprefix("/abfragen/").removesuffix(".rq")
            found[name].append(parse_qs(urlsplit(run).query)["query"][0])
    return found


def answers(dataset: Dataset, queries: Iterable[str]) -> list[Row]:
    """All rows of ``queries``; of a graph, its triples as rows."""
    found: list[Row] = []
    for query in queries:
        if "CONSTRUCT" in query:
            found += [_row(triple) for triple in set(dataset.construct(query))]
        else:
            found += dataset.select(query)
    return found


def _row(triple: Triple) -> Row:
    return {"subject": triple.subject, "predicate": triple.predicate, "object": triple.object}


def fits(row: Row, where: dict[str, str | list[str]]) -> bool:
    """Whether the columns of ``row`` have the values of ``where``; IRIs are given short, "" is unbound."""
    return all((shorten(row[name].value) if name in row else "") in _several(value) for name, value in where.items())


def _several(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def groups(rows: list[Row], by: list[str]) -> list[list[Row]]:
    """``rows`` taken together that have the same values of the columns ``by``."""
    found: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        if all(name in row for name in by):
            found[tuple(row[name].value for name in by)].append(row)
    return list(found.values())


def number_of(rows: list[Row], case: dict[str, Any]) -> int:
    """The number that ``rows`` stand for."""
    if "column" in case:
        return sum(int(row[case["column"]].value) for row in rows)
    if "distinct" in case:
        return len({row[case["distinct"]].value for row in rows if case["distinct"] in row})
    return len(rows)
