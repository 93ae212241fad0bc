"""Every shape has data that passes and data that fails; all engines agree on all of them and on the counties."""

import re
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from publisher.core.terms import SH, SHAPE
from publisher.graph.sources import find, read_graph, read_turtle
from publisher.quality import engines, vocabulary
from publisher.quality.check import Common, read_common
from publisher.quality.engines import ShaclResult
from publisher.quality.shapes import ntriples

ROOT = Path(__file__).parent.parent
CASES = sorted((ROOT / "tests" / "data" / "shapes").glob("*/*.ttl"))
_FIRES = re.compile(r"^# fires:\s*(\S+)", re.MULTILINE)


pytestmark = pytest.mark.usefixtures("no_certificates")


@cache
def common() -> Common:
    """The common graphs, read once."""
    return read_common(find(ROOT))


@cache
def runner(engine: str) -> engines.Runner:
    """The engine with our shapes, which are read once."""
    return engines.runner(engine, common().book.ntriples)


@cache
def results(path: Path, engine: str) -> tuple[ShaclResult, ...]:
    """What ``engine`` finds in the case ``path``, on nodes the case describes."""
    quads = list(read_turtle(path, "urn:case"))
    own = vocabulary.subjects(quads)
    data = ntriples(quads) + common().context(q for q in quads if str(q.object)[1:-1] not in own)
    return tuple(r for r in runner(engine)(data) if r.focus in own)


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_case_fires_exactly_what_its_head_says(path: Path) -> None:
    expected = set(_FIRES.findall(path.read_text(encoding="utf-8")))
    found = results(path, "compiled")
    fired = {r.shape.removeprefix(SHAPE) for r in found}
    infos = {r.shape.removeprefix(SHAPE) for r in found if r.severity == "Info"}
    assert fired - (infos - expected) == expected
    assert (path.stem == "fail") == bool(expected)


@pytest.mark.parametrize("path", [p for p in CASES if p.stem == "fail"], ids=lambda path: path.parent.name)
def test_engines_agree_on_failing_case(path: Path) -> None:
    expected = results(path, "pyshacl")
    assert results(path, "compiled") == expected
    assert results(path, "pyrudof") == expected


@pytest.mark.parametrize("county", find(ROOT).counties(), ids=lambda county: county.ags)
def test_engines_agree_on_county(county) -> None:  # type: ignore[no-untyped-def]
    quads = read_graph(county.files, county.graph)
    data = ntriples(quads) + common().context(quads)
    expected = runner("pyshacl")(data)
    assert runner("compiled")(data) == expected
    assert runner("pyrudof")(data) == expected


def test_engines_agree_on_the_common_graphs() -> None:
    data = ntriples(common().quads)
    assert runner("compiled")(data) == runner("pyrudof")(data) == runner("pyshacl")(data) == []


def test_every_shape_that_can_fire_has_a_passing_and_a_failing_case() -> None:
    fired = {r.shape.removeprefix(SHAPE) for path in CASES for r in results(path, "compiled")}
    folders = {path.parent.name for path in CASES}
    assert fired - folders == set(), "shapes that fire without a case of their own"
    assert folders - fired == set(), "cases whose shape never fires"
    assert constraining() - folders == set(), "shapes without a case"
    for folder in folders:
        assert {path.name for path in CASES if path.parent.name == folder} == {"pass.ttl", "fail.ttl"}, folder


def constraining() -> set[str]:
    """The shapes reached from a target that state a constraint of their own (not only further shapes)."""
    reached = {q.object.value for q in common().shapes if q.predicate.value == SH + "property"}
    reached |= {q.subject.value for q in common().shapes if q.predicate.value == SH + "sparql"}
    helpers = {path_shape for path_shape in reached if path_shape in _helpers()}
    return {shape.removeprefix(SHAPE) for shape in reached - helpers}


@cache
def _helpers() -> frozenset[str]:
    """The partial checks of helpers.ttl, which other shapes call and no report names."""
    quads = read_turtle(ROOT / "shapes" / "helpers.ttl", "urn:helpers")
    return frozenset(quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode))


def test_every_shape_speaks_both_languages() -> None:
    languages: dict[str, set[str]] = {}
    for shape, language in common().book.messages:
        languages.setdefault(shape, set()).add(language)
    assert {shape: found for shape, found in languages.items() if found != {"de", "en"}} == {}
