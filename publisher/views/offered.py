"""The data sets of the catalogue as its files describe them: for their pages and for search engines."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal

from publisher.core.terms import DCT, SKOS
from publisher.graph.store import Dataset
from publisher.release.catalogue.catalogue import FOLDER
from publisher.release.catalogue.listing import DCAT, DCATDE, FOAF, SPDX, VCARD
from publisher.release.catalogue.offers import FOLDERS
from publisher.release.datasets import dataset
from publisher.release.reader import Release, checked
from publisher.release.tables.schema import FOLDER as TABLES
from publisher.views.site import Site

Texts = Mapping[str, str]
"""A text by language."""


@dataclass(frozen=True)
class Way:
    """A file of a data set, or its endpoint."""

    title: Texts
    address: str
    """Where visitors reach it."""
    path: str
    """The same below the site; "" for the endpoint."""
    format: str
    media: str
    """The type of the file as it lies there: of a compressed one that of its compression."""
    bytes: int
    sha256: str

    @property
    def is_table(self) -> bool:
        """Whether it holds tables, for people and their programs, rather than RDF."""
        return self.path.startswith(f"/{TABLES}/")


@dataclass(frozen=True)
class Offered:
    """One data set."""

    name: str
    iri: str
    title: Texts
    description: Texts
    keywords: tuple[str, ...]
    issued: str
    modified: str
    version: str
    license: str
    license_title: Texts
    attribution: str
    publisher: str
    contact: str
    """An address for mail; "" where the operator names none."""
    creators: tuple[str, ...]
    place: str
    place_iri: str
    languages: tuple[str, ...]
    sources: tuple[str, ...]
    """Pages that the documents come from."""
    county: str
    """The IRI of the county; "" for what is not one county's."""
    files: tuple[Way, ...]
    endpoints: tuple[Way, ...]


@dataclass(frozen=True)
class Listed:
    """The catalogue itself."""

    iri: str
    title: Texts
    description: Texts
    publisher: str
    license: str
    issued: str
    modified: str


def offered(site: Site) -> Mapping[str, Offered]:
    """Name → data set, in the order of the release; none in a release of an earlier version of the program."""
    return site.once(described)[1]


def listed(site: Site) -> Listed | None:
    """The catalogue itself; None where there is none."""
    return site.once(described)[0]


def catalogue(site: Site) -> Dataset | None:
    """The statements of the catalogue; None where there is none."""
    return site.once(statements)


def statements(site: Site) -> Dataset | None:
    """Reads the statements of the catalogue; None where there is none. Raises DamagedRelease."""
    path = turtle(site.release)
    return Dataset.turtle(path, site.base) if path else None


def turtle(release: Release) -> Path | None:
    """The file of the catalogue; None where there is none. Raises DamagedRelease when it is not what was written."""
    path = f"{FOLDER}/catalog.ttl"
    file = next((file for file in release.manifest.files if file.path == path), None)
    if file:
        return checked(release.folder, file)
    return release.folder / path if (release.folder / path).is_file() else None


def described(site: Site) -> tuple[Listed | None, Mapping[str, Offered]]:
    """Reads the catalogue itself, and each data set by name. Raises DamagedRelease."""
    return read(site, {})


def read(site: Site, same: Mapping[str, Offered]) -> tuple[Listed | None, Mapping[str, Offered]]:
    """As ``described``, but the data sets in ``same`` are those."""
    held = catalogue(site)
    if held is None:
        return None, {}
    reader, names = _Reader(held), [state.name for state in site.release.manifest.datasets]
    found = {name: same.get(name) or reader.offered(site, name) for name in names}
    iri = f"{site.base}catalog"
    about = Listed(
        iri,
        reader.texts(iri, DCT + "title"),
        reader.texts(iri, DCT + "description"),
        reader.name(iri, DCT + "publisher"),
        reader.one(iri, DCT + "license"),
        reader.one(iri, DCT + "issued"),
        reader.one(iri, DCT + "modified"),
    )
    return about, found


@dataclass(frozen=True)
class _Reader:
    """Reads the statements of a catalogue."""

    catalogue: Dataset

    def values(self, iri: str, predicate: str) -> list[str]:
        return [str(getattr(term, "value", "")) for term in self.catalogue.objects(iri, predicate)]

    def one(self, iri: str, predicate: str) -> str:
        return next(iter(self.values(iri, predicate)), "")

    def texts(self, iri: str, predicate: str) -> Texts:
        found = (term for term in self.catalogue.objects(iri, predicate) if isinstance(term, Literal))
        return {term.language or "": term.value for term in found}

    def name(self, iri: str, predicate: str) -> str:
        """What the first thing is called that ``predicate`` leads to."""
        thing = self.one(iri, predicate)
        names = (FOAF + "name", SKOS + "prefLabel", DCT + "title")
        return next((text for name in names for text in _german(self.texts(thing, name))), "") if thing else ""

    def offered(self, site: Site, name: str) -> Offered:
        iri = dataset(name, site.base)
        ways = [self._way(site, one) for one in self.values(iri, DCAT + "distribution")]
        first = self.one(iri, DCAT + "distribution")
        license = self.one(first, DCT + "license")
        return Offered(
            name=name,
            iri=iri,
            title=self.texts(iri, DCT + "title"),
            description=self.texts(iri, DCT + "description"),
            keywords=tuple(self.values(iri, DCAT + "keyword")),
            issued=self.one(iri, DCT + "issued"),
            modified=self.one(iri, DCT + "modified"),
            version=self.one(iri, DCAT + "version"),
            license=license,
            license_title=self.texts(license, DCT + "title"),
            attribution=self.one(first, DCATDE + "licenseAttributionByText"),
            publisher=self.name(iri, DCT + "publisher"),
            contact=self.one(self.one(iri, DCAT + "contactPoint") or iri, VCARD + "hasEmail").removeprefix("mailto:"),
            creators=tuple(
                text for one in self.values(iri, DCT + "creator") for text in _german(self.texts(one, FOAF + "name"))
            ),
            place=self.name(iri, DCT + "spatial"),
            place_iri=self.one(iri, DCT + "spatial"),
            languages=tuple(self.values(iri, DCT + "language")),
            sources=tuple(self.values(iri, FOAF + "page")),
            county=site.id(f"kreis/{name}") if name.isdigit() else "",
            files=tuple(way for way in ways if way.path),
            endpoints=tuple(way for way in ways if not way.path),
        )

    def _way(self, site: Site, iri: str) -> Way:
        address = self.one(iri, DCAT + "downloadURL")
        start = (site.settings.public_url or site.base.rstrip("/")) + "/"
        # The addresses are those of the build; a file lies at the same place below the site whatever they were.
        inside = address.removeprefix(start)
        path = next((f"/{inside[inside.find(folder) :]}" for folder in FOLDERS if folder in inside), "")
        checksum = self.one(iri, SPDX + "checksum")
        media = self.one(iri, DCAT + "compressFormat") or self.one(iri, DCAT + "mediaType")
        return Way(
            title=self.texts(iri, DCT + "title"),
            address=address or self.one(iri, DCAT + "accessURL"),
            path=path,
            format=self.name(iri, DCT + "format"),
            media=media.partition("media-types/")[2],
            bytes=int(self.one(iri, DCAT + "byteSize") or 0),
            sha256=self.one(checksum, SPDX + "checksumValue") if checksum else "",
        )


def _german(texts: Texts) -> Iterable[str]:
    """The German text, else any, as a list of one; none where there is none."""
    return [text] if (text := texts.get("de") or next(iter(texts.values()), "")) else []
