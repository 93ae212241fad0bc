"""kreisgraph load: the release in force into another SPARQL server."""

import argparse
import sys

from publisher.cli.serve import store_arguments
from publisher.core.errors import ValueNotAllowed
from publisher.core.settings import PREFIX, allowed, load
from publisher.graph.queries import Queries
from publisher.graph.sources import find
from publisher.release.elsewhere import Loading, server_of
from publisher.release.reader import current_folder, read_manifest

NAME = "load"
HELP = "die geltende Veröffentlichung in einen SPARQL-Server laden (load the release in force into a SPARQL server)"
_STATES = {
    "de": {
        "sent": "  geladen: {part}",
        "removed": "  entfernt: {part}",
        "done": "Veröffentlichung {version} liegt in {store}.",
        "held": "Veröffentlichung {version} lag schon in {store}.",
    },
    "en": {
        "sent": "  loaded: {part}",
        "removed": "  removed: {part}",
        "done": "Release {version} is in {store}.",
        "held": "Release {version} was in {store} already.",
    },
}


def arguments(command: argparse.ArgumentParser) -> None:
    """The server; overrides the settings."""
    store_arguments(command)


def run(options: argparse.Namespace) -> int:
    """Load what is not there yet; 0."""
    given = {"store": options.store, "store_kind": options.store_kind}
    settings, words = load(**{name: value for name, value in given.items() if value}), _STATES[options.lang]
    server = server_of(settings)
    for name, value in (("store", settings.store), ("store_data", server.loading)):
        if not value:
            raise ValueNotAllowed(name=PREFIX + name.upper(), value="", allowed=allowed(name))
    folder = current_folder(settings.releases)
    manifest = read_manifest(folder)
    queries = Queries(find(settings.input).queries, manifest.base)

    def say(step: str, part: str) -> None:
        print(words[step].format(part=part), file=sys.stderr)

    new = Loading(folder, manifest, server, queries, say).run()
    print(words["done" if new else "held"].format(version=manifest.version, store=settings.store))
    return 0
