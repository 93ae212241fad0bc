"""What changed: the list of releases, a page for each release, and one for each data set in a release."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from publisher.core.refusals import NotFound
from publisher.release.changes import told
from publisher.release.changes.changes import Changed, Row
from publisher.release.changes.told import Summary
from publisher.release.citation.citing import Cited
from publisher.release.datasets import VOCABULARY, VOCABULARY_GRAPHS, WHOLE
from publisher.release.history.archive import Past
from publisher.release.manifest import File, Manifest
from publisher.release.packings import GZIP
from publisher.release.reader import WHOLE as WHOLE_DUMP
from publisher.views import releases as view
from publisher.views.portions import Portion, portion
from publisher.web import negotiation, release_files
from publisher.web.caching import cached, etag
from publisher.web.frame import Frame, Page, Visit
from publisher.web.links import DEFAULT_LANGUAGE, LANGUAGES

PATH, SECTION = "/release", "/daten"
SIZE, SETS, ROWS = 20, 60, 50
"""How many releases, data sets and things stand on one page."""
_PART = "teil"
_DUMPS = tuple(WHOLE_DUMP.rpartition("/")[2] + ending for ending in ("", GZIP.ending))
"""What the file of everything in N-Quads may be called."""
_HTML = "text/html"


@dataclass(frozen=True)
class Entry:
    """A release in the list, with what changed in it."""

    past: Past
    summary: Summary | None
    sets: tuple[Changed, ...]
    """The data sets that changed, without that of everything."""
    in_force: bool


@dataclass(frozen=True)
class ReleasesPage:
    """A portion of the list of releases."""

    entries: tuple[Entry, ...]
    portion: Portion


@dataclass(frozen=True)
class ReleasePage:
    """One release."""

    entry: Entry
    manifest: Manifest
    newest: Past
    before: Past | None
    after: Past | None
    cited: Cited
    files: tuple[File, ...]
    """Those that hold everything."""
    dump: str
    """The name of the one in N-Quads."""
    patches: tuple[File, ...]
    sets: tuple[Changed, ...]
    portion: Portion


@dataclass(frozen=True)
class DatasetOfRelease:
    """One data set in one release."""

    entry: Entry
    newest: Past
    name: str
    changed: Changed | None
    """What changed in this release; None where nothing did."""
    rows: tuple[Row, ...]
    portion: Portion
    cited: Cited | None
    canonical: tuple[File, ...]
    """The N-Quads files, whose checksums are those of the canonical form."""
    files: tuple[File, ...]
    patch: File | None
    steps: tuple[view.Step, ...]


def router(frame: Frame) -> APIRouter:
    """The routes."""
    routes = APIRouter()
    frame.register(routes, PATH, _releases)
    add = partial(routes.add_route, methods=["GET", "HEAD"], include_in_schema=False)
    add(PATH + "/{version}", partial(_negotiated, frame))
    for language in LANGUAGES:
        prefix = "" if language == DEFAULT_LANGUAGE else f"/{language}"
        add(f"{prefix}{PATH}/{{version}}/datensatz/{{name}}", partial(_in_language, frame, language, prefix, _dataset))
        if prefix:
            add(f"{prefix}{PATH}/{{version}}", partial(_in_language, frame, language, prefix, _release))
    return routes


def _negotiated(frame: Frame, request: Request) -> Response:
    """The page of a release, or what it says of itself in RDF, whichever is wanted; a page for who names neither."""
    media = negotiation.negotiate(request.headers.get("accept"), (_HTML, *release_files.BY_MEDIA))
    if media == _HTML:
        response = _in_language(frame, DEFAULT_LANGUAGE, "", _release, request)
        response.headers["Vary"] = "Accept, Accept-Encoding"
        return response
    past, fmt = release_files.wanted(frame, request), release_files.BY_MEDIA[media]
    headers = {"Content-Type": fmt.content_type, "Link": links(frame, past)}
    tag = etag(frame.stamp, past.version, fmt.ending)
    return cached(
        request, tag, lambda: Response(release_files.describe(frame, past, fmt), headers=headers), vary="Accept"
    )


def _in_language(
    frame: Frame, language: str, prefix: str, handler: Callable[[Frame, Visit], Page], request: Request
) -> Response:
    """A page about a release; its links lead to the address that lasts, whichever it was asked by."""
    past = release_files.wanted(frame, request)
    path = request.scope["path"].removeprefix(prefix)
    lasting = path.replace(f"{PATH}/{request.path_params['version']}", f"{PATH}/{past.version}", 1)
    return frame.answer(frame.visit(request, language, lasting), partial(handler, frame))


def links(frame: Frame, past: Past) -> str:
    """The entries of a Link header that lead to other releases and formats. https://www.rfc-editor.org/rfc/rfc5829"""

    def at(path: str) -> str:
        return frame.links.whole(frame.links.href(path))

    around = (
        ("predecessor-version", view.before(frame.site, past)),
        ("successor-version", view.after(frame.site, past)),
    )
    found = [
        f'<{at(f"{PATH}/{past.version}")}>; rel="cite-as"',
        f'<{at(PATH)}>; rel="version-history"',
        f'<{at(f"{PATH}/{view.own(frame.site).version}")}>; rel="latest-version"',
        *(f'<{at(f"{PATH}/{other.version}")}>; rel="{name}"' for name, other in around if other),
        *(
            f'<{at(f"{PATH}/{past.version}.{fmt.ending}")}>; rel="describedby"; type="{fmt.media}"'
            for fmt in release_files.BY_MEDIA.values()
        ),
        f'<{at(f"{PATH}/{past.version}/citation/{WHOLE}.bib")}>; rel="describedby"; type="application/x-bibtex"',
    ]
    return ", ".join(found)


def _releases(visit: Visit) -> Page:
    found = view.releases(visit.site)
    shown = portion(len(found), SIZE, _PART, visit.one(_PART))
    data = ReleasesPage(tuple(_entry(visit, past) for past in shown.of(found)), shown)
    return Page("releases.html", data, section=SECTION)


def _entry(visit: Visit, past: Past) -> Entry:
    summary = view.summary(visit.site, past)
    sets = tuple(one for one in (summary.sets if summary else ()) if one.name != WHOLE)
    return Entry(past, summary, sets, past == view.own(visit.site))


def _release(frame: Frame, visit: Visit) -> Page:
    past = release_files.wanted(frame, visit.request)
    entry, manifest = _entry(visit, past), past.manifest()
    shown = portion(len(entry.sets), SETS, _PART, visit.one(_PART))
    start = WHOLE_DUMP.partition(".")[0]
    data = ReleasePage(
        entry=entry,
        manifest=manifest,
        newest=view.own(visit.site),
        before=view.before(visit.site, past),
        after=view.after(visit.site, past),
        cited=release_files.how_to_cite(frame, past)[WHOLE],
        files=tuple(file for file in manifest.files if file.path.startswith(start)),
        dump=next((name for file in manifest.files if (name := file.path.rpartition("/")[2]) in _DUMPS), _DUMPS[0]),
        patches=tuple(file for file in manifest.files if file.path.startswith(f"{told.FOLDER}/kreisgraph")),
        sets=shown.of(entry.sets),
        portion=shown,
    )
    return Page("release.html", data, section=SECTION, headers={"Link": links(frame, past)})


def _dataset(frame: Frame, visit: Visit) -> Page:
    """One data set in one release; raises NotFound when it was not in it, nor withdrawn by it."""
    past, name = release_files.wanted(frame, visit.request), visit.request.path_params["name"]
    entry, manifest = _entry(visit, past), past.manifest()
    changed = next((one for one in entry.sets if one.name == name), None)
    held = name in {state.name for state in manifest.datasets} or manifest.county(name) is not None
    if name == WHOLE or not (held or changed):
        raise NotFound(what=visit.path)
    changed = (told.read(past.folder, name) or changed) if changed else None
    rows = changed.rows if changed else ()
    shown = portion(len(rows), ROWS, _PART, visit.one(_PART))
    files = tuple(file for file in manifest.files if _is_of(file, name))
    data = DatasetOfRelease(
        entry=entry,
        newest=view.own(visit.site),
        name=name,
        changed=changed,
        rows=shown.of(rows),
        portion=shown,
        cited=release_files.how_to_cite(frame, past).get(name),
        canonical=tuple(file for file in files if file.path.endswith(".nq")),
        files=files,
        patch=next((file for file in manifest.files if file.path.startswith(f"{told.FOLDER}/{name}.rdfp")), None),
        steps=view.history(visit.site).get(name, ()),
    )
    return Page("release_dataset.html", data, section=SECTION)


def _is_of(file: File, name: str) -> bool:
    """Whether a dump belongs to the data set ``name``, by the name of its graph."""
    graph = file.path.removeprefix("dumps/").partition(".")[0]
    own = VOCABULARY_GRAPHS if name == VOCABULARY else (name,)
    return file.path.startswith("dumps/") and graph in own
