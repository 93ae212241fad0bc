"""kreisgraph validate: the report of all checks, for people or machines."""

import argparse
import sys

from publisher.core.settings import load
from publisher.graph.sources import find
from publisher.quality import report
from publisher.quality.check import Validation, choose
from publisher.quality.findings import SEVERITIES

NAME = "validate"
HELP = "Daten prüfen: SHACL, Zitate, Vokabular (validate data); 0 = in Ordnung, 1 = Fehler, 2 = nicht lauffähig"


def arguments(command: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    command.add_argument("county", nargs="*", metavar="KREIS", help="AGS oder Ordner; ohne Angabe alle (default: all)")
    command.add_argument("--format", choices=sorted(report.FORMATS), default="text", help="Format des Berichts")
    command.add_argument("--engine", choices=("pyrudof", "pyshacl"), help="SHACL-Maschine (default: Einstellung)")
    command.add_argument("--quiet", action="store_true", help="im Textbericht nur Fehler (violations only)")


def run(options: argparse.Namespace) -> int:
    """Print the report; 0 when nothing stops a release, else 1."""
    settings = load(**({"engine": options.engine} if options.engine else {}))
    sources = find(settings.input)
    counties = choose(sources, options.county)
    validation = Validation(sources, settings)
    parts = [validation.check_common(), *validation.check_counties(counties)]
    results = [part.result for part in parts]
    if options.format == "text":
        shown = ("violation",) if options.quiet else SEVERITIES
        sys.stdout.write(report.text(results, options.lang, shown))
    else:
        sys.stdout.write(report.FORMATS[options.format](results, options.lang))
    return 0 if all(result.valid for result in results) else 1
