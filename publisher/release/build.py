"""kreisgraph build: a release is built aside, checked, written through, and switched to by one rename."""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from publisher.core.errors import InvalidCommon, NoDate, ReleaseError
from publisher.core.memory import Memory
from publisher.core.messages import Message
from publisher.core.processes import begun
from publisher.core.settings import Settings
from publisher.core.terms import CANONICAL_BASE
from publisher.core.timings import Step, Timings
from publisher.graph.sources import Sources
from publisher.quality import report
from publisher.quality.check import Part, Validation
from publisher.quality.findings import Result
from publisher.release.catalogue.listed import list_for_portals, said
from publisher.release.catalogue.offers import undated
from publisher.release.changes.comparing import Comparison
from publisher.release.forms import FOLDER
from publisher.release.history.archive import manifest_of
from publisher.release.history.events import event, last_manifest
from publisher.release.history.retention import retire
from publisher.release.maker import Maker, Tell, Whole
from publisher.release.manifest import CountyState, File, Manifest, describe
from publisher.release.packed import pack
from publisher.release.reader import MANIFEST, current_folder
from publisher.release.recording import happened, record
from publisher.release.switch import alone, fresh, keep_times, put_in_force, sync
from publisher.release.tables.files import add_tables, made_by
from publisher.release.unit import Unit

_TEXT = "text/plain"
_REPORTS = {"turtle": ("ttl", "text/turtle"), "json": ("json", "application/json"), "html": ("html", "text/html")}


def build(
    sources: Sources,
    settings: Settings,
    tell: Tell = lambda step, part: None,
    timings: Timings | None = None,
    memory: Memory | None = None,
) -> tuple[Path, Manifest, list[Result]]:
    """Build a release of everything in ``sources`` and put it in force; ``timings`` notes how long each step takes.

    ``memory`` is what earlier builds of this process left.

    Returns its folder, its manifest and the results of validation. The release in force stays when this raises:
    SourceError or InvalidCommon when the common graphs cannot be used, since every county depends on them;
    LostState when a county's last valid state is needed and damaged; SavedMeanwhile; BuildRunning.
    """
    watch = timings or Timings()
    with alone(settings.releases):
        with watch.step("read"):
            validation = Validation(sources, settings, memory)
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
                with suppress(ReleaseError):
                    previous = current_folder(settings.releases)
                    keep_times(folder, manifest, previous, manifest_of(previous))
                sync(folder)
                target = put_in_force(folder, settings.releases, manifest.version)
        with watch.step("retired"):
            maker.kept.tidy()
            retire(settings.releases, settings.keep_releases, partial(tell, "removed"))
        return target, manifest, results


def _heard(part: Part, step: Step, tell: Tell) -> None:
    step.count(part.result.cached)
    tell("checked", part.result.part)


def _fill(maker: Maker, whole: Whole) -> Manifest:
    """Write every other file of the release, the manifest last."""
    folder, sources, settings, kept = maker.folder, maker.sources, maker.settings, maker.kept
    files = whole.files + _copies(maker, whole.units)
    files += _reports(folder, whole.results)
    dates = whole.dates(settings.base)
    if not dates:
        raise NoDate
    date = max(dates.values())
    digest = _digest(files, whole.units, said(sources, settings) + made_by(sources))
    place = event(settings.releases, f"{date}-{digest}", date)
    version = place.version
    states = [_since(unit.state, version) for unit in whole.units]
    manifest = place.of(Manifest(version, date, settings.base, whole.triples, files, states))
    beside = _beside(maker, manifest)
    with maker.watch.step("tables"):
        stated = {ags: unit.date for ags, unit in whole.held.items()}
        tables = add_tables(folder, whole.tables, stated, maker.queries, settings, version, date, kept)
    with maker.watch.step("packed"):
        files = [*files, *tables, *beside.packed(), *pack(folder, tables, kept)]
    with maker.watch.step("catalogue"):
        districts = {ags: unit.district for ags, unit in whole.held.items() if unit.district}
        said_of = [*whole.shared, *whole.facts]
        listed, datasets = list_for_portals(
            folder, files, said_of, dates, districts, sources, maker.queries, settings, version, date, kept
        )
    for state in undated(datasets, last_manifest(settings.releases)):
        maker.tell("undated", state.name)
    with maker.watch.step("changes"):
        manifest = replace(manifest, files=files + listed, datasets=datasets)
        manifest = record(folder, manifest, settings, beside.happened())
        (folder / MANIFEST).write_text(manifest.json(), encoding="utf-8")
    return manifest


@dataclass(frozen=True)
class _Beside:
    """What is done beside the tables and the catalogue, which have no use for it."""

    packed: Callable[[], list[File]]
    happened: Callable[[], Comparison | None]


def _beside(maker: Maker, manifest: Manifest) -> _Beside:
    """Begins to compress files, to compare with the release before, and to write dumps through to the disk."""
    folder, settings = maker.folder, maker.settings

    def compare() -> Comparison | None:
        found = happened(folder, manifest, settings)
        sync(folder / FOLDER)
        return found

    works: list[Callable[[], Any]] = [lambda: pack(folder, manifest.files, maker.kept), compare]
    made = begun(lambda work: work(), works, settings.jobs)
    return _Beside(lambda: next(made), lambda: next(made))


def _copies(maker: Maker, units: list[Unit]) -> list[File]:
    """The source documents, and the queries with their IRIs under the base of the release."""
    sources, base = maker.sources, maker.settings.base
    files = [
        _copied(maker, unit.documents / name, sha256, f"sources/{unit.state.ags}/{name}")
        for unit in units
        if unit.documents
        for name, sha256 in maker.files.texts(unit.documents)
    ]
    for path in sorted(sources.queries.rglob("*.rq")):
        name = path.relative_to(sources.queries).as_posix()
        text = path.read_text(encoding="utf-8").replace(f"<{CANONICAL_BASE}", f"<{base}")
        files.append(_put(maker, text.encode(), f"sparql/{name}", "application/sparql-query"))
    return files


def _copied(maker: Maker, path: Path, sha256: str, name: str) -> File:
    """A source document with this checksum; where the release in force has it, too, it is not read."""
    if linked := maker.kept.link(maker.place(name), sha256):
        return File(name, _TEXT, linked.bytes, linked.sha256)
    return _put(maker, path.read_bytes(), name, _TEXT)


def _put(maker: Maker, body: bytes, name: str, media: str) -> File:
    place, sha256 = maker.place(name), hashlib.sha256(body).hexdigest()
    if not maker.kept.link(place, sha256):
        place.write_bytes(body)
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
