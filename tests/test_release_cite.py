"""How to cite a release: BibTeX, CSL-JSON, CITATION.cff, whatever the names in it are."""

import json
import re
from dataclasses import replace

import pytest
from releases_input import CHANGES, GOES
from releases_story import Story

from publisher.core.settings import load
from publisher.release.citation.citing import Cited, read_facts, without_catalogue

pytest_plugins = ["releases_fixtures"]

BASE = "https://w3id.org/kreisgraph/release/"
PLAIN = Cited(
    "12071",
    "Titel",
    ("Landkreis A",),
    "Amt",
    "2026-11-23-abc",
    "2026-11-23",
    "https://e.org/r",
    "http://dcat-ap.de/def/licenses/cc-by/4.0",
)


def test_a_release_and_each_of_its_data_sets_can_be_cited(story: Story) -> None:
    found = read_facts(story.new)
    whole, county = found["gesamt"], found[CHANGES]
    assert (whole.version, whole.date) == (story.second, "2026-12-01")
    assert whole.address == BASE + story.second
    assert whole.authors == (whole.publisher,) == ("Kreisgraph",)
    assert county.address == f"{BASE}{story.second}/datensatz/{CHANGES}"
    assert county.authors == ("Landkreis Dahme-Spreewald",), "the county wrote the concept"
    assert county.publisher == "Kreisgraph"
    assert GOES not in found
    assert (story.new / "citation/CITATION.cff").read_text(encoding="utf-8") == whole.cff


def test_csl_json_has_what_reference_managers_read() -> None:
    (item,) = json.loads(PLAIN.csl)
    assert item["type"] == "dataset"
    assert item["author"] == [{"literal": "Landkreis A"}]
    assert item["issued"] == {"date-parts": [[2026, 11, 23]]}
    assert (item["version"], item["URL"], item["publisher"]) == ("2026-11-23-abc", "https://e.org/r", "Amt")


@pytest.mark.parametrize("title", ["Titel", "100 % & {Klammern} \\ #1_$ ~^", 'mit "Anführung"', "Zeile: eins - [zwei]"])
def test_names_of_any_kind_are_kept(title: str) -> None:
    cited = replace(PLAIN, title=title, authors=(title, "B"))
    assert json.loads(cited.csl)[0]["title"] == title
    # Braces that are not escaped are in balance, so that the entry ends where it should.
    bare = re.sub(r"\\[{}]|\\textbackslash\{\}|\\textasciitilde\{\}|\\textasciicircum\{\}", "", cited.bibtex)
    assert bare.count("{") == bare.count("}")
    assert cited.bibtex.startswith("@misc{kreisgraph-2026-11-23-abc-12071,\n")
    facts = dict(line.split(": ", 1) for line in cited.cff.splitlines() if ": " in line and not line.startswith(" "))
    assert json.loads(facts["title"]) == title
    assert [json.loads(line.split(": ", 1)[1]) for line in cited.cff.splitlines() if line.startswith("  - name: ")] == [
        title,
        "B",
    ]


def test_the_citation_file_has_what_its_format_asks() -> None:
    lines = dict(line.split(": ", 1) for line in PLAIN.cff.splitlines() if ": " in line and not line.startswith(" "))
    assert json.loads(lines["cff-version"]) == "1.2.0"
    assert {"message", "title"} <= set(lines) and "authors:" in PLAIN.cff
    assert json.loads(lines["type"]) == "dataset"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", lines["date-released"])
    assert json.loads(lines["license"]) == "CC-BY-4.0"
    other = replace(PLAIN, license="http://dcat-ap.de/def/licenses/dl-by-de/2.0").cff
    assert 'license-url: "http://dcat-ap.de/def/licenses/dl-by-de/2.0"' in other and "\nlicense:" not in other


def test_a_release_of_an_earlier_program_is_cited_by_what_is_known(story: Story) -> None:
    manifest = replace(next(iter(_manifests(story))), datasets=[])
    cited = without_catalogue(manifest, "2020-01-01-0123456789", load(operator="Stadt X"))
    assert cited.authors == ("Stadt X",)
    assert cited.address == f"{BASE}2020-01-01-0123456789"


def _manifests(story: Story):  # type: ignore[no-untyped-def]
    from publisher.release.history.archive import archive

    return (past.manifest() for past in archive(story.settings.releases))
