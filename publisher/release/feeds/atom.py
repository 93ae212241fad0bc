"""The feed for people: an entry for each release and county, what changed there, in German and in English.

https://www.rfc-editor.org/rfc/rfc4287
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, Template, select_autoescape

from publisher.core.messages import messages
from publisher.core.settings import Settings
from publisher.release.changes import told
from publisher.release.changes.changes import Changed, headline
from publisher.release.datasets import VOCABULARY, WHOLE

MOST = 100
"""So many entries a feed has."""
_ROWS = 20
LANGUAGES = ("de", "en")


@dataclass(frozen=True)
class Issue:
    """A release, as the feed needs it."""

    version: str
    folder: Path
    published: str


@dataclass(frozen=True)
class Entry:
    """One entry of a feed."""

    id: str
    title: str
    published: str
    address: str
    changed: Changed | None


def path(language: str) -> str:
    """Where the feed in ``language`` lies in a release."""
    return f"feeds/atom-{language}.xml"


def atom(issues: Iterable[Issue], language: str, settings: Settings, author: str) -> str:
    """The feed in ``language`` of ``issues``, which come newest first; the same text for the same releases."""
    site = settings.public_url or settings.base.rstrip("/")
    prefix = "" if language == "de" else f"/{language}"
    listed = list(issues)
    entries: list[Entry] = []
    for issue in listed:
        if len(entries) < MOST:
            entries += _entries(issue, language, settings.base, site + prefix)
    return _template().render(
        id=f"{settings.base.rstrip('/')}{prefix}/feed/atom",
        say=lambda name, **facts: messages("changes")[name].filled(**facts).text(language),
        language=language,
        site_name=settings.site_name,
        updated=entries[0].published if entries else listed[-1].published,
        author=author,
        here=f"{site}{prefix}/feed/atom.xml",
        home=f"{site}{prefix}/release",
        entries=entries[:MOST],
        most=_ROWS,
    )


@cache
def _template() -> Template:
    """The template, compiled once: that takes longer than to fill it."""
    text = files("publisher.release.feeds").joinpath("atom.xml").read_text(encoding="utf-8")
    environment = Environment(autoescape=select_autoescape(default_for_string=True), trim_blocks=True)
    return environment.from_string(text)


def _entries(issue: Issue, language: str, base: str, site: str) -> Iterator[Entry]:
    summary = told.read_summary(issue.folder)
    if not summary:
        return
    address = f"{site}/release/{issue.version}"
    if not summary.previous:
        count = sum(one.name not in (WHOLE, VOCABULARY) for one in summary.sets)
        title = messages("changes")["first-one" if count == 1 else "first"].filled(count=count).text(language)
        yield Entry(f"{base}release/{issue.version}", title, issue.published, address, None)
        return
    for one in summary.sets:
        if one.name != WHOLE:
            changed = told.read(issue.folder, one.name) or one
            inner = f"/datensatz/{one.name}"
            yield Entry(
                f"{base}release/{issue.version}{inner}",
                headline(one, language),
                issue.published,
                address + inner,
                changed,
            )
