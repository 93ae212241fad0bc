"""The answer to a question: its columns and rows as a program gets them, with labels and the reason for silence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from publisher.core.messages import messages
from publisher.core.terms import XSD
from publisher.views.form import Asked, key_of
from publisher.views.silence import COUNTY, Silence, silences, told
from publisher.views.site import Site
from publisher.views.values import Value

_NUMBERS = frozenset(XSD + name for name in ("integer", "int", "long"))
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


class Term(Protocol):
    """One value of a row: ``kind`` is iri, literal, blank, triple or none."""

    @property
    def kind(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def datatype(self) -> str: ...


Row = Sequence[Term]


@dataclass(frozen=True)
class Answered:
    """What came back: the columns, some rows from ``first`` on, whether there are more, and every silence."""

    asked: Asked
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    more: bool = False
    silences: tuple[Silence, ...] = ()
    first: int = 0


def answered(
    site: Site, asked: Asked, columns: tuple[str, ...], rows: Sequence[Row], more: bool, first: int = 0
) -> Answered:
    """The answer with ``rows``, all from the first one on; only those from the place ``first`` on are kept.

    With ``more`` to come nobody can say yet who is silent.
    """
    place = columns.index(COUNTY) if COUNTY in columns else -1
    said = {row[place].text for row in rows} if place >= 0 else set()
    quiet = () if more else silences(site, asked, columns, said, len(rows))
    return Answered(asked, columns, tuple(rows[first:]), more, quiet, first)


def column(name: str, language: str) -> str:
    """What a column is called."""
    known = messages("columns").get(name)
    return known.text(language) if known else name


def things(found: Answered) -> tuple[str, ...]:
    """The columns that hold things with an address."""
    return tuple(
        name for place, name in enumerate(found.columns) if any(row[place].kind == "iri" for row in found.rows)
    )


def release(site: Site) -> dict[str, str]:
    """Which release an answer is from."""
    manifest = site.release.manifest
    return {"version": manifest.version, "date": manifest.date, "licence": LICENCE}


def plain(site: Site, found: Answered, language: str) -> dict[str, Any]:
    """``found`` as JSON: things as ``{"iri", "label"}``, texts and numbers as themselves, what is not there as null."""
    rows = [
        {name: cell(site, term, language) for name, term in zip(found.columns, row, strict=True)} for row in found.rows
    ]
    return {
        "release": release(site),
        "question": question(found.asked, language),
        "columns": [{"name": name, "label": column(name, language)} for name in found.columns],
        "rows": rows,
        "complete": not (found.more or found.first),
        "silences": [silence(site, one, language) for one in found.silences],
    }


def question(asked: Asked, language: str) -> dict[str, Any]:
    """What was asked, with the query as anybody can run it."""
    values = {
        name: [{"key": key_of(value), **_named(value, language)} for value in chosen]
        for name, chosen in asked.chosen.items()
    }
    title = asked.form.query.title[language]
    return {"name": asked.form.name, "title": title, "values": values, "query": asked.text}


def _named(value: Value | str, language: str) -> dict[str, str]:
    return {"iri": value.iri, "label": value.label[language]} if isinstance(value, Value) else {}


def silence(site: Site, one: Silence, language: str) -> dict[str, str]:
    """A silence with its reason in words."""
    county = {"county": one.county} if one.county else {}
    return {"reason": one.reason, **county, "text": told(site, one, language)}


def cell(site: Site, term: Term, language: str) -> Any:
    """One value as JSON."""
    if term.kind == "none":
        return None
    if term.kind == "iri":
        return {"iri": term.text, "label": site.label(term.text, language).value}
    if term.datatype in _NUMBERS:
        return int(term.text)
    return term.text == "true" if term.datatype == XSD + "boolean" else term.text
