"""A version of a concept: its outline, its lists, its process, and what its source holds and does not hold."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from publisher.core.terms import DCT, NS
from publisher.graph.store import Row
from publisher.views.model import Evidence, Item
from publisher.views.nearby import Nearby
from publisher.views.site import Site, Text
from publisher.views.thing import in_order, item

COUNTED = ("pages/version", "pages/version-coverage")
"""The queries that say how many of each kind there are, and how complete each list is."""

QUERIES = (*COUNTED, "pages/version-links", "pages/version-sources", "pages/version-omitted")


@dataclass(frozen=True)
class Coverage:
    """How much of one kind of list the source holds."""

    iri: str
    kind: str
    extent: str
    note: str
    count: int


@dataclass(frozen=True)
class Group:
    """Things of one sort under one heading; ``kind`` is the IRI of a class or of a listed concept."""

    kind: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Omitted:
    """A line of the source without an element, and why."""

    iri: str
    document: str
    line: int
    note: str


@dataclass(frozen=True)
class Version:
    """All a page about a version shows."""

    iri: str
    title: Text
    county: str
    concept: str
    facts: dict[str, tuple[Item, ...]]
    alternative: tuple[str, ...]
    sources: tuple[Item, ...]
    outline: tuple[Item, ...]
    loose: tuple[Item, ...]
    """Goals, recommendations and measures that stand in no field."""
    lists: tuple[Group, ...]
    statements: tuple[Group, ...]
    coverage: tuple[Coverage, ...]
    omitted: tuple[Omitted, ...]
    evidence: Evidence
    counts: dict[str, int] = field(default_factory=dict)


_LISTS = ("CrossCuttingTheme", "GuidingPrinciple", "Offer", "Task", "Indicator", "ProcessStep", "StatisticReference")
_TREE = ("FieldOfAction", "Goal", "Recommendation", "Measure")
_FACTS = ("documentType", "versionStatus", "bindingness", "decision", "targetGroup", "followsFramework")


def version(site: Site, iri: str, language: str) -> Version:
    """The version ``iri`` for a reader of ``language``."""
    rows = site.select("pages/version", iri=iri)
    kinds = {row["element"].value: row["kind"].value for row in rows}
    tree = _Tree(site, language, kinds, site.select("pages/version-links", iri=iri))
    documents = [row["document"].value for row in site.select("pages/version-sources", iri=iri)]
    return Version(
        iri=iri,
        title=site.label(iri, language),
        county=site.county_of(iri),
        concept=site.value(iri, DCT + "isVersionOf"),
        facts={name: _items(site, iri, NS + name, language) for name in _FACTS}
        | {"references": _items(site, iri, DCT + "references", language)},
        alternative=tuple(str(getattr(t, "value", "")) for t in site.dataset.objects(iri, DCT + "alternative")),
        sources=tuple(item(site, document, language) for document in documents),
        outline=tree.outline(),
        loose=tree.loose(),
        lists=tuple(tree.group(name) for name in _LISTS),
        statements=_statements(site, tree),
        coverage=_coverage(site, iri, kinds),
        omitted=_omitted(site, iri),
        evidence=Nearby(site).evidence(iri),
        counts={kind: list(kinds.values()).count(kind) for kind in set(kinds.values())},
    )


class _Tree:
    """The elements of a version with the links between them, for as long as one page is made."""

    def __init__(self, site: Site, language: str, kinds: dict[str, str], links: list[Row]) -> None:
        self.site, self.language, self.kinds = site, language, kinds
        self.below: dict[str, set[str]] = {}
        for row in links:
            self.below.setdefault(row["target"].value, set()).add(row["element"].value)
        self.children = {child for children in self.below.values() for child in children}

    def of(self, *names: str) -> list[str]:
        """The elements of the classes ``names``, in the order of the source."""
        wanted = [self.site.ns(name) for name in names]
        found = in_order(self.site, (iri for iri, kind in self.kinds.items() if kind in wanted))
        return sorted(found, key=lambda iri: wanted.index(self.kinds[iri]))

    def item(self, iri: str, seen: frozenset[str] = frozenset()) -> Item:
        """``iri`` with all that belongs below it; what stands deeper is not repeated higher up."""
        below = self.below.get(iri, set()) - seen
        deeper = {child for other in below for child in self.below.get(other, set())}
        children = in_order(self.site, below - deeper)
        ranked = sorted(children, key=lambda child: self._rank(self.kinds.get(child, "")))
        return item(self.site, iri, self.language, (self.item(child, seen | {iri}) for child in ranked))

    def _rank(self, kind: str) -> int:
        order = [self.site.ns(name) for name in _TREE]
        return order.index(kind) if kind in order else len(order)

    def outline(self) -> tuple[Item, ...]:
        """The fields, each with its goals, these with their recommendations."""
        return tuple(self.item(iri) for iri in self.of("FieldOfAction") if iri not in self.children)

    def loose(self) -> tuple[Item, ...]:
        """Goals, recommendations and measures below nothing."""
        return tuple(self.item(iri) for iri in self.of(*_TREE[1:]) if iri not in self.children)

    def group(self, name: str) -> Group:
        """All elements of the class ``name``, each with what belongs below it."""
        return Group(self.site.ns(name), tuple(self.item(iri) for iri in self.of(name)))


def _statements(site: Site, tree: _Tree) -> tuple[Group, ...]:
    gathered: dict[str, list[str]] = {}
    for iri in tree.of("Statement"):
        for kind in site.dataset.objects(iri, NS + "statementType"):
            gathered.setdefault(str(getattr(kind, "value", "")), []).append(iri)
    return tuple(Group(kind, tuple(item(site, iri, tree.language) for iri in iris)) for kind, iris in gathered.items())


def _coverage(site: Site, iri: str, kinds: dict[str, str]) -> tuple[Coverage, ...]:
    counted = list(kinds.values())
    return tuple(
        Coverage(
            row["coverage"].value,
            row["kind"].value,
            row["extent"].value,
            row["note"].value if "note" in row else "",
            counted.count(row["kind"].value),
        )
        for row in site.select("pages/version-coverage", iri=iri)
    )


def _omitted(site: Site, iri: str) -> tuple[Omitted, ...]:
    return tuple(
        Omitted(row["omitted"].value, row["document"].value, int(row["line"].value), row["note"].value)
        for row in site.select("pages/version-omitted", iri=iri)
    )


def _items(site: Site, iri: str, predicate: str, language: str) -> tuple[Item, ...]:
    values: Iterable[str] = (str(getattr(term, "value", "")) for term in site.dataset.objects(iri, predicate))
    return tuple(item(site, value, language) for value in values)
