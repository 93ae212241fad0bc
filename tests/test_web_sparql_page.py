"""The page of the endpoint: what it shows of a query, its result or an error; its files; the words of the data."""

import asyncio
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import openpyxl
import pytest
from endpoint_host import NASTY, VERSION, running, settings, write_release
from fastapi import FastAPI

from publisher.core.settings import Settings
from publisher.endpoint.client import Endpoint
from publisher.endpoint.request import Limits
from publisher.graph import sources
from publisher.graph.sources import Sources
from publisher.release.reader import Release
from publisher.views.site import Site
from publisher.web import sparql
from publisher.web.app import create_app
from publisher.web.sparql_asked import FOLDER, example_text, examples
from publisher.web.sparql_page import GROUPS

BROWSER = {"Accept": "text/html,*/*;q=0.8"}
LIGHT = 300_000
"""The most bytes a page may have."""
XSD = "http://www.w3.org/2001/XMLSchema#"


@dataclass(frozen=True)
class Client:
    """A visitor of an application in this process."""

    app: FastAPI

    def ask(self, path: str, method: str = "GET", **given: object) -> httpx.Response:
        """The answer; asks for a page unless told otherwise."""

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://site.example") as client:
                return await client.request(method, path, **({"headers": BROWSER} | given))  # type: ignore[arg-type]

        return asyncio.run(send())

    def page(self, query: str, path: str = "/sparql", **more: str) -> "Read":
        """The page that answers ``query``."""
        answer = self.ask(path, params={"query": query, **more})
        return Read(answer)


class Read(HTMLParser):
    """A page as a program without eyes reads it: its table, its forms, its links, what is marked."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__()
        self.answer = answer
        self.caption = self.marked = self.caret = ""
        self.heads: list[tuple[str, str]] = []
        self.cells: list[tuple[str, dict[str, str]]] = []
        self.links: list[str] = []
        self.addresses: list[str] = []
        self.fields: list[dict[str, str]] = []
        self._open: list[tuple[str, dict[str, str]]] = []
        self.feed(answer.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(values.get("href", ""))
            self.addresses += [self.links[-1]] if values.get("class") == "address" else []
        if tag in ("input", "button", "form", "textarea"):
            self.fields.append(values | {"tag": tag})
        if tag == "th":
            self.heads.append((values.get("scope", ""), ""))
        if tag == "td":
            self.cells.append(("", values))
        if tag not in ("input", "meta", "link", "img", "br", "col"):
            self._open.append((tag, values))

    def handle_data(self, data: str) -> None:
        within = [tag for tag, _ in self._open]
        if "caption" in within:
            self.caption += data
        if "mark" in within:
            self.marked += data
        if any("caret" in values.get("class", "") for _, values in self._open):
            self.caret += data
        if "th" in within:
            self.heads[-1] = (self.heads[-1][0], self.heads[-1][1] + data)
        if "td" in within:
            self.cells[-1] = (self.cells[-1][0] + data, self.cells[-1][1])

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass


@pytest.fixture(scope="module")
def chosen(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return settings(tmp_path_factory.mktemp("site") / "releases", operator="Amt & Söhne", query_quick_seconds=2.0)


@pytest.fixture(scope="module")
def site(chosen: Settings) -> Site:
    return Site.of(write_release(chosen.releases), sources.find(chosen.input), chosen)


@pytest.fixture(scope="module")
def client(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("s")
    with running("workers", folder, site.settings):
        yield Client(create_app(site, sparql.router(site, Endpoint(folder, Limits.of(site.settings)))))


ROWS = "SELECT ?s ?p ?o { ?s ?p ?o }"
LABELS = "SELECT ?s ?l { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l }"
GRAPH = "CONSTRUCT WHERE { ?s <http://e.example/p1> ?o }"


def test_a_result_is_a_table_that_can_be_read_aloud(client: Client) -> None:
    page = client.page(f"{LABELS} ORDER BY ?s")
    assert page.caption == "3 Zeilen"
    assert [head for head in page.heads if head[0] == "col"] == [("col", "Zeile"), ("col", "s"), ("col", "l")]
    assert [head for head in page.heads if head[0] == "row"] == [("row", "1"), ("row", "2"), ("row", "3")]
    region = re.search(r'role="region" tabindex="0" aria-labelledby="([\w-]+)">\s*<table', page.answer.text)
    assert region and f'<caption id="{region[1]}">' in page.answer.text


def test_things_are_called_by_their_names_and_literals_keep_their_language(client: Client) -> None:
    page = client.page(f"{LABELS} ORDER BY ?s", "/en/sparql")
    texts = dict(page.cells)
    assert texts["Spree-Neiße kreis:12071"]["lang"] == "de"
    assert texts["Spree-Neiße"] == {"lang": "de"}
    assert "/en/doc/kreis/12071.html" in page.links and "http://e.example/nasty" in page.links
    assert NASTY in texts


def test_numbers_are_told_from_words(client: Client) -> None:
    page = client.page("SELECT (1 AS ?a) ('1' AS ?b) (1.5 AS ?c) {}")
    assert [(text, values.get("class", "")) for text, values in page.cells] == [
        ("1", "number"),
        ("1", ""),
        ("1.5", "number"),
    ]


LONG = "X" * 60
LONG_VALUE = "SELECT (CONCAT({}) AS ?y) {{ VALUES ?x {{ '{}' }} }}"
CUTS = [
    ("SELECT ?s { ?s ?p ?o } LIMIT 200", "", 200, "200 Zeilen"),
    ("SELECT ?s { ?s ?p ?o } LIMIT 201", "rows=200", 200, "Die ersten 200 Zeilen von mehr"),
    (GRAPH, "rows=200", 200, "Die ersten 200 Zeilen von mehr"),
    (
        f"SELECT (CONCAT({', '.join(['?x'] * 50)}) AS ?y) {{ VALUES ?x {{ '{LONG}' }} }}",
        "characters=2000",
        1,
        "1 Zeile",
    ),
    (f"SELECT ({' '.join(f'(1 AS ?v{n})' for n in range(101))[1:-1]}) {{}}", "columns=100", 1, "1 Zeile"),
]


@pytest.mark.parametrize(("query", "header", "rows", "caption"), CUTS)
def test_what_the_page_leaves_out_is_said(client: Client, query: str, header: str, rows: int, caption: str) -> None:
    page = client.page(query)
    assert page.answer.status_code == 200
    assert page.answer.headers.get("x-kreisgraph-cut", "") == header
    assert len([head for head in page.heads if head[0] == "row"]) == rows
    assert page.caption == caption
    assert ("Die Dateien enthalten alles." in page.answer.text) == bool(header)
    for fmt in ("json", "csv", "xlsx") if "CONSTRUCT" not in query else ("nt", "xlsx"):
        whole = client.ask("/sparql", params={"query": query, "format": fmt})
        assert whole.status_code == 200 and "x-kreisgraph-cut" not in whole.headers


def test_pages_stay_light_whatever_the_rows_hold(client: Client) -> None:
    heavy = f"SELECT {' '.join(f'?v{n}' for n in range(8))} {{ ?s ?p ?o . "
    heavy += " ".join(f"BIND(CONCAT({', '.join(['STR(?s)'] * 20)}) AS ?v{n})" for n in range(8)) + " } LIMIT 300"
    page = client.page(heavy)
    shown = len([head for head in page.heads if head[0] == "row"])
    assert 1 < shown < 200 and page.answer.headers["x-kreisgraph-cut"] == f"rows={shown}"
    assert f"Gezeigt sind die ersten {shown} Zeilen; es gibt mehr." in page.answer.text
    for query in (heavy, ROWS, "SELECT * { ?s ?p ?o . ?s ?q ?r } LIMIT 1000"):
        assert len(client.page(query).answer.content) < LIGHT


@dataclass(frozen=True)
class Mistake:
    """A wrong query, and where the page must point."""

    query: str
    line: int
    marked: str
    caret: int
    """How far from the left the caret stands: behind six characters for the number of the line."""
    prefix: str = ""
    shows: list[str] = field(default_factory=list)


MISTAKES = {
    "at the end of a line": Mistake("SELECT *\nWHERE {\n  ?s ?p }\n", 4, "⏎", 6, "", ["WHERE {", "  ?s ?p }"]),
    "at the end": Mistake("SELECT * {\n ?s ?p ?o", 2, "⏎", 6 + 10 - 1),
    "with line ends of a form": Mistake("SELECT * {\r\n  ?s ?p ?o }\r\n}", 3, "⏎", 6 + 1),
    "behind umlauts": Mistake('SELECT * { ?s ?p "äöü€" . ?s a nix:x ; a "äöü" }', 1, " ", 6 + 36),
    "far in a long line": Mistake("SELECT * { " + "?s ?p ?o . " * 50 + "?s a nix:x . }", 1, " ", 6 + 61),
    "a prefix of ours is missing": Mistake(
        "SELECT * {\n ?s a ic:Goal . }", 2, " ", 6 + 13, "PREFIX ic: <https://w3id.org/kreisgraph/ns#>"
    ),
    "a prefix that nobody knows": Mistake("SELECT * {\n ?s a nix:Goal . }", 2, " ", 6 + 14),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_the_place_of_a_mistake_is_shown(client: Client, name: str) -> None:
    mistake = MISTAKES[name]
    page = client.page(mistake.query)
    assert page.answer.status_code == 400
    assert page.marked == mistake.marked and page.caret == " " * mistake.caret + "^"
    assert f"Zeile {mistake.line}, vor Zeichen" in page.answer.text
    assert ("Am Anfang der Abfrage fehlt" in page.answer.text) == bool(mistake.prefix)
    assert mistake.prefix.replace("<", "&lt;").replace(">", "&gt;") in page.answer.text
    assert all(part in page.answer.text for part in mistake.shows)
    (form,) = [found for found in page.fields if found.get("id") == "abfrage"]
    assert form["data-line"] == str(mistake.line) and form["data-column"].isdigit()
    (text,) = [found for found in page.fields if found["tag"] == "textarea"]
    assert text["aria-invalid"] == "true" and "fehler" in text["aria-describedby"]


VALUES = f"""SELECT ?text ?number ?big ?date ?iri ?long {{ VALUES (?text ?number ?big ?date ?iri ?long) {{
  ("=1+1" 42 123456789012345678 "2024-02-29"^^<{XSD}date> <http://e.example/a> "007")
  ("a\\nb"@de 1.5 "INF"^^<{XSD}double> UNDEF <urn:x:y> "-5"^^<{XSD}integer>)
  ("  zwei  " -3 "x" UNDEF UNDEF "0.1"^^<{XSD}decimal>)
}} }}"""


def _workbook(answer: httpx.Response) -> openpyxl.Workbook:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"] == 'attachment; filename="abfrage.xlsx"'
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def test_a_workbook_holds_every_value_as_it_is(client: Client) -> None:
    book = _workbook(client.ask("/sparql", params={"query": VALUES, "format": "xlsx"}))
    rows = [[cell.value for cell in row] for row in book["Ergebnis"].iter_rows()]
    assert rows == [
        ["text", "number", "big", "date", "iri", "long"],
        ["=1+1", 42, "123456789012345678", "2024-02-29", "http://e.example/a", "007"],
        ["a\nb", 1.5, "INF", None, "urn:x:y", -5],
        ["  zwei  ", -3, "x", None, None, 0.1],
    ]
    assert book["Ergebnis"]["A2"].data_type == "s", "no text becomes a formula"
    assert book["Ergebnis"]["E2"].hyperlink.target == "http://e.example/a"
    assert book["Ergebnis"].freeze_panes == "A2"


def test_a_workbook_says_where_it_comes_from(client: Client, site: Site) -> None:
    query = 'SELECT ?s # zwei  Leerzeichen\n{\n    ?s ?p "text 4" }\n'
    book = _workbook(client.ask("/en/sparql", params={"query": query, "format": "xlsx"}))
    about = {str(row[0].value): row[1] for row in book.worksheets[1].iter_rows(min_row=2)}
    assert about["Query (SPARQL)"].value == query
    assert about["Version of the data"].value == VERSION
    assert about["Published by"].value == "Amt & Söhne"
    assert "CC BY 4.0" in str(about["Licence"].value)
    assert about["Date of the data"].value == "January 1, 2026"
    address = urlsplit(str(about["Address of the query"].value))
    assert parse_qs(address.query)["query"] == [query]


def test_a_workbook_has_every_row(client: Client) -> None:
    book = _workbook(client.ask("/sparql", params={"query": ROWS + " LIMIT 3000", "format": "xlsx"}))
    assert book["Ergebnis"].max_row == 3001
    triples = _workbook(client.ask("/sparql", params={"query": GRAPH, "format": "xlsx"}))["Ergebnis"]
    assert [cell.value for cell in triples[1]] == ["subject", "predicate", "object"] and triples.max_row == 1001
    answer = _workbook(client.ask("/sparql", params={"query": "ASK {}", "format": "xlsx"}))["Ergebnis"]
    assert [[cell.value for cell in row] for row in answer.iter_rows()] == [["boolean"], ["true"]]


REFUSED = [
    ("SELECT * { ?s ?p ?o . ?a ?b ?c }", "5000 Zeilen"),
    (
        f"SELECT (CONCAT({', '.join(['?x'] * 600)}) AS ?y) {{ VALUES ?x {{ '{LONG}' }} }}",
        "32767 Zeichen je Zelle (Excel)",
    ),
]


@pytest.mark.parametrize(("query", "said"), REFUSED, ids=["rows", "a long value"])
def test_a_workbook_that_would_be_cut_is_none(client: Client, query: str, said: str) -> None:
    answer = client.ask("/sparql", params={"query": query, "format": "xlsx"})
    assert answer.status_code == 413 and said in answer.text
    assert "content-disposition" not in answer.headers


def test_the_same_workbook_twice_is_the_same(client: Client) -> None:
    first, again = (client.ask("/sparql", params={"query": VALUES, "format": "xlsx"}) for _ in range(2))
    assert first.content == again.content
    held = {"If-None-Match": first.headers["etag"]} | BROWSER
    assert client.ask("/sparql", params={"query": VALUES, "format": "xlsx"}, headers=held).status_code == 304


def test_workbooks_are_asked_for_by_media_type_too(client: Client) -> None:
    media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    answer = client.ask("/sparql", params={"query": "ASK {}"}, headers={"Accept": media})
    assert answer.headers["content-type"] == media and answer.content.startswith(b"PK")
    assert client.ask("/sparql", params={"query": "ASK {}"}, headers={"Accept": "text/csv"}).text == "true"


def test_csv_for_excel_opens_by_a_double_click(client: Client) -> None:
    answer = client.ask("/sparql", params={"query": VALUES, "format": "csv-excel"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="abfrage.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbftext;number")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[1][0] == "'=1+1" and rows[3][1] == "-3" and rows[2][5] == "-5" and rows[2][0] == "a\nb"


def test_no_name_of_a_file_comes_from_a_visitor(client: Client) -> None:
    for name in ('x"; filename="y.exe', "x\r\nSet-Cookie: a=b", "../../x", "ä"):
        answer = client.ask("/sparql", params={"query": "ASK {}", "format": "csv", "beispiel": name})
        assert answer.headers["content-disposition"] == 'attachment; filename="abfrage.csv"'
        assert "set-cookie" not in answer.headers


def test_files_are_offered_for_what_was_asked(client: Client) -> None:
    page = client.page(ROWS, **{"default-graph-uri": "https://w3id.org/kreisgraph/id/graph/12071"})
    files = [link for link in page.links if "format=" in link]
    assert [parse_qs(urlsplit(link).query)["format"][0] for link in files] == [
        *("xlsx", "csv-excel", "json", "xml", "csv", "tsv")
    ]
    for link in files:
        fields = parse_qs(urlsplit(link).query)
        assert fields["query"] == [ROWS] and fields["default-graph-uri"][0].endswith("12071")
        assert client.ask(link).status_code == 200


def test_the_address_of_a_query_leads_to_the_same_result(client: Client) -> None:
    page = client.page("SELECT (COUNT(*) AS ?n)\r\n{ ?s ?p 'text 4' }", format="html")
    (link,) = page.addresses
    again = Read(client.ask(link))
    assert again.cells == page.cells and again.addresses == [link]


def test_an_example_has_a_short_address(client: Client, site: Site) -> None:
    query = next(iter(examples(site.queries)))
    name = query.name.removeprefix(FOLDER)
    page = Read(client.ask("/en/sparql", params={"query": example_text(query)}))
    assert page.addresses == [f"/en/sparql?beispiel={name}"], "its text is known, also when it comes as a query"
    assert query.title["en"] in page.answer.text
    assert f"/sparql?beispiel={name}&format=xlsx" in page.links
    changed = client.page(query.sparql + "LIMIT 1")
    assert not any(f"beispiel={name}&format" in link for link in changed.links)


def test_a_long_query_goes_by_post(client: Client) -> None:
    query = ROWS + " LIMIT 1 #" + "ä" * 2000
    body = urlencode({"query": query, "format": "html"})
    answer = client.ask(
        "/sparql", "POST", content=body, headers=BROWSER | {"Content-Type": "application/x-www-form-urlencoded"}
    )
    page = Read(answer)
    assert answer.status_code == 200 and "Sie wird deshalb mit POST geschickt" in answer.text
    assert page.addresses == [] and not any("format=" in link for link in page.links)
    forms = [found for found in page.fields if found["tag"] == "form"]
    assert [form["method"] for form in forms] == ["post", "post"]
    formats = [found["value"] for found in page.fields if found.get("name") == "format" and found["tag"] == "button"]
    assert formats == ["xlsx", "csv-excel", "json", "xml", "csv", "tsv"]
    assert [found["value"] for found in page.fields if found.get("name") == "query" and found["tag"] == "input"] == [
        query
    ]
    assert "Geben Sie ihren Text mit an" in answer.text


def test_without_scripts_a_long_query_can_be_sent_by_post(client: Client) -> None:
    (button,) = [found for found in Read(client.ask("/sparql")).fields if found.get("formmethod") == "post"]
    assert button["form"] == "abfrage"


def test_what_is_cited(client: Client) -> None:
    text = client.page("ASK {}").answer.text
    cited = " ".join(re.sub(r"<[^>]+>", "", re.search(r'<p class="citation">(.*?)</p>', text, re.DOTALL)[1]).split())  # type: ignore[index]
    assert cited == (
        "Amt &amp; Söhne: „Eigene Abfrage“. SPARQL-Abfrage. Integrationskonzepte der Landkreise, Version der Daten "
        f"{VERSION}, Stand der Daten: 1. Januar 2026. Lizenz: CC BY 4.0. "
        "https://w3id.org/kreisgraph/sparql?query=ASK+%7B%7D"
    )


def test_every_example_stands_under_one_heading(client: Client, site: Site) -> None:
    known = examples(site.queries)
    assert len(known) >= 25
    assert {query.name for query in known if query.group not in GROUPS} == set()
    for path, language in (("/sparql", "de"), ("/en/sparql", "en")):
        answer = client.ask(path)
        links = [link for link in Read(answer).links if "?beispiel=" in link and "format" not in link]
        assert sorted(links) == sorted(f"{path}?beispiel={query.name.removeprefix(FOLDER)}" for query in known)
        place = 0
        for name in GROUPS:
            found = answer.text.index(f'id="beispiele-{name}"', place)
            place = found
        # Not folded: the search of the browser finds only what is in sight.
        shown = answer.text[answer.text.index('id="beispiele"') : answer.text.index('id="programme"')]
        assert "<details" not in shown
        assert all(query.title[language] in unescape(shown) for query in known)
        assert all(query.text[language] in unescape(shown) for query in known)


def test_only_this_page_may_run_a_script_of_ours(client: Client) -> None:
    policy = client.ask("/sparql").headers["content-security-policy"]
    assert "script-src 'self'" in policy and "unsafe" not in policy
    assert "script-src" not in client.ask("/kreise").headers["content-security-policy"]
    page = client.ask("/sparql").text
    assert " style=" not in page and "<style" not in page and not re.search(r"<script(?! src=\")", page)


COUNTED = "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY DESC(?n)"


@pytest.fixture(scope="module")
def real(release: Release, sources: Sources, settings: Settings) -> Site:
    return Site.of(release, sources, settings)


@pytest.mark.parametrize("path", ["/sparql/terms.json", "/en/sparql/terms.json"])
def test_the_editor_knows_all_words_of_the_data(real: Site, path: str) -> None:
    client = Client(create_app(real))
    answer = client.ask(path)
    words = answer.json()
    names = {kind: [name for name, _ in words[kind]] for kind in words if kind != "prefixes"}
    full = {kind: [_full(name, words["prefixes"]) for name in found] for kind, found in names.items()}
    dataset = real.dataset
    used = [row["p"].value for row in dataset.select(COUNTED)]
    assert set(full["properties"]) == set(used) and full["properties"][0] == used[0]
    assert set(full["classes"]) == {row["c"].value for row in dataset.select("SELECT DISTINCT ?c { ?s a ?c }")}
    assert set(full["graphs"]) == set(dataset.graphs())
    assert any(name.startswith("ic:") for name in names["functions"])
    labels = dict(words["classes"])
    assert labels["ic:Goal"] == ("goal" if path.startswith("/en") else "Ziel")
    # Each name is what a query can take as it stands.
    body = " ".join(f"{{ ?s {name} ?o }} UNION" for name in names["properties"])
    prefixes = " ".join(f"PREFIX {name}: <{iri}>" for name, iri in words["prefixes"].items())
    assert dataset.ask(f"{prefixes} ASK {{ {body} {{ ?s a {names['classes'][0]} }} }}")
    tag = answer.headers["etag"]
    assert client.ask(path, headers={"If-None-Match": tag}).status_code == 304


def _full(name: str, prefixes: dict[str, str]) -> str:
    if name.startswith("<"):
        return name[1:-1]
    prefix, _, local = name.partition(":")
    return prefixes[prefix] + local
