"""Writes data/districts.ttl from data/districts.tsv; states and sources are hand-written in data/geography.ttl.

`python tools/districts.py` writes the file, `--check` only says whether it is up to date.
Nothing is fetched; the same table always gives the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "data"
BASE = "https://w3id.org/kreisgraph/"

HEAD = f"""\
# The 400 districts of Germany, written by tools/districts.py from districts.tsv. Do not edit by hand.

@prefix ic:     <{BASE}ns#> .
@prefix doc:    <{BASE}id/dokument/> .
@prefix kreis:  <{BASE}id/kreis/> .
@prefix land:   <{BASE}id/land/> .
@prefix dcatde: <http://dcat-ap.de/def/dcatde/> .
@prefix dct:    <http://purl.org/dc/terms/> .
@prefix foaf:   <http://xmlns.com/foaf/0.1/> .
@prefix geo:    <http://www.opengis.net/ont/geosparql#> .
@prefix prov:   <http://www.w3.org/ns/prov#> .
@prefix skos:   <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd:    <http://www.w3.org/2001/XMLSchema#> .
"""

KINDS = {
    "Landkreis": "ic:Landkreis",
    "Kreis": "ic:Kreis",
    "Kreisfreie Stadt": "ic:KreisfreieStadt",
    "Stadtkreis": "ic:Stadtkreis",
}

SOURCES = ("bkg-grenzen", "govdata-districtkey", "nuts-2024", "wikidata", "zensus-2022")
"""The documents of data/geography.ttl that the table was made from."""

STATES = {f"{number:02d}" for number in range(1, 17)}


@dataclass(frozen=True)
class District:
    """One row of districts.tsv."""

    ags: str
    name: str
    label: str
    kind: str
    nuts3: str
    hex_cell: tuple[int, int]
    point: tuple[str, str]
    neighbours: tuple[str, ...]
    neighbours_water: tuple[str, ...]
    population: int
    population_date: str
    same_elsewhere: tuple[str, ...]
    like_elsewhere: tuple[str, ...]
    website: str


LINKS = (
    ("nuts3", "http://data.europa.eu/nuts/code/{}"),
    ("wikidata", "http://www.wikidata.org/entity/{}"),
    ("gnd", "https://d-nb.info/gnd/{}"),
    ("geonames", "https://sws.geonames.org/{}/"),
)


def links(row: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The same district elsewhere, and things elsewhere that are only like it.

    For twelve cities GeoNames has several records, for the place and for its levels of administration.
    Which of them is the district is not known, so none of them is called the same.
    """
    same: list[str] = []
    like: list[str] = []
    for column, pattern in LINKS:
        identifiers = row[column].split()
        (same if len(identifiers) == 1 else like).extend(pattern.format(each) for each in identifiers)
    return tuple(same), tuple(like)


def district(row: Mapping[str, str]) -> District:
    """A row of the table as a value."""
    same, like = links(row)
    return District(
        ags=row["ags"],
        name=row["name"],
        label=row["label"],
        kind=row["kind"],
        nuts3=row["nuts3"],
        hex_cell=(int(row["hex_col"]), int(row["hex_row"])),
        point=(row["label_lon"], row["label_lat"]),
        neighbours=tuple(sorted(row["neighbours"].split())),
        neighbours_water=tuple(sorted(row["neighbours_water"].split())),
        population=int(row["population"]),
        population_date=row["population_date"],
        same_elsewhere=same,
        like_elsewhere=like,
        website=row["website"],
    )


def read_table(path: Path) -> list[District]:
    """All districts of the table, sorted by key."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return sorted((district(row) for row in rows), key=lambda each: each.ags)


def faults(districts: Sequence[District]) -> list[str]:
    """What is wrong with the table as a whole: repeated values, unknown kinds, one-sided borders."""
    by_key = {each.ags: each for each in districts}
    found = [f"{each.ags}: unknown kind {each.kind!r}" for each in districts if each.kind not in KINDS]
    found += [f"{each.ags}: unknown state" for each in districts if each.ags[:2] not in STATES]
    for what, values in (
        ("ags", [each.ags for each in districts]),
        ("label", [each.label for each in districts]),
        ("hex cell", [each.hex_cell for each in districts]),
        ("link", [link for each in districts for link in each.same_elsewhere]),
    ):
        found += [f"{what} {value} occurs more than once" for value in repeated(values)]
    for each in districts:
        for key in each.neighbours:
            if key not in by_key or each.ags not in by_key[key].neighbours:
                found.append(f"{each.ags}: border with {key} is not confirmed by the other side")
        for key in each.neighbours_water:
            if key not in by_key or each.ags not in by_key[key].neighbours_water:
                found.append(f"{each.ags}: water border with {key} is not confirmed by the other side")
    return found


def repeated(values: Iterable[Hashable]) -> list[Hashable]:
    """Values that occur more than once, in order of their second appearance."""
    seen: set[Hashable] = set()
    again: list[Hashable] = []
    for value in values:
        if value in seen and value not in again:
            again.append(value)
        seen.add(value)
    return again


def quoted(text: str, language: str = "") -> str:
    """A Turtle literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"@{language}' if language else f'"{escaped}"'


def block(subject: str, types: str, statements: Sequence[tuple[str, str]]) -> str:
    """One subject with its statements; statements without an object are left out."""
    lines = [f"{subject} a {types}"]
    lines += [f"    {predicate} {objects}" for predicate, objects in statements if objects]
    return " ;\n".join(lines) + " .\n"


def iri(address: str) -> str:
    """An address as a Turtle IRI, or nothing for no address."""
    return f"<{address}>" if address else ""


def district_names(keys: Iterable[str]) -> str:
    """A Turtle object list of districts."""
    return ", ".join(f"kreis:{key}" for key in keys)


def render_district(each: District) -> str:
    """A district with its geometry and its number of inhabitants."""
    node = f"{BASE}id/kreis/{each.ags}"
    lon, lat = each.point
    column, row = each.hex_cell
    geocoding = f"http://dcat-ap.de/def/politicalGeocoding/districtKey/{each.ags}"
    place = block(
        f"kreis:{each.ags}",
        "ic:District",
        [
            ("dct:identifier", quoted(each.ags)),
            ("ic:name", quoted(each.name, "de")),
            ("skos:prefLabel", quoted(each.label, "de")),
            ("ic:districtKind", KINDS[each.kind]),
            ("ic:state", f"land:{each.ags[:2]}"),
            ("ic:neighbour", district_names(each.neighbours)),
            ("ic:neighbourAcrossWater", district_names(each.neighbours_water)),
            ("geo:hasGeometry", iri(f"{node}/punkt")),
            ("ic:population", iri(f"{node}/einwohner")),
            ("ic:nutsCode", quoted(each.nuts3)),
            ("ic:hexColumn", str(column)),
            ("ic:hexRow", str(row)),
            ("dcatde:politicalGeocodingURI", iri(geocoding)),
            ("skos:exactMatch", ", ".join(map(iri, each.same_elsewhere))),
            ("skos:closeMatch", ", ".join(map(iri, each.like_elsewhere))),
            ("foaf:homepage", iri(each.website)),
            ("prov:wasDerivedFrom", ", ".join(f"doc:{slug}" for slug in SOURCES)),
        ],
    )
    point = block(iri(f"{node}/punkt"), "geo:Geometry", [("geo:asWKT", f'"POINT({lon} {lat})"^^geo:wktLiteral')])
    return place + point + render_population(f"{node}/einwohner", each)


def render_population(node: str, each: District) -> str:
    """The number of inhabitants with its date and source."""
    return block(
        iri(node),
        "ic:Count",
        [
            ("ic:value", str(each.population)),
            ("ic:qualifier", "ic:Exactly"),
            ("ic:countOf", "ic:Inhabitants"),
            ("ic:referenceDate", f'"{each.population_date}"^^xsd:date'),
            ("dct:source", "doc:zensus-2022"),
            ("ic:assertion", "ic:SuppliedFromOtherSource"),
            ("prov:wasDerivedFrom", "doc:zensus-2022"),
        ],
    )


def render(districts: Sequence[District]) -> str:
    """The whole file."""
    return HEAD + "".join("\n" + render_district(each) for each in districts)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the file, or with --check compare it with the table; 1 means faults or a difference."""
    parser = argparse.ArgumentParser(description="Write data/districts.ttl from data/districts.tsv.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if the file is out of date")
    check: bool = parser.parse_args(arguments).check

    districts = read_table(DATA / "districts.tsv")
    if found := faults(districts):
        print("\n".join(f"data/districts.tsv: {fault}" for fault in found), file=sys.stderr)
        return 1

    target = DATA / "districts.ttl"
    wanted = render(districts).encode()
    if not check:
        target.write_bytes(wanted)
    elif not target.exists() or target.read_bytes() != wanted:
        print("data/districts.ttl ist veraltet / is out of date: run python tools/districts.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
