"""kreisgraph serve: the site and the endpoint of the release in force."""

import argparse
import os

from publisher.core.settings import load
from publisher.endpoint.confine import keep_pieces_ready
from publisher.graph.kinds import KINDS

NAME = "serve"
HELP = "Seiten, Daten und SPARQL-Endpunkt bereitstellen (serve pages, data and the SPARQL endpoint)"


def arguments(command: argparse.ArgumentParser) -> None:
    """Address and port; both override the settings."""
    command.add_argument("--host", help="Adresse (default: Einstellung KREISGRAPH_HOST)")
    command.add_argument("--port", help="Port (default: PORT oder Einstellung KREISGRAPH_PORT)")
    store_arguments(command)


def store_arguments(command: argparse.ArgumentParser) -> None:
    """The server that holds the data."""
    command.add_argument("--store", help="Adresse eines SPARQL-Servers (default: Einstellung KREISGRAPH_STORE)")
    command.add_argument(
        "--store-kind", choices=sorted(KINDS), help="dessen Art (default: Einstellung KREISGRAPH_STORE_KIND)"
    )


def run(options: argparse.Namespace) -> int:
    """Serve until stopped."""
    # First of all: what is imported before would be imported twice.
    keep_pieces_ready()
    port = options.port or os.environ.get("PORT")
    given = {"host": options.host, "port": port, "store": options.store, "store_kind": options.store_kind}
    named = {name: value for name, value in given.items() if value}
    # Only here: the other commands need not wait for the protocol's library.
    from publisher.mcp.http import router
    from publisher.web.serve import serve

    serve(load(**named), guests=(router,), again=lambda: load(**named))
    return 0
