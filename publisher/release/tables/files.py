"""All files of the tables of a release: CSV, workbooks, what programs read about them, everything in one archive."""

import hashlib
import shutil
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from publisher.core.messages import FOLDER as MESSAGES
from publisher.core.messages import Message, messages
from publisher.core.processes import spread
from publisher.core.settings import Settings
from publisher.graph.queries import Queries
from publisher.graph.sources import Sources
from publisher.release import gathered, licenses
from publisher.release.datasets import dataset
from publisher.release.gathered import Piece, gather
from publisher.release.kept import Kept, key
from publisher.release.kept import Written as Packed
from publisher.release.manifest import File, describe
from publisher.release.packings import GZIP, is_large
from publisher.release.tables.archive import write_archive
from publisher.release.tables.book import MEDIA as XLSX
from publisher.release.tables.book import Filled, write_workbook
from publisher.release.tables.description import CSVW, CSVW_MEDIA, NAME, PACKAGE, About, about, on_the_web, package
from publisher.release.tables.local import ROWS, Rows
from publisher.release.tables.rows import parsed, read_rows
from publisher.release.tables.schema import COUNTY_KEY, FOLDER, Table, tables
from publisher.release.tables.written import Statements, Written, write_tables

WORKBOOK, ARCHIVE = f"{FOLDER}/{NAME}.xlsx", f"{FOLDER}/{NAME}.zip"
MOST_BYTES = 5_000_000
"""So large the tables may be for a workbook of all of them: about 20,000 rows, written in five seconds. Among more
nobody finds anything in a workbook; each county has one of its own, and the archive holds all."""
_DATE = (1980, 1, 1, 0, 0, 0)
"""The date of every file in the archive: the earliest there is, so that the same files give the same bytes."""
_CODE = (*sorted(Path(__file__).parent.glob("*.py")), Path(licenses.__file__))
_TEXTS = tuple(MESSAGES / f"{name}.toml" for name in ("tables", "table_columns"))


@dataclass(frozen=True)
class County:
    """One county as its workbook needs it: its key, its name, its date, what is known of its rows."""

    ags: str
    name: str
    date: str
    rows: Rows


def begin_tables(folder: Path, held: Statements, queries: Queries, settings: Settings, kept: Kept) -> Written:
    """Writes the tables themselves below ``folder``, which do not say what release they are of.

    IRIs are under the base of ``queries``; what ``kept`` holds of earlier builds is taken from there.
    """
    (folder / ROWS).mkdir(parents=True)
    return write_tables(folder, held, tables(queries), queries, kept, kept.last(ARCHIVE)[1], settings.jobs)


def add_tables(
    folder: Path,
    written: Written,
    dates: Mapping[str, str],
    queries: Queries,
    settings: Settings,
    version: str,
    date: str,
    kept: Kept,
) -> list[File]:
    """Writes what else there is beside the tables that were ``written`` below ``folder``; all files of the tables.

    They are those of the release ``version`` with data of ``date``; ``dates`` are those that the graphs of counties
    state, by key, as far as they do. What ``kept`` holds of earlier builds is taken from there. The workbook of
    everything, which one process writes from its first row to its last, is written beside those of the counties; none
    where the tables are larger than ``MOST_BYTES``.
    """
    chosen = tables(queries)
    facts = about(settings, version, date)
    files = [*written.files, *_described(folder, facts, chosen, written.files)]
    together = has_workbook(files)
    if not together:
        files += _packed(folder, tuple(files), written, kept)
    names = _names(folder)
    counties = [County(ags, names[ags], dates.get(ags) or date, rows) for ags, rows in written.rows.items()]
    books = _Books(folder, facts, settings, written, kept)
    missing = [county for county in counties if not books.take(county)]
    plain = tuple(files)

    def write(county: County | None) -> list[File]:
        if county is None:
            return [_archive(folder, plain, kept), _workbook(folder, facts, chosen, plain, kept)]
        return [books.write(county)]

    asked = [*((None,) if together else ()), *missing]
    found = {file.path: file for made in (books.taken, *spread(write, asked, settings.jobs)) for file in made}
    files += [found[path] for path in sorted(found)]
    written.local.note(next(file.sha256 for file in files if file.path == ARCHIVE), written.rows)
    shutil.rmtree(folder / ROWS)
    return files


def _described(folder: Path, said: About, chosen: tuple[Table, ...], files: Iterable[File]) -> Iterator[File]:
    """What programs read about the tables."""
    listed = {file.path: file for file in files}
    for path, text, media in (
        (PACKAGE, package(said, chosen, listed), "application/json"),
        (CSVW, on_the_web(said, chosen), CSVW_MEDIA),
    ):
        (folder / path).write_text(text, encoding="utf-8")
        yield describe(folder, path, media)


def has_workbook(files: Iterable[File]) -> bool:
    """Whether all the tables ``files`` are offered as one workbook, too."""
    return sum(file.bytes for file in files if file.path.endswith(".csv")) <= MOST_BYTES


@dataclass(frozen=True)
class Said:
    """What people read about one file: what it is called, what it holds, each by language."""

    title: Mapping[str, str]
    text: Mapping[str, str]


def said(queries: Queries, counties: Iterable[str]) -> dict[str, Said]:
    """What people read about the files of the tables, by path; those of ``counties`` are called as their data sets."""
    found = {table.path: Said(_by_language(table.title), _by_language(table.text)) for table in tables(queries)}
    for path, name in ((WORKBOOK, "workbook"), (ARCHIVE, "archive"), (PACKAGE, "package"), (CSVW, "web")):
        found[path] = Said(*(_by_language(messages("tables")[text]) for text in (name, f"{name}-text")))
    text = _by_language(messages("tables")["county-text"])
    return found | {_workbook_path(ags): Said({}, text) for ags in counties}


def _by_language(text: Message) -> dict[str, str]:
    return {"de": text.de, "en": text.en}


def _workbook_path(ags: str) -> str:
    return f"{FOLDER}/{ags}.xlsx"


def made_by(sources: Sources) -> str:
    """A name for what the tables follow from beside the data: the code, the texts, the queries."""
    files = (*_CODE, *_TEXTS, *sorted((sources.queries / "tables").glob("*.rq")))
    return hashlib.sha256(b"".join(hashlib.sha256(path.read_bytes()).digest() for path in files)).hexdigest()


def _archive(folder: Path, files: Iterable[File], kept: Kept) -> File:
    """The tables with their descriptions in one file, which programs read as a data package."""
    entries = sorted(files, key=lambda file: file.path)

    def fill(target: Path) -> None:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in entries:
                member = zipfile.ZipInfo(file.path.rpartition("/")[2], _DATE)
                member.compress_type, member.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                with (folder / file.path).open("rb") as source, archive.open(member, "w") as part:
                    while piece := source.read(1 << 20):
                        part.write(piece)

    held = "".join(f"{file.path} {file.sha256}" for file in entries)
    written = kept.fill(folder / ARCHIVE, key(b"zip", held.encode(), code=_CODE), fill)
    return File(ARCHIVE, "application/zip", written.bytes, written.sha256)


def _packed(folder: Path, files: Iterable[File], made: Written, kept: Kept) -> list[File]:
    """The archive, put together from packed files, and those of them that stay since they are large."""
    members: dict[str, Path] = {}
    found: list[File] = []
    for file in sorted(files, key=lambda file: file.path):
        # What stands for a description is its bytes.
        inner = made.pieces.get(file.path) or [Piece(file.sha256, (folder / file.path).read_bytes)]
        path = f"{file.path}{GZIP.ending}"
        written = _gzip(folder, path, inner, kept)
        members[file.path.rpartition("/")[2]] = folder / path
        found.append(replace(file, path=path, media=GZIP.media, bytes=written.bytes, sha256=written.sha256))
    write_archive(folder / ARCHIVE, members)
    large = {f"{file.path}{GZIP.ending}" for file in files if is_large(file)}
    for file in found:
        if file.path not in large:
            (folder / file.path).unlink()
    return [describe(folder, ARCHIVE, "application/zip"), *(file for file in found if file.path in large)]


def _gzip(folder: Path, path: str, inner: list[Piece], kept: Kept) -> Packed:
    """The file ``path`` put together from packed pieces, or as it was put together from the same ones before."""
    target = folder / path
    stamp = key(b"gzip", *(piece.stamp.encode() for piece in inner), code=(Path(gathered.__file__),))
    taken = kept.take(target, stamp)
    if taken and gathered.known(path, taken.sha256, kept):
        return taken
    # It may be the very file of the last release, which nothing may write into.
    target.unlink(missing_ok=True)
    made = gather(folder, path, inner, kept)
    with suppress(OSError):
        kept.keep(stamp, target, made.bytes, made.sha256)
    return Packed(made.bytes, made.sha256)


def _workbook(folder: Path, said: About, chosen: tuple[Table, ...], files: Iterable[File], kept: Kept) -> File:
    filled = [Filled(table, _below_head(folder / table.path)) for table in chosen]
    held = repr(said) + "".join(f"{file.path} {file.sha256}" for file in files)
    written = kept.fill(folder / WORKBOOK, _key(held), lambda target: write_workbook(target, said, filled))
    return File(WORKBOOK, XLSX, written.bytes, written.sha256)


class _Books:
    """The workbooks of the counties."""

    def __init__(self, folder: Path, said: About, settings: Settings, made: Written, kept: Kept) -> None:
        """``said`` is what is said of the tables of all counties."""
        self._folder, self._said, self._settings, self._made, self._kept = folder, said, settings, made, kept
        self.taken: list[File] = []
        """Those that earlier builds made."""

    def take(self, county: County) -> bool:
        """Takes the workbook of ``county`` from earlier builds; whether there was one."""
        path = _workbook_path(county.ags)
        written = self._kept.take(self._folder / path, self._key(county))
        if written:
            self.taken.append(File(path, XLSX, written.bytes, written.sha256))
        return written is not None

    def write(self, county: County) -> File:
        """Makes the workbook of ``county``."""
        local, path = self._made.local, _workbook_path(county.ags)
        filled = [
            Filled(table, parsed(local.read(county.ags, table.name, county.rows).decode())) for table in local.tables
        ]
        make = partial(write_workbook, said=self._about(county), filled=filled, county=county.name)
        written = self._kept.fill(self._folder / path, self._key(county), make)
        return File(path, XLSX, written.bytes, written.sha256)

    def _about(self, county: County) -> About:
        # It names no version, so that it does not change while the rows of the county do not.
        iri = dataset(county.ags, self._settings.base)
        return replace(self._said, iri=iri, version="", date=county.date)

    def _key(self, county: County) -> str:
        return _key(repr((self._about(county), county.ags, county.name, county.rows.tables)))


def _key(held: str) -> str:
    return key(held.encode(), code=(*_CODE, *_TEXTS))


def _names(folder: Path) -> dict[str, str]:
    """Key → name of every county, as the table of counties has it."""
    head, *rows = read_rows(folder / FOLDER / "kreise.csv")
    return {row[head.index(COUNTY_KEY)]: row[head.index("landkreis")] for row in rows}


def _below_head(path: Path) -> Iterable[list[str]]:
    rows = iter(read_rows(path))
    next(rows)
    yield from rows
