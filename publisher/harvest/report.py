"""The report of a rehearsal: for people in both languages, for programs as JSON."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from publisher.core.messages import Message, messages
from publisher.harvest.findings import SEVERITIES, Finding, Package, Rehearsal

_WORDS = messages("harvest_report")
_LONGEST = 160
_EXAMPLES = 3
"""So many places of one kind of finding are shown; JSON has all."""


def text(found: Rehearsal, language: str) -> str:
    """What a portal would show, data set by data set, and what it would refuse."""
    return "\n".join(_lines(found, language)) + "\n"


def as_json(found: Rehearsal) -> str:
    """The same as JSON; messages in both languages."""
    data = asdict(found) | {"passed": found.passed}
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _lines(found: Rehearsal, language: str) -> Iterator[str]:
    yield _say("head", language, address=found.address, media=found.media or "–", triples=found.triples)
    if found.called:
        yield _say("called", language, called=found.called, address=found.address)
    everywhere = _kinds(found.findings)
    known = {package.iri for package in found.packages}
    wide = {kind for kind, ones in everywhere.items() if len({one.dataset for one in ones}) > 1}
    # What several data sets have in common is said once.
    yield from _findings((one for one in found.findings if _kind(one) in wide or one.dataset not in known), language)
    for package in found.packages:
        yield ""
        yield from _package(package, language)
        yield from _findings((one for one in found.of(package.iri) if _kind(one) not in wide), language)
    yield ""
    refused, warnings, notes = (sum(one.severity == name for one in found.findings) for name in SEVERITIES)
    facts = {"datasets": len(found.packages), "files": sum(len(one.resources) for one in found.packages)}
    facts |= {"fetched": sum(file.fetched for one in found.packages for file in one.resources)}
    yield _say("sum", language, refused=refused, warnings=warnings, notes=notes, **facts)
    yield _say("passed" if found.passed else "not-passed", language)


def _package(package: Package, language: str) -> Iterator[str]:
    missing = _say("missing", language)
    notes = package.notes if len(package.notes) <= _LONGEST else package.notes[:_LONGEST].rsplit(" ", 1)[0] + " …"
    yield package.title or missing
    yield _say("iri", language, value=package.iri)
    yield _say("notes", language, value=notes or missing)
    yield _say("place", language, value=package.place or missing)
    yield _say("license", language, value=", ".join(package.licenses) or missing)
    yield _say("resources", language, value=len(package.resources))
    for one in package.resources:
        parts = [one.format or "–"]
        parts += [_say("bytes", language, value=one.bytes)] if one.bytes else []
        parts += [_say("triples", language, value=one.triples)] if one.triples >= 0 else []
        parts += [] if one.fetched else [_say("not-fetched", language)]
        yield f"    {one.address or missing}  ({', '.join(parts)})"


def _findings(findings: Iterable[Finding], language: str) -> Iterator[str]:
    """One line for each kind of finding, with the first places where it is."""
    for ones in _kinds(findings).values():
        first, severity = ones[0], _say(ones[0].severity, language)
        message = first.message.text(language)
        several = _say("several", language, severity=severity, count=len(ones), message=message)
        yield f"  {several if len(ones) > 1 else f'{severity}: {message}'}  [{first.rule}]"
        for one in ones[:_EXAMPLES]:
            yield f"      {one.about or '–'}" + (f" → {one.value}" if one.value not in ("", one.about) else "")
        if len(ones) > _EXAMPLES:
            yield f"      {_say('more', language, count=len(ones) - _EXAMPLES)}"


def _kinds(findings: Iterable[Finding]) -> dict[tuple[str, str, Message], list[Finding]]:
    found: dict[tuple[str, str, Message], list[Finding]] = {}
    for one in findings:
        found.setdefault(_kind(one), []).append(one)
    return found


def _kind(one: Finding) -> tuple[str, str, Message]:
    return one.severity, one.rule, one.message


def _say(name: str, language: str, **facts: object) -> str:
    return _WORDS[name].filled(**facts).text(language)
