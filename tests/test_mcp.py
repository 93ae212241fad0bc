"""Agents: a client of the protocol lists the tools and calls each, over pipes and over HTTP, on the five counties."""

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from jsonschema import Draft202012Validator
from local_endpoint import LocalEndpoint, tried
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters
from pyoxigraph import Literal, NamedNode

from publisher.core.refusals import EndpointBusy
from publisher.core.settings import Settings
from publisher.core.terms import OA
from publisher.endpoint.client import Table
from publisher.endpoint.request import QueryRequest
from publisher.graph.sources import find
from publisher.mcp.server import server
from publisher.mcp.tools import PASSAGE, SEARCH
from publisher.release.reader import Release
from publisher.views.form import forms
from publisher.views.site import Site
from publisher.views.values import Value

pytest_plugins = ["browser_fixtures"]

ROOT = Path(__file__).parent.parent
NAMES = [*sorted(path.stem for path in (find(None).queries / "forms").glob("*.rq")), SEARCH, PASSAGE]
GOAL = "kreis/12071/1/ziel-05"
OUTSIDE = {
    "county that there is not": ("county_on_field", {"county": ["Atlantis"], "field": ["F01"]}, "not_a_value"),
    "county without a document": ("county_on_field", {"county": ["01001"], "field": ["F01"]}, "not_recorded"),
    "source that is an excerpt": ("county_on_field", {"county": ["07334"], "field": ["F11"]}, "excerpt"),
    "source that is a page on services": ("county_on_field", {"county": ["03457"], "field": ["F05"]}, "service_page"),
    "source that is silent": ("county_on_field", {"county": ["12061"], "field": ["F03"]}, "silent"),
    "nobody": ("wording", {"words": "Quastenflosser"}, "nothing"),
    "neighbours without a document": ("neighbours_on_field", {"county": "01001", "field": ["F01"]}, "not_recorded"),
    "no value": ("not_said", {}, "not_a_value"),
    "parameter that there is not": ("not_said", {"county": ["12071"], "kreis": "x"}, "not_a_value"),
    "number that is none": ("not_said", {"county": ["12071"], "limit": "many"}, "not_a_value"),
    "search: nobody": (SEARCH, {"words": "Quastenflosser"}, "nothing"),
    "search: only names of districts": (SEARCH, {"words": "Flensburg"}, "nothing"),
    "search: county without a document": (SEARCH, {"words": "Sprache", "county": "Kiel"}, "not_recorded"),
    "search: county that there is not": (SEARCH, {"words": "Sprache", "county": "Atlantis"}, "not_a_value"),
    "search: silent": (SEARCH, {"words": "Quastenflosser", "county": "12061"}, "silent"),
    "entry that there is not": (PASSAGE, {"entry": "kreis/12071/1/ziel-99"}, "no_entry"),
    "entry that is no IRI": (PASSAGE, {"entry": "a b <c>"}, "no_entry"),
    "entry that nobody states": (PASSAGE, {"entry": "feld/F01"}, "no_quotation"),
}


@pytest.fixture(scope="module")
def piped(release: Release, settings: Settings) -> StdioServerParameters:
    """The command, to be started by a client."""
    assert release.manifest.version
    environment = {
        "KREISGRAPH_INPUT": str(ROOT),
        "KREISGRAPH_RELEASES": str(settings.releases),
        "PYTHONPATH": str(ROOT),
        "PATH": os.environ["PATH"],
    }
    return StdioServerParameters(command=sys.executable, args=["-m", "publisher", "mcp"], env=environment)


@pytest.fixture(scope="module", params=["pipes", "http"])
def ask(request: pytest.FixtureRequest) -> Callable[[Callable[[Client], Awaitable[Any]]], Any]:
    """Runs what is asked of a connected client."""
    target: Any = request.getfixturevalue("piped")
    if request.param == "http":
        target = request.getfixturevalue("running_site") + "/mcp"

    async def connected(work: Callable[[Client], Awaitable[Any]]) -> Any:
        async with Client(target) as client:
            return await work(client)

    return lambda work: asyncio.run(connected(work))


def arguments(site: Site, name: str) -> dict[str, Any]:
    """What a tool is called with: the example of its question."""
    if name == PASSAGE:
        return {"entry": GOAL}
    if name == SEARCH:
        return {"words": "Beratung Betreuung"}
    asked = tried(site, name)
    values = {key: [v.key if isinstance(v, Value) else v for v in chosen] for key, chosen in asked.chosen.items()}
    several = {field.name for field in asked.form.fields if field.parameter.several}
    return {key: found if key in several else found[0] for key, found in values.items()}


def test_a_client_lists_the_tools_and_calls_each(ask: Any, site: Site) -> None:
    async def work(client: Client) -> tuple[Any, dict[str, Any]]:
        listed = (await client.list_tools()).tools
        return listed, {tool.name: await client.call_tool(tool.name, arguments(site, tool.name)) for tool in listed}

    listed, results = ask(work)
    assert [tool.name for tool in listed] == NAMES
    for tool in listed:
        Draft202012Validator.check_schema(tool.input_schema)
        Draft202012Validator(tool.input_schema).validate(arguments(site, tool.name))
        assert tool.title and tool.description and tool.annotations and tool.annotations.read_only_hint
        result = results[tool.name]
        assert not result.is_error
        assert json.loads(result.content[0].text) == result.structured_content
        check(site, tool.name, result.structured_content)


def check(site: Site, name: str, answer: dict[str, Any]) -> None:
    """Every fact has an IRI that the release knows, a passage that stands in its document, and the release."""
    assert answer["release"]["version"] == site.release.manifest.version
    rows = [answer["entry"]] if name == PASSAGE else answer["rows"]
    assert rows
    for row in rows:
        things = [value["iri"] for value in (*row.values(), row) if isinstance(value, dict) and "iri" in value]
        own = [iri for iri in things if iri.startswith(site.base)]
        assert own and all(site.known(iri) for iri in own)
        if name != "not_said":
            for passage in row.get("quotations", [row]):
                assert passage["document"]["label"] and isinstance(passage["line"], int)
                assert stands(site, passage["quotation"], passage["document"]["iri"])


def stands(site: Site, quotation: str, document: str) -> bool:
    """Whether ``quotation`` is one of ``document``."""
    quads = site.dataset.store.quads_for_pattern(None, NamedNode(OA + "exact"), Literal(quotation, language="de"))
    selectors = {quad.subject for quad in quads}
    evidence = site.dataset.store.quads_for_pattern(None, NamedNode(OA + "hasSource"), NamedNode(document))
    return any(
        quad.object in selectors
        for found in evidence
        for quad in site.dataset.store.quads_for_pattern(found.subject, NamedNode(OA + "hasSelector"), None)
    )


def test_a_question_outside_the_data_is_answered_with_the_reason(ask: Any) -> None:
    async def work(client: Client) -> dict[str, Any]:
        return {case: await client.call_tool(tool, given) for case, (tool, given, _) in OUTSIDE.items()}

    for case, result in ask(work).items():
        answer = result.structured_content
        assert not result.is_error and answer["release"]["version"], case
        assert answer.get("rows") == [] or answer.get("entry") is None or not answer["entry"]["quotations"], case
        (silence,) = answer["silences"]
        assert silence["reason"] == OUTSIDE[case][2], case
        assert silence["text"].strip(), case
        if silence["reason"] in ("not_a_value", "not_recorded", "no_entry", "nothing"):
            assert "Landkreis Leer" in silence["text"], f"{case}: which counties are recorded"


def test_agents_read_what_is_recorded_and_which_values_there_are(ask: Any, site: Site) -> None:
    async def work(client: Client) -> dict[str, str]:
        resources = (await client.list_resources()).resources
        return {one.uri: (await client.read_resource(one.uri)).contents[0].text for one in resources}  # type: ignore[union-attr]

    read = ask(work)
    assert len(json.loads(read["kreisgraph://about"])["recorded"]) == 5
    assert "ic:Goal" in read["kreisgraph://vocabulary"]
    assert len(json.loads(read["kreisgraph://values/county"])["values"]) == 400
    fields = {field.parameter.kind.replace(":", "/") for form in forms(site) for field in form.fields if field.values}
    assert {f"kreisgraph://values/{kind}" for kind in fields} < set(read)


def test_rows_come_in_portions(ask: Any) -> None:
    async def work(client: Client) -> list[Any]:
        given = {"county": ["Leer"]}
        found = [await client.call_tool("tasks_in_county", given)]
        for offset in (0, 8, 16):
            found.append(await client.call_tool("tasks_in_county", given | {"limit": 8, "offset": offset}))
        return [result.structured_content for result in found]

    whole, *portions = ask(work)
    assert whole["complete"] and [row for portion in portions for row in portion["rows"]] == whole["rows"]
    assert not any(portion["complete"] for portion in portions)


def test_names_are_in_the_language_that_is_asked_for(ask: Any) -> None:
    async def work(client: Client) -> list[str]:
        found = [await client.call_tool(PASSAGE, {"entry": GOAL, "lang": lang}) for lang in ("de", "en")]
        return [result.structured_content["entry"]["kind"]["label"] for result in found]

    assert ask(work) == ["Ziel", "goal"]


def test_no_tool_calls_an_address(ask: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.5)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/x"

        async def work(client: Client) -> list[Any]:
            words = f'" }} SERVICE <{address}> {{ ?a ?b "'
            return [
                await client.call_tool(PASSAGE, {"entry": address}),
                await client.call_tool(SEARCH, {"words": words}),
                await client.call_tool("wording", {"words": words}),
                await client.call_tool("not_said", {"county": [address, f"<{address}>"]}),
            ]

        results = ask(work)
        with pytest.raises(TimeoutError):
            listener.accept()
    assert [bool(result.structured_content.get("rows")) for result in results] == [False] * 4


def test_the_command_ends_when_the_agent_hangs_up(piped: StdioServerParameters) -> None:
    command = [piped.command, *piped.args]
    done = subprocess.run(command, env=piped.env, input=b"", capture_output=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, b""), "nothing but the protocol on standard output"


def test_without_a_release_the_command_says_what_to_do(tmp_path: Path, piped: StdioServerParameters) -> None:
    environment = dict(piped.env or {}) | {"KREISGRAPH_RELEASES": str(tmp_path)}
    done = subprocess.run([piped.command, *piped.args], env=environment, input=b"", capture_output=True, timeout=60)
    assert done.returncode == 2 and b"kreisgraph build" in done.stderr and not done.stdout


def test_a_busy_endpoint_is_an_error_that_says_so(site: Site) -> None:
    class Busy(LocalEndpoint):
        async def table(self, request: QueryRequest, client: str = "") -> Table:
            raise EndpointBusy(seconds=5)

    async def work() -> Any:
        async with Client(server(site, Busy(site.dataset), "en")) as client:
            return await client.call_tool("not_said", {"county": ["12071"]})

    result = asyncio.run(work())
    assert result.is_error and "5 seconds" in result.content[0].text


@pytest.mark.parametrize(
    ("method", "body", "status"),
    [("GET", b"", 405), ("DELETE", b"", 405), ("POST", b"x" * 70_000, 413), ("POST", b"{", 400)],
)
def test_the_address_for_agents_takes_what_it_must(method: str, body: bytes, status: int, running_site: str) -> None:
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    answer = requests.request(method, f"{running_site}/mcp", data=body, headers=headers, timeout=30)
    assert answer.status_code == status


def test_a_page_of_another_site_may_be_an_agent(running_site: str) -> None:
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    answer = requests.options(f"{running_site}/mcp", headers=asked, timeout=30)
    assert "Mcp-Protocol-Version" in answer.headers["access-control-allow-headers"]
