"""The folder of a county: it bears the key of one district, no other folder does, and it says what it must."""

import re
from collections.abc import Iterable
from datetime import date

from pyoxigraph import Literal, NamedNode, Quad, Triple

from publisher.core.terms import DCT, NS, RDF, XSD, shorten
from publisher.graph.sources import CountySource
from publisher.quality import rules
from publisher.quality.findings import Finding
from publisher.quality.locate import Locator
from publisher.quality.rules import found

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML cannot hold, not even escaped: https://www.w3.org/TR/xml/#charsets"""
_ZONE = r"(Z|[+-]\d\d:\d\d)?"
_DAY = re.compile(r"\d{4}-\d\d-\d\d" + _ZONE, re.ASCII)
_FORMS = {
    XSD + "date": _DAY,
    XSD + "gYearMonth": re.compile(r"\d{4}-(0[1-9]|1[0-2])" + _ZONE, re.ASCII),
    XSD + "gYear": re.compile(r"\d{4}" + _ZONE, re.ASCII),
    XSD + "integer": re.compile(r"[+-]?\d+", re.ASCII),
    XSD + "boolean": re.compile("true|false|1|0"),
}
_SHOWN = "data/counties/{}"


def check_name(county: CountySource, counties: Iterable[CountySource], districts: set[str]) -> list[Finding]:
    """Why the folder cannot be read as a county's; ``districts`` are the keys of all districts."""
    where = (_SHOWN.format(county.folder.name), 0)
    if county.ags not in districts:
        return [found(rules.FOLDER_NAME, county.ags, county.graph, where, folder=county.folder.name)]
    same = [other.folder.name for other in counties if other.ags == county.ags]
    if len(same) > 1:
        return [found(rules.FOLDER_TWICE, county.ags, county.graph, where, folders=", ".join(same))]
    return []


def check_terms(county: CountySource, quads: Iterable[Quad], locator: Locator) -> list[Finding]:
    """What the SHACL engines or the formats we publish cannot hold: RDF 1.2, characters outside XML 1.0."""
    findings = []
    for quad in quads:
        node = quad.subject.value if isinstance(quad.subject, NamedNode) else county.graph
        if _is_rdf_1_2(quad.object):
            findings.append(found(rules.RDF_1_2, county.ags, node, locator.find(node)))
        elif isinstance(quad.object, Literal) and (match := _NOT_XML.search(quad.object.value)):
            code = f"U+{ord(match[0]):04X}"
            findings.append(found(rules.CONTROL_CHARACTER, county.ags, node, locator.find(node), code=code))
    return findings


def check_content(county: CountySource, quads: list[Quad], locator: Locator) -> list[Finding]:
    """What every county states: a source document, and the date of its graph; and that numbers and dates are some."""
    where = locator.find(county.graph)
    shown = where if where[0] else (_SHOWN.format(county.folder.name), 0)
    findings = []
    if not any(q.predicate.value == RDF + "type" and q.object == NamedNode(NS + "SourceDocument") for q in quads):
        findings.append(found(rules.COUNTY_EMPTY, county.ags, county.graph, shown, folder=county.folder.name))
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal) and _is_ill_typed(quad.object):
            facts = {"value": quad.object.value, "datatype": shorten(quad.object.datatype.value)}
            node = quad.subject.value
            findings.append(found(rules.LITERAL_FORM, county.ags, node, locator.find(node), **facts))
    return findings + check_date(county.ags, county.graph, quads, shown)


def check_date(part: str, graph: str, quads: Iterable[Quad], where: tuple[str, int]) -> list[Finding]:
    """That ``graph`` has exactly one dct:modified, and that it is a day; releases are named by it."""
    dates = [q.object for q in quads if q.subject == NamedNode(graph) and q.predicate.value == DCT + "modified"]
    if len(dates) == 1 and _is_day(dates[0]):
        return []
    return [found(rules.GRAPH_DATE, part, graph, where, term=shorten(graph))]


def _is_day(term: object) -> bool:
    return isinstance(term, Literal) and term.datatype.value == XSD + "date" and not _is_ill_typed(term)


def _is_ill_typed(literal: Literal) -> bool:
    """Whether a literal of one of the datatypes we use is outside its lexical space (XSD 1.1 part 2)."""
    form = _FORMS.get(literal.datatype.value)
    if form is None:
        return False
    if not form.fullmatch(literal.value):
        return True
    try:
        return form is _DAY and not date.fromisoformat(literal.value[:10])
    except ValueError:
        return True


def _is_rdf_1_2(term: object) -> bool:
    return isinstance(term, Triple) or (isinstance(term, Literal) and term.direction is not None)
