"""Several versions of one concept as data: they validate, one of them counts, and no number doubles.

A new case of which version counts is a new file in tests/data/versions/compared; its head names the versions.
"""

import re
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import NamedNode
from versions_input import COUNTY, INVENTED

from publisher.core.settings import Settings
from publisher.core.terms import COUNTY as COUNTY_IRI
from publisher.core.terms import NS
from publisher.graph.queries import Queries
from publisher.graph.sources import Sources, find, read_graph
from publisher.graph.store import Dataset
from publisher.quality.check import Validation
from publisher.quality.coverage import coverage
from publisher.release.reader import Release
from publisher.release.versions import QUERY
from publisher.views.county import county
from publisher.views.site import Site

pytest_plugins = ["versions_fixtures"]
CASES = sorted((Path(__file__).parent / "data" / "versions" / "compared").glob("*.ttl"))
_COUNTS = re.compile(r"^# counts:(.*)$", re.MULTILINE)
SPREE_NEISSE = COUNTY_IRI + "12071"


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_version_that_counts(path: Path) -> None:
    dataset = Dataset.of(read_graph([path], "urn:case"))
    rows = Queries(find(None).queries).select(dataset, QUERY)
    counted = _COUNTS.search(path.read_text(encoding="utf-8"))
    assert counted
    assert [row["version"].value.rpartition("/")[2] for row in rows] == counted[1].split()


def test_three_versions_with_three_documents_are_valid(revised_sources: Sources, revised_settings: Settings) -> None:
    validation = Validation(revised_sources, revised_settings)
    county = next(county for county in validation.counties if county.ags == "12071")
    assert validation.check_county(county).result.findings == []


def test_every_line_of_each_document_is_covered(revised_sources: Sources) -> None:
    county = next(county for county in revised_sources.counties() if county.ags == "12071")
    dataset = Dataset.of(read_graph(county.files, county.graph))
    found = coverage(dataset, Queries(revised_sources.queries), county)
    assert [part.name for part in found] == ["source-1.txt", "source-2.txt", "source-3.txt"]
    assert all(part.lines and not any(line.rest and not line.reason for line in part.lines) for part in found)


def test_a_wrong_quotation_names_the_document_of_its_version(
    copied: Sources, settings: Settings, revised_sources: Sources
) -> None:
    for path in INVENTED.iterdir():
        (copied.root / COUNTY / path.name).write_bytes(path.read_bytes())
    elements = copied.root / COUNTY / "elements-2.ttl"
    elements.write_text(
        elements.read_text(encoding="utf-8").replace("Orte der Begegnung", "Ort der Begegnung"), "utf-8"
    )
    validation = Validation(copied, settings)
    county = next(county for county in validation.counties if county.ags == "12071")
    wrong = [f for f in validation.check_county(county).result.findings if f.severity == "violation"]
    assert wrong and all("source-2.txt" in finding.de and "Orte der Begegnung" in finding.de for finding in wrong)


def test_the_release_holds_all_three_documents(revised_release: Release) -> None:
    held = {file.path for file in revised_release.manifest.files}
    assert {f"sources/12071/source-{number}.txt" for number in (1, 2, 3)} <= held
    assert "Erfundener Testtext" in revised_release.document("12071", "source-2.txt")


def test_cells_hold_only_texts_of_the_version_that_counts(revised_site: Site) -> None:
    site = revised_site
    assert site.value(SPREE_NEISSE, "comparedVersion") == SPREE_NEISSE + "/2"
    versioned = {
        text
        for quad in site.dataset.store.quads_for_pattern(None, NamedNode(NS + "county"), NamedNode(SPREE_NEISSE))
        for name in ("contains", "containsThroughField")
        for text in (term.value for term in site.dataset.objects(quad.subject.value, NS + name))  # type: ignore[union-attr]
        if site.value(text, "version")
    }
    assert versioned and {site.value(text, "version") for text in versioned} == {SPREE_NEISSE + "/2"}


def test_totals_and_lists_count_one_version(revised_site: Site, release: Release, sources: Sources) -> None:
    def totals(site: Site) -> Counter[str]:
        return Counter({row["kind"].value: int(row["total"].value) for row in site.select("pages/totals")})

    before = totals(Site.of(release, sources, revised_site.settings))
    after = totals(revised_site)
    # Instead of the 17 goals of version 1 the 18 of version 2; the draft adds nothing.
    assert after[NS + "Goal"] - before[NS + "Goal"] == 18 - 17
    assert after[NS + "IntegrationConcept"] == before[NS + "IntegrationConcept"]
    shown = county(revised_site, SPREE_NEISSE, "de")
    assert [document.iri for document in shown.entry.documents] == [SPREE_NEISSE + "/2"]
    assert len(shown.fields) == 9 and all("/12071/2/" in field.item.iri for field in shown.fields)


def test_germersheims_planned_version_counts_as_the_only_one_held(release: Release) -> None:
    values = release.dataset.objects(COUNTY_IRI + "07334", NS + "comparedVersion")
    assert [term.value for term in values] == [COUNTY_IRI + "07334/2"]  # type: ignore[union-attr]
