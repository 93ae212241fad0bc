"""How to cite a release or a data set of one: BibTeX, CSL-JSON and the Citation File Format. Bodies, no persons."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date as day_of
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from publisher.core.messages import messages
from publisher.core.settings import Settings
from publisher.core.terms import DCT
from publisher.release.catalogue.blocks import Blocks
from publisher.release.catalogue.catalogue import FOLDER
from publisher.release.catalogue.listing import DCAT, FOAF
from publisher.release.datasets import WHOLE, dataset
from publisher.release.manifest import Manifest

FACTS = "citation/citation.json"
CFF = "citation/CITATION.cff"
_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{char: f"\\{char}" for char in "&%$#_"},
}
_SPECIAL = re.compile("|".join(map(re.escape, _LATEX)))
_SPDX = {
    "cc-by/4.0": "CC-BY-4.0",
    "cc-by-sa/4.0": "CC-BY-SA-4.0",
    "cc-zero": "CC0-1.0",
    "odbl": "ODbL-1.0",
    "odby": "ODC-By-1.0",
    "odcpddl": "PDDL-1.0",
}
"""Licence in the list of dcat-ap.de → its name in the list of SPDX, which the format for citation files asks for."""


@dataclass(frozen=True)
class Cited:
    """What is cited: all data of a release, or one data set of it."""

    name: str
    title: str
    authors: tuple[str, ...]
    publisher: str
    version: str
    date: str
    """YYYY-MM-DD."""
    address: str
    license: str
    """The IRI of the licence in the list of dcat-ap.de."""

    @property
    def key(self) -> str:
        """A key for bibliographies."""
        return f"kreisgraph-{self.version}" + (f"-{self.name}" if self.name != WHOLE else "")

    @property
    def bibtex(self) -> str:
        """A BibTeX entry."""
        day = day_of.fromisoformat(self.date)
        fields = {
            "title": f"{{{latex(self.title)}}}",
            "author": " and ".join(f"{{{latex(author)}}}" for author in self.authors),
            "year": str(day.year),
            "month": str(day.month),
            "publisher": f"{{{latex(self.publisher)}}}",
            "version": latex(self.version),
            "url": self.address,
        }
        lines = ",\n".join(f"  {name:<9} = {{{value}}}" for name, value in fields.items())
        return f"@misc{{{self.key},\n{lines}\n}}\n"

    @property
    def csl(self) -> str:
        """CSL-JSON. https://docs.citationstyles.org/en/stable/specification.html"""
        day = day_of.fromisoformat(self.date)
        item = {
            "id": self.key,
            "type": "dataset",
            "title": self.title,
            "author": [{"literal": author} for author in self.authors],
            "publisher": self.publisher,
            "issued": {"date-parts": [[day.year, day.month, day.day]]},
            "version": self.version,
            "URL": self.address,
            "license": self.license,
            "language": "de",
        }
        return json.dumps([item], ensure_ascii=False, indent=2) + "\n"

    @property
    def cff(self) -> str:
        """CITATION.cff, version 1.2.0. https://citation-file-format.github.io/"""
        spdx = _SPDX.get(self.license.partition("/licenses/")[2], "")
        facts: dict[str, Any] = {
            "cff-version": "1.2.0",
            "message": "Bitte zitieren Sie diese Daten so. Please cite these data as below.",
            "type": "dataset",
            "title": self.title,
            "version": self.version,
            "url": self.address,
            **({"license": spdx} if spdx else {"license-url": self.license}),
        }
        # A JSON string is a YAML string, whatever is in it.
        lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in facts.items()]
        authors = [f"  - name: {json.dumps(author, ensure_ascii=False)}" for author in self.authors]
        return "\n".join([*lines, f"date-released: {self.date}", "authors:", *authors]) + "\n"


def latex(text: str) -> str:
    """``text`` as LaTeX and BibTeX take it."""
    return _SPECIAL.sub(lambda match: _LATEX[match.group()], text)


def cited(folder: Path, manifest: Manifest, settings: Settings) -> dict[str, Cited]:
    """Data set → how to cite it, as the catalogue in ``folder`` describes it; everything comes first."""
    texts, links = _catalogue(folder / FOLDER / "catalog.ttl")
    site = settings.public_url or settings.base.rstrip("/")
    found = {}
    for state in manifest.datasets:
        iri = dataset(state.name, manifest.base)
        inner = "" if state.name == WHOLE else f"/datensatz/{state.name}"
        by = [texts.get((one, FOAF + "name"), "") for one in links.get((iri, DCT + "publisher"), ())]
        made = [texts.get((one, FOAF + "name"), "") for one in links.get((iri, DCT + "creator"), ())]
        publisher = next(filter(None, by), settings.operator or settings.site_name)
        found[state.name] = Cited(
            name=state.name,
            title=texts.get((iri, DCT + "title"), settings.site_name),
            authors=tuple(filter(None, made)) or (publisher,),
            publisher=publisher,
            version=manifest.version,
            date=manifest.date if state.name == WHOLE else state.modified,
            address=f"{site}/release/{manifest.version}{inner}",
            license=settings.license,
        )
    return found


def without_catalogue(manifest: Manifest, version: str, settings: Settings) -> Cited:
    """How to cite a release of an earlier version of the program, which keeps no words for it."""
    site = settings.public_url or settings.base.rstrip("/")
    publisher = settings.operator or settings.site_name
    title = messages("changes")["cite-whole"].filled(site=settings.site_name).de
    address = f"{site}/release/{version}"
    return Cited(WHOLE, title, (publisher,), publisher, version, manifest.date, address, settings.license)


def facts_as_json(found: Mapping[str, Cited]) -> str:
    """All of ``found``, to be kept in the release."""
    return json.dumps({name: asdict(one) for name, one in found.items()}, ensure_ascii=False, indent=1) + "\n"


def read_facts(folder: Path) -> dict[str, Cited]:
    """What ``facts_as_json`` wrote into a release; nothing for one of an earlier version of the program."""
    file = folder / FACTS
    if not file.is_file():
        return {}
    raw = json.loads(file.read_text(encoding="utf-8"))
    return {name: Cited(**{**one, "authors": tuple(one["authors"])}) for name, one in raw.items()}


def _catalogue(file: Path) -> tuple[dict[tuple[str, str], str], dict[tuple[str, str], list[str]]]:
    """What the catalogue says of data sets and bodies: texts (in German) and links by subject and property."""
    texts: dict[tuple[str, str], str] = {}
    links: dict[tuple[str, str], list[str]] = {}
    held = Blocks.read(file)
    asked = held.turtle(held.naming(DCAT + "Dataset", FOAF + "name"))
    for quad in parse(asked, format=RdfFormat.TURTLE):
        place = quad.subject.value, quad.predicate.value
        if isinstance(quad.object, NamedNode):
            links.setdefault(place, []).append(quad.object.value)
        elif isinstance(quad.object, Literal) and (place not in texts or quad.object.language == "de"):
            texts[place] = quad.object.value
    return texts, links
