"""Why a question has no row for a county, or none at all: told apart, so that silence is never taken for a no."""

from collections.abc import Set
from dataclasses import dataclass

from publisher.core.messages import messages
from publisher.views import held
from publisher.views.form import Asked
from publisher.views.site import Site

COUNTY = "county"
"""The kind of parameter, and the column, that says which county a row is about."""
_NAMED = 20


@dataclass(frozen=True)
class Silence:
    """Why there is nothing: the name of the reason, and the county it is about ("" for all)."""

    reason: str
    county: str = ""


def silences(site: Site, asked: Asked, columns: tuple[str, ...], said: Set[str], rows: int) -> tuple[Silence, ...]:
    """One for each county that was asked for and is not among ``said``, those with a row; one for no row at all."""
    asked_for = [
        value.iri
        for field in asked.form.fields
        if field.parameter.kind == COUNTY
        for value in asked.values(field.name)
        # Where the rows are about other counties, only an empty answer is a silence.
        if field.name in columns or not rows
    ]
    found = tuple(Silence(reason(site, county), county) for county in asked_for if county not in said)
    return found or (() if rows else (Silence("nothing"),))


def reason(site: Site, county: str) -> str:
    """Why nothing is said of ``county``."""
    known = held.held(site).get(county)
    if known is None:
        return "not_recorded"
    if known.state == held.SERVICE:
        return "service_page"
    return "excerpt" if known.partial else "silent"


def told(site: Site, silence: Silence, language: str) -> str:
    """``silence`` in words."""
    name = site.label(silence.county, language).value if silence.county else ""
    known = held.held(site)
    said = messages("reasons")[silence.reason]
    return said.filled(county=name, count=len(known), recorded=recorded(site, language)).text(language)


def recorded(site: Site, language: str) -> str:
    """The names of the counties in the data; the first of them where there are many, with how many more."""
    names = sorted(site.label(county, language).value for county in held.held(site))
    return ", ".join(names[:_NAMED]) + (f" … (+ {len(names) - _NAMED})" if len(names) > _NAMED else "")
