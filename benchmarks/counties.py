"""Writes an input folder in which every district has a concept: the real counties as they are, the others made up.

Beyond 400 the districts are made up, too. The same seed gives the same bytes.
Usage: python -m benchmarks.counties FOLDER [--counties N] [--seed TEXT] [--faults SHARE]
"""

import argparse
import csv
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks.actors import slug
from benchmarks.concept import write_county
from benchmarks.draft import Draft
from benchmarks.faults import LIST, spoil_counties, write_list
from benchmarks.places import write_districts
from publisher.core.processes import spread
from publisher.core.terms import COUNTY, PREFIXES
from publisher.graph.sources import find

_USED = ("ic", "kreis", "feld", "org", "prov", "skos", "dct", "oa", "m8g", "rdfs", "xsd")
_CITY = re.compile("stadt|Stadt")


@dataclass(frozen=True)
class District:
    """A row of data/districts.tsv."""

    ags: str
    name: str
    label: str
    kind: str


def districts(table: Path) -> list[District]:
    """All districts, sorted by their key."""
    with table.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [District(row["ags"], row["name"], row["label"], row["kind"]) for row in rows]


def write_counties(folder: Path, number: int, seed: str) -> list[Path]:
    """Fill ``folder`` with everything a build needs, ``number`` counties in all; the folders made up.

    The real counties come first, then districts drawn by ``seed``; a county's content depends on nothing but its key
    and the seed. Raises FileExistsError when there are counties in ``folder``.
    """
    sources = find(None)
    for name in ("ontology", "shapes", "sparql"):
        shutil.copytree(sources.root / name, folder / name, dirs_exist_ok=True)
    real = [county.folder for county in sources.counties()]
    (folder / "data").mkdir(exist_ok=True)
    for path in (sources.root / "data").iterdir():
        if path.is_file():
            shutil.copy(path, folder / "data")
    for path in real:
        shutil.copytree(path, folder / "data" / "counties" / path.name)
    known = {path.name.partition("-")[0] for path in real}
    others = [district for district in districts(folder / "data" / "districts.tsv") if district.ags not in known]
    Random(seed).shuffle(others)
    chosen = sorted(others[: max(0, number - len(real))], key=lambda district: district.ags)
    beyond = write_districts(folder / "data", max(0, number - len(real) - len(chosen)))
    chosen += [District(key, name, name, "Landkreis") for key, name in beyond]
    counties = folder / "data" / "counties"
    return list(spread(lambda district: write_one(counties, district, seed), chosen))


def write_one(counties: Path, district: District, seed: str) -> Path:
    """The folder of one made-up county below ``counties``."""
    draft = Draft(district.ags, district.label, Random(f"{seed} {district.ags}"))
    write_county(draft, city=bool(_CITY.search(district.kind)))
    folder = counties / f"{district.ags}-{slug(district.name)}"
    draft.save(folder, _prefixes(draft))
    (folder / "graph.ttl").write_text(_graph(district, draft), encoding="utf-8")
    return folder


def _prefixes(draft: Draft) -> str:
    own = f"{COUNTY}{draft.ags}/"
    table = {name: PREFIXES[name] for name in _USED} | {"k": own}
    table |= {sheet.version: f"{own}{sheet.version[1:]}/" for sheet in draft.sheets}
    return "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in table.items())


def _graph(district: District, draft: Draft) -> str:
    day = f"2026-{draft.random.randint(1, 10):02}-{draft.random.randint(1, 28):02}"
    template = Path(__file__).parent / "graph.ttl.txt"
    values = {"ags": district.ags, "label": district.label, "day": day}
    return template.read_text(encoding="utf-8").format(**values)


def main() -> None:
    """The command."""
    command = argparse.ArgumentParser(description=__doc__)
    command.add_argument("folder", type=Path)
    command.add_argument("--counties", type=int, default=400)
    command.add_argument("--seed", default="kreisgraph")
    command.add_argument("--faults", type=float, default=0.0, help="share of the made-up counties that get faults")
    options = command.parse_args()
    made = write_counties(options.folder, options.counties, options.seed)
    print(f"{len(made)} made-up counties in {options.folder}/data/counties")
    if options.faults:
        faults = spoil_counties(made, options.faults, options.seed)
        write_list(options.folder / LIST, faults)
        print(f"{len(faults)} faults, listed in {options.folder}/{LIST}")


if __name__ == "__main__":
    main()
