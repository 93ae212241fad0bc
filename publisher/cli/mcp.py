"""kreisgraph mcp: the questions, the search and the passages as tools for agents (Model Context Protocol)."""

import argparse
import os

from publisher.core.settings import load

NAME = "mcp"
HELP = "Fragen, Suche und Belege als Werkzeuge bereitstellen (serve questions, search and passages as MCP tools)"


def arguments(command: argparse.ArgumentParser) -> None:
    """Standard input and output unless ``--http`` is given."""
    command.add_argument("--http", action="store_true", help="Über HTTP statt über Standardein- und -ausgabe")
    command.add_argument("--host", help="Adresse mit --http (default: Einstellung KREISGRAPH_HOST)")
    command.add_argument("--port", help="Port mit --http (default: PORT oder Einstellung KREISGRAPH_PORT)")


def run(options: argparse.Namespace) -> int:
    """Serve until the agent hangs up, or until stopped."""
    # Only here: the other commands need not wait for the protocol's library.
    from publisher.mcp.processes import over_http, over_pipes

    given = {"host": options.host, "port": options.port or os.environ.get("PORT")}
    settings = load(**{name: value for name, value in given.items() if value})
    if not options.http:
        over_pipes(settings, options.lang)
        return 0
    from publisher.web.serve import listen_at

    with listen_at(settings) as doors:
        over_http(settings, doors, options.lang)
    return 0
