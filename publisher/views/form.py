"""Questions: the queries of ``sparql/forms/``, each with fields to fill in, and one of them as it was asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs

from publisher.core.messages import Message
from publisher.core.refusals import BadRequest, MissingValue, NotFound, TooLong, TooMany
from publisher.graph.parameters import Parameter
from publisher.graph.queries import Call, Query
from publisher.views.site import Site
from publisher.views.values import FEW, Value, find, kind_of

FOLDER = "forms/"
LONGEST, MOST = 200, 20
"""So many characters a value may have, so many values a field."""

Given = Mapping[str, Sequence[str]]
"""What was written into each field."""


@dataclass(frozen=True)
class Field:
    """One field: its parameter, what it is called, the values it takes (none for free text)."""

    parameter: Parameter
    label: dict[str, str]
    values: tuple[Value, ...] = ()

    @property
    def name(self) -> str:
        """Its name in addresses."""
        return self.parameter.name

    @property
    def few(self) -> bool:
        """Whether its values are few enough to be offered one by one."""
        return 0 < len(self.values) <= FEW


@dataclass(frozen=True)
class Form:
    """One question: its name in addresses, the query behind it, its fields."""

    name: str
    query: Query
    fields: tuple[Field, ...]

    @property
    def example(self) -> dict[str, list[str]]:
        """Values to try."""
        return parse_qs(self.query.example)


@dataclass(frozen=True)
class Asked:
    """A question with its values; a field without one is not in ``chosen``."""

    form: Form
    chosen: Mapping[str, tuple[Value | str, ...]]

    @property
    def call(self) -> Call:
        """The query with its values, bound as terms."""
        return Call(self.form.query.name, {field.name: self._bound(field) for field in self.form.fields})

    @property
    def text(self) -> str:
        """The query as it is run, and as a reader can run it."""
        return self.form.query.with_values(self.call.values)

    @property
    def state(self) -> dict[str, str]:
        """The values as they stand in an address."""
        return {name: ",".join(key_of(value) for value in values) for name, values in self.chosen.items()}

    def values(self, name: str) -> tuple[Value, ...]:
        """The values of the field ``name`` that come from a list."""
        return tuple(value for value in self.chosen.get(name, ()) if isinstance(value, Value))

    def _bound(self, field: Field) -> object:
        values = self.chosen.get(field.name)
        if not values:
            return None
        return [value.term for value in values if isinstance(value, Value)] if field.values else values[0]


def key_of(value: Value | str) -> str:
    """A value as it stands in an address."""
    return value.key if isinstance(value, Value) else value


def forms(site: Site) -> tuple[Form, ...]:
    """All questions, by name."""
    return site.once(_forms)


def form(site: Site, name: str) -> Form:
    """The question ``name``; raises NotFound."""
    found = next((one for one in forms(site) if one.name == name), None)
    if found is None:
        raise NotFound(what=name)
    return found


def ask(site: Site, asked: Form, given: Given) -> Asked:
    """``asked`` with what was written into its fields; keys that are none of its fields are left aside.

    Raises BadRequest that names the allowed values: UnknownValue, DoubtfulValue, MissingValue, TooMany, TooLong.
    """
    chosen = {field.name: _chosen(site, field, given.get(field.name, ())) for field in asked.fields}
    return Asked(asked, {name: values for name, values in chosen.items() if values})


def example_of(site: Site, form: Form) -> Asked | None:
    """``form`` asked with its example values; None where the data do not have them."""
    try:
        return ask(site, form, form.example)
    except BadRequest:
        return None


def _chosen(site: Site, field: Field, given: Sequence[str]) -> tuple[Value | str, ...]:
    parameter = field.parameter
    written = [text.strip() for text in given if text.strip()]
    if not written and parameter.default:
        written = [parameter.default]
    if parameter.listed:
        written = [part.strip() for text in written for part in text.split(",") if part.strip()]
    if any(len(text) > LONGEST for text in written):
        raise TooLong(name=field.name, most=LONGEST)
    found = tuple(dict.fromkeys(_one(site, field, text) for text in written))
    most = MOST if parameter.several else 1
    if len(found) > most:
        raise TooMany(name=field.name, most=most)
    if not (found or parameter.optional):
        raise MissingValue(name=field.name, label=Message(**field.label))
    return found


def _one(site: Site, field: Field, text: str) -> Value | str:
    if field.parameter.listed:
        return find(site, field.parameter, text, field.label)
    if field.parameter.kind == "number" and not text.isdecimal():
        raise BadRequest(name=field.name, value=text, allowed="0, 1, 2 …")
    return text


def _forms(site: Site) -> tuple[Form, ...]:
    queries = (query for query in site.queries if query.name.startswith(FOLDER))
    return tuple(_form(site, query) for query in queries)


def _form(site: Site, query: Query) -> Form:
    fields = tuple(_field(site, query, parameter) for parameter in query.parameters.values())
    return Form(query.name.removeprefix(FOLDER), query, fields)


def _field(site: Site, query: Query, parameter: Parameter) -> Field:
    if not parameter.listed:
        named = {"de": parameter.name, "en": parameter.name}
        return Field(parameter, query.labels.get(parameter.name, named))
    kind = kind_of(site, parameter)
    return Field(parameter, query.labels.get(parameter.name, kind.label), kind.values)
