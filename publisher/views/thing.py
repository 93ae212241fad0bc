"""A thing as people read it: its facts in a sensible order, how each is known, what belongs to it.

One view for goals, measures, bodies, decisions and all the rest: which properties a kind shows, and which of
them it says are silent, stands in ``views.parts``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode

from publisher.core.refusals import NotFound
from publisher.core.terms import NS
from publisher.core.text import natural
from publisher.graph.store import Row
from publisher.views import parts
from publisher.views.model import Evidence, Item, Mapping, Mention, Quotation, Similar
from publisher.views.portions import Portion, portion
from publisher.views.site import Site, Text

GROUP, GROUP_PART, GROUP_SHOWN = "gruppe", "teil", 40
"""The parameters that choose a group and a portion of it, and the size of a portion."""
QUERIES = ("pages/values", "pages/quotations", "pages/mappings", "pages/mentions", "pages/parts")


@dataclass(frozen=True)
class Part:
    """One property with all its values; without values the source is silent about it."""

    predicate: str
    items: tuple[Item, ...] = ()
    texts: tuple[Text, ...] = ()

    @property
    def silent(self) -> bool:
        """Whether nothing is said."""
        return not self.items and not self.texts


@dataclass(frozen=True)
class Group:
    """Things that refer to a thing by one property, of many a portion."""

    predicate: str
    items: tuple[Item, ...]
    portion: Portion


@dataclass(frozen=True)
class Name:
    """Another name: a variant printed in the source, or one supplied from elsewhere (then with its method)."""

    text: Text
    supplied: bool
    method: str
    evidence: Evidence


@dataclass(frozen=True)
class Thing:
    """Everything a page about a thing shows before the RDF."""

    iri: str
    kind: str
    label: Text
    notation: str
    county: str
    version: str
    evidence: Evidence
    parts: tuple[Part, ...]
    mappings: tuple[Mapping, ...]
    maps: bool
    """Whether things of this kind are assigned to common fields at all."""
    mentions: tuple[Mention, ...]
    names: tuple[Name, ...]
    groups: tuple[Group, ...]
    """What refers to the thing, by the property that does."""
    compared: bool = False
    """Whether things of this kind are compared with those of other counties."""
    similar: Similar = field(default_factory=Similar)
    """What of other counties is like it; empty where nobody looked."""


def thing(site: Site, iri: str, language: str, group: str = "", part: str = "") -> Thing:
    """The thing ``iri`` for a reader of ``language``, of its ``group`` (a short name) the portion ``part``.

    Raises NotFound, or BadRequest when there is no such portion.
    """
    values = _values(site, iri)
    if not values:
        raise NotFound(what=iri)
    kind = site.kind(iri)
    plan = site.once(parts.of, kind)
    return Thing(
        iri=iri,
        kind=kind,
        label=site.label(iri, language),
        notation=site.value(iri, "notation"),
        county=site.county_of(iri),
        version=site.value(iri, "version"),
        evidence=evidence(site, iri),
        parts=tuple(_parts(site, values, plan, language)),
        mappings=mappings(site, iri),
        maps=plan.maps,
        mentions=mentions(site, iri),
        names=_names(site, iri),
        groups=_groups(site, iri, language, group, part),
        compared=plan.compared,
    )


def item(site: Site, iri: str, language: str, items: Iterable[Item] = ()) -> Item:
    """``iri`` as an entry of a list."""
    return Item(
        iri=iri,
        label=site.label(iri, language),
        kind=site.kind(iri),
        notation=site.value(iri, "notation"),
        assertion=site.value(iri, "assertion"),
        county=site.county_of(iri),
        supplied=site.value(site.value(iri, "suppliedName"), "text"),
        items=tuple(items),
    )


def in_order(site: Site, iris: Iterable[str]) -> list[str]:
    """``iris`` each once, by position in the source where they have one, else by name."""
    return sorted(set(iris), key=lambda iri: (int(site.value(iri, "order") or 0), natural(iri)))


def evidence(site: Site, iri: str) -> Evidence:
    """How what is said about ``iri`` is known."""
    derived = site.dataset.objects(iri, parts.DERIVED_FROM)
    return Evidence(
        assertion=site.value(iri, "assertion"),
        quotations=quotations(site, iri),
        derived_from=tuple(term.value for term in derived if isinstance(term, NamedNode)),
        note=site.value(iri, "note"),
    )


def quotations(site: Site, iri: str) -> tuple[Quotation, ...]:
    """The quotations that ``iri`` rests on, in the order of the source; of an evidence, its own."""
    return tuple(
        Quotation(_text(row, "evidence"), _text(row, "exact"), int(_text(row, "line") or 0), _text(row, "document"))
        for row in site.select("pages/quotations", iri=iri)
    )


def mappings(site: Site, iri: str) -> tuple[Mapping, ...]:
    """The common fields that ``iri`` is assigned to."""
    return tuple(
        Mapping(*(_text(row, name) for name in ("mapping", "concept", "relation", "assertion", "note")))
        for row in site.select("pages/mappings", iri=iri)
    )


def mentions(site: Site, iri: str) -> tuple[Mention, ...]:
    """The county's own words for groups, actors and grounds that ``iri`` names."""
    return tuple(
        Mention(mention, _text(row, "wording"), _text(row, "concept"), evidence(site, mention))
        for row in site.select("pages/mentions", iri=iri)
        if (mention := _text(row, "mention"))
    )


def _names(site: Site, iri: str) -> tuple[Name, ...]:
    found = []
    for supplied, name in ((True, "suppliedName"), (False, "nameVariant")):
        for node in site.dataset.objects(iri, NS + name):
            text = Text(site.value(str(getattr(node, "value", "")), "text"))
            found.append(_name(site, str(getattr(node, "value", "")), text, supplied))
    return tuple(found)


def _name(site: Site, node: str, text: Text, supplied: bool) -> Name:
    return Name(text, supplied, site.value(node, "method"), evidence(site, node))


def _values(site: Site, iri: str) -> dict[str, list[Text | str]]:
    """Property → values: an IRI as str, a literal as Text.

    The rows of the query pages/values, read from the store directly: that takes a twentieth of the time.
    """
    found: dict[str, set[Text | str]] = {}
    for quad in site.dataset.outgoing(iri):
        value = quad.object
        if isinstance(value, Literal | NamedNode):
            entry = Text(value.value, value.language or "") if isinstance(value, Literal) else value.value
            found.setdefault(quad.predicate.value, set()).add(entry)
    return {name: sorted(found[name], key=_value_order) for name in sorted(found)}


def _value_order(value: Text | str) -> tuple[bool, str, str]:
    return isinstance(value, Text), str(value), value.language if isinstance(value, Text) else ""


def _parts(site: Site, values: dict[str, list[Text | str]], plan: parts.Plan, language: str) -> Iterable[Part]:
    for name in plan.expected:
        if name not in values and name in plan.quiet:
            continue
        yield _part(site, name, values.get(name, []), language)
    for name in sorted(set(values) - set(plan.expected) - set(plan.elsewhere)):
        yield _part(site, name, values[name], language)


def _part(site: Site, name: str, values: list[Text | str], language: str) -> Part:
    iris = in_order(site, (value for value in values if isinstance(value, str)))
    texts = [value for value in values if isinstance(value, Text)]
    translated = [text for text in texts if text.language == language]
    chosen = translated if translated and {text.language for text in texts} == {"de", "en"} else texts
    return Part(name, tuple(item(site, iri, language) for iri in iris), tuple(chosen))


def _groups(site: Site, iri: str, language: str, group: str, part: str) -> tuple[Group, ...]:
    gathered: dict[str, list[str]] = {}
    for row in site.select("pages/parts", iri=iri):
        gathered.setdefault(_text(row, "property"), []).append(_text(row, "part"))
    ordered = sorted(gathered.items(), key=lambda entry: parts.group_order(site, entry[0]))
    return tuple(_group(site, name, found, language, part if name == group else "") for name, found in ordered)


def _group(site: Site, name: str, found: list[str], language: str, part: str) -> Group:
    ordered = in_order(site, found)
    shown = portion(len(ordered), GROUP_SHOWN, GROUP_PART, part)
    return Group(name, tuple(item(site, one, language) for one in shown.of(ordered)), shown)


def _text(row: Row, name: str) -> str:
    term = row.get(name)
    return str(getattr(term, "value", "")) if term is not None else ""
