"""Makes a release of an input folder that can be served at once: N-Quads, source documents, the catalogue of portals.

No validation and no dumps in other formats, which take most of the time of a build; one county is in memory at a time.
The catalogue lists the files of a whole build all the same, so that it and the pages have their full weight.
What a build derives (the cells of the comparison, the similar texts, the readings) is there, too.
Usage: python -m benchmarks.release INPUT RELEASES
"""

import argparse
import hashlib
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse, serialize

from publisher.core.settings import load
from publisher.core.terms import CANONICAL_BASE, GRAPH
from publisher.graph.queries import Queries
from publisher.graph.sources import CountySource, Sources, find, read_graph
from publisher.quality.check import Common, read_common
from publisher.release.catalogue.districts import district, places
from publisher.release.catalogue.listed import list_for_portals
from publisher.release.cells import cells
from publisher.release.dates import stated_dates
from publisher.release.description import describe as describe_data
from publisher.release.dumps import WHOLE_FORMATS
from publisher.release.executables import executables
from publisher.release.kept import Kept
from publisher.release.manifest import CountyState, DatasetState, File, Manifest, describe
from publisher.release.reader import MANIFEST, WHOLE
from publisher.release.readings import readings
from publisher.release.similar import similar
from publisher.release.switch import alone, fresh, put_in_force

DATE = "2026-11-23"


def make_release(sources: Sources, releases: Path, similarities: bool = True) -> Path:
    """Put a release of ``sources`` in force in ``releases``; its folder. ``similarities`` take most of the time."""
    with alone(releases), fresh(releases) as folder:
        (folder / "dumps").mkdir()
        states = []
        with (folder / WHOLE).open("wb") as file:
            common = read_common(sources)
            total = _write(_common(common), file)
            lists = [*common.graphs[GRAPH + "fields"], *common.graphs[GRAPH + "lists"]]
            queries = Queries(sources.queries)
            for county in sources.counties():
                quads = read_graph(county.files, county.graph)
                number = _write(quads, file)
                states.append(CountyState(county.ags, "current", "", number))
                total += number + _write(cells(queries, county.ags, quads, lists), file)
                total += _write(readings(queries, county.ags, quads, county.folder), file)
            counties = (read_graph(county.files, county.graph) for county in sources.counties())
            total += _write(similar(queries, counties, lists), file) if similarities else 0
        total += _describe(folder / WHOLE, list(executables(queries, common.quads)))
        files = [describe(folder, WHOLE, "application/n-quads"), *_copies(sources, folder)]
        digest = hashlib.sha256("".join(file.sha256 for file in files).encode()).hexdigest()[:10]
        version = f"{DATE}-{digest}"
        listed, datasets = _list(folder, sources, common, version)
        manifest = Manifest(version, DATE, CANONICAL_BASE, total, files + listed, states, datasets)
        (folder / MANIFEST).write_text(manifest.json(), encoding="utf-8")
        return put_in_force(folder, releases, manifest.version)


def files_of_build(graphs: Iterable[str]) -> list[File]:
    """What a whole build would list of dumps and reports for these named graphs; sizes and checksums are made up."""
    formats, digest = [(fmt.ending, fmt.media) for fmt in WHOLE_FORMATS], "0" * 64
    files = [File(f"dumps/kreisgraph.{ending}", media, 10**9, digest) for ending, media in formats]
    for graph in graphs:
        name = graph.rpartition("/")[2]
        files += [File(f"dumps/{name}.{ending}", media, 10**6, digest, graph) for ending, media in formats]
    return files + [File(f"validation/report.{name}", "text/html", 10**5, digest) for name in ("html", "json", "ttl")]


def _list(folder: Path, sources: Sources, common: Common, version: str) -> tuple[list[File], list[DatasetState]]:
    """Writes the catalogue; its files, and how its data sets stand."""
    counties, queries = {}, Queries(sources.queries)
    known, about = places(queries, common.quads), list(common.quads)
    for county in sources.counties():
        quads = read_graph(county.files, county.graph)
        counties[county.ags] = district(queries, county.ags, known[county.ags], quads)
        about += [quad for quad in quads if quad.subject.value == county.graph]  # type: ignore[union-attr]
    graphs = [*common.graphs, *(county.graph for county in sources.counties())]
    dates = stated_dates(about, GRAPH)
    with tempfile.TemporaryDirectory(prefix="kreisgraph-") as aside:
        settings, kept = load(releases=Path(aside), cache=Path(aside)), Kept(Path(aside))
        files = files_of_build(graphs)
        return list_for_portals(folder, files, about, dates, counties, sources, queries, settings, version, DATE, kept)


def _describe(whole: Path, more: list[Quad]) -> int:
    """Adds to the file ``whole`` what the release says of itself; the number of statements."""
    with whole.open("rb") as file:
        quads = describe_data(parse(file, format=RdfFormat.N_QUADS), more, CANONICAL_BASE, DATE)
    with whole.open("ab") as file:
        return _write(quads, file)


def _common(common: Common) -> Iterable[Quad]:
    dataset = Dataset([*common.quads, *common.shapes])
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def _write(quads: Iterable[Quad], file: IO[bytes]) -> int:
    unique = set(quads)
    lines = serialize(unique, format=RdfFormat.N_QUADS) or b""
    file.write(b"".join(sorted(lines.splitlines(keepends=True))))
    return len(unique)


def _copies(sources: Sources, folder: Path) -> list[File]:
    files = []
    for county in sources.counties():
        files += [_copy(path, folder, f"sources/{county.ags}/{path.name}", "text/plain") for path in _documents(county)]
    for path in sorted(sources.queries.rglob("*.rq")):
        name = f"sparql/{path.relative_to(sources.queries).as_posix()}"
        files.append(_copy(path, folder, name, "application/sparql-query"))
    return files


def _documents(county: CountySource) -> list[Path]:
    return sorted(county.folder.glob("*.txt"))


def _copy(path: Path, folder: Path, name: str, media: str) -> File:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(path, folder / name)
    return describe(folder, name, media)


def main() -> None:
    """The command."""
    command = argparse.ArgumentParser(description=__doc__)
    command.add_argument("input", type=Path)
    command.add_argument("releases", type=Path)
    command.add_argument(
        "--without-similarities", action="store_true", help="a minute instead of five for 400 counties"
    )
    options = command.parse_args()
    print(make_release(find(options.input), options.releases, not options.without_similarities))


if __name__ == "__main__":
    main()
