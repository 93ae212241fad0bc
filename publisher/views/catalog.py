"""What can be downloaded: the dumps by graph, the states of the counties, the other files of the release."""

from dataclasses import dataclass

from publisher.core.terms import GRAPH
from publisher.core.text import natural
from publisher.release.manifest import CountyState, File
from publisher.views.site import Site

DUMPS = "dumps/"
REPORTS = "validation/"
FOLDERS = ("pages", "documents", "examples", "checks")
"""The folders of queries, in the order in which they are listed."""


@dataclass(frozen=True)
class Dumps:
    """The dump files of one named graph, or of the whole (``graph`` is then empty)."""

    graph: str
    files: tuple[File, ...]
    county: str = ""
    """The IRI of the county the graph is about; empty for a common graph."""


@dataclass(frozen=True)
class CountyRow:
    """One county of the release and how it stands."""

    iri: str
    state: CountyState


@dataclass(frozen=True)
class Catalog:
    """Everything the data page lists."""

    whole: Dumps
    common: tuple[Dumps, ...]
    counties: tuple[Dumps, ...]
    states: tuple[CountyRow, ...]
    reports: tuple[File, ...]
    queries: tuple[tuple[str, tuple[str, ...]], ...]
    """The names of our queries by folder."""


def catalog(site: Site) -> Catalog:
    """The catalogue of the release being served."""
    manifest = site.release.manifest
    grouped: dict[str, list[File]] = {"": []}
    for file in manifest.files:
        if file.path.startswith(DUMPS):
            grouped.setdefault(file.graph, []).append(file)
    whole, *parts = (_dumps(site, graph, files) for graph, files in grouped.items())
    return Catalog(
        whole=whole,
        common=tuple(part for part in parts if not part.county),
        counties=tuple(part for part in parts if part.county),
        states=tuple(CountyRow(site.id(f"kreis/{county.ags}"), county) for county in manifest.counties),
        reports=tuple(file for file in manifest.files if file.path.startswith(REPORTS)),
        queries=_queries(site),
    )


def _dumps(site: Site, graph: str, files: list[File]) -> Dumps:
    name = graph.removeprefix(site.dataset.own(GRAPH))
    county = site.id(f"kreis/{name}") if name.isdigit() else ""
    return Dumps(graph, tuple(sorted(files, key=lambda file: natural(file.path))), county)


def _queries(site: Site) -> tuple[tuple[str, tuple[str, ...]], ...]:
    names = [query.name for query in site.queries]
    found = ((folder, tuple(name for name in names if name.startswith(f"{folder}/"))) for folder in FOLDERS)
    return tuple((folder, inside) for folder, inside in found if inside)
