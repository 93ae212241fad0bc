"""The table of steps that a command ends with when it is asked for its timings."""

from publisher.core.timings import Step, Timings

HELP = "am Ende eine Tabelle der Schritte: Sekunden, Speicher, Kreise (end with a table of the steps)"
_HEADS = {
    "de": ("Schritt", "Sekunden", "Prozessor", "MiB", "neu", "aus dem Speicher"),
    "en": ("step", "seconds", "processor", "MiB", "made", "kept"),
}
_STEPS = {
    "read": ("Gemeinsames lesen", "read what is shared"),
    "common": ("Gemeinsames prüfen", "check what is shared"),
    "counties": ("Kreise prüfen", "check the counties"),
    "parts": ("Kreise ableiten und schreiben", "derive and write the counties"),
    "similar": ("Ähnlichkeiten", "similarities"),
    "rows": ("Zeilen der Tabellen", "rows of the tables"),
    "describe": ("Beschreibung und gemeinsame Graphen", "description and shared graphs"),
    "whole": ("Dateien des Ganzen", "files of everything"),
    "tables": ("Tabellen", "tables"),
    "packed": ("Komprimieren", "compress"),
    "catalogue": ("Katalog", "catalogue"),
    "changes": ("Änderungen", "changes"),
    "written": ("Auf den Datenträger", "write through to the disk"),
    "retired": ("Frühere aufräumen", "retire earlier ones"),
    "whole run": ("Zusammen", "together"),
}
"""Name of a step → what it is called in German and English."""


def table(timings: Timings, language: str) -> str:
    """``timings`` as a table of plain text."""
    place = ("de", "en").index(language)
    rows = [_HEADS[language], *(_row(step, _STEPS[step.name][place]) for step in timings.steps)]
    rows.append(_row(timings.whole, _STEPS["whole run"][place]))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "".join(_line(row, widths) for row in rows)


def _row(step: Step, name: str) -> tuple[str, ...]:
    counties = (str(step.done), str(step.kept)) if step.done or step.kept else ("", "")
    return name, f"{step.wall:.1f}", f"{step.processor:.1f}", str(step.memory), *counties


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    first, *others = zip(row, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]).rstrip() + "\n"
