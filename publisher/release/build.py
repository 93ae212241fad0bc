"""kreisgraph build: a release is built aside, checked, written through, and switched to by one rename."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from pyoxigraph import CanonicalizationAlgorithm, Quad
from pyoxigraph import Dataset as Quads

from publisher.core.errors import DamagedRelease, InvalidCommon, LostState, NoDate, NoRelease
from publisher.core.messages import Message
from publisher.core.settings import Settings
from publisher.core.terms import CANONICAL_BASE, GRAPH
from publisher.graph.queries import Queries
from publisher.graph.rebase import rebase
from publisher.graph.sources import CountySource, Sources
from publisher.quality import report
from publisher.quality.check import Part, Validation
from publisher.quality.findings import Result
from publisher.release.catalogue.listed import list_for_portals, said
from publisher.release.catalogue.offers import undated
from publisher.release.cells import cells
from publisher.release.dates import stated_dates
from publisher.release.description import describe as describe_data
from publisher.release.dumps import read_context, write_dumps
from publisher.release.executables import executables
from publisher.release.history.events import event, last_manifest
from publisher.release.history.retention import retire
from publisher.release.kept import Kept
from publisher.release.manifest import CountyState, File, Manifest, describe
from publisher.release.packed import pack
from publisher.release.reader import CURRENT, MANIFEST, checked_file, current_folder, read_dataset, read_manifest
from publisher.release.readings import readings
from publisher.release.recording import record
from publisher.release.similar import similar
from publisher.release.switch import alone, fresh, keep_times, put_in_force, sync
from publisher.release.tables.files import add_tables, made_by
from publisher.release.tables.rows import Statements

_REPORTS = {"turtle": ("ttl", "text/turtle"), "json": ("json", "application/json"), "html": ("html", "text/html")}
Tell = Callable[[str, str], None]
"""Hears of progress: the step ("checked", "written", "dropped", "undated" or "removed") and the part."""


@dataclass(frozen=True)
class County:
    """One county's contribution to a release: its state, its statements (under the release's base), its documents."""

    state: CountyState
    quads: list[Quad]
    documents: Path | None


def build(
    sources: Sources, settings: Settings, tell: Tell = lambda step, part: None
) -> tuple[Path, Manifest, list[Result]]:
    """Build a release of everything in ``sources`` and put it in force.

    Returns its folder, its manifest and the results of validation. The release in force stays when this raises:
    SourceError or InvalidCommon when the common graphs cannot be used, since every county depends on them;
    LostState when a county's last valid state is needed and damaged; BuildRunning.
    """
    with alone(settings.releases):
        validation = Validation(sources, settings)
        common = validation.check_common()
        if not common.result.valid:
            german, english = (report.text([common.result], language, ("violation",)) for language in ("de", "en"))
            raise InvalidCommon(report=Message(german, english))
        parts = validation.check_counties(validation.counties, lambda part: tell("checked", part.result.part))
        counties = _counties(validation, parts, settings, tell)
        quads = _quads([*common.quads, *validation.common.shapes], counties, settings.base)
        quads += _derived(validation, counties, settings.base)
        quads += _described(sources, quads, settings)
        results = [common.result, *(part.result for part in parts)]
        with fresh(settings.releases) as folder:
            manifest = _fill(folder, quads, counties, results, sources, settings, tell)
            keep_times(folder, manifest, settings.releases)
            sync(folder)
            target = put_in_force(folder, settings.releases, manifest.version)
        retire(settings.releases, settings.keep_releases, partial(tell, "removed"))
        return target, manifest, results


def _counties(validation: Validation, parts: list[Part], settings: Settings, tell: Tell) -> list[County]:
    """Every district with a folder, once; ``tell`` hears of those of the last release that have none any more."""
    checked = {source.ags: (source, part) for source, part in zip(validation.counties, parts, strict=True)}
    present = {ags: pair for ags, pair in checked.items() if ags in validation.common.keys}
    for ags in _published(settings.releases):
        if ags not in present:
            tell("dropped", ags)
    return [_county(source, part, settings) for source, part in present.values()]


def _county(source: CountySource, part: Part, settings: Settings) -> County:
    """The county's new state where it is valid, else its last valid one, else nothing."""
    violations = part.result.count("violation")
    if part.result.valid:
        state = CountyState(source.ags, "current", "", len(part.quads))
        return County(state, list(rebase(part.quads, settings.base)), source.folder)
    kept = _kept(source.ags, settings)
    if kept:
        return replace(kept, state=replace(kept.state, state="kept", violations=violations))
    return County(CountyState(source.ags, "left_out", "", 0, violations), [], None)


def _kept(ags: str, settings: Settings) -> County | None:
    """What the release in force holds of a county, moved to the configured base; None when it holds nothing.

    Raises LostState when it holds something else than its manifest says.
    """
    try:
        folder = current_folder(settings.releases)
        manifest = read_manifest(folder)
        state = manifest.county(ags)
        if state is None or state.state == "left_out":
            return None
        for file in manifest.files:
            if file.path.startswith(f"sources/{ags}/"):
                checked_file(folder, manifest, file.path)
        quads = read_dataset(folder, manifest, f"dumps/{ags}.nq").store
    except NoRelease:
        return None
    except DamagedRelease as error:
        raise LostState(ags=ags, link=settings.releases / CURRENT, **error.facts) from None
    return County(state, list(rebase(quads, settings.base, manifest.base)), folder / "sources" / ags)


def _published(releases: Path) -> list[str]:
    """The counties of which the release in force holds statements; none when there is no readable release."""
    manifest = last_manifest(releases)
    return [county.ags for county in manifest.counties if county.state != "left_out"] if manifest else []


def _quads(common: Iterable[Quad], counties: list[County], base: str) -> list[Quad]:
    """All statements of the release; blank nodes (only shapes have any) get canonical labels (RDFC-1.0)."""
    dataset = Quads(rebase(common, base))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return [*dataset, *(quad for county in counties for quad in county.quads)]


def _derived(validation: Validation, counties: list[County], base: str) -> list[Quad]:
    """What follows from the counties' statements: the cells of the comparison, the similarities, the readings."""
    graphs = validation.common.graphs
    lists = list(rebase([*graphs[GRAPH + "fields"], *graphs[GRAPH + "lists"]], base))
    queries = Queries(validation.sources.queries, base)
    found: list[Quad] = []
    for county in counties:
        found += cells(queries, county.state.ags, county.quads, lists)
        if county.documents:
            found += readings(queries, county.state.ags, county.quads, county.documents)
    return [*found, *similar(queries, (county.quads for county in counties), lists)]


def _described(sources: Sources, quads: list[Quad], settings: Settings) -> list[Quad]:
    """What the release says of itself: the examples, the prefixes, and how much of what it holds."""
    base = settings.base
    more = list(executables(Queries(sources.queries, base), quads))
    return describe_data(quads, more, base, _date(quads, base), settings.public_url)


def _fill(
    folder: Path,
    quads: list[Quad],
    counties: list[County],
    results: list[Result],
    sources: Sources,
    settings: Settings,
    tell: Tell,
) -> Manifest:
    """Write every file of the release into ``folder``, the manifest last."""
    kept, context = Kept(settings.cache), read_context(sources, settings.base)
    files = write_dumps(folder, quads, settings.base, context, kept, partial(tell, "written"))
    files += _copies(folder, counties, sources, settings.base)
    files += _reports(folder, results)
    date = _date(quads, settings.base)
    digest = _digest(files, counties, said(sources, settings) + made_by(sources))
    place = event(settings.releases, f"{date}-{digest}", date)
    version = place.version
    states = [_since(county.state, version) for county in counties]
    held = {county.state.ags: county.quads for county in counties if county.state.state != "left_out"}
    files += add_tables(folder, Statements(quads, held, files), sources, settings, version, date, kept)
    files += pack(folder, files, kept)
    listed, datasets = list_for_portals(folder, files, quads, held, sources, settings, version, date, kept)
    listed += pack(folder, listed, kept)
    for state in undated(datasets, last_manifest(settings.releases)):
        tell("undated", state.name)
    manifest = Manifest(version, date, settings.base, len(quads), files + listed, states, datasets)
    manifest = record(folder, place.of(manifest), settings)
    (folder / MANIFEST).write_text(manifest.json(), encoding="utf-8")
    kept.tidy()
    return manifest


def _copies(folder: Path, counties: list[County], sources: Sources, base: str) -> list[File]:
    """The source documents, and the queries with their IRIs under ``base``."""
    files = []
    for county in counties:
        for path in sorted(county.documents.glob("*.txt")) if county.documents else []:
            files.append(_put(path.read_bytes(), folder, f"sources/{county.state.ags}/{path.name}", "text/plain"))
    for path in sorted(sources.queries.rglob("*.rq")):
        name = path.relative_to(sources.queries).as_posix()
        text = path.read_text(encoding="utf-8").replace(f"<{CANONICAL_BASE}", f"<{base}")
        files.append(_put(text.encode(), folder, f"sparql/{name}", "application/sparql-query"))
    return files


def _put(body: bytes, folder: Path, name: str, media: str) -> File:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(body)
    return describe(folder, name, media)


def _reports(folder: Path, results: list[Result]) -> list[File]:
    """The validation report in every format; whether a part came from the cache is not part of it."""
    (folder / "validation").mkdir()
    files = []
    for name, (ending, media) in _REPORTS.items():
        path = f"validation/report.{ending}"
        (folder / path).write_text(report.FORMATS[name](results, "de"), encoding="utf-8")
        files.append(describe(folder, path, media))
    return files


def _date(quads: list[Quad], base: str) -> str:
    """The newest dct:modified of a named graph, as YYYY-MM-DD. Raises NoDate when none states one."""
    dates = stated_dates(quads, base + GRAPH.removeprefix(CANONICAL_BASE)).values()
    if not dates:
        raise NoDate
    return max(dates)


def _digest(files: list[File], counties: list[County], said: str) -> str:
    """A name for the content: every file's checksum, every county's state, and what is ``said`` in the catalogue."""
    lines = [said, *(f"{file.path} {file.sha256}" for file in files)]
    lines += [f"{c.state.ags} {c.state.state} {c.state.since} {c.state.violations}" for c in counties]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:10]


def _since(state: CountyState, version: str) -> CountyState:
    return replace(state, since=version) if state.state == "current" else state
