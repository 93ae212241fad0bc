"""The common fields of action: the sixteen with their narrower fields, and what the counties say in each."""

from dataclasses import dataclass

from pyoxigraph import Literal

from publisher.core.errors import NotFound
from publisher.core.terms import SKOS
from publisher.core.text import natural
from publisher.views import topics
from publisher.views.columns import Column, columns
from publisher.views.passages import Passage, passages, value
from publisher.views.site import Site, Text
from publisher.views.topics import Topic as Field

CONCEPTS = topics.QUERY
LOCAL = "pages/field_local"
LISTED, USUAL = 40, 8
"""More names for a field than these are not listed by county; then so many of the usual ones are."""
DETAILS = "pages/field_details"
MATCHES = tuple(SKOS + name for name in ("exactMatch", "closeMatch", "narrowMatch", "broadMatch", "relatedMatch"))


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
    """A name that counties give a field, theme or principle, in how many of them, and one of these things."""

    text: str
    kind: str
    counties: int
    example: str


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


@dataclass(frozen=True)
class Share:
    """What one county's document says in a field: its own names for it, and its texts."""

    column: Column
    names: tuple[Passage, ...]
    texts: tuple[Passage, ...]

    @property
    def silent(self) -> bool:
        """Whether the document says nothing in this field."""
        return not (self.names or self.texts)


@dataclass(frozen=True)
class Match:
    """What a common field corresponds to in another scheme."""

    relation: str
    iri: str


@dataclass(frozen=True)
class FieldPage:
    """One common field with everything the counties say in it."""

    field: Field
    broader: str
    other_names: tuple[tuple[str, str], ...]
    """Alternative labels with their language."""
    matches: tuple[Match, ...]
    shares: tuple[Share, ...]


def find(fields: tuple[Field, ...], iri: str) -> Field:
    """The field ``iri`` anywhere below ``fields``; raises NotFound."""
    pending = list(fields)
    while pending:
        field = pending.pop()
        if field.iri == iri:
            return field
        pending.extend(field.narrower)
    raise NotFound(what=iri)


def overview(site: Site) -> tuple[Overview, ...]:
    """Every top field with the counties' own names for it or for a part of it."""
    keys = ("county", "element", "class", "relation", "text")
    names = [(row["concept"].value, LocalName(*(value(row, key) for key in keys))) for row in site.select(LOCAL)]
    found = ((field, _names_in(field, names)) for field in topics.fields(site))
    return tuple(Overview(field, own, _wordings(own) if len(own) > LISTED else ()) for field, own in found)


def _wordings(names: tuple[LocalName, ...]) -> tuple[Wording, ...]:
    """The names that most counties use, the case of letters aside."""
    gathered: dict[tuple[str, str], list[LocalName]] = {}
    for name in names:
        if name.text:
            gathered.setdefault((name.text.casefold(), name.kind), []).append(name)
    found = [
        Wording(same[0].text, kind, len({name.county for name in same}), same[0].iri)
        for (_, kind), same in gathered.items()
    ]
    return tuple(sorted(found, key=lambda wording: (-wording.counties, wording.text))[:USUAL])


def _names_in(field: Field, names: list[tuple[str, LocalName]]) -> tuple[LocalName, ...]:
    """The names under ``field``, each thing once."""
    found = {name.iri: name for concept, name in reversed(names) if concept in field.concepts}
    return tuple(sorted(found.values(), key=lambda name: (name.county, natural(name.iri))))


def field_page(site: Site, iri: str) -> FieldPage:
    """The common field ``iri`` with what every county says in it; raises NotFound."""
    field = find(topics.fields(site), iri)
    details = [(row["property"].value, row["value"]) for row in site.select(DETAILS, field=iri)]
    broader = next((value.value for name, value in details if name == SKOS + "broader"), "")
    other = tuple((value.value, getattr(value, "language", "")) for name, value in details if name == SKOS + "altLabel")
    matches = tuple(Match(name, value.value) for name in MATCHES for found, value in details if found == name)
    everyone = columns(site)
    texts = passages(site, (column.iri for column in everyone), (field,))
    shares = tuple(share(site, column, texts.get(column.iri, ())) for column in everyone)
    return FieldPage(field, broader, other, matches, shares)


def share(site: Site, column: Column, texts: tuple[Passage, ...]) -> Share:
    """What the county of ``column`` says in a field, its names for it apart from its ``texts``."""
    names = tuple(text for text in texts if text.is_field(site))
    return Share(column, names, tuple(text for text in texts if not text.is_field(site)))


def definition(site: Site, iri: str, language: str) -> Text:
    """What a concept means, in ``language`` where there is such a definition; empty when there is none."""
    terms = site.dataset.objects(iri, SKOS + "definition")
    found = {term.language or "": term.value for term in terms if isinstance(term, Literal)}
    chosen = next((tag for tag in (language, "de", *found) if tag in found), "")
    return Text(found.get(chosen, ""), chosen)
