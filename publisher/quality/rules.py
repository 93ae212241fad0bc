"""The rules that SHACL cannot state, with their messages: quotations, files, vocabulary, coverage."""

from dataclasses import dataclass

from publisher.quality.findings import Finding, Severity


@dataclass(frozen=True)
class Rule:
    """A check of ours: its severity and its message in German and English (format fields in braces)."""

    name: str
    severity: Severity
    de: str
    en: str


QUOTE_MISSING = Rule(
    "quotation-not-in-source",
    "violation",
    "Das Zitat „{exact}“ steht nicht in {document}. Die ähnlichste Stelle (Zeile {near_line}) lautet „{near}“. Übernehmen Sie den Wortlaut Buchstabe für Buchstabe.",
    'The quotation "{exact}" does not stand in {document}. The nearest passage (line {near_line}) reads "{near}". Copy the wording letter by letter.',
)
QUOTE_AMBIGUOUS = Rule(
    "quotation-ambiguous",
    "violation",
    "Das Zitat „{exact}“ steht in {document} mehrmals (Zeilen {lines}). Legen Sie mit oa:prefix oder oa:suffix fest, welche Stelle gemeint ist.",
    'The quotation "{exact}" stands in {document} more than once (lines {lines}). Say which place is meant with oa:prefix or oa:suffix.',
)
QUOTE_CONTEXT = Rule(
    "quotation-context",
    "violation",
    "Das Zitat „{exact}“ steht in {document}, aber nicht mit dem angegebenen Text davor oder danach (Zeilen {lines}). Prüfen Sie oa:prefix und oa:suffix.",
    'The quotation "{exact}" stands in {document}, but not with the given text before or after it (lines {lines}). Check oa:prefix and oa:suffix.',
)
QUOTE_LINE = Rule(
    "quotation-line",
    "violation",
    "Das Zitat „{exact}“ beginnt in {document} in Zeile {found}, angegeben ist Zeile {given}. Berichtigen Sie ic:line.",
    'The quotation "{exact}" starts in {document} on line {found}, the data say line {given}. Correct ic:line.',
)
DOCUMENT_MISSING = Rule(
    "document-missing",
    "violation",
    "Das Quelldokument {document} fehlt. Legen Sie es in {folder} ab.",
    "The source document {document} is missing. Put it into {folder}.",
)
DOCUMENT_NAME = Rule(
    "document-name",
    "violation",
    "Das Quelldokument heißt „{document}“. Nennen Sie in ic:file den Namen einer Textdatei (.txt) aus {folder}, ohne Ordner.",
    'The source document is called "{document}". Name a text file (.txt) of {folder} in ic:file, without folders.',
)
DOCUMENT_EMPTY = Rule(
    "document-empty",
    "violation",
    "Das Quelldokument {document} ist leer. Stellen Sie das Original wieder her.",
    "The source document {document} is empty. Restore the original.",
)
DOCUMENT_ENCODING = Rule(
    "document-encoding",
    "violation",
    "{what_de}",
    "{what_en}",
)
DOCUMENT_HASH = Rule(
    "document-hash",
    "violation",
    "Das Quelldokument {document} hat sich geändert: SHA-256 ist {found}, eingetragen ist {given}. Stellen Sie das Original wieder her, oder prüfen Sie alle Zitate und tragen Sie die neue Prüfsumme ein.",
    "The source document {document} has changed: its SHA-256 is {found}, the data say {given}. Restore the original, or check every quotation and enter the new checksum.",
)
LINE_UNCOVERED = Rule(
    "line-without-element",
    "warning",
    "Zeile {number} von {document} enthält „{rest}“, aber kein Element zitiert es. Modellieren Sie es oder tragen Sie ic:OmittedLine mit dem Grund ein.",
    'Line {number} of {document} contains "{rest}", but no element quotes it. Model it, or enter an ic:OmittedLine with the reason.',
)
UNKNOWN_TERM = Rule(
    "unknown-term",
    "violation",
    "{term} gibt es nicht.{hint_de} Prüfen Sie die Schreibweise, oder legen Sie den Begriff in ontology/ beziehungsweise das Element in dieser Datei an.",
    "{term} does not exist.{hint_en} Check the spelling, or add the term to ontology/ or the element to this file.",
)
FOREIGN_TERM = Rule(
    "foreign-term",
    "violation",
    "{term} gehört zum Kreis {other}. Einträge verweisen nur auf Einträge des eigenen Kreises; legen Sie den Eintrag hier an, oder berichtigen Sie den Verweis.",
    "{term} belongs to county {other}. Entries refer only to entries of their own county; add the entry here, or correct the reference.",
)
BLANK_NODE = Rule(
    "blank-node",
    "violation",
    "Hier steht ein Knoten ohne Adresse ([…] oder _:). Geben Sie ihm eine IRI, damit er zitiert werden kann.",
    "There is a node without an address ([…] or _:). Give it an IRI so that it can be cited.",
)
FOREIGN_SUBJECT = Rule(
    "foreign-subject",
    "violation",
    "Was über {term} gesagt wird, gehört nicht in diesen Ordner: Dort stehen nur Einträge, deren Adresse mit kreis:{part}/ beginnt. Verschieben Sie die Aussage; was den Kreis selbst angeht, steht in data/districts.ttl.",
    "What is said about {term} does not belong in this folder: it holds only entries whose address starts with kreis:{part}/. Move the statement; what concerns the district itself stands in data/districts.ttl.",
)
WRONG_FOLDER = Rule(
    "wrong-folder",
    "violation",
    "Alles in diesem Ordner handelt vom Kreis {other}, der Ordner heißt aber nach dem Kreis {part}. Benennen Sie den Ordner um, oder berichtigen Sie die Präfixe in den Dateien.",
    "Everything in this folder is about county {other}, but the folder bears the key {part}. Rename the folder, or correct the prefixes in its files.",
)
FOLDER_NAME = Rule(
    "folder-name",
    "violation",
    "Der Ordner „{folder}“ gehört zu keinem Kreis: Sein Name beginnt nicht mit einem gültigen Kreisschlüssel. Benennen Sie ihn nach dem Muster 12071-spree-neisse; die Schlüssel stehen in data/districts.tsv.",
    'The folder "{folder}" belongs to no county: its name does not start with the key of a district. Name it like 12071-spree-neisse; the keys are in data/districts.tsv.',
)
FOLDER_TWICE = Rule(
    "folder-twice",
    "violation",
    "Mehrere Ordner tragen den Schlüssel {part}: {folders}. Ein Kreis hat einen Ordner; führen Sie sie zusammen.",
    "More than one folder bears the key {part}: {folders}. A county has one folder; merge them.",
)
COUNTY_EMPTY = Rule(
    "county-empty",
    "violation",
    "Die Turtle-Dateien in „{folder}“ beschreiben kein Quelldokument (ic:SourceDocument). Fehlt eine Datei, legen Sie sie wieder an; soll der Kreis entfallen, entfernen Sie den ganzen Ordner.",
    'The Turtle files in "{folder}" describe no source document (ic:SourceDocument). If a file is missing, put it back; to remove the county, remove the whole folder.',
)
GRAPH_DATE = Rule(
    "graph-date",
    "violation",
    'Zum Graphen {term} fehlt das Datum, oder es ist kein einzelner Tag. Tragen Sie genau eines ein, bei einem Kreis in graph.ttl: dct:modified "2026-11-23"^^xsd:date.',
    'The graph {term} lacks its date, or the date is not one single day. Enter exactly one, for a county in graph.ttl: dct:modified "2026-11-23"^^xsd:date.',
)
RDF_1_2 = Rule(
    "rdf-1-2",
    "violation",
    "Hier steht etwas aus RDF 1.2 (eine Aussage über eine Aussage oder eine Schreibrichtung). Das können die Prüfung und viele Programme nicht lesen; schreiben Sie es als eigenes Element.",
    "There is something of RDF 1.2 here (a statement about a statement, or a text direction). The checks and many programs cannot read it; write it as an element of its own.",
)
LITERAL_FORM = Rule(
    "literal-form",
    "violation",
    "„{value}“ ist kein gültiger Wert der Art {datatype}. Berichtigen Sie den Wert, oder geben Sie die Art an, die zu ihm passt.",
    '"{value}" is not a valid value of the kind {datatype}. Correct the value, or give the kind that fits it.',
)
CONTROL_CHARACTER = Rule(
    "control-character",
    "violation",
    "In einem Text steht ein unsichtbares Steuerzeichen ({code}), das in XML nicht erlaubt ist. Löschen Sie es; oft stammt es aus einer kopierten PDF-Datei.",
    "A text holds an invisible control character ({code}), which XML does not allow. Delete it; often it comes from a copied PDF.",
)
UNUSABLE_FILE = Rule("unusable-file", "violation", "{what_de}", "{what_en}")


def found(rule: Rule, part: str, node: str, where: tuple[str, int] = ("", 0), /, **facts: object) -> Finding:
    """A finding of ``rule`` at ``where`` (file, line) with its message filled from ``facts``."""
    filled = {"part": part, **facts}
    return Finding(
        part=part,
        severity=rule.severity,
        rule=rule.name,
        node=node,
        de=rule.de.format(**filled),
        en=rule.en.format(**filled),
        file=where[0],
        line=where[1],
    )
