"""kreisgraph build: a release is built aside, checked, written through, and switched to by one rename."""

import hashlib
from dataclasses import replace
from functools import partial
from pathlib import Path

from publisher.core.errors import InvalidCommon, NoDate
from publisher.core.messages import Message
from publisher.core.settings import Settings
from publisher.core.terms import CANONICAL_BASE
from publisher.core.timings import Step, Timings
from publisher.graph.sources import Sources
from publisher.quality import report
from publisher.quality.check import Part, Validation
from publisher.quality.findings import Result
from publisher.release.catalogue.listed import list_for_portals, said
from publisher.release.catalogue.offers import undated
from publisher.release.counties import Dumped
from publisher.release.history.events import event, last_manifest
from publisher.release.history.retention import retire
from publisher.release.kept import Kept
from publisher.release.maker import Maker, Tell, Whole
from publisher.release.manifest import CountyState, File, Manifest, describe
from publisher.release.packed import pack
from publisher.release.reader import MANIFEST
from publisher.release.recording import record
from publisher.release.switch import alone, fresh, keep_times, put_in_force, sync
from publisher.release.tables.files import add_tables, made_by
from publisher.release.tables.written import Statements
from publisher.release.unit import Unit

_REPORTS = {"turtle": ("ttl", "text/turtle"), "json": ("json", "application/json"), "html": ("html", "text/html")}


def build(
    sources: Sources, settings: Settings, tell: Tell = lambda step, part: None, timings: Timings | None = None
) -> tuple[Path, Manifest, list[Result]]:
    """Build a release of everything in ``sources`` and put it in force; ``timings`` notes how long each step takes.

    Returns its folder, its manifest and the results of validation. The release in force stays when this raises:
    SourceError or InvalidCommon when the common graphs cannot be used, since every county depends on them;
    LostState when a county's last valid state is needed and damaged; BuildRunning.
    """
    watch = timings or Timings()
    with alone(settings.releases):
        with watch.step("read"):
            validation = Validation(sources, settings)
        with watch.step("common"):
            common = validation.check_common()
        if not common.result.valid:
            german, english = (report.text([common.result], language, ("violation",)) for language in ("de", "en"))
            raise InvalidCommon(report=Message(german, english))
        with watch.step("counties") as step:
            parts = validation.check_counties(validation.counties, lambda part: _heard(part, step, tell))
        with fresh(settings.releases) as folder:
            results = [common.result, *(part.result for part in parts)]
            maker = Maker(folder, validation, settings, tell, watch)
            manifest = _fill(maker, maker.whole(parts, results))
            with watch.step("written"):
                keep_times(folder, manifest, settings.releases)
                sync(folder)
                target = put_in_force(folder, settings.releases, manifest.version)
        with watch.step("retired"):
            retire(settings.releases, settings.keep_releases, partial(tell, "removed"))
        return target, manifest, results


def _heard(part: Part, step: Step, tell: Tell) -> None:
    step.count(part.result.cached)
    tell("checked", part.result.part)


def _fill(maker: Maker, whole: Whole) -> Manifest:
    """Write every other file of the release, the manifest last."""
    folder, sources, settings, kept = maker.folder, maker.sources, maker.settings, maker.kept
    files = whole.files + _copies(folder, whole.units, sources, settings.base, kept)
    files += _reports(folder, whole.results)
    dates = whole.dates(settings.base)
    if not dates:
        raise NoDate
    date = max(dates.values())
    digest = _digest(files, whole.units, said(sources, settings) + made_by(sources))
    place = event(settings.releases, f"{date}-{digest}", date)
    version = place.version
    states = [_since(unit.state, version) for unit in whole.units]
    with maker.watch.step("tables"):
        stated = {ags: unit.date for ags, unit in whole.held.items()}
        held = Statements(whole.shared, Dumped(folder, tuple(whole.held)), stated, files)
        files += add_tables(folder, held, sources, settings, version, date, kept)
    with maker.watch.step("packed"):
        files += pack(folder, files, kept)
    with maker.watch.step("catalogue"):
        districts = {ags: unit.district for ags, unit in whole.held.items() if unit.district}
        listed, datasets = list_for_portals(
            folder, files, whole.shared, dates, districts, sources, settings, version, date, kept
        )
    for state in undated(datasets, last_manifest(settings.releases)):
        maker.tell("undated", state.name)
    with maker.watch.step("changes"):
        manifest = Manifest(version, date, settings.base, whole.triples, files + listed, states, datasets)
        manifest = record(folder, place.of(manifest), settings)
        (folder / MANIFEST).write_text(manifest.json(), encoding="utf-8")
        kept.tidy()
    return manifest


def _copies(folder: Path, units: list[Unit], sources: Sources, base: str, kept: Kept) -> list[File]:
    """The source documents, and the queries with their IRIs under ``base``."""
    files = []
    for unit in units:
        for path in sorted(unit.documents.glob("*.txt")) if unit.documents else []:
            files.append(_put(path.read_bytes(), folder, f"sources/{unit.state.ags}/{path.name}", "text/plain", kept))
    for path in sorted(sources.queries.rglob("*.rq")):
        name = path.relative_to(sources.queries).as_posix()
        text = path.read_text(encoding="utf-8").replace(f"<{CANONICAL_BASE}", f"<{base}")
        files.append(_put(text.encode(), folder, f"sparql/{name}", "application/sparql-query", kept))
    return files


def _put(body: bytes, folder: Path, name: str, media: str, kept: Kept) -> File:
    sha256 = hashlib.sha256(body).hexdigest()
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    if not kept.link(folder / name, sha256):
        (folder / name).write_bytes(body)
    return File(name, media, len(body), sha256)


def _reports(folder: Path, results: list[Result]) -> list[File]:
    """The validation report in every format; whether a part came from the cache is not part of it."""
    (folder / "validation").mkdir()
    files = []
    for name, (ending, media) in _REPORTS.items():
        path = f"validation/report.{ending}"
        (folder / path).write_text(report.FORMATS[name](results, "de"), encoding="utf-8")
        files.append(describe(folder, path, media))
    return files


def _digest(files: list[File], counties: list[Unit], said: str) -> str:
    """A name for the content: every file's checksum, every county's state, and what is ``said`` in the catalogue."""
    lines = [said, *(f"{file.path} {file.sha256}" for file in files)]
    lines += [f"{c.state.ags} {c.state.state} {c.state.since} {c.state.violations}" for c in counties]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:10]


def _since(state: CountyState, version: str) -> CountyState:
    return replace(state, since=version) if state.state == "current" else state
