"""The command line: parses arguments, calls one function, turns errors into a message and an exit code."""

import argparse
import io
import logging
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from publisher import __version__
from publisher.cli.refusals import refuse
from publisher.core.errors import KreisgraphError

CANNOT_RUN = 2
_MODULES = {
    "validate": "validate",
    "build": "build",
    "load": "load",
    "serve": "serve",
    "export": "export",
    "mcp": "mcp",
    "diff": "diff",
    "patch": "patch",
    "coverage": "coverage",
    "harvest-check": "harvest",
}
"""Command → its module here. Only that of the command at hand is imported: all together take a second."""


def parser(wanted: str = "") -> argparse.ArgumentParser:
    """The parser with the command ``wanted``, or with all where there is none of that name.

    Each command's ``run`` takes the parsed arguments and returns the exit code.
    """
    top = argparse.ArgumentParser(
        prog="kreisgraph",
        description="Integrationskonzepte der Landkreise prüfen, bauen und veröffentlichen "
        "(validate, build and publish the integration concepts of German counties)",
    )
    top.add_argument("--version", action="version", version=f"kreisgraph {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="BEFEHL/COMMAND")
    for name in [wanted] if wanted in _MODULES else _MODULES:
        module = import_module(f"publisher.cli.{_MODULES[name]}")
        command = commands.add_parser(module.NAME, help=module.HELP, description=module.HELP)
        module.arguments(command)
        command.add_argument("--lang", choices=("de", "en"), default="de", help="Sprache der Meldungen (default: de)")
        command.set_defaults(run=module.run)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command in ``argv``; exit code 0 done, 1 violations or differences found, 2 cannot run."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")  # reports are UTF-8 whatever the terminal's locale says
    logging.getLogger("rdflib").setLevel(logging.ERROR)  # it logs a trace for each value that a finding names anyway
    given = sys.argv[1:] if argv is None else argv
    arguments = parser(next(iter(given), "")).parse_args(given)
    run: Callable[[argparse.Namespace], int] = arguments.run
    try:
        code = run(arguments)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else the exit would write once more
        return CANNOT_RUN
    except (KreisgraphError, OSError) as error:
        refuse(error, arguments.lang)
        return CANNOT_RUN
    except KeyboardInterrupt:
        return 130
