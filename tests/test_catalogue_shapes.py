"""Every trap of a harvest is caught: faults put one at a time into a catalogue that is in order."""

import tomllib
from functools import cache
from pathlib import Path

import pytest
import rdflib

from publisher.core.settings import Settings
from publisher.graph.sources import Sources, find
from publisher.harvest import shacl, traps
from publisher.harvest.rehearse import checked
from publisher.release.reader import Release

ROOT = Path(__file__).parent.parent
DATA = ROOT / "tests" / "data" / "catalog"
FAULTS = tomllib.loads((DATA / "faults.toml").read_text(encoding="utf-8"))
PREFIX = "catalogue-"
pytestmark = pytest.mark.usefixtures("no_certificates")
SMALL = (DATA / "small.ttl").read_text(encoding="utf-8").replace("SUM", "ab" * 32)


@cache
def own() -> shacl.ShapeBook:
    """Our shapes, read once."""
    return shacl.own(find(ROOT).catalogue_shapes)


@cache
def found(text: str, engine: str = "pyrudof") -> frozenset[str]:
    """The rules that find something in the catalogue ``text``."""
    graph = rdflib.Graph().parse(data=text, format="turtle")
    results = [finding for trap in traps.TRAPS for finding in trap(graph)]
    results += shacl.check(graph, shacl.as_ntriples(graph), own(), engine)
    return frozenset(finding.rule.removeprefix(PREFIX) for finding in results)


def spoiled(fault: dict[str, str]) -> str:
    """The small catalogue with one fault."""
    if "from" in fault:
        assert fault["from"] in SMALL, "the fault replaces nothing"
        return SMALL.replace(fault["from"], fault["to"], 1) + fault.get("add", "")
    return SMALL + fault["add"]


def test_the_small_catalogue_is_in_order() -> None:
    assert found(SMALL) == set()


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_by_its_rules_and_no_other(name: str) -> None:
    assert found(spoiled(FAULTS[name])) == set(FAULTS[name]["fires"])


@pytest.mark.parametrize("name", FAULTS)
def test_both_engines_find_the_fault(name: str) -> None:
    text = spoiled(FAULTS[name])
    assert found(text, "pyshacl") == found(text, "pyrudof")


def test_every_rule_has_a_fault() -> None:
    named = {rule for fault in FAULTS.values() for rule in fault["fires"]}
    shapes = {iri.rpartition("/")[2].removeprefix(PREFIX) for iri, language in own().messages if language == "de"}
    assert shapes - named == set()
    assert len(FAULTS) >= 25


def test_our_own_catalogue_has_no_violation(release: Release, sources: Sources, settings: Settings) -> None:
    graph = rdflib.Graph().parse(release.folder / "catalog" / "catalog.ttl", format="turtle")
    results = checked(graph, None, sources, settings)
    assert {result.rule for result in results} == {"catalogue-dataset-contact-given"}, "only the operator's contact"
