"""The tables of the release as people choose among them: the workbook, the archive, each table with what it holds."""

from dataclasses import dataclass

from publisher.core.messages import Message
from publisher.release.manifest import File
from publisher.release.tables.description import CSVW, PACKAGE
from publisher.release.tables.files import ARCHIVE, WORKBOOK
from publisher.release.tables.schema import tables as all_tables
from publisher.views.site import Site


@dataclass(frozen=True)
class TableFile:
    """One table: what it is called and holds, its file."""

    title: Message
    text: Message
    file: File


@dataclass(frozen=True)
class Tables:
    """The files of the tables of all counties."""

    workbook: File | None
    """None where the tables are too large for one."""
    archive: File
    package: File
    web: File
    """The description for CSV on the Web."""
    single: tuple[TableFile, ...]


def tables(site: Site) -> Tables | None:
    """The tables of the release; None in a release of an earlier version of the program."""
    return site.once(_tables)


def _tables(site: Site) -> Tables | None:
    files = {file.path: file for file in site.release.manifest.files}
    if ARCHIVE not in files:
        return None
    single = (
        TableFile(table.title, table.text, files[table.path])
        for table in all_tables(site.queries)
        if table.path in files
    )
    return Tables(files.get(WORKBOOK), files[ARCHIVE], files[PACKAGE], files[CSVW], tuple(single))
