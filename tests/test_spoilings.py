"""Ten ways to spoil real data; each must be refused with a message that names file, element and remedy."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from publisher.core.settings import load
from publisher.graph.sources import Sources
from publisher.quality.check import Part, Validation, choose
from publisher.quality.findings import Finding

SPN = "12071-spree-neisse"


@dataclass(frozen=True)
class Spoiling:
    """Replace ``old`` by ``new`` in ``file``; then ``rule`` fires on ``node`` and its message says ``says``."""

    name: str
    file: str
    old: str
    new: str
    rule: str
    node: str
    says: str


SPOILINGS = [
    Spoiling(
        "a wrong letter in a quotation",
        f"data/counties/{SPN}/elements.ttl",
        "Gewinnung und Öffnung von Unternehmen",
        "Gewinnung und Öffnung von Unternehmern",
        "quotation-not-in-source",
        "ziel-04",
        "Zeile 60) lautet „Gewinnung und Öffnung von Unternehmen“",
    ),
    Spoiling(
        "a goal in two versions",
        f"data/counties/{SPN}/elements.ttl",
        "v:ziel-01 a ic:Goal ;",
        "v:ziel-01 a ic:Goal ; ic:version <https://w3id.org/kreisgraph/id/kreis/12071> ;",
        "version",
        "ziel-01",
        "",
    ),
    Spoiling(
        "an unknown field concept",
        f"data/counties/{SPN}/elements.ttl",
        "feld:F11.1",
        "feld:F11.9",
        "unknown-term",
        "F11.9",
        "Gemeint ist vielleicht feld:F11",
    ),
    Spoiling(
        "a decision without outcome",
        f"data/counties/{SPN}/concept.ttl",
        "ic:outcome",
        "ic:note",
        "outcome",
        "beschluss-01",
        "",
    ),
    Spoiling(
        "an invented name for a lost field",
        f"data/counties/{SPN}/elements.ttl",
        "v:feld-01 a ic:FieldOfAction ;",
        'v:feld-01 a ic:FieldOfAction ; ic:text "Bildung und Sprache"@de ;',
        "name",
        "feld-01",
        "",
    ),
    Spoiling(
        "a month turned into a day",
        f"data/counties/{SPN}/concept.ttl",
        '"2018-04"^^xsd:gYearMonth',
        '"2018-04-15"^^xsd:date',
        "decision-date-quoted",
        "beschluss-01",
        "nicht so genau",
    ),
    Spoiling(
        "a neighbour only one way",
        "data/districts.ttl",
        "kreis:14625, ",
        "",
        "neighbour",
        "14625",
        "",
    ),
    Spoiling(
        "a hash that does not fit",
        f"data/counties/{SPN}/concept.ttl",
        'ic:sha256 "8c546afe',
        'ic:sha256 "00000000',
        "document-hash",
        "quelle",
        "Stellen Sie das Original wieder her",
    ),
    Spoiling(
        "broken Turtle",
        f"data/counties/{SPN}/elements.ttl",
        "v:ziel-01 a ic:Goal ;",
        "v:ziel-01 a ic:Goal ic:Goal ;",
        "unusable-file",
        "graph/12071",
        "Das ist kein gültiges Turtle",
    ),
]


def _spoil(sources: Sources, spoiling: Spoiling) -> Path:
    path = sources.root / spoiling.file
    text = path.read_text(encoding="utf-8")
    assert spoiling.old in text, f"{spoiling.file} no longer contains {spoiling.old!r}"
    path.write_text(text.replace(spoiling.old, spoiling.new), encoding="utf-8")
    return path


def _check(sources: Sources, cache: Path, common: bool) -> list[Part]:
    settings = load(cache=cache)
    validation = Validation(sources, settings)
    return [validation.check_common()] if common else validation.check_counties(choose(sources, [SPN, "03457"]))


def _violations(part: Part) -> list[Finding]:
    return [finding for finding in part.result.findings if finding.severity == "violation"]


@pytest.mark.parametrize("spoiling", SPOILINGS, ids=lambda spoiling: spoiling.name)
def test_spoiled_data_is_refused_with_place_and_remedy(copied: Sources, cache: Path, spoiling: Spoiling) -> None:
    _spoil(copied, spoiling)
    parts = _check(copied, cache, common=spoiling.file == "data/districts.ttl")
    found = [f for f in _violations(parts[0]) if spoiling.rule in f.rule.lower() and spoiling.node in f.node]
    assert found, [(f.rule, f.node) for f in _violations(parts[0])]
    assert all(f.file and f.line for f in found), found
    assert all(f.file in (spoiling.file, f"data/counties/{SPN}/concept.ttl", "data/districts.ttl") for f in found)
    assert any(spoiling.says in f.de for f in found), [f.de for f in found]
    assert all(len(f.de) > 40 and len(f.en) > 40 for f in found)
    assert all(part.result.valid for part in parts[1:]), "the other county is still checked and valid"


def test_a_latin_1_file_is_refused_with_its_line(copied: Sources, cache: Path) -> None:
    path = copied.root / f"data/counties/{SPN}/actors.ttl"
    text = path.read_text(encoding="utf-8")
    path.write_bytes(text.encode("latin-1", errors="replace"))
    parts = _check(copied, cache, common=False)
    (finding,) = _violations(parts[0])
    assert finding.rule == "unusable-file"
    assert finding.file.endswith("actors.ttl")
    assert finding.line > 0
    assert "nicht in UTF-8" in finding.de
    assert parts[1].result.valid
