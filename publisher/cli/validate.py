"""kreisgraph validate: the report of all checks, for people or machines."""

import argparse
import sys

from publisher.cli import timed
from publisher.core.settings import load
from publisher.core.timings import Timings
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
    engines = ("compiled", "pyrudof", "pyshacl")
    command.add_argument("--engine", choices=engines, help="SHACL-Maschine (default: Einstellung)")
    command.add_argument("--quiet", action="store_true", help="im Textbericht nur Fehler (violations only)")
    command.add_argument("--timings", action="store_true", help=timed.HELP)


def run(options: argparse.Namespace) -> int:
    """Print the report; 0 when nothing stops a release, else 1."""
    settings = load(**({"engine": options.engine} if options.engine else {}))
    sources = find(settings.input)
    counties = choose(sources, options.county)
    timings = Timings()
    with timings.step("read"):
        validation = Validation(sources, settings)
    with timings.step("common"):
        results = [validation.check_common().result]
    with timings.step("counties") as step:
        for part in validation.check_counties(counties, lambda part: step.count(part.result.cached)):
            results.append(part.result)
    if options.format == "text":
        shown = ("violation",) if options.quiet else SEVERITIES
        sys.stdout.write(report.text(results, options.lang, shown))
    else:
        sys.stdout.write(report.FORMATS[options.format](results, options.lang))
    if options.timings:
        sys.stderr.write(timed.table(timings, options.lang))
    return 0 if all(result.valid for result in results) else 1
