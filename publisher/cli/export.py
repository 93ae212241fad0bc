"""kreisgraph export: the whole site as plain files."""

import argparse
import sys
import time
from pathlib import Path

from publisher.core.errors import ValueNotAllowed
from publisher.core.messages import messages
from publisher.core.settings import allowed, load
from publisher.export.options import Options
from publisher.graph.sources import find

NAME = "export"
HELP = (
    "Website als Dateien schreiben, für einen Webserver ohne Programm dahinter (write the site as plain files for a "
    "web server with no program behind it); 0 = geschrieben, 2 = nicht möglich"
)
_EVERY = 2.0
"""Progress is said every so many seconds."""


def arguments(command: argparse.ArgumentParser) -> None:
    """The folder, where it will be reached, and how much of the site."""
    command.add_argument(
        "folder",
        type=Path,
        metavar="ORDNER",
        help="leerer Ordner oder frühere Ausgabe; fremde Dateien bleiben unberührt "
        "(an empty folder or an earlier export)",
    )
    command.add_argument(
        "--url",
        help="Adresse, unter der der Ordner erreichbar sein wird (where the folder will be reached; "
        "default: Einstellung KREISGRAPH_PUBLIC_URL)",
    )
    command.add_argument(
        "--server",
        nargs="?",
        const="",
        metavar="URL",
        help="laufende Website, zu der führt, was ein Programm braucht; ohne URL die von KREISGRAPH_PUBLIC_URL "
        "(a running site that links lead to where a program is needed; without URL that of KREISGRAPH_PUBLIC_URL)",
    )
    command.add_argument(
        "--parts",
        choices=("auto", "all", "none"),
        default="auto",
        help="eigene Dateien für Belege, Zuordnungen und andere Teile von Einträgen: auto bis 20.000 Einträge "
        "(files of their own for quotations, mappings and other parts of entries: auto up to 20,000 entries)",
    )
    command.add_argument("--fresh", action="store_true", help="alles neu schreiben (write every file anew)")
    command.add_argument(
        "--jobs",
        type=int,
        default=0,
        metavar="N",
        help="Prozesse, 0 = einer je Prozessor (processes, 0 = one a processor)",
    )


def run(options: argparse.Namespace) -> int:
    """Write the files; 0 when all are there and every link leads to one."""
    # Only here: the other commands need not wait for the libraries.
    from publisher.export.export import export

    settings = load()
    server = settings.public_url if options.server == "" else _address(options.server or "")
    # What both name is one place: there are files or a program.
    url = _address(options.url) if options.url else ("" if server == settings.public_url else settings.public_url)
    wanted = Options(url, server, options.parts, options.fresh, max(0, options.jobs))
    said = {name: message.text(options.lang) for name, message in messages("export").items()}
    last = 0.0

    def tell(step: str, done: int, total: int) -> None:
        nonlocal last
        if done == total or time.monotonic() - last > _EVERY:
            last = time.monotonic()
            print(said[step].format(done=done, total=total), file=sys.stderr)

    report = export(find(settings.input), settings, options.folder, wanted, tell)
    if not report.parts and options.parts == "auto":
        print(said["no-parts"])
    if not url:
        print(said["no-address"].format(base=report.base))
    counts = {"files": report.files, "written": report.written, "removed": report.removed}
    unchanged, megabytes = report.files - report.written, round(report.bytes / 1e6)
    print(
        said["done"].format(
            version=report.version, folder=options.folder, unchanged=unchanged, megabytes=megabytes, **counts
        )
    )
    return 0


def _address(text: str) -> str:
    """``text`` as an address without a slash at the end; raises ValueNotAllowed."""
    if text and not text.startswith(("http://", "https://")):
        raise ValueNotAllowed(name="--url, --server", value=text, allowed=allowed("public_url"))
    return text.rstrip("/")
