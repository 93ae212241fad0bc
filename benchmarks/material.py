"""The data that all servers are measured with: an input folder of so many counties, and a release of it."""

import gzip
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from publisher.graph.queries import Queries, Query
from publisher.release.manifest import Manifest
from publisher.release.reader import WHOLE, current_folder, read_manifest

HERE = Path(__file__).parent
SIZES = (5, 50, 400)


@dataclass(frozen=True)
class Material:
    """Where the data of ``counties`` counties are; what is not there yet, ``prepare`` makes."""

    counties: int
    input: Path
    releases: Path

    @property
    def data(self) -> Path:
        """The whole release as N-Quads, unpacked beside its folder where it is offered packed only."""
        folder = current_folder(self.releases)
        return folder / WHOLE if (folder / WHOLE).exists() else self.releases.parent / f"{folder.name}.nq"

    @property
    def triples(self) -> int:
        """How many statements the release holds."""
        return self._manifest.triples

    @property
    def keys(self) -> list[str]:
        """The keys (AGS) of its counties."""
        return [county.ags for county in self._manifest.counties]

    @property
    def _manifest(self) -> Manifest:
        return read_manifest(current_folder(self.releases))

    def prepare(self) -> None:
        """Makes the counties and builds a release of them, where they are missing; raises CalledProcessError."""
        if not (self.input / "data").exists():
            module("benchmarks.counties", str(self.input), "--counties", str(self.counties))
        if not (self.releases / "current").exists():
            kept = {"input": self.input, "releases": self.releases, "cache": self.input.parent / "cache"}
            module("publisher", "build", **{name: str(path) for name, path in kept.items()})
        if not self.data.exists():
            with gzip.open(current_folder(self.releases) / f"{WHOLE}.gz") as packed, self.data.open("wb") as plain:
                shutil.copyfileobj(packed, plain)


def material(folder: Path, counties: int) -> Material:
    """The data of ``counties`` counties below ``folder``."""
    return Material(counties, folder / str(counties) / "input", folder / str(counties) / "releases")


def module(name: str, *arguments: str, **settings: str) -> None:
    """Runs a module of ours in a process of its own, so that its memory goes with it; raises CalledProcessError."""
    subprocess.run([sys.executable, "-m", name, *arguments], check=True, env=environment(**settings))


def environment(**settings: str) -> dict[str, str]:
    """The environment of a process of ours: this checkout, and no settings but ``settings``."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("KREISGRAPH_")}
    own = {f"KREISGRAPH_{name.upper()}": value for name, value in settings.items()}
    return inherited | {"PYTHONPATH": str(HERE.parent)} | own


def typical() -> Sequence[Query]:
    """The ten queries, the small ones first."""
    found = Queries(HERE / "queries" / "typical")
    return sorted(found, key=lambda query: (query.group != "small", query.name))


def asked(name: str) -> str:
    """The text of a query that is asked in order to measure something else."""
    return Queries(HERE / "queries" / "asked").get(name).with_values({})
