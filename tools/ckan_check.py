"""Reads a catalogue with the parser of CKAN's DCAT harvester and prints the packages it makes of it.

Needs an environment of its own, since CKAN pins many packages: ``python -m venv DIR && DIR/bin/pip install
"ckan[requirements]" ckanext-dcat``, then ``DIR/bin/python tools/ckan_check.py releases/current/catalog/catalog.ttl``.
Exit code 1 when a package lacks title, notes, resources, licence or place.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ckan.plugins.toolkit import config  # type: ignore[import-not-found]
from ckanext.dcat.processors import RDFParser  # type: ignore[import-not-found]

PROFILES = ("euro_dcat_ap_2", "euro_dcat_ap_3")
PARSERS = {".ttl": "turtle", ".rdf": "xml", ".jsonld": "json-ld"}
LANGUAGE = "de"


def packages(path: Path, profile: str) -> list[dict[str, Any]]:
    """The packages that ``profile`` makes of the catalogue in ``path``."""
    config["ckan.locale_default"] = LANGUAGE
    parser = RDFParser(profiles=[profile])
    parser.parse(path.read_text(encoding="utf-8"), _format=PARSERS[path.suffix])
    return list(parser.datasets())


def missing(package: dict[str, Any]) -> Iterator[str]:
    """What a portal would miss in ``package``."""
    extras = {extra["key"]: extra["value"] for extra in package["extras"]}
    for name in ("title", "notes", "resources"):
        if not package.get(name):
            yield name
    for resource in package.get("resources", ()):
        if not resource.get("license"):
            yield f"license of {resource.get('name')}"
    if not (extras.get("spatial_uri") or extras.get("spatial") or package.get("spatial_coverage")):
        yield "spatial"


def main(paths: list[str]) -> int:
    """Check every file with every profile."""
    faults = 0
    for path in map(Path, paths):
        for profile in PROFILES:
            found = packages(path, profile)
            print(f"{path.name}, {profile}: {len(found)} packages")
            for package in found:
                lacks = list(missing(package))
                faults += len(lacks)
                extras = {extra["key"]: extra["value"] for extra in package["extras"]}
                place = extras.get("spatial_uri") or package.get("spatial_coverage")
                licenses = {resource.get("license") for resource in package["resources"]}
                print(
                    f"  {package['title']} | {len(package['notes'])} characters | {len(package['resources'])} resources"
                )
                print(f"    {sorted(map(str, licenses))} | {place} | {', '.join(lacks) or 'complete'}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
