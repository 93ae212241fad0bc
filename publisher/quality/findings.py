"""A finding: what is wrong, where, how bad, and what to do; the same for SHACL and for our own checks."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["violation", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("violation", "warning", "info")

COMMON = "common"
"""The name under which the graphs that are not one county's are reported."""


@dataclass(frozen=True)
class Finding:
    """One result of validation.

    ``rule`` is the local name of a shape or the name of a check of ours; ``node``, ``path`` and
    ``value`` are IRIs or literals as text; ``file`` is relative to the input folder; ``line`` 0 = unknown.
    """

    part: str
    severity: Severity
    rule: str
    node: str
    de: str
    en: str
    path: str = ""
    value: str = ""
    iri: bool = False
    """Whether ``value`` is an IRI."""
    component: str = ""
    """IRI of the kind of constraint; empty for a check of ours."""
    file: str = ""
    line: int = 0

    def text(self, language: str) -> str:
        """The message in ``language``."""
        return self.de if language == "de" else self.en

    @property
    def key(self) -> tuple[int, str, int, str, str, str, str]:
        """Sort key: worst first, then by place."""
        return SEVERITIES.index(self.severity), self.file, self.line, self.node, self.rule, self.path, self.value


@dataclass(frozen=True)
class Result:
    """What validation found in one part: a county (its AGS) or the common graphs."""

    part: str
    findings: list[Finding] = field(default_factory=list)
    cached: bool = False

    @property
    def valid(self) -> bool:
        """No finding stops a release."""
        return not any(finding.severity == "violation" for finding in self.findings)

    def count(self, severity: Severity) -> int:
        """How many findings of ``severity``."""
        return sum(finding.severity == severity for finding in self.findings)


def result(part: str, findings: Iterable[Finding], cached: bool = False) -> Result:
    """A Result with its findings in order, each once."""
    return Result(part, sorted(set(findings), key=lambda finding: finding.key), cached)
