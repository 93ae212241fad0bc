"""An input folder with few counties, which a test lets change: one county's wording, one that comes, one that goes.

The counties are the real ones, the changes are invented; of the 400 districts only theirs and their states are kept.
"""

import hashlib
import shutil
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, parse, serialize

from publisher.core.terms import COUNTY, PREFIXES
from publisher.graph.sources import Sources

ROOT = Path(__file__).parent.parent
STAYS, CHANGES, COMES, GOES = "12071", "12061", "03457", "07334"
OLD = "Chancengleichheit herstellen"
NEW = "Gleiche Chancen für alle schaffen"


def small(folder: Path) -> Sources:
    """The input before the changes, in ``folder``: without the county that comes."""
    for name in ("ontology", "shapes", "sparql"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copytree(ROOT / "data", folder / "data", ignore=shutil.ignore_patterns("counties"))
    _fewer_districts(folder / "data" / "districts.ttl")
    for ags in (STAYS, CHANGES, GOES):
        put(folder, ags)
    return Sources(folder)


def put(folder: Path, ags: str) -> None:
    """Puts the county ``ags`` into the input folder as it is in the checkout."""
    source = next((ROOT / "data" / "counties").glob(f"{ags}-*"))
    shutil.copytree(source, folder / "data" / "counties" / source.name)


def take(folder: Path, ags: str) -> None:
    """Takes the county ``ags`` out of the input folder."""
    shutil.rmtree(next((folder / "data" / "counties").glob(f"{ags}-*")))


def reword(folder: Path, date: str) -> None:
    """Gives one text of a county another wording, in its source and in its data, of ``date``."""
    county = next((folder / "data" / "counties").glob(f"{CHANGES}-*"))
    source = county / "source-1.txt"
    before = hashlib.sha256(source.read_bytes()).hexdigest()
    _replace(source, OLD, NEW)
    after = hashlib.sha256(source.read_bytes()).hexdigest()
    _replace(county / "elements.ttl", OLD, NEW)
    _replace(county / "concept.ttl", before, after)
    _replace(county / "graph.ttl", "2026-11-23", date)


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {path}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def _fewer_districts(path: Path) -> None:
    kept = tuple(COUNTY + ags for ags in (STAYS, CHANGES, COMES, GOES))
    quads = parse(path=str(path), format=RdfFormat.TURTLE)
    triples = [
        quad.triple
        for quad in quads
        if _is_kept(quad.subject, kept) and (_is_kept(quad.object, kept) or not isinstance(quad.object, NamedNode))
    ]
    path.write_bytes(serialize(triples, format=RdfFormat.TURTLE, prefixes=PREFIXES))


def _is_kept(term: object, kept: tuple[str, ...]) -> bool:
    """Whether ``term`` has nothing to do with a district, or with one of those that are kept."""
    if not isinstance(term, NamedNode) or not term.value.startswith(COUNTY):
        return True
    return any(term.value == iri or term.value.startswith(f"{iri}/") for iri in kept)
