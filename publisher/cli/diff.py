"""kreisgraph diff: what changed between two releases."""

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from publisher.core.errors import RemovedRelease, UnknownRelease
from publisher.core.settings import load
from publisher.release.changes import patch, told
from publisher.release.changes.comparing import Comparison, Side, compared
from publisher.release.changes.merge import whole_file
from publisher.release.changes.spoken import html, text
from publisher.release.history.archive import archive
from publisher.release.reader import CURRENT, MANIFEST, WHOLE, current_folder, read_manifest

NAME = "diff"
HELP = (
    "Zeigen, was sich zwischen zwei Veröffentlichungen geändert hat (show what changed between two releases); "
    "0 = nichts, 1 = etwas, 2 = nicht lauffähig"
)
FORMATS = ("text", "html", "json", "nquads", "rdfpatch")


def arguments(command: argparse.ArgumentParser) -> None:
    """The two releases, and how to show what changed."""
    command.add_argument("old", metavar="ALT", help="Version, Ordner oder „current“ (version, folder or current)")
    command.add_argument(
        "new", metavar="NEU", nargs="?", default=CURRENT, help="ebenso; ohne Angabe die geltende (default: current)"
    )
    command.add_argument("--format", choices=FORMATS, default="text", help="Format der Ausgabe (default: text)")
    command.add_argument(
        "--side",
        choices=("added", "removed"),
        default="added",
        help="mit --format nquads: hinzugefügte oder entfernte Aussagen (default: added)",
    )


def run(options: argparse.Namespace) -> int:
    """Print the changes; 1 when there are some, else 0."""
    releases = load().releases
    old, new = find(releases, options.old), find(releases, options.new)
    if options.format == "rdfpatch":
        return _patch(old, new)
    found = compared(old, new)
    if options.format == "nquads":
        _write(sorted(line for lines in found.lines.values() for line in getattr(lines, options.side)))
    elif options.format == "json":
        sys.stdout.write(_json(found))
    else:
        sys.stdout.write((html if options.format == "html" else text)(found, options.lang))
    return 1 if found.sets else 0


def find(releases: Path, name: str) -> Side:
    """The release ``name``: ``current``, a folder, or a version in ``releases``.

    Raises UnknownRelease, NoRelease, DamagedRelease, or RemovedRelease when its files are not there.
    """
    past = {one.version: one.folder for one in archive(releases)}
    if name == CURRENT:
        folder = current_folder(releases)
    elif (Path(name) / MANIFEST).is_file():
        folder = Path(name)
    elif name in past:
        folder = past[name]
    else:
        raise UnknownRelease(name=name, folder=releases, known=", ".join([CURRENT, *past][:20]))
    manifest = read_manifest(folder)
    if not whole_file(folder):
        raise RemovedRelease(version=manifest.version, file=str(folder / WHOLE), folder=str(folder))
    return Side(manifest.version, folder, manifest)


def _patch(old: Side, new: Side) -> int:
    """The patch from dump to dump; both are read line by line, whatever they hold."""
    start = f"{new.manifest.base}release/"
    # Of much there is only a packed dump, and the checksum of what is in it is not known.
    sums = ({file.path: file.sha256 for file in side.manifest.files}.get(WHOLE, "") for side in (old, new))
    header = patch.Header(start + new.version, start + old.version, *sums)
    before, after = whole_file(old.folder), whole_file(new.folder)
    assert before and after, "find looked for them"
    _write(patch.between(before, after, header))
    return 0 if old.version == new.version or "" != header.old == header.new else 1


def _write(lines: Iterable[bytes]) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.writelines(lines)
    sys.stdout.buffer.flush()


def _json(found: Comparison) -> str:
    whole = json.loads(told.summary_as_json(found.summary))
    whole["sets"] = [json.loads(told.as_json(changed)) for changed in found.sets]
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"
