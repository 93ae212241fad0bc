"""The frame of a made-up county: concept, versions, source documents, lists, decision and process."""

import hashlib
from dataclasses import dataclass

from benchmarks.actors import Named, chapter, names, responsible
from benchmarks.content import Composer, Field, Size
from benchmarks.draft import STATED, Draft, Row, Sheet, Thing, literal
from benchmarks.elements import Style, fields, preamble, section
from benchmarks.wording import words

FILE = "concept"
_WARNING = "Erzeugter Text für Lastmessungen, kein Dokument des Kreises."
_LISTS = {
    "felder": ("FieldOfAction", "feld"),
    "themen": ("CrossCuttingTheme", "thema"),
    "leitlinien": ("GuidingPrinciple", "leitlinie"),
    "ziele": ("Goal", "ziel"),
    "empfehlungen": ("Recommendation", "empfehlung"),
    "massnahmen": ("Measure", "massnahme"),
}
_MONTHS = ("Januar", "Februar", "März", "April", "Mai", "Juni", "September", "Oktober", "November", "Dezember")
_NUMBERS = dict(zip(_MONTHS, (1, 2, 3, 4, 5, 6, 9, 10, 11, 12), strict=True))
_PROVENANCE = {
    "FullText": ("Erzeugter Volltext.", "Generated full text."),
    "Excerpt": ("Erzeugter Auszug; weitere Teile fehlen.", "Generated excerpt; further parts are missing."),
    "Summary": ("Erzeugte Kurzfassung.", "Generated summary."),
    "ServicePage": ("Erzeugte Serviceseite ohne Konzept.", "Generated service page without a concept."),
}
_EXTENTS = {"FullText": "Complete", "Excerpt": "Excerpt", "Summary": "ExtentUnknown", "ServicePage": "ExtentUnknown"}


@dataclass(frozen=True)
class Plan:
    """What kind of document a version has, and how much is in it."""

    coverage: str
    document_type: str
    title: str
    size: Size
    style: Style
    principles: int
    themes: int
    status: str = "StatusUnknown"
    revises: bool = False


def write_county(draft: Draft, city: bool) -> None:
    """Everything about one county, with an earlier version in some."""
    plan = _plan(draft)
    actors = names(draft, city)
    content: tuple[Field, ...] = ()
    earlier = plan.coverage == "FullText" and draft.chance(0.2)
    if earlier:
        size = Size(max(4, plan.size.fields - 2), 4, 1, 0)
        old = Plan("FullText", plan.document_type, plan.title, size, plan.style, 0, 0, "Superseded")
        draft.sheets.append(Sheet("v1", "source-1.txt"))
        content = _composed(draft, old, content)
        _version(draft, old, content, actors, 2010 + draft.random.randint(0, 6))
        size = Size(plan.size.fields, 4, 2, plan.size.recommendations)
        plan = Plan(
            "FullText", plan.document_type, plan.title, size, plan.style, plan.principles, plan.themes, "InForce", True
        )
    number = len(draft.sheets) + 1
    draft.sheets.append(Sheet(f"v{number}", f"source-{number}.txt"))
    content = _composed(draft, plan, content)
    _version(draft, plan, content, actors, 2018 + draft.random.randint(0, 6), last=True)


def _plan(draft: Draft) -> Plan:
    random = draft.random
    coverage = random.choices(("FullText", "Excerpt", "Summary", "ServicePage"), (62, 18, 15, 5))[0]
    title = f"{random.choice(words()['concepts'])} {draft.label}"
    if coverage == "ServicePage":
        return Plan(
            coverage, "WebSelfDescription", f"Integration {draft.label}", Size(0, 0, 0, 0), Style(False, 0, 0), 0, 0
        )
    advice = 1 if draft.chance(0.35) else 0
    size = Size(random.randint(7, 9), 5, 0 if draft.chance(0.06) else 3, advice)
    unnamed = 2 if coverage == "Excerpt" and draft.chance(0.3) else 0
    style = Style(draft.chance(0.35), unnamed, random.choice((0.0, 0.3, 0.6, 0.9)))
    principles = 0 if draft.chance(0.15) else random.randint(4, 9)
    themes = 0 if draft.chance(0.25) else random.randint(2, 6)
    return Plan(coverage, random.choice(words()["types"]), title, size, style, principles, themes)


def _composed(draft: Draft, plan: Plan, before: tuple[Field, ...]) -> tuple[Field, ...]:
    composer = Composer(draft.random)
    return composer.again(before, plan.size) if before else composer.fields(plan.size)


def _version(
    draft: Draft, plan: Plan, content: tuple[Field, ...], actors: dict[str, list[Named]], year: int, last: bool = False
) -> None:
    """One version with its document; only the last one presents the actors."""
    title = draft.sheet.write(f"# {plan.title}")
    motto = draft.sheet.write(draft.random.choice(words()["mottos"])) if draft.chance(0.3) else None
    draft.sheet.write()
    warning = draft.sheet.write(_WARNING)
    if last:
        _concept(draft, plan, title)
    note = f"ic:note {literal('Hinweis auf die Herkunft des Textes, keine Aussage eines Kreises.')}"
    own = (f"oa:hasSource {draft.own}:quelle", f"ic:line {warning.line}", note)
    draft.add("omitted", Thing(f"{draft.own}:zeile-{warning.line}", "ic:OmittedLine", own))
    composer = Composer(draft.random)
    preamble(draft, composer, plan.principles, plan.themes)
    decided = _process(draft, actors, year) if plan.coverage != "ServicePage" and last else ()
    fields(draft, content, responsible(actors) if last else [], plan.style)
    if last:
        chapter(draft, actors, composer, content)
    _described(draft, plan, title, motto, decided)


def _concept(draft: Draft, plan: Plan, title: Row) -> None:
    facts = (f"ic:county kreis:{draft.ags}", f"dct:title {literal(plan.title)}", STATED)
    draft.add(FILE, Thing("k:konzept", "ic:IntegrationConcept", facts, (title.find(plan.title),)))


def _described(draft: Draft, plan: Plan, title: Row, motto: Row | None, decided: tuple[str, ...]) -> None:
    """The version, its lists and its source document, once all of it is written."""
    lists = [f"{draft.own}:liste-{slug}" for slug in _LISTS]
    facts = [
        "dct:isVersionOf k:konzept",
        f"dct:title {literal(plan.title)}",
        f"ic:documentType ic:{plan.document_type}",
    ]
    facts += [f"ic:versionStatus ic:{plan.status}", f"ic:listCoverage {', '.join(lists)}", *decided, STATED]
    facts += [f"dct:alternative {literal(motto.text)}"] if motto else []
    facts += ["prov:wasRevisionOf k:1"] if plan.revises else []
    quotes = (title.find(plan.title), *((motto.find(motto.text),) if motto else ()))
    draft.add(FILE, Thing(draft.version, "ic:ConceptVersion", tuple(facts), quotes))
    for slug, (kind, element) in _LISTS.items():
        extent = _EXTENTS[plan.coverage] if draft.peek(element) > 1 else "Absent"
        reason = {"Absent": "Die Quelle hat keine solche Liste.", "Excerpt": "Die Quelle ist ein Auszug."}
        note = [f"ic:note {literal(reason.get(extent, 'Ob die Liste vollständig ist, sagt die Quelle nicht.'))}"]
        own = (f"ic:listKind ic:{kind}", f"ic:listExtent ic:{extent}", *(note if extent != "Complete" else ()))
        draft.add(FILE, Thing(f"{draft.own}:liste-{slug}", "ic:ListCoverage", own))
    sections = ", ".join(f"{draft.own}:abschnitt-{n:02}" for n in range(1, draft.peek("abschnitt")))
    de, en = _PROVENANCE[plan.coverage]
    own = (
        f"ic:describes {draft.version} ; dct:title {literal(plan.title)} ; ic:coverage ic:{plan.coverage}",
        "dct:language <http://publications.europa.eu/resource/authority/language/DEU>",
        f'ic:file "{draft.sheet.file}" ; ic:sha256 "{hashlib.sha256(draft.sheet.text.encode()).hexdigest()}"',
        f"dct:provenance {literal(f'{_WARNING} {de}')}, {literal(f'Made-up text for load tests. {en}', 'en')}",
        f"ic:section {sections}",
    )
    draft.add(FILE, Thing(f"{draft.own}:quelle", "ic:SourceDocument", own))


def _process(draft: Draft, actors: dict[str, list[Named]], year: int) -> tuple[str, ...]:
    """How the version came about; the statements about its decision, if there is one."""
    section(draft, "Entstehung")
    month = draft.random.choice(_MONTHS)
    group = next((body for body in actors["gremium"] if body[1].startswith("Arbeitsgruppe")), None)
    _step(
        draft,
        "Conference",
        f"Die Auftaktkonferenz fand im {month} {year} statt.",
        f"{year}-{_NUMBERS[month]:02}",
        "gYearMonth",
    )
    involved = [f"ic:bodyInvolved {group[0]}"] if group else []
    _step(
        draft,
        "WorkingGroupPhase",
        f"Bis {year + 1} wurden in Arbeitsgruppen Ziele erarbeitet.",
        f"{year + 1}",
        "gYear",
        *involved,
    )
    _step(draft, "Drafting", f"Der Entwurf entstand {year + 1} in der Verwaltung.", f"{year + 1}", "gYear")
    if draft.chance(0.3):
        return ()
    name, council = actors["gremium"][0]
    day, verb, outcome = draft.random.choice(
        (
            (25, "beschlossen", "Adopted"),
            (11, "zur Kenntnis genommen", "TakenNoteOf"),
            (17, "einstimmig beschlossen", "ResolvedUnanimously"),
        )
    )
    month = draft.random.choice(_MONTHS)
    text = f"Das Gremium {council} hat das Konzept am {day}. {month} {year + 2} {verb}."
    row, date = draft.sheet.write(text), f"{year + 2}-{_NUMBERS[month]:02}-{day:02}"
    decision = f"{draft.own}:beschluss-01"
    facts = (f"ic:outcome ic:{outcome}", f"ic:decidedBy {name}", f'ic:date "{date}"^^xsd:date', STATED)
    draft.add(FILE, Thing(decision, "ic:Decision", facts, (row.find(text),)))
    return (f"ic:decision {decision}",)


def _step(draft: Draft, kind: str, text: str, start: str, datatype: str, *facts: str) -> None:
    row, number = draft.sheet.write(text), draft.number("schritt")
    name = f"{draft.own}:schritt-{number:02}"
    own = (f"ic:version {draft.version} ; ic:order {number} ; ic:stepType ic:{kind} ; ic:text {literal(text)}", *facts)
    draft.add(
        FILE, Thing(name, "ic:ProcessStep", (*own, f'ic:end "{start}"^^xsd:{datatype}', STATED), (row.find(text),))
    )
