"""What a portal would say of a catalogue: findings, and what it would show."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from publisher.core.messages import Message, messages

Severity = Literal["refused", "warning", "note"]
"""refused: the portal would not take it, or would take it wrongly; warning: it would do without; note: to know."""
SEVERITIES: tuple[Severity, ...] = ("refused", "warning", "note")
"""From what weighs most."""
_MESSAGES = messages("harvest")


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, with what."""

    severity: Severity
    rule: str
    about: str
    """The IRI or address it is about."""
    message: Message
    dataset: str = ""
    """The data set it belongs to; "" for the catalogue as a whole."""
    value: str = ""
    """What is wrong there, where a rule says which value."""


def said(name: str, /, **facts: object) -> Message:
    """The message ``name`` of ``locale/harvest.toml``."""
    return _MESSAGES[name].filled(**facts)


def refused(rule: str, about: str, dataset: str = "", /, **facts: object) -> Finding:
    """A finding for which a portal refuses something."""
    return Finding("refused", rule, about, said(rule, **facts), dataset)


def warning(rule: str, about: str, dataset: str = "", /, **facts: object) -> Finding:
    """A finding that a portal lives with."""
    return Finding("warning", rule, about, said(rule, **facts), dataset)


def note(rule: str, about: str, dataset: str = "", /, **facts: object) -> Finding:
    """A finding that no portal minds."""
    return Finding("note", rule, about, said(rule, **facts), dataset)


@dataclass(frozen=True)
class Resource:
    """A distribution as a portal would show it, and what fetching it gave."""

    name: str
    address: str
    format: str
    license: str
    bytes: int = 0
    triples: int = -1
    """Statements in it; -1 when it was not read."""
    fetched: bool = False


@dataclass(frozen=True)
class Package:
    """A data set as a portal would show it."""

    iri: str
    title: str
    notes: str
    place: str
    resources: tuple[Resource, ...]

    @property
    def licenses(self) -> tuple[str, ...]:
        """The licences of its resources, each once."""
        return tuple(dict.fromkeys(one.license for one in self.resources if one.license))


@dataclass(frozen=True)
class Rehearsal:
    """Everything a harvest found."""

    address: str
    called: str
    """How the site calls itself where that is another address; "" otherwise."""
    media: str
    triples: int
    packages: tuple[Package, ...]
    findings: tuple[Finding, ...]
    numbers: Mapping[str, int]
    """What the endpoint and the description count, for the report."""

    @property
    def passed(self) -> bool:
        """Whether nothing would be refused."""
        return not any(finding.severity == "refused" for finding in self.findings)

    def of(self, dataset: str) -> tuple[Finding, ...]:
        """The findings of a data set; with "" those of the catalogue."""
        return tuple(finding for finding in self.findings if finding.dataset == dataset)
