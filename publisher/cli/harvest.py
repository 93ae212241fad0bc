"""kreisgraph harvest-check: plays a data portal against a running site."""

import argparse
import sys
from pathlib import Path

from publisher.core.settings import load
from publisher.graph.sources import find

NAME = "harvest-check"
HELP = (
    "Abruf durch ein Datenportal proben (rehearse the harvest by a data portal); "
    "0 = alles würde übernommen, 1 = etwas würde abgelehnt, 2 = nicht lauffähig"
)


def arguments(command: argparse.ArgumentParser) -> None:
    """The address, and what else to check it with."""
    command.add_argument("url", metavar="URL", help="Adresse der Website oder ihres Katalogs (site or its catalogue)")
    command.add_argument(
        "--shapes",
        type=Path,
        action="append",
        default=[],
        metavar="ORDNER",
        help="weitere SHACL-Regeln: Datei oder Ordner (more shapes: a file or a folder)",
    )
    command.add_argument(
        "--vocabulary",
        type=Path,
        action="append",
        default=[],
        metavar="ORDNER",
        help="Codelisten zu diesen Regeln: Datei oder Ordner (code lists for these shapes: a file or a folder)",
    )
    command.add_argument(
        "--host",
        action="append",
        default=[],
        metavar="NAME",
        help="noch ein Rechner, der gefragt werden darf (one more host that may be asked; default: only that of URL)",
    )
    command.add_argument("--json", action="store_true", help="Bericht als JSON (report as JSON)")
    command.add_argument("--language", choices=("de", "en"), help="wie --lang (the same as --lang)")


def run(options: argparse.Namespace) -> int:
    """Print the report; 0 when a portal would take everything, else 1."""
    # Only here: the other commands need not wait for the libraries.
    from publisher.harvest import report
    from publisher.harvest.rehearse import Plan, rehearse

    settings = load()
    plan = Plan(options.url, tuple(options.shapes), tuple(options.vocabulary), frozenset(options.host))
    found = rehearse(plan, find(settings.input), settings)
    sys.stdout.write(report.as_json(found) if options.json else report.text(found, options.language or options.lang))
    return 0 if found.passed else 1
