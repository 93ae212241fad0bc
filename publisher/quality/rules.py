"""The rules that SHACL cannot state: quotations, files, vocabulary, coverage; their messages: ``locale/rules.toml``."""

from dataclasses import dataclass

from publisher.core.messages import Message, messages
from publisher.quality.findings import Finding, Severity


@dataclass(frozen=True)
class Rule:
    """A check of ours and its severity."""

    name: str
    severity: Severity

    @property
    def message(self) -> Message:
        """What it says of a finding, in German and English (format fields in braces)."""
        return messages("rules")[self.name]


QUOTE_MISSING = Rule("quotation-not-in-source", "violation")
QUOTE_AMBIGUOUS = Rule("quotation-ambiguous", "violation")
QUOTE_CONTEXT = Rule("quotation-context", "violation")
QUOTE_LINE = Rule("quotation-line", "violation")
DOCUMENT_MISSING = Rule("document-missing", "violation")
DOCUMENT_NAME = Rule("document-name", "violation")
DOCUMENT_EMPTY = Rule("document-empty", "violation")
DOCUMENT_ENCODING = Rule("document-encoding", "violation")
DOCUMENT_HASH = Rule("document-hash", "violation")
LINE_UNCOVERED = Rule("line-without-element", "warning")
UNKNOWN_TERM = Rule("unknown-term", "violation")
FOREIGN_TERM = Rule("foreign-term", "violation")
BLANK_NODE = Rule("blank-node", "violation")
FOREIGN_SUBJECT = Rule("foreign-subject", "violation")
WRONG_FOLDER = Rule("wrong-folder", "violation")
FOLDER_NAME = Rule("folder-name", "violation")
FOLDER_TWICE = Rule("folder-twice", "violation")
COUNTY_EMPTY = Rule("county-empty", "violation")
GRAPH_DATE = Rule("graph-date", "violation")
RDF_1_2 = Rule("rdf-1-2", "violation")
LITERAL_FORM = Rule("literal-form", "violation")
CONTROL_CHARACTER = Rule("control-character", "violation")
UNUSABLE_FILE = Rule("unusable-file", "violation")


def found(rule: Rule, part: str, node: str, where: tuple[str, int] = ("", 0), /, **facts: object) -> Finding:
    """A finding of ``rule`` at ``where`` (file, line) with its message filled from ``facts``."""
    said = rule.message.filled(part=part, **facts)
    return Finding(
        part=part,
        severity=rule.severity,
        rule=rule.name,
        node=node,
        de=said.de,
        en=said.en,
        file=where[0],
        line=where[1],
    )
