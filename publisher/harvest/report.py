"""The report of a rehearsal: for people in both languages, for programs as JSON."""

import json
from collections.abc import Iterator
from dataclasses import asdict

from publisher.core.messages import messages
from publisher.harvest.findings import Finding, Package, Rehearsal

_WORDS = messages("harvest_report")
_LONGEST = 160


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
    yield from _findings(found.of(""), language)
    for package in found.packages:
        yield ""
        yield from _package(package, language)
        yield from _findings(found.of(package.iri), language)
    known = {package.iri for package in found.packages} | {""}
    yield from _findings(tuple(one for one in found.findings if one.dataset not in known), language)
    yield ""
    refused = sum(one.severity == "refused" for one in found.findings)
    facts = {"datasets": len(found.packages), "files": sum(len(one.resources) for one in found.packages)}
    facts |= {"fetched": sum(file.fetched for one in found.packages for file in one.resources)}
    yield _say("sum", language, refused=refused, warnings=len(found.findings) - refused, **facts)
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


def _findings(findings: tuple[Finding, ...], language: str) -> Iterator[str]:
    for one in findings:
        yield f"  {_say(one.severity, language)}: {one.message.text(language)}"
        yield f"      {one.about or '–'}  [{one.rule}]"


def _say(name: str, language: str, **facts: object) -> str:
    return _WORDS[name].filled(**facts).text(language)
