"""kreisgraph patch: applies the changes of a release to the N-Quads file of the one before."""

import argparse
import os
import sys
import uuid
from pathlib import Path
from typing import IO, cast

from publisher.release.changes import patch

NAME = "patch"
HELP = (
    "Aus der N-Quads-Datei einer Veröffentlichung die der nächsten machen (turn the N-Quads file of a release into "
    "that of the next); 0 = Byte für Byte dieselbe Datei, 2 = der Patch passt nicht"
)


def arguments(command: argparse.ArgumentParser) -> None:
    """The file, the patch, and where to write."""
    command.add_argument("old", type=Path, metavar="DATEI", help="N-Quads-Datei, auch gepackt (N-Quads, also gzip)")
    command.add_argument("patch", type=Path, metavar="PATCH", help="RDF Patch, auch gepackt (RDF Patch, also gzip)")
    command.add_argument("--output", type=Path, metavar="DATEI", help="Ausgabe (default: Standardausgabe)")
    command.add_argument(
        "--reverse", action="store_true", help="von der neueren Datei zur älteren (from the newer file to the older)"
    )


def run(options: argparse.Namespace) -> int:
    """Apply the patch. What is written to a file stands there whole or not at all."""
    found = patch.read(options.patch)
    if not options.output:
        sys.stdout.flush()
        patch.apply(found, options.old, cast(IO[bytes], sys.stdout.buffer), options.reverse)
        return 0
    aside = options.output.with_name(f".{options.output.name}-{uuid.uuid4().hex}")
    try:
        with aside.open("wb") as file:
            patch.apply(found, options.old, file, options.reverse)
        os.replace(aside, options.output)
    finally:
        aside.unlink(missing_ok=True)
    return 0
