"""Puts a release into the catalogue for data portals: gathers what it needs to say, and writes its files."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from pyoxigraph import Quad

from publisher.core.settings import Settings
from publisher.graph.queries import Queries
from publisher.graph.sources import Sources
from publisher.release.catalogue.catalogue import Contents, graph_titles, said_settings, write_catalogue
from publisher.release.catalogue.districts import District
from publisher.release.catalogue.offers import offers, states
from publisher.release.history.events import last_manifest
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
    queries: Queries,
    settings: Settings,
    version: str,
    date: str,
    kept: Kept,
) -> tuple[list[File], list[DatasetState]]:
    """Writes the catalogue of the release in ``folder``: its files, and how its data sets stand.

    ``files`` are those of the release so far, ``shared`` the statements that are no county's and what each county says
    of its graph, ``dates`` those that named graphs state, ``counties`` what is to be said of each by key; ``kept``
    holds what earlier builds wrote. Raises SourceError.
    """
    base = settings.base
    offered = offers(files, counties, dates, base)
    standing = states(offered, last_manifest(settings.releases), version, date)
    contents = Contents(
        tuple(offered),
        {state.name: state for state in standing},
        counties,
        graph_titles(shared, base),
        tabular.said(queries, counties),
    )
    return write_catalogue(folder, contents, sources.catalogue, settings, kept), standing


def said(sources: Sources, settings: Settings) -> str:
    """A name for what the catalogue says beside the data: the part written by hand, and the settings it repeats."""
    text = sources.catalogue.read_bytes() if sources.catalogue.is_file() else b""
    return hashlib.sha256(text + said_settings(settings).encode()).hexdigest()
