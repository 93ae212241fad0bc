"""The report of a validation: as text for people, and as SHACL report, JSON and HTML for machines and offices."""

import json
from collections.abc import Callable
from dataclasses import asdict
from importlib.resources import files

from jinja2 import Environment, select_autoescape
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from publisher.core.messages import messages
from publisher.core.terms import RDF, SH, SHAPE, XSD, prefixes, shorten
from publisher.quality.findings import COMMON, SEVERITIES, Finding, Result

_RESULT_SEVERITY = {"violation": "Violation", "warning": "Warning", "info": "Info"}


def text(results: list[Result], language: str, shown: tuple[str, ...] = SEVERITIES) -> str:
    """The report as plain text in ``language``, findings of the ``shown`` severities."""
    return "\n".join([*(_part(result, language, shown) for result in results), summary(results, language)]) + "\n"


def summary(results: list[Result], language: str) -> str:
    """One line with the totals."""
    whole = messages("report")["summary"].filled(
        valid=sum(result.valid for result in results),
        all=len(results),
        violations=sum(result.count("violation") for result in results),
        warnings=sum(result.count("warning") for result in results),
        infos=sum(result.count("info") for result in results),
    )
    return whole.text(language)


def as_json(results: list[Result], language: str) -> str:
    """The report as JSON: a list of parts with their findings."""
    rows = [
        {"part": r.part, "valid": r.valid, "findings": [asdict(finding) for finding in r.findings]} for r in results
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def as_turtle(results: list[Result], language: str) -> str:
    """The report as a SHACL validation report (SHACL section 3.6); our own checks appear as shapes of ours."""
    report = BlankNode("report")
    conforms = Literal("true" if all(not r.findings for r in results) else "false", datatype=NamedNode(XSD + "boolean"))
    triples = [_t(report, RDF + "type", NamedNode(SH + "ValidationReport")), _t(report, SH + "conforms", conforms)]
    findings = [finding for result in results for finding in result.findings]
    for number, finding in enumerate(findings, 1):
        node = BlankNode(f"r{number:05d}")
        triples += [_t(report, SH + "result", node), *_shacl_result(node, finding)]
    return serialize(triples, format=RdfFormat.TURTLE, prefixes=prefixes()).decode("utf-8")  # type: ignore[union-attr]


def as_html(results: list[Result], language: str) -> str:
    """The report as one HTML page that stands alone."""
    template = files("publisher.quality").joinpath("report.html").read_text(encoding="utf-8")
    page = Environment(autoescape=select_autoescape(default_for_string=True)).from_string(template)
    return page.render(
        results=results,
        language=language,
        words=_words(language),
        heading=lambda part: _heading(part, language),
        summary=summary(results, language),
        shorten=shorten,
    )


FORMATS: dict[str, Callable[[list[Result], str], str]] = {
    "text": text,
    "json": as_json,
    "turtle": as_turtle,
    "html": as_html,
}


def _heading(part: str, language: str) -> str:
    words = messages("report")
    return (words[part] if part == COMMON else words["county"].filled(part=part)).text(language)


def _words(language: str) -> dict[str, str]:
    return {name: word.text(language) for name, word in messages("report").items()}


def _part(result: Result, language: str, shown: tuple[str, ...]) -> str:
    words = _words(language)
    state = words["valid"] if result.valid else words["invalid"]
    counts = ", ".join(f"{n} {words[s]}" for s in SEVERITIES if (n := result.count(s)))
    note = f" ({words['cached']})" if result.cached else ""
    head = f"{_heading(result.part, language)}: {state}{note}" + (f" – {counts}" if counts else "")
    return "\n".join([head, *(_finding(f, language) for f in result.findings if f.severity in shown)])


def _finding(finding: Finding, language: str) -> str:
    words = _words(language)
    where = f"{finding.file}:{finding.line}" if finding.line else finding.file
    place = "  ".join(piece for piece in (where, shorten(finding.node)) if piece)
    value = f"\n      {shorten(finding.path)} = {shorten(finding.value)}" if finding.value and finding.path else ""
    return f"  {words[finding.severity]} [{finding.rule}] {place}\n      {finding.text(language)}{value}"


def _t(subject: BlankNode, predicate: str, value: NamedNode | BlankNode | Literal) -> Triple:
    return Triple(subject, NamedNode(predicate), value)


def _shacl_result(node: BlankNode, finding: Finding) -> list[Triple]:
    """A result as SHACL section 3.6.2 has it; a check of ours names itself as the kind of constraint."""
    triples = [
        _t(node, RDF + "type", NamedNode(SH + "ValidationResult")),
        _t(node, SH + "focusNode", NamedNode(finding.node)),
        _t(node, SH + "resultSeverity", NamedNode(SH + _RESULT_SEVERITY[finding.severity])),
        _t(node, SH + "sourceConstraintComponent", NamedNode(finding.component or SHAPE + finding.rule)),
        _t(node, SH + "sourceShape", NamedNode(SHAPE + finding.rule)),
        _t(node, SH + "resultMessage", Literal(finding.de, language="de")),
        _t(node, SH + "resultMessage", Literal(finding.en, language="en")),
    ]
    if finding.path:
        triples.append(_t(node, SH + "resultPath", NamedNode(finding.path)))
    if finding.value:
        triples.append(_t(node, SH + "value", NamedNode(finding.value) if finding.iri else Literal(finding.value)))
    return triples
