"""kreisgraph build: a new release from the input folder."""

import argparse
import gc
import sys

from publisher.cli import timed
from publisher.core.memory import Memory
from publisher.core.settings import Settings, load
from publisher.core.timings import Timings
from publisher.graph.sources import find
from publisher.quality import report
from publisher.release.build import build

NAME = "build"
_BETWEEN = 100_000
"""So many new things are made before the first look for garbage: most of what a build makes stays until its end."""
HELP = "Veröffentlichung bauen und in Kraft setzen (build a release and switch to it)"
_STATES = {
    "de": {
        "kept": "Kreis {ags}: {n} Fehler in den neuen Daten; es bleibt der Stand aus {since}.",
        "left_out": "Kreis {ags}: {n} Fehler und kein früherer Stand; der Kreis fehlt in dieser Veröffentlichung.",
        "done": "Veröffentlichung {version} in {folder}: {triples} Aussagen, {files} Dateien.",
        "dropped": "Kreis {part}: Der Ordner ist nicht mehr da; der Kreis entfällt in dieser Veröffentlichung.",
        "undated": "Datensatz {part}: Der Inhalt ist anders als in der letzten Veröffentlichung, sein Datum nicht. "
        "Datenportale bemerken die Änderung womöglich nicht: Setzen Sie dct:modified seines Graphen auf heute.",
        "removed": "Veröffentlichung {part}: Ihre Dateien wurden entfernt; Änderungen und Prüfsummen bleiben.",
        "checked": "  geprüft: {part}",
        "written": "  geschrieben: {part}",
    },
    "en": {
        "kept": "County {ags}: {n} violations in the new data; the state of {since} is kept.",
        "left_out": "County {ags}: {n} violations and no earlier state; the county is left out of this release.",
        "done": "Release {version} in {folder}: {triples} statements, {files} files.",
        "dropped": "County {part}: its folder is gone; the county is no longer part of this release.",
        "undated": "Data set {part}: its content differs from the last release, its date does not. "
        "Data portals may miss the change: set dct:modified of its graph to today.",
        "removed": "Release {part}: its files were removed; changes and checksums stay.",
        "checked": "  checked: {part}",
        "written": "  written: {part}",
    },
}
_PARTS = ("checked", "written")
"""What is told of each county, which nobody wants to read again and again."""


def arguments(command: argparse.ArgumentParser) -> None:
    """What a release is made of comes from the settings."""
    command.add_argument("--timings", action="store_true", help=timed.HELP)
    command.add_argument(
        "--watch",
        action="store_true",
        help="bleiben und nach jedem Speichern neu bauen, bis Strg+C (stay, build again after each change)",
    )


def run(options: argparse.Namespace) -> int:
    """Build; 0 when every county is current, 1 when one was kept or left out or a folder belongs to no county.

    To watch ends with 0 when it is told to.
    """
    settings = load()
    gc.set_threshold(_BETWEEN)
    if options.watch:
        # Only here: a single build need not wait for it.
        from publisher.cli.watching import watch

        return watch(options, settings)
    return once(options, settings, Memory())


def once(options: argparse.Namespace, settings: Settings, memory: Memory, quiet: bool = False) -> int:
    """Builds a release and says what became of it; exit code as ``run``. ``quiet`` tells no progress.

    ``memory`` is what earlier builds of this process left. Raises KreisgraphError or OSError where nothing was built.
    """
    words, timings = _STATES[options.lang], Timings()

    def tell(step: str, part: str) -> None:
        if not (quiet and step in _PARTS):
            print(words[step].format(part=part), file=sys.stderr)

    folder, manifest, results = build(find(settings.input), settings, tell, timings, memory)
    held_back = [county for county in manifest.counties if county.state != "current"]
    invalid = [result for result in results if not result.valid]
    if invalid:
        sys.stdout.write(report.text(invalid, options.lang, ("violation",)))
    for county in held_back:
        print(words[county.state].format(ags=county.ags, n=county.violations, since=county.since))
    facts = {"triples": manifest.triples, "files": len(manifest.files)}
    print(words["done"].format(version=manifest.version, folder=folder, **facts))
    if options.timings:
        sys.stderr.write(timed.table(timings, options.lang))
    return 1 if invalid else 0
