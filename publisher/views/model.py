"""The values that views share: quotations, how a statement is known, short descriptions of things."""

from dataclasses import dataclass

from publisher.views.site import Text


@dataclass(frozen=True)
class Quotation:
    """A passage of a source document, letter for letter; ``iri`` is the evidence that holds it."""

    iri: str
    exact: str
    line: int
    document: str
    language: str = "de"


@dataclass(frozen=True)
class Evidence:
    """How a statement is known: its assertion (an IRI, "" when none), quotations, sources, the editors' note."""

    assertion: str = ""
    quotations: tuple[Quotation, ...] = ()
    derived_from: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Item:
    """A thing in a list: what it is called, of which class, its number as printed, how it is known."""

    iri: str
    label: Text
    kind: str = ""
    notation: str = ""
    assertion: str = ""
    county: str = ""
    supplied: str = ""
    """The name another source gives it, where its own lacks one."""
    items: tuple["Item", ...] = ()
    """What belongs below it in an outline."""


@dataclass(frozen=True)
class Mapping:
    """Which common concept a local element belongs to, by which relation, decided how."""

    iri: str
    concept: str
    relation: str
    assertion: str
    note: str = ""


@dataclass(frozen=True)
class Mention:
    """The county's own wording for a target group, a kind of actor or a ground, beside the listed concept."""

    iri: str
    wording: str
    concept: str
    evidence: Evidence


@dataclass(frozen=True)
class Alike:
    """A text of another county that is like the one of the page: what both share, what it says, where it stands."""

    iri: str
    county: str
    words: tuple[str, ...]
    concepts: tuple[str, ...]
    pieces: tuple[tuple[str, bool], ...] = ()
    """Its wording in pieces, each shared with the text of the page or not."""
    quotation: Quotation | None = None


@dataclass(frozen=True)
class Similar:
    """The texts of other counties that are like the one of the page, the closest first."""

    first: tuple[Alike, ...] = ()
    """The first few, with their wording."""
    others: tuple[Alike, ...] = ()
