"""The values that a parameter of a question may take, and which of them a visitor means."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pyoxigraph import Literal

from publisher.core.messages import Message
from publisher.core.refusals import DoubtfulValue, UnknownValue
from publisher.graph.parameters import Parameter
from publisher.graph.store import Row, Term
from publisher.language.spelling import letters
from publisher.views.site import Site

FEW = 60
"""Up to so many values are offered and enumerated one by one."""
_NAMED = 20
"""So many of the allowed values an error names."""


@dataclass(frozen=True)
class Value:
    """One value: its short name in addresses, what it is called in each language, the term it stands for."""

    key: str
    label: dict[str, str] = field(hash=False)
    term: Term
    names: frozenset[str] = frozenset()
    """Every name it goes by, in one spelling."""

    @property
    def iri(self) -> str:
        """The term's IRI."""
        return str(self.term.value)


@dataclass(frozen=True)
class Kind:
    """What values of a kind are called, and all of them in their order."""

    label: dict[str, str]
    values: tuple[Value, ...]


def kind_of(site: Site, parameter: Parameter) -> Kind:
    """The kind of ``parameter``, whose values come from a list."""
    return site.once(_kind, parameter.source, parameter.scheme)


def find(site: Site, parameter: Parameter, text: str, label: dict[str, str]) -> Value:
    """The value that ``text`` means: by its key, its name in any language, or another of its names.

    Raises UnknownValue or DoubtfulValue, which name allowed ones; ``label`` is what to call the parameter.
    """
    values = kind_of(site, parameter).values
    spelled = " ".join(letters(text))
    exact = [value for value in values if value.key.casefold() == text.casefold()]
    # A city and the county around it may share a name: then the visitor has to say which.
    found = exact or [value for value in values if spelled in value.names]
    if len(found) == 1:
        return found[0]
    error = DoubtfulValue if found else UnknownValue
    near = found or values
    allowed = Message(_listed(near, "de"), _listed(near, "en"))
    keys = tuple(value.key for value in near[:_NAMED])
    label_of = Message(**label)
    raise error(name=parameter.name, value=text[:100], label=label_of, allowed=allowed, count=len(near), keys=keys)


def _listed(values: Sequence[Value], language: str) -> str:
    named = ", ".join(f"{value.key} ({value.label[language]})" for value in values[:_NAMED])
    return f"{named} …" if len(values) > _NAMED else named


def _kind(site: Site, query: str, scheme: str) -> Kind:
    asked = {"scheme": (site.ns(scheme),)} if scheme else {}
    rows: dict[Term, list[Row]] = {}
    for row in site.select(query, **asked):
        rows.setdefault(row["value"], []).append(row)
    label = site.queries.get(query).title
    if scheme:
        label = {language: site.label(site.ns(scheme), language).value for language in ("de", "en")}
    return Kind(label, tuple(_value(term, found) for term, found in rows.items()))


def _value(term: Term, rows: Iterable[Row]) -> Value:
    labels: dict[str, str] = {}
    names = set()
    for row in rows:
        label = row["label"]
        labels.setdefault((label.language if isinstance(label, Literal) else "") or "de", label.value)
        if "also" in row:
            names.add(" ".join(letters(row["also"].value)))
        names.add(" ".join(letters(label.value)))
        key = row["notation"].value
    german = labels.get("de") or next(iter(labels.values()))
    return Value(key, {"de": german, "en": labels.get("en", german)}, term, frozenset(names))
