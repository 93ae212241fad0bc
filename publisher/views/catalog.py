"""What can be downloaded: the dumps by graph, the states of the counties, the other files of the release."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from publisher.core.terms import GRAPH
from publisher.core.text import natural
from publisher.release.manifest import CountyState, File
from publisher.release.packings import is_packed
from publisher.views.offered import Offered, offered
from publisher.views.places import places
from publisher.views.portions import Portion, portion
from publisher.views.site import Site
from publisher.views.tables import Tables, tables

DUMPS = "dumps/"
REPORTS = "validation/"
FOLDERS = ("pages", "documents", "profiles", "examples", "tables", "checks")
"""The folders of queries, in the order in which they are listed."""
FOLDED = 24
"""Of more counties than this, only the files of the one asked for are listed."""
STANDING_PART, ROWS = "stand", 50
"""The parameter that chooses a portion of how the counties stand, and the size of one."""


@dataclass(frozen=True)
class Dumps:
    """The dump files of one named graph, or of the whole (``graph`` is then empty)."""

    graph: str
    files: tuple[File, ...]
    packed: Mapping[str, tuple[File, ...]]
    """Path of a file → the same compressed, where it is large."""
    county: str = ""
    """The IRI of the county the graph is about; empty for a common graph."""


@dataclass(frozen=True)
class CountyRow:
    """One county of the release and how it stands."""

    iri: str
    state: CountyState


@dataclass(frozen=True)
class Standing:
    """How the counties stand: how many in each way, and a portion of them, those with something to say first."""

    numbers: Mapping[str, int]
    rows: tuple[CountyRow, ...]
    portion: Portion


@dataclass(frozen=True)
class Catalog:
    """Everything the data page lists."""

    whole: Dumps
    common: tuple[Dumps, ...]
    counties: tuple[Dumps, ...]
    """The files of every county; where there are many, of the one asked for."""
    by_state: tuple[tuple[str, tuple[str, ...]], ...]
    """The counties with files by the IRI of their state, where they are too many to list all files."""
    standing: Standing
    reports: tuple[File, ...]
    queries: tuple[tuple[str, tuple[str, ...]], ...]
    """The names of our queries by folder."""
    tables: Tables | None = None
    datasets: tuple[Offered, ...] = ()
    """The data sets of the catalogue for portals; where there are many, without those of the counties not asked for."""


def catalog(site: Site, county: str = "", part: str = "") -> Catalog:
    """The catalogue of the release being served, with the files of ``county`` (an IRI) and a portion of the states.

    Raises BadRequest when there is no such portion.
    """
    whole, *parts = site.once(_all_dumps)
    common = tuple(dumps for dumps in parts if not dumps.county)
    counties = tuple(dumps for dumps in parts if dumps.county)
    many = len(counties) > FOLDED
    return Catalog(
        whole=whole,
        common=common,
        counties=tuple(dumps for dumps in counties if dumps.county == county or not many),
        by_state=_by_state(site, {dumps.county for dumps in counties}) if many else (),
        standing=_standing(site, part),
        reports=tuple(file for file in site.release.manifest.files if file.path.startswith(REPORTS)),
        queries=_queries(site),
        tables=tables(site),
        datasets=tuple(one for one in offered(site).values() if one.county in ("", county) or not many),
    )


def has_files(site: Site, county: str) -> bool:
    """Whether the release has files of ``county`` (an IRI)."""
    return any(dumps.county == county for dumps in site.once(_all_dumps))


def _all_dumps(site: Site) -> tuple[Dumps, ...]:
    """The files of the whole first, then those of each graph."""
    grouped: dict[str, list[File]] = {"": []}
    for file in site.release.manifest.files:
        if file.path.startswith(DUMPS):
            grouped.setdefault(file.graph, []).append(file)
    return tuple(_dumps(site, graph, files) for graph, files in grouped.items())


def _by_state(site: Site, counties: set[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found: dict[str, list[str]] = {}
    for place in places(site):
        if place.iri in counties:
            found.setdefault(place.state, []).append(place.iri)
    return tuple((state, tuple(found[state])) for state in sorted(found))


def _standing(site: Site, part: str) -> Standing:
    ordered = sorted(site.release.manifest.counties, key=lambda county: (county.state == "current", county.ags))
    shown = portion(len(ordered), ROWS, STANDING_PART, part)
    rows = tuple(CountyRow(site.id(f"kreis/{county.ags}"), county) for county in shown.of(ordered))
    return Standing(Counter(county.state for county in ordered), rows, shown)


def _dumps(site: Site, graph: str, files: list[File]) -> Dumps:
    name = graph.removeprefix(site.dataset.own(GRAPH))
    county = site.id(f"kreis/{name}") if name.isdigit() else ""
    ordered = sorted(files, key=lambda file: natural(file.path))
    packed = {file.path: tuple(one for one in ordered if one.path.startswith(f"{file.path}.")) for file in ordered}
    # Of much there is only a packed file.
    paths = {file.path for file in files}
    shown = (file for file in ordered if not is_packed(file.path) or file.path.rpartition(".")[0] not in paths)
    return Dumps(graph, tuple(shown), packed, county)


def _queries(site: Site) -> tuple[tuple[str, tuple[str, ...]], ...]:
    names = [query.name for query in site.queries]
    found = ((folder, tuple(name for name in names if name.startswith(f"{folder}/"))) for folder in FOLDERS)
    return tuple((folder, inside) for folder, inside in found if inside)
