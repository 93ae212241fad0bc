"""The one exception tree. Knows no HTTP: the edges translate it into a status or an exit code.

KreisgraphError
├── SettingsError            a setting has a value that is not allowed
│   ├── ValueNotAllowed
│   ├── UnknownSetting
│   └── BrokenSettingsFile
├── SourceError              an input file cannot be used (file, line)
│   ├── MissingSource
│   ├── UnreadableSource
│   ├── WrongEncoding
│   ├── ByteOrderMark
│   └── BrokenSyntax
├── QueryFileError           a .rq file of ours is not usable
├── FolderRefused            a folder we write to cannot be used
├── ReleaseError             a release cannot be built or opened
│   ├── InvalidCommon
│   ├── NoDate
│   ├── BuildRunning
│   ├── NoRelease
│   ├── DamagedRelease
│   └── LostState
├── NotFound                 no such resource, county, field, query
├── BadRequest               a request's parameter has a value that is not allowed
│   ├── TooLong
│   ├── TooMany
│   └── OnlyOne              parameters that exclude each other
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


class ValueNotAllowed(SettingsError):
    de = "Die Einstellung {name} hat den Wert {value!r}. Erlaubt ist: {allowed_de}."
    en = "The setting {name} has the value {value!r}. Allowed: {allowed_en}."


class UnknownSetting(SettingsError):
    de = "{file}: Die Einstellung „{name}“ gibt es nicht. Es gibt: {known}."
    en = '{file}: There is no setting "{name}". There are: {known}.'


class BrokenSettingsFile(SettingsError):
    de = "{file}: Die Datei ist nicht lesbar oder kein gültiges TOML in UTF-8 ({detail}). Eine Zeile lautet zum Beispiel: port = 8000."
    en = "{file}: The file cannot be read or is not valid TOML in UTF-8 ({detail}). A line reads, for example: port = 8000."


class SourceError(KreisgraphError):
    de = "{file}: {what}"
    en = "{file}: {what}"

    def texts(self, file: str) -> dict[str, str]:
        """The message in both languages with ``file`` as the reader knows it, for the rules that pass it on."""
        facts = {**self.facts, "file": file}
        return {"what_de": self.de.format(**facts), "what_en": self.en.format(**facts)}


class MissingSource(SourceError):
    de = "{file} fehlt. {remedy_de}"
    en = "{file} is missing. {remedy_en}"


class UnreadableSource(SourceError):
    de = "{file}: Die Datei lässt sich nicht lesen ({reason}). Prüfen Sie die Zugriffsrechte, und ob es wirklich eine Datei ist."
    en = "{file}: The file cannot be read ({reason}). Check its permissions, and whether it really is a file."


class WrongEncoding(SourceError):
    de = (
        "{file}, Zeile {line}: Die Datei ist nicht in UTF-8 gespeichert (Byte 0x{byte:02x}). "
        "Speichern Sie sie als UTF-8 (im Editor: „Speichern unter“, Kodierung UTF-8)."
    )
    en = (
        "{file}, line {line}: The file is not UTF-8 (byte 0x{byte:02x}). "
        'Save it as UTF-8 (in the editor: "Save as", encoding UTF-8).'
    )


class ByteOrderMark(SourceError):
    de = "{file}, Zeile {line}: Am Anfang der Datei steht eine unsichtbare Bytereihenfolge-Marke (BOM). Speichern Sie die Datei als UTF-8 ohne BOM."
    en = "{file}, line {line}: The file starts with an invisible byte order mark (BOM). Save it as UTF-8 without BOM."


class BrokenSyntax(SourceError):
    de = "{file}, Zeile {line}, Spalte {column}: Das ist kein gültiges Turtle: {detail}. Prüfen Sie die Stelle davor: fehlt ein Punkt, ein Semikolon, ein Anführungszeichen oder ein Präfix?"
    en = "{file}, line {line}, column {column}: This is not valid Turtle: {detail}. Look just before it: is a full stop, semicolon, quotation mark or prefix missing?"


class QueryFileError(KreisgraphError):
    de = "{file}: {what}"
    en = "{file}: {what}"


class FolderRefused(KreisgraphError):
    de = "{file}: {reason_de}. Prüfen Sie Zugriffsrechte und freien Platz, auch die Einstellungen KREISGRAPH_RELEASES und KREISGRAPH_CACHE. Die geltende Veröffentlichung bleibt, wie sie ist."
    en = "{file}: {reason_en}. Check permissions and free space, and the settings KREISGRAPH_RELEASES and KREISGRAPH_CACHE. The release in force stays as it is."


class ReleaseError(KreisgraphError):
    de = "{what}"
    en = "{what}"


class InvalidCommon(ReleaseError):
    de = "Es wird nichts gebaut, weil alle Kreise von den gemeinsamen Daten abhängen und diese Fehler haben; die geltende Veröffentlichung bleibt.\n{report_de}"
    en = "Nothing is built, since every county depends on the common data and these have violations; the release in force stays.\n{report_en}"


class NoDate(ReleaseError):
    de = "Kein Graph nennt sein Datum. Tragen Sie in data/graphs.ttl und in der graph.ttl jedes Kreises dct:modified ein."
    en = "No graph states its date. Enter dct:modified in data/graphs.ttl and in the graph.ttl of each county."


class BuildRunning(ReleaseError):
    de = "In {folder} wird gerade schon gebaut. Warten Sie, bis der andere Lauf fertig ist, und starten Sie dann neu."
    en = "Another build is running in {folder}. Wait until it is done, then start again."


class NoRelease(ReleaseError):
    de = "In {folder} liegt keine Veröffentlichung. Führen Sie zuerst „kreisgraph build“ aus."
    en = 'There is no release in {folder}. Run "kreisgraph build" first.'


class DamagedRelease(ReleaseError):
    de = "{file}: Die Datei stimmt nicht mit dem Verzeichnis der Veröffentlichung (manifest.json) überein. Bauen Sie neu mit „kreisgraph build“."
    en = '{file}: The file does not match the manifest of the release (manifest.json). Build again with "kreisgraph build".'


class LostState(ReleaseError):
    de = "Der Kreis {ags} hat Fehler, und sein letzter gültiger Stand ist nicht lesbar ({file}). Damit er nicht verloren geht, wird nichts gebaut. Beheben Sie die Fehler (siehe „kreisgraph validate“), oder spielen Sie die Veröffentlichung aus einer Sicherung zurück. Soll der Kreis vorerst fehlen, löschen Sie {link}."
    en = 'County {ags} has violations, and its last valid state cannot be read ({file}). Nothing is built, so that it is not lost. Correct the violations (see "kreisgraph validate"), or restore the release from a backup. To do without the county for now, delete {link}.'


class NotFound(KreisgraphError):
    de = "Unter dieser Adresse gibt es nichts: {what}"
    en = "There is nothing at this address: {what}"


class BadRequest(KreisgraphError):
    de = "Der Wert {value!r} für „{name}“ ist nicht zulässig. Möglich ist: {allowed}."
    en = 'The value {value!r} is not allowed for "{name}". Possible: {allowed}.'


class TooLong(BadRequest):
    de = "Der Wert für „{name}“ ist zu lang. Möglich ist: höchstens {most} Zeichen."
    en = 'The value for "{name}" is too long. Possible: at most {most} characters.'


class TooMany(BadRequest):
    de = "„{name}“ hat zu viele Werte. Möglich ist: höchstens {most}."
    en = '"{name}" has too many values. Possible: at most {most}.'


class OnlyOne(BadRequest):
    de = "Zugleich verlangt sind {given}. Möglich ist: nur eines davon."
    en = "{given} are asked for at once. Possible: only one of them."


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
    de = "Die Abfrage lief länger als {seconds:g} Sekunden und wurde abgebrochen. Grenzen Sie sie ein (weniger unverbundene Muster, FILTER früher, LIMIT) oder laden Sie die Datensätze herunter."
    en = "The query ran longer than {seconds:g} seconds and was stopped. Narrow it (fewer unconnected patterns, FILTER earlier, LIMIT) or download the dumps."


class QueryTooCostly(QueryRefused):
    de = "Die Abfrage brauchte mehr Speicher als {memory} MiB oder war zu tief verschachtelt und wurde abgebrochen. Grenzen Sie sie ein (weniger unverbundene Muster, kein ORDER BY oder GROUP_CONCAT über alles, LIMIT) oder laden Sie die Datensätze herunter."
    en = "The query needed more than {memory} MiB of memory or was nested too deeply and was stopped. Narrow it (fewer unconnected patterns, no ORDER BY or GROUP_CONCAT over everything, LIMIT) or download the dumps."


class ResultTooLarge(QueryRefused):
    de = "Das Ergebnis ist größer als {allowed}. Grenzen Sie die Abfrage mit LIMIT ein oder laden Sie die Datensätze herunter."
    en = "The result is larger than {allowed}. Narrow the query with LIMIT, or download the dumps."


class TooManyQueries(QueryRefused):
    de = "Von Ihrer Adresse laufen oder warten schon {most} Abfragen. Warten Sie deren Antworten ab und versuchen Sie es in {seconds:g} Sekunden noch einmal."
    en = "{most} queries from your address run or wait already. Wait for their answers and try again in {seconds:g} seconds."


class EndpointBusy(QueryRefused):
    de = "Alle Plätze für Abfragen sind gerade belegt. Versuchen Sie es in {seconds:g} Sekunden noch einmal."
    en = "All places for queries are taken at the moment. Try again in {seconds:g} seconds."
