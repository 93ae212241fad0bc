"""Which facts a page about a thing shows, by class: the expected ones first, in reading order.

An expected property without a value is shown as silence of the source unless it is a quiet one; others are shown
only when present.
"""

from dataclasses import dataclass

from publisher.core.terms import DCT, NS, PREFIXES, RDF, RDFS, SKOS
from publisher.views.site import Site

DERIVED_FROM = PREFIXES["prov"] + "wasDerivedFrom"
_ORG, _PROV, _M8G, _LOCN, _SCHEMA = (PREFIXES[name] for name in ("org", "prov", "m8g", "locn", "schema"))

_EXPECTED: dict[str, tuple[str, ...]] = {
    NS + "Goal": ("goalLevel", "levelLabel", "inField", "partOfGoal", "targetGroup"),
    NS + "Recommendation": ("servesGoal", "inField", "responsible", "targetGroup", "measureStatus", "fundingText"),
    NS + "Measure": ("servesGoal", "inField", "establishes", "responsible", "measureStatus", "fundingText"),
    NS + "FieldOfAction": ("partOfField",),
    NS + "GuidingPrinciple": ("targetGroup",),
    NS + "Statement": ("statementType", "about", "addressee"),
    NS + "Task": ("taskOf",),
    NS + "Offer": ("offeredBy", DCT + "audience"),
    NS + "Indicator": ("measuresGoal",),
    NS + "Body": ("bodyType", "county"),
    NS + "VolunteerProgramme": ("county", "performs"),
    NS + "Decision": ("outcome", "decidedBy", "date", "billNumber", "voteText", "precededBy"),
    NS + "ProcessStep": ("stepType", "start", "end", "timeText", "durationText", "planned", "bodyInvolved"),
    NS + "Count": ("value", "qualifier", "countOf"),
    NS + "StatisticReference": ("subjectText", DCT + "source", "referenceDate", "valueInSource"),
    NS + "Similarity": ("between", "score", "sharedConcept", "sharedWord", "measuredBy"),
    NS + "IntegrationConcept": ("county",),
    NS + "ReferencedDocument": (DCT + "publisher", DCT + "issued", PREFIXES["foaf"] + "page"),
    _ORG + "Post": (_ORG + "postIn", _M8G + "contactPoint", "county"),
    _ORG + "OrganizationalUnit": (_ORG + "unitOf", _M8G + "contactPoint", "county"),
    _ORG + "Membership": (_ORG + "member", _ORG + "organization"),
}
_QUIET = (
    *("partOfField", "partOfGoal", "levelLabel", "precededBy", "billNumber", "voteText", "about", "addressee"),
    *("end", "timeText", "durationText", "planned", "bodyInvolved", "sharedConcept", "sharedWord"),
)
"""Expected properties whose absence says nothing worth reading."""

_HIDDEN = ("text", "notation", "order", "version", "assertion", "evidence", "note", "mapping", "mention")
_ELSEWHERE = (
    *(NS + name for name in (*_HIDDEN, "suppliedName", "nameVariant", "nameStatus")),
    *(SKOS + name for name in ("closeMatch", "narrowMatch", "broadMatch", "relatedMatch", "prefLabel")),
    DERIVED_FROM,
    RDF + "type",
    RDFS + "label",
    DCT + "title",
)
_MAPPED = ("FieldOfAction", "CrossCuttingTheme", "GuidingPrinciple", "Goal", "Recommendation", "Measure")
_COMPARED = ("Goal", "Recommendation", "Measure")
_REFERRING = (
    *("partOfField", "partOfGoal", "inField", "servesGoal", "measuresGoal", "hasStatement", "about", "addressee"),
    *("taskOf", "offeredBy", "performs", "responsible", "establishes", "ofBody", "usesTool"),
    *("decidedBy", "precededBy", "bodyInvolved", "decision", "count"),
    *(_ORG + name for name in ("postIn", "unitOf", "organization", "member")),
    *(_PROV + name for name in ("agent", "wasDerivedFrom")),
    *(DCT + name for name in ("references", "source", "isPartOf")),
)
"""The properties by which something belongs to what it refers to, as the query pages/parts names them."""
_GROUP_ORDER = ("partOfField", "partOfGoal", "servesGoal", "inField", "hasStatement", "taskOf", "offeredBy", "about")


@dataclass(frozen=True)
class Plan:
    """What the page of one kind shows: expected properties, those shown elsewhere, whether it is assigned to fields."""

    expected: tuple[str, ...]
    quiet: frozenset[str]
    """Those of the expected that are passed over when absent."""
    elsewhere: tuple[str, ...]
    maps: bool
    compared: bool
    """Whether it says so when no other county has a similar text."""


def of(site: Site, kind: str) -> Plan:
    """The plan for things of the class ``kind``."""
    own = {site.dataset.own(name): properties for name, properties in _EXPECTED.items()}
    expected = tuple(name if name.startswith("http") else site.ns(name) for name in own.get(kind, ()))
    elsewhere = tuple(site.dataset.own(name) for name in _ELSEWHERE)
    quiet = frozenset(site.ns(name) for name in _QUIET)
    mapped, compared = (kind in {site.ns(name) for name in names} for names in (_MAPPED, _COMPARED))
    return Plan(expected, quiet, elsewhere, mapped, compared)


def referring(site: Site) -> frozenset[str]:
    """The properties by which a page groups what refers to its thing."""
    return frozenset(name if name.startswith("http") else site.ns(name) for name in _REFERRING)


def group_order(site: Site, name: str) -> tuple[int, str]:
    """Where the group of things that refer by the property ``name`` stands on the page."""
    known = [site.ns(entry) for entry in _GROUP_ORDER]
    return (known.index(name) if name in known else len(known), name)
