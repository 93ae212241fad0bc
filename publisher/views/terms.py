"""The words a query can be made of: prefixes, classes and properties in use, graphs, functions. For the editor."""

import re
from collections import Counter
from dataclasses import dataclass

from publisher.core.terms import prefixes, shorten
from publisher.views.description import CLASSES, PROPERTIES, is_described
from publisher.views.passages import value
from publisher.views.site import Site
from publisher.views.vocabulary import vocabulary

QUERY = "pages/terms_in_use"
_PLAIN = re.compile(r"[\w-]*:[\w-]+")
"""Prefixed names that a query takes as they are: https://www.w3.org/TR/sparql11-query/#rPNAME_LN has more."""


@dataclass(frozen=True)
class Word:
    """One term as a query writes it (``ic:Goal``, ``<https://…>``) and what it is called."""

    name: str
    label: str


@dataclass(frozen=True)
class Words:
    """All of them, the most used first."""

    prefixes: dict[str, str]
    classes: tuple[Word, ...]
    properties: tuple[Word, ...]
    graphs: tuple[Word, ...]
    functions: tuple[Word, ...]


def words(site: Site, language: str) -> Words:
    """What a query on the data of ``site`` can name, with labels in ``language``."""
    used: dict[str, list[str]] = {"class": [], "property": []}
    for kind, iri in site.once(in_use):
        used[kind].append(iri)
    return Words(
        prefixes(site.base),
        _words(site, used["class"], language),
        _words(site, used["property"], language),
        _words(site, site.dataset.graphs(), language),
        _words(site, [term.iri for term in vocabulary(site, language).functions], language),
    )


def in_use(site: Site) -> tuple[tuple[str, str], ...]:
    """Kind (``class``, ``property``) and IRI of every term in use, the most used first."""
    found = site.once(uses)
    return tuple(sorted(found, key=lambda term: (term[0], -found[term], term[1])))


def uses(site: Site) -> Counter[tuple[str, str]]:
    """How often each term is used, by kind and IRI: as the release says of itself, else as it is counted.

    What is counted of several counties adds up.
    """
    if is_described(site):
        classes = {("class", row["class"].value): int(value(row, "entities")) for row in site.select(CLASSES)}
        properties = {
            ("property", row["property"].value): int(value(row, "triples")) for row in site.select(PROPERTIES)
        }
        return Counter(classes | properties)
    rows = site.select(QUERY)
    return Counter({(row["kind"].value, row["term"].value): int(value(row, "uses")) for row in rows})


def _words(site: Site, iris: list[str], language: str) -> tuple[Word, ...]:
    return tuple(Word(_name(site, iri), site.label(iri, language).value) for iri in iris)


def _name(site: Site, iri: str) -> str:
    short = shorten(iri, site.base)
    return short if _PLAIN.fullmatch(short) else f"<{iri}>"
