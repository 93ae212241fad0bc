"""The changes between two releases in words: as plain text for a terminal, as one HTML page that stands alone."""

from collections.abc import Iterable, Iterator
from importlib.resources import files

from jinja2 import Environment, select_autoescape

from publisher.core.messages import messages
from publisher.release.changes.changes import EXACT, Changed, Fact, Row, headline
from publisher.release.changes.comparing import Comparison
from publisher.release.changes.names import Name


def text(found: Comparison, language: str) -> str:
    """The changes as plain text."""
    lines = [_title(found, language)]
    if found.summary.unknown:
        lines += ["", _say("unknown", language)]
    for changed in found.sets:
        lines += ["", headline(changed, language), *_statements(changed, language)]
        lines += [f"  {changed.word(kind, language)}: {count}" for kind, count in changed.kinds.items()]
        for row in changed.rows:
            lines += _row(changed, row, language)
    if not found.sets:
        lines += ["", _say("none", language)]
    return "\n".join(lines) + "\n"


def html(found: Comparison, language: str) -> str:
    """The changes as one HTML page."""
    template = files("publisher.release.changes").joinpath("changes.html").read_text(encoding="utf-8")
    environment = Environment(autoescape=select_autoescape(default_for_string=True), trim_blocks=True)
    return environment.from_string(template).render(
        title=_title(found, language),
        found=found,
        language=language,
        headline=lambda changed: headline(changed, language),
        say=lambda name: _say(name, language),
        label=lambda changed, fact: fact_label(changed, fact, language),
    )


def fact_label(changed: Changed, fact: Fact, language: str) -> str:
    """What a property is called."""
    return _say("quotation", language) if fact.property == EXACT else changed.word(fact.property, language)


def _title(found: Comparison, language: str) -> str:
    return messages("changes")["title"].filled(old=found.summary.previous, new=found.summary.version).text(language)


def _say(name: str, language: str) -> str:
    return messages("changes")[name].text(language)


def _statements(changed: Changed, language: str) -> Iterator[str]:
    lost, gained = changed.statements
    if lost or gained:
        words = messages("changes")["statements"].filled(removed=lost, added=gained)
        yield f"  {words.text(language)}"


def _row(changed: Changed, row: Row, language: str) -> Iterator[str]:
    kind = changed.word(row.kind, language)
    # In English too, the wording of a source is German.
    if row.change != "changed":
        yield f"  {kind} ({_say(row.change, language)}): {row.name}"
        return
    yield f"  {kind}: {row.name}"
    if row.reworded:
        label = _say("wording-quoted" if row.quoted else "wording", language)
        yield from _values(label, [Name(row.old)], [Name(row.new)], language)
    for fact in row.details:
        yield from _values(fact_label(changed, fact, language), fact.old, fact.new, language)


def _values(label: str, old: Iterable[Name], new: Iterable[Name], language: str) -> Iterator[str]:
    yield f"    {label}"
    for sign, values in (("-", old), ("+", new)):
        yield from (f"      {sign} {value.text(language)}" for value in values)
