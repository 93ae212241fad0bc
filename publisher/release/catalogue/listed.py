"""Puts a release into the catalogue for data portals: gathers what it needs to say, and writes its files."""

import hashlib
from collections.abc import Container, Iterable, Mapping
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, parse

from publisher.core.settings import Settings
from publisher.core.terms import DCT
from publisher.graph.formats import N_QUADS
from publisher.graph.queries import Queries
from publisher.graph.sources import Sources
from publisher.release.catalogue.catalogue import Contents, graph_titles, said_settings, write_catalogue
from publisher.release.catalogue.districts import District
from publisher.release.catalogue.offers import offers, states
from publisher.release.history.events import last_manifest
from publisher.release.joined import beginning
from publisher.release.kept import Kept
from publisher.release.manifest import DatasetState, File
from publisher.release.tables import files as tabular


def list_for_portals(
    folder: Path,
    files: list[File],
    shared: list[Quad],
    dates: Mapping[str, str],
    counties: Mapping[str, District],
    sources: Sources,
    settings: Settings,
    version: str,
    date: str,
    kept: Kept,
) -> tuple[list[File], list[DatasetState]]:
    """Writes the catalogue of the release in ``folder``: its files, and how its data sets stand.

    ``files`` are those of the release so far, ``shared`` the statements that are no county's, ``dates`` those that
    named graphs state, ``counties`` what is to be said of each by key; ``kept`` holds what earlier builds wrote. Raises
    SourceError.
    """
    base = settings.base
    offered = offers(files, counties, dates, base)
    standing = states(offered, last_manifest(settings.releases), version, date)
    queries = Queries(sources.queries, base)
    contents = Contents(
        tuple(offered),
        {state.name: state for state in standing},
        counties,
        _titles(folder, files, counties, shared, base),
        tabular.said(queries, counties),
    )
    return write_catalogue(folder, contents, sources.catalogue, settings, kept), standing


def _titles(
    folder: Path, files: Iterable[File], counties: Container[str], shared: Iterable[Quad], base: str
) -> dict[str, dict[str, str]]:
    """Named graph → its title by language: ``shared`` say it, and the graph of each of ``counties`` of itself."""
    own = [file for file in files if file.media == N_QUADS.media and file.graph.rpartition("/")[2] in counties]
    lines = b"".join(beginning(folder / file.path, f"<{file.graph}> <{DCT}title> ".encode()) for file in own)
    return graph_titles([*shared, *parse(lines, format=RdfFormat.N_QUADS)], base)


def said(sources: Sources, settings: Settings) -> str:
    """A name for what the catalogue says beside the data: the part written by hand, and the settings it repeats."""
    text = sources.catalogue.read_bytes() if sources.catalogue.is_file() else b""
    return hashlib.sha256(text + said_settings(settings).encode()).hexdigest()
