"""Entries with the passages that prove them, as programs get them: the hits of a search, one entry by its IRI."""

from collections.abc import Iterator
from typing import Any

from publisher.core.messages import messages
from publisher.views.answered import release
from publisher.views.held import held
from publisher.views.search import Request, search
from publisher.views.search_entries import Entry
from publisher.views.search_index import Index
from publisher.views.silence import reason as why_silent
from publisher.views.silence import recorded
from publisher.views.site import Site

QUOTATIONS = "pages/quotations"


def named(site: Site, iri: str, language: str) -> dict[str, str] | None:
    """A thing by its IRI and its name; None for none."""
    return {"iri": iri, "label": site.label(iri, language).value} if iri else None


def quotations(site: Site, iri: str, language: str) -> list[dict[str, Any]]:
    """Every passage that proves ``iri``, letter for letter, with its document and line."""
    return [
        {
            "quotation": row["exact"].value,
            "line": int(row["line"].value) if "line" in row else None,
            "document": named(site, row["document"].value, language),
            "evidence": row["evidence"].value,
        }
        for row in site.select(QUOTATIONS, iri=iri)
    ]


def reason(site: Site, name: str, language: str, **facts: object) -> dict[str, str]:
    """Why there is nothing, in words."""
    text = messages("reasons")[name].filled(recorded=recorded(site, language), **facts).text(language)
    return {"reason": name, "text": text}


def hits(site: Site, request: Request, language: str, most: int, first: int = 0) -> dict[str, Any]:
    """At most ``most`` entries of counties that fit ``request``, from the place ``first`` on, each with its passages.

    Terms of lists and names of districts, which no source states, are left out.
    """
    found = search(site.once(Index.of), request)
    proven = _proven(site, (entry for entry in found.hits() if entry.county != entry.iri), language)
    rows: list[dict[str, Any]] = []
    more = False
    for place, row in enumerate(proven):
        more = place >= first + most
        if more:
            break
        rows += [row] if place >= first else []
    silences = [] if rows or first else [_silent(site, request, language)]
    answer = {"rows": rows, "complete": not (more or first), "silences": silences}
    return {"release": release(site), "question": {"name": "search", "words": request.query}, **answer}


def _proven(site: Site, entries: Iterator[Entry], language: str) -> Iterator[dict[str, Any]]:
    for entry in entries:
        passages = quotations(site, entry.iri, language) if entry.county else []
        if passages:
            yield _entry(site, entry.iri, language) | {"quotations": passages, "superseded": entry.superseded}


def _silent(site: Site, request: Request, language: str) -> dict[str, str]:
    if not request.county:
        return reason(site, "nothing", language, count=len(held(site)))
    county = site.label(request.county, language).value
    return reason(site, why_silent(site, request.county), language, county=county) | {"county": request.county}


def passage(site: Site, iri: str, language: str) -> dict[str, Any]:
    """The entry ``iri`` with its passages; without them, or without the entry, the reason."""
    answer: dict[str, Any] = {"release": release(site), "question": {"name": "passage", "entry": iri}, "silences": []}
    if not site.known(iri):
        return answer | {"entry": None, "silences": [reason(site, "no_entry", language, entry=iri)]}
    found = quotations(site, iri, language)
    about = {
        "assertion": named(site, site.value(iri, "assertion"), language),
        "note": site.value(iri, "note"),
        "version": named(site, site.value(iri, "version"), language),
    }
    silences = [] if found else [reason(site, "no_quotation", language, entry=iri)]
    entry = _entry(site, iri, language) | {name: value for name, value in about.items() if value}
    return answer | {"entry": entry | {"quotations": found}, "silences": silences}


def _entry(site: Site, iri: str, language: str) -> dict[str, Any]:
    kind, county = site.kind(iri), site.county_of(iri)
    label = site.label(iri, language).value
    return {
        "iri": iri,
        "label": label,
        "kind": named(site, kind, language),
        "county": named(site, county, language) if county != iri else None,
    }
