"""The common fields of action: the sixteen with their narrower fields, and what the counties call them."""

from collections import Counter
from dataclasses import dataclass

from pyoxigraph import Literal

from publisher.core.terms import SKOS
from publisher.core.text import natural
from publisher.views import topics
from publisher.views.passages import value
from publisher.views.site import Site, Text
from publisher.views.topics import Topic as Field

CONCEPTS = topics.QUERY
LOCAL = "pages/field_local"
LISTED, USUAL = 40, 8
"""More names for a field than these are not listed by county; then so many of the usual ones are."""


@dataclass(frozen=True)
class LocalName:
    """A county's own field, theme or principle that belongs to a common field, and by which relation."""

    county: str
    iri: str
    kind: str
    relation: str
    text: str
    """The name as printed; "" where the source has none."""


@dataclass(frozen=True)
class Wording:
    """A name that counties give a field, theme or principle, and in how many of them."""

    text: str
    kind: str
    counties: int


@dataclass(frozen=True)
class Overview:
    """One common field with the counties' own names for it; of many names the usual ones, ``wordings``."""

    field: Field
    names: tuple[LocalName, ...]
    wordings: tuple[Wording, ...] = ()

    @property
    def counties(self) -> tuple[str, ...]:
        """The counties that have a field, theme or principle of this topic."""
        return tuple(dict.fromkeys(name.county for name in self.names))


def overview(site: Site) -> tuple[Overview, ...]:
    """Every top field with the counties' own names for it or for a part of it."""
    names = sorted(site.once(local), key=lambda pair: (pair[0], _place(pair[1])))
    found = ((field, _names_in(field, names)) for field in topics.fields(site))
    return tuple(Overview(field, own, _wordings(own) if len(own) > LISTED else ()) for field, own in found)


def local(site: Site) -> Counter[tuple[str, LocalName]]:
    """The counties' own names with the common field of each, each once; those of several counties add up."""
    keys = ("county", "element", "class", "relation", "text")
    rows = site.select(LOCAL)
    return Counter((row["concept"].value, LocalName(*(value(row, key) for key in keys))) for row in rows)


def _place(name: LocalName) -> tuple[str, ...]:
    return name.county, name.iri, name.kind, name.relation, name.text


def _wordings(names: tuple[LocalName, ...]) -> tuple[Wording, ...]:
    """The names that most counties use, the case of letters aside."""
    gathered: dict[tuple[str, str], list[LocalName]] = {}
    for name in names:
        if name.text:
            gathered.setdefault((name.text.casefold(), name.kind), []).append(name)
    found = [Wording(same[0].text, kind, len({name.county for name in same})) for (_, kind), same in gathered.items()]
    return tuple(sorted(found, key=lambda wording: (-wording.counties, wording.text))[:USUAL])


def _names_in(field: Field, names: list[tuple[str, LocalName]]) -> tuple[LocalName, ...]:
    """The names under ``field``, each thing once."""
    concepts = field.concepts
    found = {name.iri: name for concept, name in reversed(names) if concept in concepts}
    return tuple(sorted(found.values(), key=lambda name: (name.county, natural(name.iri))))


def definition(site: Site, iri: str, language: str) -> Text:
    """What a concept means, in ``language`` where there is such a definition; empty when there is none."""
    terms = site.dataset.objects(iri, SKOS + "definition")
    found = {term.language or "": term.value for term in terms if isinstance(term, Literal)}
    chosen = next((tag for tag in (language, "de", *found) if tag in found), "")
    return Text(found.get(chosen, ""), chosen)
