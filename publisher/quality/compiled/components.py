"""The constraint components of SHACL Core that look at the values of a shape one by one or together.

https://www.w3.org/TR/shacl/#core-components. Each takes the argument of its parameter and gives a function that tells
the values that offend; None stands for an offence without a value.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from operator import ge, gt, le, lt

from pyoxigraph import BlankNode, Literal, NamedNode

from publisher.core.terms import RDF, SH, XSD
from publisher.graph.store import Term
from publisher.quality.compiled.data import Data

Offends = Callable[[Data, Term, Sequence[Term]], Iterable[Term | None]]
"""Data, focus node, values → the values that offend."""


class NotCompiled(Exception):
    """A shape or a value asks for more than this engine knows; another engine must look at it."""


_KINDS: Mapping[str, tuple[type, ...]] = {
    "IRI": (NamedNode,),
    "Literal": (Literal,),
    "BlankNode": (BlankNode,),
    "BlankNodeOrIRI": (BlankNode, NamedNode),
    "IRIOrLiteral": (NamedNode, Literal),
    "BlankNodeOrLiteral": (BlankNode, Literal),
}
_ZONE = r"(Z|[+-]\d\d:\d\d)?"
_FORMS: Mapping[str, re.Pattern[str] | None] = {
    XSD + "integer": re.compile(r"[+-]?\d+", re.ASCII),
    XSD + "decimal": re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII),
    XSD + "boolean": re.compile("true|false|1|0"),
    XSD + "date": re.compile(r"-?\d{4,}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])" + _ZONE, re.ASCII),
    XSD + "gYear": re.compile(r"-?\d{4,}" + _ZONE, re.ASCII),
    XSD + "gYearMonth": re.compile(r"-?\d{4,}-(0[1-9]|1[0-2])" + _ZONE, re.ASCII),
    XSD + "string": None,
    XSD + "anyURI": None,
    RDF + "langString": None,
    "http://www.opengis.net/ont/geosparql#wktLiteral": None,
}
"""Datatype → what its literals look like (XSD 1.1 part 2); None: anything."""
_NUMBERS = (XSD + "integer", XSD + "decimal")


def least(argument: Term) -> Offends:
    """sh:minCount."""
    number = int(argument.value)
    return lambda data, focus, values: (None,) if len(values) < number else ()


def most(argument: Term) -> Offends:
    """sh:maxCount."""
    number = int(argument.value)
    return lambda data, focus, values: (None,) if len(values) > number else ()


def kind(argument: Term) -> Offends:
    """sh:class."""
    return lambda data, focus, values: [one for one in values if not data.is_instance(one, argument)]


def datatype(argument: Term) -> Offends:
    """sh:datatype: the datatype, and that the literal is one of it."""
    if argument.value not in _FORMS:
        raise NotCompiled(argument.value)
    form = _FORMS[argument.value]

    def fits(value: Term) -> bool:
        is_typed = isinstance(value, Literal) and value.datatype == argument
        return is_typed and (form is None or form.fullmatch(value.value) is not None)

    return lambda data, focus, values: [one for one in values if not fits(one)]


def node_kind(argument: Term) -> Offends:
    """sh:nodeKind."""
    kinds = _KINDS[argument.value.removeprefix(SH)]
    return lambda data, focus, values: [one for one in values if not isinstance(one, kinds)]


def pattern(argument: Term) -> Offends:
    """sh:pattern, for patterns that Python and XPath read alike."""
    found = re.compile(argument.value)

    def fits(value: Term) -> bool:
        return not isinstance(value, BlankNode) and found.search(value.value) is not None

    return lambda data, focus, values: [one for one in values if not fits(one)]


def languages(arguments: Sequence[Term]) -> Offends:
    """sh:languageIn."""
    ranges = tuple(one.value.lower() for one in arguments)

    def fits(value: Term) -> bool:
        tag = (value.language or "").lower() if isinstance(value, Literal) else ""
        return any(tag == one or tag.startswith(f"{one}-") for one in ranges)

    return lambda data, focus, values: [one for one in values if not fits(one)]


def unique_language(argument: Term) -> Offends:
    """sh:uniqueLang; an offence for each language that is used twice."""
    if argument.value not in ("true", "1"):
        return lambda data, focus, values: ()

    def offences(data: Data, focus: Term, values: Sequence[Term]) -> Iterator[None]:
        used = Counter(one.language for one in values if isinstance(one, Literal) and one.language)
        return (None for count in used.values() if count > 1)

    return offences


def one_of(arguments: Sequence[Term]) -> Offends:
    """sh:in."""
    allowed = set(arguments)
    return lambda data, focus, values: [one for one in values if one not in allowed]


def has_value(argument: Term) -> Offends:
    """sh:hasValue."""
    return lambda data, focus, values: () if argument in values else (None,)


def bound(holds: Callable[[Decimal, Decimal], bool]) -> Callable[[Term], Offends]:
    """sh:minInclusive and the like, for numbers."""

    def component(argument: Term) -> Offends:
        limit = _number(argument)
        if limit is None:
            raise NotCompiled(str(argument))

        def fits(value: Term) -> bool:
            number = _number(value)
            return number is not None and holds(number, limit)

        return lambda data, focus, values: [one for one in values if not fits(one)]

    return component


def less_or_equal(argument: Term) -> Offends:
    """sh:lessThanOrEquals, for numbers; an offence for each pair."""
    assert isinstance(argument, NamedNode)

    def offences(data: Data, focus: Term, values: Sequence[Term]) -> Iterator[Term]:
        for one in values:
            for other in data.values(focus, argument):
                left, right = _number(one), _number(other)
                if left is None or right is None:
                    raise NotCompiled(f"{one} <= {other}")
                if left > right:
                    yield one

    return offences


def _number(term: Term) -> Decimal | None:
    """The number that a literal of our numeric datatypes stands for; None for anything else."""
    if not isinstance(term, Literal) or term.datatype.value not in _NUMBERS:
        return None
    try:
        return Decimal(term.value)
    except InvalidOperation:
        return None


SINGLE: Mapping[str, tuple[str, Callable[[Term], Offends]]] = {
    "minCount": ("MinCount", least),
    "maxCount": ("MaxCount", most),
    "class": ("Class", kind),
    "datatype": ("Datatype", datatype),
    "nodeKind": ("NodeKind", node_kind),
    "pattern": ("Pattern", pattern),
    "uniqueLang": ("UniqueLang", unique_language),
    "hasValue": ("HasValue", has_value),
    "minInclusive": ("MinInclusive", bound(ge)),
    "maxInclusive": ("MaxInclusive", bound(le)),
    "minExclusive": ("MinExclusive", bound(gt)),
    "maxExclusive": ("MaxExclusive", bound(lt)),
    "lessThanOrEquals": ("LessThanOrEquals", less_or_equal),
}
"""Parameter → name of its component, and what makes it; its argument is one term."""
LISTED: Mapping[str, tuple[str, Callable[[Sequence[Term]], Offends]]] = {
    "languageIn": ("LanguageIn", languages),
    "in": ("In", one_of),
}
"""The same for parameters whose argument is a list."""
