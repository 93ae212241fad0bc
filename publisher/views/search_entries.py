"""What the search can find: each thing with all its texts, in the order in which equally good hits are shown."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from sys import intern

from publisher.core.terms import PREFIXES
from publisher.release.findable import Findable, Topics, is_noted, noted, things, topics
from publisher.views.site import Site

_KINDS = (
    *("FieldOfAction", "CrossCuttingTheme", "GuidingPrinciple", "Goal", "Recommendation", "Measure", "Task", "Offer"),
    *("VolunteerProgramme", "Statement", "Body", "ProcessStep", "IntegrationConcept", "ConceptVersion"),
)
"""The kinds of a county's things in the order in which they are shown."""
_ACTORS = (
    *(PREFIXES["org"] + name for name in ("Post", "OrganizationalUnit", "Organization")),
    *(PREFIXES["m8g"] + "PublicOrganisation", PREFIXES["schema"] + "SoftwareApplication"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing that can be found, with every text it can be found by."""

    iri: str
    kind: str
    county: str
    texts: tuple[str, ...]
    languages: tuple[str, ...] = ()
    """The language of each text."""
    superseded: bool = False
    """Whether it stands in a version that is no longer in force."""


def entries_said(site: Site) -> tuple[Entry, ...]:
    """Everything that can be found in ``site``, in order, as its statements say."""
    return _entries(site, things(site.queries, site.dataset))


def belonging(site: Site) -> dict[str, frozenset[str]]:
    """What belongs to each common field, narrower ones included, as the statements say."""
    return _belonging(topics(site.queries, site.dataset))


def are_noted(site: Site) -> bool:
    """Whether files of the release say what can be found."""
    return is_noted(site.release.manifest)


def entries_noted(site: Site) -> tuple[tuple[Entry, ...], dict[str, frozenset[str]]]:
    """What ``entries_said`` and ``belonging`` say, read from these files. Raises DamagedRelease."""
    found = noted(site.release.folder, site.release.manifest, site.queries)
    return _entries(site, found.things), _belonging(found.topics)


def _belonging(found: Topics) -> dict[str, frozenset[str]]:
    return {field: frozenset(found[field]) for field in sorted(found)}


def _entries(site: Site, found: Iterable[Findable]) -> tuple[Entry, ...]:
    fields, counties = site.id("feld"), site.id("kreis/")

    def entry(one: Findable) -> Entry:
        words, languages = zip(*one.texts, strict=True)
        # A common field is more to readers than any other term, so its list stands for its class.
        kind = fields if one.iri.startswith(f"{fields}/") else intern(_class(one.classes, site.base))
        county = counties + one.iri[len(counties) :].partition("/")[0] if one.iri.startswith(counties) else ""
        return Entry(intern(one.iri), kind, intern(county), words, languages, one.superseded)

    return tuple(sorted(map(entry, found), key=order(site)))


def order(site: Site) -> Callable[[Entry], tuple[object, ...]]:
    """By what entries are sorted: their kinds, then how well they fit if words fit equally well."""
    rank = {kind: place for place, kind in enumerate(kinds_in_order(site))}
    return lambda entry: (rank.get(entry.kind, len(rank)), entry.kind, *_quality(entry))


def _class(classes: Iterable[str], base: str) -> str:
    """The class that says best what a thing is: one of ours before others."""
    return min(classes, key=lambda name: (not name.startswith(base), name))


def kinds_in_order(site: Site) -> tuple[str, ...]:
    """The kinds in the order in which they are shown; those not named here come last."""
    return (site.ns("District"), site.ns("State"), site.id("feld"), *(site.ns(name) for name in _KINDS), *_ACTORS)


def _quality(entry: Entry) -> tuple[bool, int, str]:
    """What is shown first of hits that fit equally well: what is in force, then what says less besides."""
    return entry.superseded, sum(map(len, entry.texts)), entry.iri
