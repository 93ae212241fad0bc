"""The one exception tree. Knows no HTTP: the edges translate it into a status or an exit code.

KreisgraphError
├── SettingsError            a setting has a value that is not allowed
├── SourceError              an input file cannot be used (file, line)
│   ├── MissingSource
│   ├── WrongEncoding
│   └── BrokenSyntax
├── QueryFileError           a .rq file of ours is not usable
├── ReleaseError             a release cannot be built or opened
│   ├── NoRelease
│   └── DamagedRelease
├── NotFound                 no such resource, county, field, query
├── BadRequest               a request's parameter has a value that is not allowed
├── NotAcceptable            no representation fits the Accept header
└── QueryRefused             a visitor's query is not run
    ├── QuerySyntax
    ├── QueryForbidden       update, SERVICE, LOAD
    ├── QueryTooLarge
    ├── QueryTimeout
    ├── ResultTooLarge
    └── EndpointBusy
"""

from typing import ClassVar


class KreisgraphError(Exception):
    """Base of all errors: a message in German and English, filled with the facts of the case.

    The templates say what, where and what to do next; ``facts`` are their fields.
    """

    de: ClassVar[str] = "Unerwarteter Fehler: {what}"
    en: ClassVar[str] = "Unexpected error: {what}"

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.text("en"))

    def text(self, language: str) -> str:
        """The message in ``language`` ("de" or "en")."""
        template = self.de if language == "de" else self.en
        return template.format(**self.facts)


class SettingsError(KreisgraphError):
    de = "Die Einstellung {name} hat den Wert {value!r}. Erlaubt ist: {allowed}."
    en = "The setting {name} has the value {value!r}. Allowed: {allowed}."


class SourceError(KreisgraphError):
    de = "{file}: {what}"
    en = "{file}: {what}"


class MissingSource(SourceError):
    de = "{file}: Diese Datei fehlt. {remedy_de}"
    en = "{file}: This file is missing. {remedy_en}"


class WrongEncoding(SourceError):
    de = (
        "{file}, Zeile {line}: Die Datei ist nicht in UTF-8 gespeichert (Byte 0x{byte:02x}). "
        "Speichern Sie sie als UTF-8 (im Editor: „Speichern unter“, Kodierung UTF-8)."
    )
    en = (
        "{file}, line {line}: The file is not UTF-8 (byte 0x{byte:02x}). "
        'Save it as UTF-8 (in the editor: "Save as", encoding UTF-8).'
    )


class BrokenSyntax(SourceError):
    de = "{file}, Zeile {line}, Spalte {column}: Das ist kein gültiges Turtle: {detail}. Prüfen Sie die Stelle davor: fehlt ein Punkt, ein Semikolon, ein Anführungszeichen oder ein Präfix?"
    en = "{file}, line {line}, column {column}: This is not valid Turtle: {detail}. Look just before it: is a full stop, semicolon, quotation mark or prefix missing?"


class QueryFileError(KreisgraphError):
    de = "{file}: {what}"
    en = "{file}: {what}"


class ReleaseError(KreisgraphError):
    de = "{what}"
    en = "{what}"


class NoRelease(ReleaseError):
    de = "In {folder} liegt keine Veröffentlichung. Führen Sie zuerst „kreisgraph build“ aus."
    en = 'There is no release in {folder}. Run "kreisgraph build" first.'


class DamagedRelease(ReleaseError):
    de = "{file}: Die Datei stimmt nicht mit dem Verzeichnis der Veröffentlichung (manifest.json) überein. Bauen Sie neu mit „kreisgraph build“."
    en = '{file}: The file does not match the manifest of the release (manifest.json). Build again with "kreisgraph build".'


class NotFound(KreisgraphError):
    de = "Unter dieser Adresse gibt es nichts: {what}"
    en = "There is nothing at this address: {what}"


class BadRequest(KreisgraphError):
    de = "Der Wert {value!r} für „{name}“ ist nicht zulässig. Möglich ist: {allowed}."
    en = 'The value {value!r} is not allowed for "{name}". Possible: {allowed}.'


class NotAcceptable(KreisgraphError):
    de = "Keines der verlangten Formate ({accept}) wird hier angeboten. Es gibt: {offered}."
    en = "None of the requested formats ({accept}) is offered here. There are: {offered}."


class QueryRefused(KreisgraphError):
    de = "Diese Abfrage wird nicht ausgeführt: {what}"
    en = "This query is not run: {what}"


class QuerySyntax(QueryRefused):
    de = "Die Abfrage ist kein gültiges SPARQL 1.1: {detail}"
    en = "The query is not valid SPARQL 1.1: {detail}"


class QueryForbidden(QueryRefused):
    de = "„{keyword}“ ist hier nicht erlaubt: Der Endpunkt ist nur zum Lesen da und ruft keine fremden Adressen auf. Fragen Sie die Daten dieses Endpunkts ab oder laden Sie die Datensätze herunter."
    en = '"{keyword}" is not allowed here: the endpoint is read-only and calls no other address. Query the data of this endpoint, or download the dumps.'


class QueryTooLarge(QueryRefused):
    de = "Die Abfrage ist zu groß: {what_de} (erlaubt: {allowed}). Teilen Sie sie auf."
    en = "The query is too large: {what_en} (allowed: {allowed}). Split it."


class QueryTimeout(QueryRefused):
    de = "Die Abfrage lief länger als {seconds:g} Sekunden oder brauchte zu viel Speicher und wurde abgebrochen. Grenzen Sie sie ein (weniger unverbundene Muster, FILTER früher, LIMIT) oder laden Sie die Datensätze herunter."
    en = "The query ran longer than {seconds:g} seconds or needed too much memory and was stopped. Narrow it (fewer unconnected patterns, FILTER earlier, LIMIT) or download the dumps."


class ResultTooLarge(QueryRefused):
    de = "Das Ergebnis ist größer als {allowed}. Grenzen Sie die Abfrage mit LIMIT ein oder laden Sie die Datensätze herunter."
    en = "The result is larger than {allowed}. Narrow the query with LIMIT, or download the dumps."


class EndpointBusy(QueryRefused):
    de = "Alle Plätze für Abfragen sind gerade belegt. Versuchen Sie es in {seconds:g} Sekunden noch einmal."
    en = "All places for queries are taken at the moment. Try again in {seconds:g} seconds."
