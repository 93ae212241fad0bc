"""The commands of the README do what it says, against the running site and the checkout."""

import asyncio
import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters
from pyoxigraph import RdfFormat, parse

from publisher.cli.main import parser
from publisher.core.settings import Settings
from publisher.release.reader import Release

pytest_plugins = ["browser_fixtures"]

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SITE = "http://127.0.0.1:8000"
_BLOCK = re.compile(r"^ *```sh\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
CURLS = [block.strip() for block in _BLOCK.findall(README) if block.strip().startswith("curl")]
TOOLS = re.findall(r"^ *\.venv/bin/(kreisgraph mcp[^#\n]*)", README, re.MULTILINE)
OTHERS = re.findall(r"^\.venv/bin/(kreisgraph (?:build|diff|harvest-check|export)[^#\n]*)", README, re.MULTILINE)
VALIDATE = re.findall(r"^\.venv/bin/(kreisgraph validate[^#\n]*)", README, re.MULTILINE)


def _curl(number: int, address: str, folder: Path) -> str:
    command = CURLS[number].replace(SITE, address)
    done = subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


def test_a_goal_as_turtle_has_its_quotation(running_site: str, tmp_path: Path) -> None:
    triples = list(parse(_curl(0, running_site, tmp_path), format=RdfFormat.TURTLE))
    assert any(triple.predicate.value.endswith("oa#exact") for triple in triples)


def test_volunteers_in_all_five_counties(running_site: str, tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(_curl(1, running_site, tmp_path))))
    assert len({row["countyName"] for row in rows}) == 5


def test_a_query_of_ones_own(running_site: str, tmp_path: Path) -> None:
    assert _curl(2, running_site, tmp_path).count('"goal":{') == 5


def test_the_whole_graph_as_one_file(running_site: str, tmp_path: Path) -> None:
    _curl(3, running_site, tmp_path)
    assert (tmp_path / "kreisgraph.nq").stat().st_size > 1_000_000


def test_a_question_with_fields(running_site: str, tmp_path: Path) -> None:
    answer = json.loads(_curl(4, running_site, tmp_path))
    assert answer["complete"] and len(answer["rows"]) > 5
    assert all(row["quotation"] and row["document"]["iri"] for row in answer["rows"])


def test_agents_list_the_tools_of_the_command(settings: Settings) -> None:
    (command,) = TOOLS
    environment = {
        "KREISGRAPH_INPUT": str(ROOT),
        "KREISGRAPH_RELEASES": str(settings.releases),
        "PATH": "/usr/bin:/bin",
    }
    environment |= {"PYTHONPATH": str(ROOT)}
    asked = StdioServerParameters(
        command=sys.executable, args=["-m", "publisher", *command.split()[1:]], env=environment
    )

    async def listed() -> list[str]:
        async with Client(asked) as client:
            return [tool.name for tool in (await client.list_tools()).tools]

    assert {"county_on_field", "search", "passage"} <= set(asyncio.run(listed()))


def test_the_comparison_opens(running_site: str) -> None:
    (address,) = re.findall(rf"<{SITE}(/vergleich[^>]*)>", README)
    page = requests.get(running_site + address, timeout=60)
    assert page.status_code == 200
    assert "Dahme-Spreewald" in page.text


@pytest.mark.parametrize("command", VALIDATE, ids=str.strip)
def test_validate_is_clean(command: str, cache: Path) -> None:
    environment = {"KREISGRAPH_CACHE": str(cache), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [sys.executable, "-m", "publisher", *command.split()[1:]],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout


def test_a_release_differs_from_itself_in_nothing(release: Release, settings: Settings) -> None:
    assert release.manifest.version
    command = next(one for one in OTHERS if one.startswith("kreisgraph diff")).split()[1:]
    environment = {"KREISGRAPH_RELEASES": str(settings.releases), "PATH": "/usr/bin:/bin"}
    done = subprocess.run([sys.executable, "-m", "publisher", *command], cwd=ROOT, env=environment, capture_output=True)
    assert (done.returncode, b"nichts" in done.stdout) == (0, True), done.stdout


@pytest.mark.parametrize("command", OTHERS, ids=str.strip)
def test_each_command_is_understood(command: str) -> None:
    """The long ones are run in the tests of their parts."""
    assert parser().parse_args(command.split()[1:]).run


def test_all_commands_of_the_readme_are_covered_here() -> None:
    assert len(OTHERS) == 4
    assert len(CURLS) == 5
    assert len(TOOLS) == 1
    assert len(VALIDATE) == 3
