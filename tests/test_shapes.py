"""Every shape has data that passes and data that fails; both engines agree on all of them and on the counties."""

import re
from functools import cache
from pathlib import Path

import pytest

from publisher.core.terms import RDF, SH, SHAPE
from publisher.graph.sources import find, read_graph, read_turtle
from publisher.quality import engines, vocabulary
from publisher.quality.check import Common, read_common
from publisher.quality.engines import ShaclResult
from publisher.quality.shapes import ntriples

ROOT = Path(__file__).parent.parent
CASES = sorted((ROOT / "tests" / "data" / "shapes").glob("*/*.ttl"))
_FIRES = re.compile(r"^# fires:\s*(\S+)", re.MULTILINE)


@cache
def common() -> Common:
    """The common graphs, read once."""
    return read_common(find(ROOT))


@cache
def results(path: Path, engine: str) -> tuple[ShaclResult, ...]:
    """What ``engine`` finds in the case ``path``, on nodes the case describes."""
    quads = list(read_turtle(path, "urn:case"))
    data = ntriples([*common().context(quads), *quads])
    own = vocabulary.subjects(quads)
    return tuple(r for r in engines.run(engine, data, common().book.ntriples) if r.focus in own)


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_case_fires_exactly_what_its_head_says(path: Path) -> None:
    expected = set(_FIRES.findall(path.read_text(encoding="utf-8")))
    found = results(path, "pyrudof")
    fired = {r.shape.removeprefix(SHAPE) for r in found}
    infos = {r.shape.removeprefix(SHAPE) for r in found if r.severity == "Info"}
    assert fired - (infos - expected) == expected
    assert (path.stem == "fail") == bool(expected)


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_engines_agree_on_case(path: Path) -> None:
    assert results(path, "pyrudof") == results(path, "pyshacl")


@pytest.mark.parametrize("county", find(ROOT).counties(), ids=lambda county: county.ags)
def test_engines_agree_on_county(county) -> None:  # type: ignore[no-untyped-def]
    quads = read_graph(county.files, county.graph)
    data = ntriples([*common().context(quads), *quads])
    shapes = common().book.ntriples
    assert engines.run("pyrudof", data, shapes) == engines.run("pyshacl", data, shapes)


def test_every_shape_has_a_passing_and_a_failing_case() -> None:
    constraining = {
        quad.subject.value.removeprefix(SHAPE)
        for quad in common().shapes
        if quad.predicate.value == RDF + "type" and quad.object.value in (SH + "PropertyShape", SH + "NodeShape")
    }
    messages = {shape.removeprefix(SHAPE) for shape, _ in common().book.messages}
    folders = {path.parent.name for path in CASES}
    assert messages <= constraining
    assert messages - folders == set(), "shapes without a case"
    assert folders - messages == set(), "cases without a shape"
    for folder in folders:
        names = {path.name for path in CASES if path.parent.name == folder}
        assert {"pass.ttl", "fail.ttl"} <= names, folder


def test_every_shape_speaks_both_languages() -> None:
    languages: dict[str, set[str]] = {}
    for shape, language in common().book.messages:
        languages.setdefault(shape, set()).add(language)
    assert {shape: found for shape, found in languages.items() if found != {"de", "en"}} == {}
