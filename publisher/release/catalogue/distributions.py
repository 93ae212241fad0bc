"""The distributions of the catalogue: each file as it lies in the release, and the endpoint as one of its own."""

from collections.abc import Mapping
from dataclasses import dataclass

from publisher.core.settings import Settings
from publisher.core.terms import DCT, RDFS, XSD
from publisher.release.catalogue.listing import DCAT, DCATDE, FOAF, SPDX, USED, Listing, typed
from publisher.release.manifest import DatasetState, File
from publisher.release.tables.files import Said

CATALOG = "catalog"
AGENT = FOAF + "Agent"
_FILE_TYPE = "http://publications.europa.eu/resource/authority/file-type/"
_IANA = "https://www.iana.org/assignments/media-types/"
_BY_TEXT = ("/cc-by/", "/cc-by-sa/", "/dl-by-de/", "/odby", "/odbl")


@dataclass(frozen=True)
class _Kind:
    """The names of a format in the lists of the EU and of IANA; "" where there is none."""

    type: str
    media: str


_KINDS = {
    "ttl": _Kind("RDF_TURTLE", "text/turtle"),
    "jsonld": _Kind("JSON_LD", "application/ld+json"),
    "rdf": _Kind("RDF_XML", "application/rdf+xml"),
    "nt": _Kind("RDF_N_TRIPLES", "application/n-triples"),
    "nq": _Kind("RDF_N_QUADS", "application/n-quads"),
    "trig": _Kind("RDF_TRIG", "application/trig"),
    "csv": _Kind("CSV", "text/csv"),
    "json": _Kind("JSON", "application/json"),
    "zip": _Kind("ZIP", "application/zip"),
    "xlsx": _Kind("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
"""Ending → format."""
_COMPRESSED = {"gz": "application/gzip", "zst": "application/zstd"}


def shared(base: str, name: str) -> str:
    """The IRI of something that stands in the catalogue alone; it leads to the catalogue."""
    return f"{base}{CATALOG}#{name}"


@dataclass(frozen=True)
class Distributor:
    """Writes distributions into a listing."""

    listing: Listing
    settings: Settings
    site: str
    """Where visitors reach the site, without a slash at the end."""
    titles: Mapping[str, Mapping[str, str]]
    """Named graph → its title by language."""
    tables: Mapping[str, Said]
    """Path of a file of the tables → what people read about it."""

    def file(self, file: File, state: DatasetState, whole: Mapping[str, str]) -> str:
        """The distribution of ``file``, its IRI; ``whole`` is the title of its data set if it holds all of that."""
        name = file.path.partition("/")[2].replace("/", "-")
        say, link, iri = self.listing.say, self.listing.link, self._shared(f"datei-{name}")
        address = self._place(f"{self.site}/{file.path}")
        endings = name.split(".")[1:]
        compressed = _COMPRESSED.get(endings[-1], "") if endings else ""
        ending = endings[-2] if compressed and len(endings) > 1 else (endings or [""])[-1]
        kind = _KINDS.get(ending, _Kind("", file.media))
        title = whole or self._title(file) or {"de": name, "en": name}
        self._texts(iri, title, self._format(kind, ending) + (f", {endings[-1]}" if compressed else ""))
        self._describe(iri, file, bool(whole))
        link(iri, DCAT + "accessURL", address)
        link(iri, DCAT + "downloadURL", address)
        link(iri, DCT + "format", kind.type and _FILE_TYPE + kind.type)
        media = kind.media if compressed else file.media
        link(iri, DCAT + "mediaType", typed(self.listing, _IANA + media, DCT + "MediaType"))
        if compressed:
            link(iri, DCAT + "compressFormat", typed(self.listing, _IANA + compressed, DCT + "MediaType"))
        say(iri, DCAT + "byteSize", str(file.bytes), XSD + "nonNegativeInteger")
        checksum = typed(self.listing, self._shared(f"pruefsumme-{name}"), SPDX + "Checksum")
        link(checksum, SPDX + "algorithm", SPDX + "checksumAlgorithm_sha256")
        say(checksum, SPDX + "checksumValue", file.sha256, XSD + "hexBinary")
        link(iri, SPDX + "checksum", checksum)
        self._rights(iri, state)
        return iri

    def endpoint(self, dataset: str, state: DatasetState, publisher: str, contact: str) -> str:
        """The endpoint as a distribution of ``dataset``, its IRI; and the service behind it."""
        link, iri, service = self.listing.link, self._shared("sparql"), self._shared("sparql-endpunkt")
        address, description = self._place(f"{self.site}/sparql"), self._place(f"{self.site}/sparql?format=ttl")
        self.listing.take(iri)
        link(iri, DCAT + "accessURL", address)
        link(iri, DCAT + "accessService", service)
        self._rights(iri, state)
        self.listing.take(service)
        link(service, DCAT + "endpointURL", address)
        link(service, DCAT + "endpointDescription", description)
        link(service, DCAT + "servesDataset", dataset)
        link(service, DCT + "publisher", publisher)
        link(service, DCAT + "contactPoint", contact)
        self._license(service)
        return iri

    def _place(self, address: str) -> str:
        """``address``, said to be a resource: SEMIC's shapes ask for that, and validators do not know RDFS."""
        return typed(self.listing, address, RDFS + "Resource")

    def _title(self, file: File) -> Mapping[str, str]:
        return self.tables[file.path].title if file.path in self.tables else self.titles.get(file.graph, {})

    def _describe(self, iri: str, file: File, whole: bool) -> None:
        if table := self.tables.get(file.path):
            for language, text in table.text.items():
                self.listing.say(iri, DCT + "description", text, language=language)
        else:
            self.listing.take(self._shared("muster-alles" if whole else "muster-teil"), iri)

    def _texts(self, iri: str, title: Mapping[str, str], name: str) -> None:
        texts = {language: title.get(language) or next(iter(title.values())) for language in ("de", "en")}
        self.listing.take(self._shared("muster-datei"), iri, title=texts, format=name)

    def _format(self, kind: _Kind, ending: str) -> str:
        names = self.listing.texts(_FILE_TYPE + kind.type, USED["skos"] + "prefLabel")
        return names.get("de", ending)

    def _rights(self, iri: str, state: DatasetState) -> None:
        self._license(iri)
        self.listing.say(iri, DCT + "issued", state.issued, XSD + "date")
        self.listing.say(iri, DCT + "modified", state.modified, XSD + "date")

    def _license(self, iri: str) -> None:
        chosen = self.settings.license
        self.listing.link(iri, DCT + "license", chosen)
        if any(part in chosen for part in _BY_TEXT):
            self.listing.say(iri, DCATDE + "licenseAttributionByText", self.settings.attribution, language="de")

    def _shared(self, name: str) -> str:
        return shared(self.settings.base, name)
