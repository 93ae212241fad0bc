"""What every page reads from: the release, our queries, the settings, and the labels of things."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Self, TypeVar, cast

from pyoxigraph import Literal, NamedNode, Triple

from publisher.core.settings import Settings
from publisher.core.terms import CANONICAL_BASE, ID, NS, OA, PREFIXES, SH, shorten
from publisher.graph.queries import Queries
from publisher.graph.sources import Sources
from publisher.graph.store import Dataset, Row
from publisher.graph.words import foreign
from publisher.release.reader import Release

Made = TypeVar("Made")
ORG, PROV = PREFIXES["org"], PREFIXES["prov"]
_LATELY = 32
_INSTEAD = (NS + "subjectText", OA + "exact", SH + "name", "http://www.w3.org/ns/locn#fullAddress")
"""Literals that name a thing without a label, best first."""
_ABOUT = (
    *(
        NS + "outcome",
        NS + "toConcept",
        NS + "topic",
        NS + "listKind",
        NS + "countOf",
        NS + "between",
        OA + "hasSelector",
    ),
    *(PROV + "agent", ORG + "member", PREFIXES["locn"] + "address"),
)
"""What a thing without a name is about, best first: a decision its outcome, a mapping its common field."""


@dataclass(frozen=True)
class Text:
    """A text and the language it is in ("" when unknown)."""

    value: str
    language: str = "de"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True)
class Site:
    """The release being served, with the queries and settings that go with it. Handed to every view."""

    release: Release
    queries: Queries
    settings: Settings
    context: Mapping[str, Any] = field(default_factory=dict)
    """The JSON-LD context, its IRIs under the base of the release."""
    _labels: dict[tuple[str, str], Text] = field(default_factory=dict, repr=False, compare=False)
    _made: dict[tuple[object, ...], object] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, release: Release, sources: Sources, settings: Settings) -> Self:
        """The site that serves ``release`` with the queries and the context in ``sources``."""
        base = release.manifest.base
        text = sources.context.read_text(encoding="utf-8") if sources.context.is_file() else "{}"
        context = json.loads(text.replace(CANONICAL_BASE, base))
        return cls(release, Queries(sources.queries, base), settings, context.get("@context", context))

    @property
    def dataset(self) -> Dataset:
        """The statements of the release."""
        return self.release.dataset

    @property
    def base(self) -> str:
        """The base of every IRI of ours in this release."""
        return self.release.manifest.base

    def ns(self, name: str) -> str:
        """The IRI of the vocabulary term ``name``."""
        return self.dataset.own(NS + name)

    def id(self, name: str) -> str:
        """The IRI of the thing ``name`` (``kreis/12071``)."""
        return self.dataset.own(ID + name)

    def select(self, query: str, **values: object) -> list[Row]:
        """Rows of one of our SELECT queries; raises NotFound or QueryFileError."""
        return self.queries.select(self.dataset, query, **values)

    def construct(self, query: str, **values: object) -> list[Triple]:
        """Triples of one of our CONSTRUCT queries; raises NotFound or QueryFileError."""
        return self.queries.construct(self.dataset, query, **values)

    def once(self, make: Callable[..., Made], *values: object) -> Made:
        """What ``make`` makes of this site and ``values`` (hashable), made at the first call and kept.

        For what no visitor can vary without end: a release never changes, but memory is finite.
        """
        key = (make, *values)
        if key not in self._made:
            self._made[key] = make(self, *values)
        return cast(Made, self._made[key])

    def keep(self, made: Made, make: Callable[..., Made], *values: object) -> None:
        """Keeps what was ``made`` in another way as if ``make`` had: see ``once``."""
        self._made[make, *values] = made

    def forget(self) -> None:
        """Gives up all that is kept."""
        self._made.clear()
        self._labels.clear()

    def lately(self, make: Callable[..., Made], *values: object) -> Made:
        """As ``once``, but only the last few are kept: for what is asked for again at once, in another language."""
        return cast(Made, self._lately(make, *values))

    @cached_property
    def _lately(self) -> Callable[..., object]:
        return lru_cache(_LATELY)(lambda make, *values: make(self, *values))

    def known(self, iri: str) -> bool:
        """Whether ``iri`` is well formed and the release says anything about it."""
        try:
            NamedNode(iri)
        except ValueError:
            return False
        return self.dataset.known(iri)

    def label(self, iri: str, language: str) -> Text:
        """What to call ``iri`` for a reader of ``language``; its short name when nothing names it, "" for none."""
        if not iri:
            return Text("", "")
        key = (iri, language)
        if key not in self._labels:
            self._labels[key] = self._find_label(iri, language)
        return self._labels[key]

    def _find_label(self, iri: str, language: str) -> Text:
        found = self.dataset.label(iri, language) or self._spoken(iri, language)
        if found:
            return Text(found.value, found.language or "")
        if name := foreign(iri, language):
            return Text(name, language)
        kind = self.kind(iri)
        about = self._about(iri, language)
        if kind and about:
            return Text(f"{self.label(kind, language)}: {about}", about.language)
        if kind and iri.startswith(self.id("kreis/")):
            return Text(f"{self.label(kind, language)} {iri.rpartition('/')[2]}", "")
        if iri.startswith(self.base):
            return Text(iri.removeprefix(self.id("")).removeprefix(self.base) or iri, "")
        return Text(shorten(iri, self.base), "")

    def _spoken(self, iri: str, language: str) -> Literal | None:
        """What stands in for a label where there is none: the subject of a statistic, the words of a quotation."""
        for predicate in _INSTEAD:
            found = [term for term in self.dataset.objects(iri, predicate) if isinstance(term, Literal)]
            if found:
                return next((term for term in found if term.language == language), found[0])
        return None

    def _about(self, iri: str, language: str) -> Text | None:
        """The name of what ``iri`` is about, for things that have no name of their own."""
        for predicate in _ABOUT:
            for term in self.dataset.objects(iri, self.dataset.own(predicate)):
                if isinstance(term, NamedNode):
                    return self.label(term.value, language)
        return None

    def county_of(self, iri: str) -> str:
        """The IRI of the county whose data ``iri`` belongs to; "" when it belongs to none."""
        ags = iri.removeprefix(self.id("kreis/")).split("/")[0] if iri.startswith(self.id("kreis/")) else ""
        return self.id(f"kreis/{ags}") if ags else ""

    def kind(self, iri: str) -> str:
        """The class that says best what ``iri`` is: one of ours before others; "" when it has none."""
        types = self.dataset.types(iri)
        own = [kind for kind in types if kind.startswith(self.base)]
        return next(iter((*own, *types)), "")

    def value(self, iri: str, name: str) -> str:
        """The first value of the property ``name`` (of our vocabulary, or a full IRI); "" when absent."""
        values = iri and self.dataset.objects(iri, name if name.startswith("http") else NS + name)
        return str(getattr(values[0], "value", "")) if values else ""
