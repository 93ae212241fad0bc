"""Questions over HTTP: the form and its answer as a page, the same for programs, and the description of both."""

import csv
import io
import json
import re
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import openpyxl
import pytest
from local_endpoint import LocalEndpoint, tried
from openapi_spec_validator import OpenAPIV31SpecValidator
from web_client import Client, Structure, linked_queries

from publisher.core.refusals import QueryTimeout
from publisher.endpoint.client import Table
from publisher.endpoint.functions import with_functions
from publisher.endpoint.request import Limits, QueryRequest
from publisher.graph.sources import find
from publisher.graph.store import Dataset
from publisher.views.form import forms
from publisher.views.search_index import Index
from publisher.views.site import Site
from publisher.web import api, questions
from publisher.web.app import create_app

NAMES = sorted(path.stem for path in (find(None).queries / "forms").glob("*.rq"))
JSON = "application/json"
MANY = ",".join(f"F{number:02}" for number in range(1, 17)) + ",F01.1,F01.2,F02.1,F02.2,F03.1"
ASKED = "/api/v1/county_on_field?county=12071&field=F01"


@pytest.fixture(scope="module")
def dataset(site: Site) -> Dataset:
    return with_functions(site.dataset, site.once(Index.of).vocabulary)


@pytest.fixture(scope="module")
def endpoint(dataset: Dataset) -> LocalEndpoint:
    return LocalEndpoint(dataset)


@pytest.fixture(scope="module")
def client(site: Site, endpoint: LocalEndpoint) -> Client:
    return Client(create_app(site, questions.router(site, endpoint), api.router(site, endpoint)))


def example(site: Site, name: str) -> str:
    """The query string of the example of a question."""
    return urlencode(tried(site, name).state)


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("name", NAMES)
def test_the_page_of_a_question_shows_the_rows_of_the_query_it_links(
    name: str, prefix: str, client: Client, site: Site, dataset: Dataset
) -> None:
    answer = client.ask(f"{prefix}/fragen/{name}?{example(site, name)}")
    assert answer.status_code == 200 and answer.headers["content-language"] == (prefix[1:] or "de")
    page = Structure(answer.text)
    (text,) = linked_queries(answer.text)
    found = dataset.select(text)
    assert answer.text.count('role="row"') - 1 == len(found)
    assert re.search(rf"\b{len(found)} (Zeilen?|rows?)\.", page.text)
    assert page.tags.count("h1") == 1 and len(page.ids) == len(set(page.ids))
    assert " style=" not in answer.text and "<script" not in answer.text
    assert {f"/api/v1/{name}" in link for link in page.links} == {True, False}


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_form_asks_nothing(name: str, client: Client, endpoint: LocalEndpoint) -> None:
    before = len(endpoint.asked)
    answer = client.ask(f"/fragen/{name}")
    assert answer.status_code == 200 and "<form" in answer.text and 'id="antwort"' not in answer.text
    assert len(endpoint.asked) == before


def test_the_index_leads_to_every_question_and_the_menu_to_the_index(client: Client) -> None:
    page = Structure(client.ask("/fragen").text)
    assert {f"/fragen/{name}" for name in NAMES} <= set(page.links)
    assert "/fragen" in Structure(client.ask("/").text).links
    assert {f"/en/fragen/{name}" for name in NAMES} <= set(Structure(client.ask("/en/api").text).links)


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        ("county=Leer&field=Sprache", "county=03457&field=F01"),
        ("county=Rotenburg+(W%C3%BCmme)&field=f01", "county=03357&field=F01"),
        ("county=12071&county=Landkreis+Leer&field=F01", "county=12071,03457&field=F01"),
        ("county=12071,12071&county=&field=F01&field=Deutschkurse", "county=12071&field=F01"),
        ("county=12071&field=Language", "county=12071&field=F01"),
    ],
)
def test_names_lead_to_the_address_with_keys(written: str, keys: str, client: Client) -> None:
    answer = client.ask(f"/fragen/county_on_field?{written}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/fragen/county_on_field?{keys}")
    assert client.ask(answer.headers["location"]).status_code == 200


@pytest.mark.parametrize(
    ("path", "parameter", "words"),
    [
        ("county=Atlantis&field=F01", "county", ("„Atlantis“", "(400)", "12071 (Landkreis Spree-Neiße)")),
        ("county=12071&field=F99", "field", ("„F99“", "(57)", "F01 (Sprache)")),
        ("county=12071", "field", ("Es fehlt ein Wert", "Handlungsfeld")),
        ("county=Oldenburg&field=F01", "county", ("kann", "mehreres heißen", "03403", "03458")),
        ("county=" + "x" * 300 + "&field=F01", "county", ("zu lang",)),
        (f"county=12071&field={MANY}", "field", ("zu viele",)),
    ],
)
def test_a_wrong_value_is_named_with_the_possible_ones(
    path: str, parameter: str, words: tuple[str, ...], client: Client
) -> None:
    problem = client.ask(f"/api/v1/county_on_field?{path}", JSON)
    assert problem.status_code == 400 and problem.headers["content-type"] == "application/problem+json"
    body = problem.json()
    assert body["status"] == 400 and body["parameter"] == parameter
    assert set(body["details"]) == {"de", "en"} and body["details"]["de"] != body["details"]["en"]
    assert all(word in body["details"]["de"] for word in words)
    assert len(body.get("allowed", [])) <= 20
    page = client.ask(f"/fragen/county_on_field?{path}")
    assert page.status_code == 400 and page.headers["cache-control"] == "no-store"
    assert f'id="{parameter}-fehler" role="alert"' in page.text
    assert all(word in Structure(page.text).text for word in words)
    english = client.ask(f"/en/fragen/county_on_field?{path}")
    assert (english.status_code == 400 and "Possible" in english.text) or "missing" in english.text


def test_what_was_filled_in_well_stays_when_another_field_is_wrong(client: Client) -> None:
    page = client.ask("/fragen/county_on_field?county=Atlantis&field=F01").text
    assert 'value="Atlantis"' in page and re.search(r'value="F01" checked', page)


@pytest.mark.parametrize(
    ("query", "reasons"),
    [
        ("county=01001&field=F01", {"01001": "not_recorded"}),
        ("county=07334&field=F11", {"07334": "excerpt"}),
        ("county=03457&field=F05", {"03457": "service_page"}),
        ("county=12061&field=F03", {"12061": "silent"}),
        ("county=12071,01001&field=F01", {"01001": "not_recorded"}),
        ("county=12071&field=F01", {}),
    ],
)
def test_silence_has_its_reason(query: str, reasons: dict[str, str], client: Client) -> None:
    body = client.ask(f"/api/v1/county_on_field?{query}", JSON).json()
    assert {one["county"].rpartition("/")[2]: one["reason"] for one in body["silences"]} == reasons
    page = Structure(client.ask(f"/fragen/county_on_field?{query}").text).text
    assert all(one["text"] in page for one in body["silences"])
    if "not_recorded" in reasons.values():
        assert "Landkreis Spree-Neiße" in body["silences"][0]["text"], "it says which counties are recorded"


def test_where_nobody_says_anything_that_is_said(client: Client) -> None:
    body = client.ask("/api/v1/wording?words=Quastenflosser", JSON).json()
    assert body["rows"] == [] and [one["reason"] for one in body["silences"]] == ["nothing"]
    assert "5" in body["silences"][0]["text"]


@pytest.mark.parametrize("name", NAMES)
def test_the_same_answer_in_every_format(name: str, client: Client, site: Site, dataset: Dataset) -> None:
    query = example(site, name)
    rows = dataset.select(tried(site, name).text)
    plain = client.ask(f"/api/v1/{name}?{query}", JSON)
    body = plain.json()
    assert plain.headers["content-type"] == JSON and body["complete"] is True and len(body["rows"]) == len(rows)
    assert body["release"]["version"] == site.release.manifest.version == plain.headers["x-kreisgraph-release"]
    assert dataset.select(body["question"]["query"]) == rows
    for row, sent in zip(rows, body["rows"], strict=True):
        for column, value in sent.items():
            assert (value["iri"] if isinstance(value, dict) else value) == _value(row.get(column)), column
    results = client.ask(f"/api/v1/{name}?{query}", "application/sparql-results+json").json()
    assert len(results["results"]["bindings"]) == len(rows)
    table = list(csv.DictReader(io.StringIO(client.ask(f"/api/v1/{name}?{query}", "text/csv").text)))
    assert len(table) == len(rows) and all(row["document_label"] for row in table)
    book = openpyxl.load_workbook(io.BytesIO(client.ask(f"/api/v1/{name}?{query}&format=xlsx").content))
    assert book.worksheets[0].max_row - 1 - _notes(book.worksheets[0]) == len(rows)
    excel = client.ask(f"/fragen/{name}.csv?{query}").text
    assert excel.startswith("\ufeff") and len(list(csv.reader(io.StringIO(excel), delimiter=";"))) == len(rows) + 1


def _value(term: Any) -> object:
    if term is None:
        return None
    datatype = getattr(getattr(term, "datatype", None), "value", "").rpartition("#")[2]
    return int(term.value) if datatype == "integer" else term.value == "true" if datatype == "boolean" else term.value


def _notes(page: Any) -> int:
    """The rows below the table: a blank one, then the notes."""
    blank = [cell.row for cell in page["A"][1:] if cell.value is None]
    return page.max_row - blank[0] + 1 if blank else 0


def test_each_representation_has_its_own_tag_and_is_not_sent_twice(client: Client) -> None:
    addresses = [ASKED, *(f"{ASKED}&format={name}" for name in ("srj", "csv", "xlsx")), f"{ASKED}&lang=en"]
    answers = [client.ask(address, JSON) for address in addresses]
    tags = [answer.headers["etag"] for answer in answers]
    assert len(set(tags)) == len(tags)
    for address, answer in zip(addresses, answers, strict=True):
        assert {"Accept", "Accept-Encoding"} <= set(answer.headers["vary"].split(", "))
        assert answer.headers["access-control-allow-origin"] == "*"
        again = client.ask(address, JSON, if_none_match=answer.headers["etag"])
        assert again.status_code == 304 and not again.content and again.headers["etag"] == answer.headers["etag"]
    assert client.ask(f"{ASKED}&format=json", JSON).headers["etag"] == tags[0], "the same by header and by parameter"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("*/*", JSON),
        ("text/html,*/*;q=0.8", JSON),
        ("text/csv;q=0.5, application/json;q=0.4", "text/csv; charset=utf-8"),
        ("application/sparql-results+json", "application/sparql-results+json"),
    ],
)
def test_the_accept_header_decides(accept: str, expected: str, client: Client) -> None:
    assert client.ask(ASKED, accept).headers["content-type"] == expected


@pytest.mark.parametrize(
    ("address", "accept", "status"),
    [
        (ASKED, "image/png", 406),
        (f"{ASKED}&format=pdf", JSON, 400),
        (f"{ASKED}&lang=fr", JSON, 400),
        (f"{ASKED}&limit=0", JSON, 400),
        (f"{ASKED}&limit=1e3", JSON, 400),
        (f"{ASKED}&offset=-1", JSON, 400),
        (f"{ASKED}&feld=F01", JSON, 400),
        ("/api/v1/nothing", JSON, 404),
        ("/api/v1/values/nothing", JSON, 404),
    ],
)
def test_what_cannot_be_answered_is_a_problem(address: str, accept: str, status: int, client: Client) -> None:
    answer = client.ask(address, accept)
    assert answer.status_code == status and answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == "*" and answer.headers["cache-control"] == "no-store"
    assert {"type", "title", "status", "detail", "details", "instance"} <= set(answer.json())


def test_pages_of_rows_lead_through_all_of_them(client: Client) -> None:
    whole = client.ask("/api/v1/tasks_in_county?county=03457", JSON).json()["rows"]
    address, found = "/api/v1/tasks_in_county?county=03457&limit=7", []
    while address:
        answer = client.ask(address, JSON)
        body = answer.json()
        assert body["complete"] is False and ("next" in body) == ('rel="next"' in answer.headers["link"])
        found += body["rows"]
        following = urlsplit(body.get("next", ""))
        address = f"{following.path}?{following.query}".removeprefix("/kreisgraph") if following.path else ""
    assert found == whole and len(whole) > 14


def test_a_long_answer_has_pages_that_show_every_row(client: Client, dataset: Dataset) -> None:
    fields = ",".join(f"F{number:02}" for number in range(1, 17))
    address = f"/fragen/county_on_field?county=12071,03357,03457,07334,12061&field={fields}"
    first = client.ask(address)
    total = len(dataset.select(linked_queries(first.text)[0]))
    shown, page = 0, 1
    while True:
        answer = client.ask(f"{address}&seite={page}" if page > 1 else address)
        assert answer.status_code == 200
        shown += answer.text.count('role="row"') - 1
        if 'rel="next"' not in answer.text:
            break
        page += 1
    assert page > 1 and shown == total and f"von {total}." in Structure(first.text).text
    assert client.ask(f"{address}&seite={page + 1}").status_code == 400


def test_an_answer_that_takes_too_long_says_what_to_change(site: Site, dataset: Dataset) -> None:
    class Slow(LocalEndpoint):
        async def table(self, request: QueryRequest, client: str = "") -> Table:
            raise QueryTimeout(seconds=10, bytes=0)

    slow = Client(create_app(site, questions.router(site, Slow(dataset)), api.router(site, Slow(dataset))))
    answer = slow.ask(ASKED, JSON)
    body = answer.json()
    assert answer.status_code == 503 and "Grenzen Sie die Frage ein" in body["details"]["de"]
    assert body["limit"]["name"] == "query_seconds" and "retry-after" not in answer.headers, "it would end the same way"
    assert slow.ask("/fragen/county_on_field?county=12071&field=F01").status_code == 503


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_file_is_whole_or_none(ending: str, site: Site, dataset: Dataset) -> None:
    narrow = LocalEndpoint(dataset, Limits(rows=3))
    client = Client(create_app(site, questions.router(site, narrow), api.router(site, narrow)))
    answer = client.ask(f"/api/v1/tasks_in_county?county=03457&format={ending}", JSON)
    assert answer.status_code == 413 and answer.headers["content-type"] == "application/problem+json"
    assert client.ask(f"/fragen/tasks_in_county.{ending}?county=03457").status_code == 413


@pytest.mark.parametrize("words", ['" } SERVICE <http://127.0.0.1:9/> { ?a ?b "', '\\" ) } #', "a'b\nc", "<x> ?y {"])
def test_free_text_is_bound_as_a_term(words: str, client: Client, endpoint: LocalEndpoint) -> None:
    answer = client.ask(f"/api/v1/wording?words={quote(words)}", JSON)
    assert answer.status_code == 200 and answer.json()["rows"] == []
    lines = endpoint.asked[-1].splitlines()
    written = next(line for line in lines if "VALUES ?words" in line)
    assert json.loads(written.partition("{ ")[2].removesuffix(" }")) == words.strip()


@pytest.mark.parametrize("value", ["https://w3id.org/kreisgraph/id/kreis/12071", "<http://127.0.0.1:9/>", "12071> } #"])
def test_no_iri_is_taken_for_a_value(value: str, client: Client, endpoint: LocalEndpoint) -> None:
    before = len(endpoint.asked)
    assert client.ask(f"/api/v1/not_said?county={quote(value)}", JSON).status_code == 400
    assert len(endpoint.asked) == before


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_description_is_valid_and_complete(language: str, client: Client, site: Site) -> None:
    answer = client.ask(f"/api/openapi.json?lang={language}", JSON)
    document = answer.json()
    OpenAPIV31SpecValidator(document).validate()
    assert document["openapi"] == "3.1.0" and answer.headers["access-control-allow-origin"] == "*"
    assert client.ask("/api/openapi.json", JSON, if_none_match=answer.headers["etag"]).status_code == (
        304 if language == "de" else 200
    )
    for one in forms(site):
        operation = document["paths"][f"/api/v1/{one.name}"]["get"]
        assert operation["summary"] == one.query.title[language]
        own = [parameter for parameter in operation["parameters"] if "$ref" not in parameter]
        assert [parameter["name"] for parameter in own] == [field.name for field in one.fields]
        for parameter, field in zip(own, one.fields, strict=True):
            schema = parameter["schema"].get("items", parameter["schema"])
            assert ("enum" in schema) == field.few
            assert schema.get("enum", []) == ([value.key for value in field.values] if field.few else [])


def test_an_answer_fits_its_description(client: Client, site: Site) -> None:
    from jsonschema import Draft202012Validator

    document = client.ask("/api/openapi.json", JSON).json()
    schema = {"$ref": "#/components/schemas/Answer", "components": document["components"]}
    validator = Draft202012Validator(schema)
    for name in NAMES:
        validator.validate(client.ask(f"/api/v1/{name}?{example(site, name)}", JSON).json())
    validator.validate(client.ask("/api/v1/wording?words=Quastenflosser", JSON).json())
    problem = {"$ref": "#/components/schemas/Problem", "components": document["components"]}
    Draft202012Validator(problem).validate(client.ask("/api/v1/not_said?county=x", JSON).json())


def test_the_lists_of_questions_and_values(client: Client) -> None:
    body = client.ask("/api/v1", JSON).json()
    assert [one["name"] for one in body["questions"]] == NAMES
    kinds = {field["kind"] for one in body["questions"] for field in one["fields"]} - {"text"}
    for kind in kinds:
        values = client.ask(f"/api/v1/values/{kind}", JSON).json()["values"]
        keys = [value["key"] for value in values]
        assert len(keys) == len(set(keys)) and all(value["label"] for value in values)
    assert len(client.ask("/api/v1/values/county", JSON).json()["values"]) == 400


def test_the_page_of_the_endpoint_shows_the_questions_filled_in(site: Site, endpoint: LocalEndpoint) -> None:
    from publisher.web import sparql

    links = Structure(Client(create_app(site, sparql.router(site, endpoint))).ask("/sparql").text).links
    shown = {parse_qs(urlsplit(link).query)["query"][0] for link in links if link.startswith("/sparql?query=")}
    assert {tried(site, one.name).text for one in forms(site)} <= shown
