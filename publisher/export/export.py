"""kreisgraph export: everything is loaded once, then all processors make files, then all links are checked."""

import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from publisher.core.errors import BrokenLinks
from publisher.core.processes import processors, pursue, spread
from publisher.core.settings import Settings
from publisher.export import check, servers
from publisher.export.asked import Asked
from publisher.export.documents import Documents
from publisher.export.folder import Entry, Folder
from publisher.export.machines import Machines
from publisher.export.offline import Chosen, Held, Offline
from publisher.export.options import Exported, Options
from publisher.export.pages import Own
from publisher.export.plan import AS_FILES, REGISTER, SEARCH, Plan
from publisher.export.register import Register
from publisher.export.rewrite import Rewriter
from publisher.export.things import things
from publisher.export.unchanged import Unchanged
from publisher.export.work import Work
from publisher.graph.formats import DOCUMENT_FORMATS
from publisher.graph.sources import Sources
from publisher.release.reader import open_release
from publisher.views.offered import offered
from publisher.views.ready import make_ready
from publisher.views.search_index import Index
from publisher.views.site import Site
from publisher.web import problems, signposts
from publisher.web.frame import Frame
from publisher.web.links import LANGUAGES

CHUNK = 48
"""So many addresses a process takes at a time."""
_SHOWN = 5
Tell = Callable[[str, int, int], None]
"""Hears of progress: the step ("loaded", "made", "searched", "checked"), how much is done, of how much."""


@dataclass
class Report:
    """What an export did."""

    version: str
    base: str
    files: int = 0
    bytes: int = 0
    fresh: set[str] = field(default_factory=set, repr=False)
    """The files that were written; some by two addresses."""
    removed: int = 0
    kept: int = 0
    """Files that were not even made anew."""
    parts: bool = True
    things: int = 0
    entries: dict[str, Entry] = field(default_factory=dict, repr=False)

    @property
    def written(self) -> int:
        """How many files were written; the others were as they should be."""
        return len(self.fresh)


def export(sources: Sources, settings: Settings, path: Path, options: Options, tell: Tell = lambda *_: None) -> Report:
    """Writes the site of the release in force into ``path``; see ``Options``.

    Raises NoRelease or DamagedRelease, ForeignFolder, ExportRunning, UnsafeName, and BrokenLinks when a link of a
    page leads to no file.
    """
    with Folder.opened(path) as folder:
        work = prepare(sources, settings, folder, options)
        tell("loaded", len(work.plan.things), len(work.plan.things))
        return write(work, options, tell)


def write(work: Work, options: Options, tell: Tell = lambda *_: None) -> Report:
    """Makes all files of ``work``, checks their links, removes what is no longer made. Raises as ``export``."""
    jobs = options.jobs or processors()
    if jobs > 1:
        _share(work)
    site = work.plan.site
    report = Report(site.release.manifest.version, site.base, parts=work.exported.parts, things=len(work.plan.things))
    _make_all(work, jobs, report, tell)
    _search(work, jobs, report, tell)
    _put(work, report, list(servers.samples(work.own.frame, options)))
    _check(work.folder.path, report.entries, jobs, tell)
    report.removed = len(work.folder.finish(report.entries))
    report.files, report.bytes = len(report.entries), sum(entry.size for entry in report.entries.values())
    return report


def _share(work: Work) -> None:
    """Makes once what all processes need, before they are forked, and leaves it in the memory that they share."""
    for environment in work.own.frame.environments.values():
        for template in environment.list_templates(extensions=["html"]):
            environment.get_template(template)
    gc.collect()
    gc.freeze()


def prepare(sources: Sources, settings: Settings, folder: Folder, options: Options) -> Work:
    """Everything loaded that files are made from."""
    release = open_release(settings.releases)
    site = Site.of(release, sources, settings.model_copy(update={"public_url": options.url}))
    make_ready(site)
    site.once(Index.of)
    found, parts = things(site, options.parts)
    frame = site.once(Frame.of)
    exported = Exported(options.server, parts)
    for environment in frame.environments.values():
        environment.globals |= {"exported": exported, "problem_kinds": problems.kinds()}
    asked = Asked.of(frame)
    plan = Plan(site, frame.links, asked, found, parts)
    own = Own(frame, {"search": lambda path, language: Chosen.of(plan), "register": Register(plan).page})
    rewriter = Rewriter(plan, options.url, options.server, own.words())
    machines = Machines(plan, options.server)
    files = {file.path: file for file in release.manifest.files}
    held = folder if not options.fresh else Folder(folder.path, {}, folder.left | frozenset(folder.before))
    unchanged = Unchanged.of(plan, frame, options, parts)
    return Work(plan, asked, own, rewriter, machines, Documents(plan), unchanged, held, files, exported)


def seeds(work: Work) -> Iterator[str]:
    """The addresses to begin with, as the site links them; pages lead to the others."""
    links, plan = work.plan.links, work.plan
    own = [*work.asked.fixed(), *(f"/{path}" for path in work.files)]
    own += [signposts.path(name) for name in offered(plan.site)]
    # Style sheets name fonts; scripts are taken along only where a page has them.
    own += [f"/static/{name}" for name in work.own.frame.static.files if not name.endswith(".js")]
    yield from (links.root + path for path in own)
    yield from (links.query(query.name) for query in plan.site.queries)
    for language in LANGUAGES:
        yield from (links.href(path, language) for path in (AS_FILES, REGISTER, SEARCH))
    for name in sorted(plan.things):
        iri = links.iri(name)
        yield from (links.document(iri, "html", language) for language in LANGUAGES)
        yield from (links.document(iri, fmt.ending) for fmt in DOCUMENT_FORMATS)


def _make_all(work: Work, jobs: int, report: Report, tell: Tell) -> None:
    """The files of the seeds, and of all that pages lead to."""
    wanted = [address for address in dict.fromkeys(seeds(work)) if work.plan.file(address)]
    known = len(wanted)
    for made in pursue(work.make, wanted, lambda one: sorted(one.found), CHUNK, jobs):
        report.entries.update(made.entries)
        report.fresh |= made.written
        report.kept += made.kept
        tell("made", len(report.entries), max(known, len(report.entries)))


def _search(work: Work, jobs: int, report: Report, tell: Tell) -> None:
    """The files of the search."""
    offline, held = Offline(work.plan), dict[str, Held]()
    for found in spread(offline.look_up, _cut(offline.words, CHUNK), jobs):
        held |= found
        tell("searched", len(held), len(offline.words))
    _put(work, report, list(offline.files(held)))


def _put(work: Work, report: Report, files: list[tuple[str, bytes]]) -> None:
    work.folder.announce(file for file, _ in files)
    for file, body in files:
        report.entries[file], written = work.folder.put(file, body)
        report.fresh |= {file} if written else set()


def _cut(whole: list[str], size: int) -> list[list[str]]:
    return [whole[start : start + size] for start in range(0, len(whole), size)]


def _check(path: Path, entries: dict[str, Entry], jobs: int, tell: Tell) -> None:
    """Raises BrokenLinks."""
    files = frozenset(entries)
    pages = sorted(file for file in files if file.endswith((".html", ".css")))
    broken: list[check.Broken] = []
    places: set[tuple[str, str, str]] = set()
    look = partial(_look, path, files)
    for done, read in enumerate(spread(look, _cut(pages, CHUNK * 4), jobs), 1):
        broken += read.broken
        places.update(read.places)
        tell("checked", min(done * CHUNK * 4, len(pages)), len(pages))
    broken += check.check_places(path, sorted(places, key=lambda place: place[1:]))
    if broken:
        some = "; ".join(
            f"{one.file} → {one.link}" for one in sorted(broken, key=lambda one: (one.file, one.link))[:_SHOWN]
        )
        raise BrokenLinks(number=len(broken), some=some)


def _look(path: Path, files: frozenset[str], pages: list[str]) -> check.Read:
    return check.check(path, pages, files)
