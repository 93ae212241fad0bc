"""A thing as people read it: its facts in a sensible order, how each is known, what belongs to it.

One view for goals, measures, bodies, decisions and all the rest: which properties a kind shows, and which of
them it says are silent, stands in ``views.parts``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode

from publisher.core.refusals import NotFound
from publisher.core.text import natural
from publisher.graph.store import Row
from publisher.views import parts
from publisher.views.model import Evidence, Item, Mapping, Mention, Similar
from publisher.views.nearby import Nearby, nearby, referring
from publisher.views.portions import Portion, portion
from publisher.views.site import Site, Text

GROUP, GROUP_PART, GROUP_SHOWN = "gruppe", "teil", 40
"""The parameters that choose a group and a portion of it, and the size of a portion."""
PARTS = "pages/parts"
QUERIES = ("pages/values", "pages/quotations", "pages/mappings", "pages/mentions", PARTS)


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
    near = site.lately(nearby, iri)
    values = _values(near, iri)
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
        evidence=near.evidence(iri),
        parts=tuple(_parts(site, values, plan, language)),
        mappings=near.mappings(iri),
        maps=plan.maps,
        mentions=near.mentions(iri),
        names=_names(near, iri),
        groups=_groups(site, iri, language, group, part),
        compared=plan.compared,
    )


def item(site: Site, iri: str, language: str, items: Iterable[Item] = ()) -> Item:
    """``iri`` as an entry of a list."""
    near = Nearby(site)
    return Item(
        iri=iri,
        label=site.label(iri, language),
        kind=near.kind(iri),
        notation=near.value(iri, "notation"),
        assertion=near.value(iri, "assertion"),
        county=site.county_of(iri),
        supplied=near.value(near.value(iri, "suppliedName"), "text"),
        items=tuple(items),
    )


def in_order(site: Site, iris: Iterable[str]) -> list[str]:
    """``iris`` each once, by position in the source where they have one, else by name."""
    return sorted(set(iris), key=lambda iri: (int(site.value(iri, "order") or 0), natural(iri)))


def _names(near: Nearby, iri: str) -> tuple[Name, ...]:
    return tuple(
        Name(Text(near.value(node, "text")), supplied, near.value(node, "method"), near.evidence(node))
        for supplied, name in ((True, "suppliedName"), (False, "nameVariant"))
        for node in near.iris(iri, name)
    )


def _values(near: Nearby, iri: str) -> dict[str, list[Text | str]]:
    """Property → values: an IRI as str, a literal as Text; the rows of the query pages/values."""
    said = near.said(iri)
    found = {name: [_value(term) for term in said[name] if isinstance(term, Literal | NamedNode)] for name in said}
    return {name: sorted(found[name], key=_value_order) for name in sorted(found) if found[name]}


def _value(term: Literal | NamedNode) -> Text | str:
    return Text(term.value, term.language or "") if isinstance(term, Literal) else term.value


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
    return Part(name, tuple(_value_item(site, iri, language) for iri in iris), tuple(chosen))


def _value_item(site: Site, iri: str, language: str) -> Item:
    # Terms of the lists and the like, which many things have in common, are few.
    return item(site, iri, language) if site.county_of(iri) else site.once(item, iri, language)


def _groups(site: Site, iri: str, language: str, group: str, part: str) -> tuple[Group, ...]:
    gathered: dict[str, list[str]] = {}
    for name, one in parts_of(site, iri):
        gathered.setdefault(name, []).append(one)
    ordered = sorted(gathered.items(), key=lambda entry: parts.group_order(site, entry[0]))
    return tuple(_group(site, name, found, language, part if name == group else "") for name, found in ordered)


def parts_of(site: Site, iri: str) -> Iterable[tuple[str, str]]:
    """The rows of the query PARTS: the property and the thing that refers to ``iri`` by it."""
    found = site.lately(referring, iri)
    if found is None:
        return ((_text(row, "property"), _text(row, "part")) for row in site.select(PARTS, iri=iri))
    wanted = site.once(parts.referring)
    return ((name, one) for one, name in dict.fromkeys(found) if name in wanted)


def _group(site: Site, name: str, found: list[str], language: str, part: str) -> Group:
    ordered = in_order(site, found)
    shown = portion(len(ordered), GROUP_SHOWN, GROUP_PART, part)
    return Group(name, tuple(item(site, one, language) for one in shown.of(ordered)), shown)


def _text(row: Row, name: str) -> str:
    term = row.get(name)
    return str(getattr(term, "value", "")) if term is not None else ""
