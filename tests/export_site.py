"""The site of the session's release as files, with the things of one county only, and a plain server for it."""

import fcntl
import functools
import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from publisher.core.settings import Settings
from publisher.export.export import prepare, write
from publisher.export.folder import Folder
from publisher.export.options import Options
from publisher.export.plan import Plan
from publisher.export.work import Work
from publisher.graph.sources import Sources
from publisher.release.manifest import Manifest, describe

COUNTY = "03457"
UNDER = "daten/landkreise"
"""The path below the host at which a county hangs the folder."""
KEPT = (f"kreis/{COUNTY}", f"graph/{COUNTY}", "feld/")


def some(work: Work, kept: tuple[str, ...] = KEPT) -> Work:
    """``work`` with few things: what is left out is, for the pages, a part without files of its own."""
    few = frozenset(name for name in work.plan.things if name.startswith(kept))
    work.plan.__dict__["things"] = few
    return work


def prepared(sources: Sources, settings: Settings, folder: Folder, options: Options | None = None) -> Work:
    """The work of an export of those things."""
    return some(prepare(sources, settings, folder, options or Options(parts="none", jobs=1)))


@contextmanager
def exported(session: Path, sources: Sources, settings: Settings) -> Iterator[Work]:
    """The work of the export that all tests of this run share, done by the first that asks for it."""
    with (session / "export.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with Folder.opened(session / "htdocs" / UNDER) as folder:
            work = prepared(sources, settings, folder)
            if not folder.before:
                write(work, Options(parts="none", jobs=1))
            yield work


def addresses(plan: Plan) -> list[str]:
    """The pages and documents of all things of the county."""
    names = sorted(name for name in plan.things if name.startswith(f"kreis/{COUNTY}/"))
    endings = ("html", "ttl", "jsonld", "nt", "rdf")
    return [f"/doc/{name}.{ending}" for name in names for ending in endings] + [
        f"/en/doc/{name}.html" for name in names
    ]


def changed(releases: Path, folder: Path, old: str, new: str) -> Path:
    """A copy of the releases in which the county says ``new`` instead of ``old``, as a build would have written it."""
    current = (releases / "current").resolve()
    shutil.copytree(current, folder / "next")
    (folder / "current").symlink_to("next")
    path = folder / "next" / "manifest.json"
    manifest = Manifest.parse(path.read_text(encoding="utf-8"))
    names = {f"dumps/{COUNTY}.nq", f"dumps/{COUNTY}.jsonld", "dumps/kreisgraph.nq"}
    files = []
    for file in manifest.files:
        if file.path in names:
            text = (folder / "next" / file.path).read_text(encoding="utf-8")
            assert json.dumps(old, ensure_ascii=False)[1:-1] in text, file.path
            (folder / "next" / file.path).write_text(text.replace(old, new), encoding="utf-8")
            file = describe(folder / "next", file.path, file.media, file.graph)
        files.append(file)
    path.write_text(replace(manifest, version="2099-01-01-next", files=files).json(), encoding="utf-8")
    return folder


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of ``folder``, served as ``python -m http.server`` does."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
