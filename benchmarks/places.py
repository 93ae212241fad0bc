"""Districts beyond those that there are, for counties beyond 400: made up, said to be so, described like the others.

Their keys begin with 90 to 99, which no state has. Names are put together of parts that many places share.
"""

from collections.abc import Iterator
from itertools import islice, product
from pathlib import Path

_STATE = """
land:{key} a ic:State ;
    dct:identifier "{key}" ;
    skos:prefLabel "Erfundenes Land {key}"@de, "Made-up state {key}"@en .
"""
_DISTRICT = """
kreis:{key} a ic:District ;
    dct:identifier "{key}" ;
    ic:name "{name}"@de ;
    skos:prefLabel "{name}"@de ;
    ic:districtKind ic:Landkreis ;
    ic:state land:{state} ;
    geo:hasGeometry <https://w3id.org/kreisgraph/id/kreis/{key}/punkt> ;
    ic:population <https://w3id.org/kreisgraph/id/kreis/{key}/einwohner> ;
    ic:nutsCode "{nuts}" ;
    ic:hexColumn {column} ;
    ic:hexRow {row} ;
    dcatde:politicalGeocodingURI <http://dcat-ap.de/def/politicalGeocoding/districtKey/{key}> ;
    prov:wasDerivedFrom doc:bkg-grenzen .
<https://w3id.org/kreisgraph/id/kreis/{key}/punkt> a geo:Geometry ;
    geo:asWKT "POINT({east} {north})"^^geo:wktLiteral .
<https://w3id.org/kreisgraph/id/kreis/{key}/einwohner> a ic:Count ;
    ic:value {people} ;
    ic:qualifier ic:Exactly ;
    ic:countOf ic:Inhabitants ;
    ic:referenceDate "2022-05-15"^^xsd:date ;
    dct:source doc:zensus-2022 ;
    ic:assertion ic:SuppliedFromOtherSource ;
    prov:wasDerivedFrom doc:zensus-2022 .
"""
_FRONTS = ("Ober", "Unter", "Neu", "Alt", "Hinter", "Vorder", "Groß", "Klein", "Nieder", "Mittel")
_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_STEMS = (
    "stein",
    "birken",
    "eichen",
    "linden",
    "wiesen",
    "hohen",
    "mühl",
    "brunnen",
    "sand",
    "kirch",
    "erlen",
    "rosen",
)
_ENDS = ("feld", "bach", "tal", "berg", "au", "hausen", "dorf", "rode", "furt", "moor", "wald", "see")
FIRST_ROW = 100
"""Far below the map of the real ones."""
_COLUMNS = 40


def made_up(number: int) -> Iterator[tuple[str, str]]:
    """Key and name of ``number`` districts that do not exist."""
    names = (f"{front}{stem}{end}" for front, stem, end in product(_FRONTS, _STEMS, _ENDS))
    several = ((name, turn) for turn in range(1, 100) for name in list(names if turn == 1 else ()) or [""] * 1320)
    for place, (name, turn) in enumerate(islice(several, number)):
        key = f"{90 + place // 1000:02}{place % 1000:03}"
        yield key, f"{name or f'Musterkreis {key}'} (erfunden)" if turn == 1 else f"Musterkreis {key} (erfunden)"


def write_districts(data: Path, number: int) -> list[tuple[str, str]]:
    """Adds ``number`` made-up districts and their states to the files in ``data``; their keys and names."""
    found = list(made_up(number))
    states = sorted({key[:2] for key, _ in found})
    with (data / "geography.ttl").open("a", encoding="utf-8") as file:
        file.write("\n#### Made up for load tests ####\n" if states else "")
        file.writelines(_STATE.format(key=state) for state in states)
    with (data / "districts.ttl").open("a", encoding="utf-8") as file:
        for place, (key, name) in enumerate(found):
            row, column = divmod(place, _COLUMNS)
            facts = {"key": key, "name": name, "state": key[:2], "row": FIRST_ROW + row, "column": column}
            facts |= {"east": 6 + column / 5, "north": round(47.5 + row / 100, 2), "people": 40_000 + place % 997 * 211}
            file.write(_DISTRICT.format(nuts=_nuts(place), **facts))
    return found


def _nuts(place: int) -> str:
    """A code that no district has: theirs go on with a number or a letter up to G."""
    first, rest = divmod(place, len(_SIGNS) ** 2)
    return f"DE{_SIGNS[17 + first]}{_SIGNS[rest // len(_SIGNS)]}{_SIGNS[rest % len(_SIGNS)]}"
