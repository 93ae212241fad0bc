"""The quotation check on a small document: found, missing, ambiguous, pinned, on the wrong line."""

import pytest

from publisher.quality.document import Document
from publisher.quality.quotations import Quotation, _check, place

DOCUMENT = Document(
    "toy.txt", "# Ziele\n\nSprache fördern und\nWohnen sichern.\n\n- Frauen\n- Frauen und Kinder\u00a0stärken"
)


def _quotation(exact: str, line: int, prefix: str = "", suffix: str = "") -> Quotation:
    return Quotation("urn:node", "urn:document", line, exact, prefix, suffix)


@pytest.mark.parametrize(
    ("quotation", "rule"),
    [
        (_quotation("Sprache fördern", 3), None),
        (_quotation("Sprache  fördern und Wohnen sichern.", 3), None),
        (_quotation("Kinder stärken", 7), None),
        (_quotation("Sprache foerdern", 3), "quotation-not-in-source"),
        (_quotation("Wohnen sichern", 3), "quotation-line"),
        (_quotation("Frauen", 6), "quotation-ambiguous"),
        (_quotation("Frauen", 7, suffix=" und Kinder"), None),
        (_quotation("Frauen", 6, suffix="und Kinder"), "quotation-line"),
        (_quotation("Frauen", 6, prefix="Männer"), "quotation-context"),
    ],
)
def test_quotation(quotation: Quotation, rule: str | None) -> None:
    findings = list(_check(quotation, DOCUMENT, "00000"))
    assert [finding.rule for finding in findings] == ([rule] if rule else [])


def test_missing_quotation_names_the_nearest_passage() -> None:
    (finding,) = _check(_quotation("Wohnen sicher.", 4), DOCUMENT, "00000")
    assert "Wohnen sichern." in finding.de
    assert "line 4" in finding.en


def test_a_quotation_over_two_lines_knows_both() -> None:
    found = place(_quotation("fördern und Wohnen", 3), DOCUMENT)
    assert found is not None
    assert (found.line, found.last_line) == (3, 4)
