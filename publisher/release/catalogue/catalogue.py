"""The catalogue for data portals: DCAT-AP.de 3.0, written once when a release is built and served as files.

Everything has an IRI under the configured base. No data set leads to another or back to the catalogue: portals cut
each one out together with everything it leads to. https://www.dcat-ap.de/def/dcatde/3.0/spec/
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from pyoxigraph import Literal, Quad

from publisher.core.settings import Settings
from publisher.core.terms import CANONICAL_BASE, DCT, GRAPH, XSD
from publisher.release.catalogue.distributions import AGENT, CATALOG, Distributor, shared
from publisher.release.catalogue.districts import District
from publisher.release.catalogue.fragments import FORMATS, Fragments
from publisher.release.catalogue.listing import DCAT, DCATDE, FOAF, USED, VCARD, Listing, typed
from publisher.release.catalogue.offers import Offer
from publisher.release.datasets import VOCABULARY, WHOLE
from publisher.release.kept import Kept
from publisher.release.manifest import DatasetState, File
from publisher.release.tables.files import Said

FOLDER = "catalog"
_SAID = ("public_url", "site_name", "operator", "contact", "license", "attribution", "publisher_type", "contributor")
"""The settings that the catalogue repeats."""
_PUBLISHERS = {
    "local": "LocalAuthority",
    "regional": "RegionalAuthority",
    "national": "NationalAuthority",
    "supranational": "SupraNationalAuthority",
}
_PUBLISHER_TYPE = "http://purl.org/adms/publishertype/"


@dataclass(frozen=True)
class Contents:
    """What the catalogue of a release is made of."""

    offers: tuple[Offer, ...]
    states: Mapping[str, DatasetState]
    """Name of a data set → how it stands."""
    districts: Mapping[str, District]
    """Key → the county."""
    titles: Mapping[str, Mapping[str, str]]
    """Named graph → its title by language."""
    tables: Mapping[str, Said] = field(default_factory=dict)
    """Path of a file of the tables → what people read about it."""

    def about(self, offer: Offer) -> str:
        """What stands for all that is said of ``offer``."""
        titles = [sorted(self.titles.get(graph, {}).items()) for graph in sorted({file.graph for file in offer.files})]
        tables = [self.tables.get(file.path) for file in offer.files]
        return repr((offer, self.states[offer.name], self.districts.get(offer.name), titles, tables))


def write_catalogue(folder: Path, contents: Contents, written: Path, settings: Settings, kept: Kept) -> list[File]:
    """Writes the catalogue in every format below ``folder``; parts that did not change are taken from what is ``kept``.

    ``written`` is the Turtle file written by hand. The files. Raises SourceError.
    """
    paths = [f"{FOLDER}/catalog.{fmt.ending}" for fmt in FORMATS]
    fragments = Fragments(folder, paths, kept, Listing(written, settings.base))
    writer = _Writer(contents, fragments.listing, settings)
    writer.catalog()
    for offer in contents.offers:
        if offer.name in contents.districts:
            tell = partial(_of_county, contents, offer, settings)
            fragments.county(offer.name, contents.about(offer) + said_settings(settings), tell)
        else:
            writer.dataset(offer)
    (folder / FOLDER).mkdir(exist_ok=True)
    return fragments.together(settings.jobs)


def _of_county(contents: Contents, offer: Offer, settings: Settings, listing: Listing) -> None:
    _Writer(contents, listing, settings).dataset(offer)


def said_settings(settings: Settings) -> str:
    """What stands for what of the settings is said."""
    return repr([getattr(settings, name) for name in _SAID])


class _Writer:
    """Writes one catalogue."""

    def __init__(self, contents: Contents, listing: Listing, settings: Settings) -> None:
        self._contents, self._listing, self._settings = contents, listing, settings
        self._base = settings.base
        self._site = settings.public_url or settings.base.rstrip("/")
        self._iri = self._base + CATALOG
        self._publisher = self._herausgeber()
        self._contact = self._kontakt()
        self._distributor = Distributor(listing, settings, self._site, contents.titles, contents.tables)

    def catalog(self) -> None:
        """The catalogue itself."""
        say, link, iri = self._listing.say, self._listing.link, self._iri
        self._listing.take(iri)
        link(iri, DCT + "publisher", self._publisher)
        link(iri, DCT + "license", self._settings.license)
        link(iri, FOAF + "homepage", typed(self._listing, f"{self._site}/", FOAF + "Document"))
        states = self._contents.states.values()
        say(iri, DCT + "issued", min(state.issued for state in states), XSD + "date")
        say(iri, DCT + "modified", max(state.modified for state in states), XSD + "date")
        link(iri, DCAT + "dataset", *(offer.iri for offer in self._contents.offers))
        link(iri, DCAT + "service", shared(self._base, "sparql-endpunkt"))

    def dataset(self, offer: Offer) -> None:
        """One data set with its distributions."""
        say, link, iri = self._listing.say, self._listing.link, offer.iri
        state = self._contents.states[offer.name]
        if district := self._contents.districts.get(offer.name):
            self._of_county(iri, district)
        else:
            self._listing.take(iri)
        say(iri, DCT + "identifier", iri)
        say(iri, DCT + "issued", state.issued, XSD + "date")
        say(iri, DCT + "modified", state.modified, XSD + "date")
        say(iri, DCAT + "version", state.since)
        link(iri, DCT + "publisher", self._publisher)
        link(iri, DCAT + "contactPoint", self._contact)
        link(iri, DCATDE + "contributorID", self._settings.contributor)
        # Documents say in our vocabulary what they are; only the data about it do not conform to it.
        link(iri, DCT + "conformsTo", f"{self._base}ns" if offer.name != VOCABULARY else "")
        page = f"{self._site}/datensatz/{offer.name}"
        link(iri, DCAT + "landingPage", typed(self._listing, page, FOAF + "Document"))
        for file in offer.files:
            link(iri, DCAT + "distribution", self._distributor.file(file, state, self._whole(offer, file)))
        if offer.name == WHOLE:
            link(iri, DCAT + "distribution", self._distributor.endpoint(iri, state, self._publisher, self._contact))

    def _whole(self, offer: Offer, file: File) -> Mapping[str, str]:
        """The title of the data set where ``file`` holds all of it; none where it holds a part."""
        if offer.name in self._contents.districts:
            return self._listing.texts(offer.iri, DCT + "title")
        is_part = file.graph or file.path in self._contents.tables
        return {} if is_part else self._listing.texts(shared(self._base, "muster-ganzes"), DCT + "title")

    def _of_county(self, iri: str, district: District) -> None:
        pattern = "muster-konzept" if district.concept else "muster-seite"
        self._listing.take(shared(self._base, pattern), iri, county=district.name)
        self._listing.take(shared(self._base, "muster-kreis"), iri)
        place = typed(self._listing, district.place, DCT + "Location")
        self._listing.say(place, USED["skos"] + "prefLabel", district.name, language="de")
        self._listing.say(iri, DCAT + "keyword", district.name, language="de")
        self._listing.link(iri, DCT + "spatial", place)
        self._listing.link(iri, DCATDE + "politicalGeocodingURI", place)
        for page in district.pages:
            self._listing.link(iri, FOAF + "page", typed(self._listing, page, FOAF + "Document"))
        if district.administration:
            author = typed(self._listing, district.administration, AGENT, FOAF + "Organization")
            self._listing.say(author, FOAF + "name", district.name, language="de")
            self._listing.link(author, DCT + "type", _PUBLISHER_TYPE + _PUBLISHERS["local"])
            self._listing.link(iri, DCT + "creator", author)

    def _herausgeber(self) -> str:
        """The publisher: the operator, else who the licence of the data names."""
        iri, kind = shared(self._base, "herausgeber"), _PUBLISHERS.get(self._settings.publisher_type, "")
        if not self._settings.operator:
            self._listing.take(iri)
            return iri
        typed(self._listing, iri, AGENT, FOAF + "Organization")
        self._listing.say(iri, FOAF + "name", self._settings.operator, language="de")
        self._listing.link(iri, DCT + "type", kind and _PUBLISHER_TYPE + kind)
        return iri

    def _kontakt(self) -> str:
        """The contact; "" when the operator names none."""
        if not self._settings.contact:
            return ""
        iri = typed(self._listing, shared(self._base, "kontakt"), VCARD + "Kind", VCARD + "Organization")
        self._listing.say(iri, VCARD + "fn", self._settings.operator or self._settings.site_name, language="de")
        self._listing.link(iri, VCARD + "hasEmail", f"mailto:{self._settings.contact}")
        # GovData asks for a page or a telephone number beside it (K01); this page takes every report.
        self._listing.link(iri, VCARD + "hasURL", f"{self._site}/fehler-melden")
        return iri


def graph_titles(quads: Iterable[Quad], base: str) -> dict[str, dict[str, str]]:
    """Named graph → its title by language, as ``quads`` state it."""
    start = base + GRAPH.removeprefix(CANONICAL_BASE)
    found: dict[str, dict[str, str]] = {}
    for quad in quads:
        if quad.predicate.value == DCT + "title" and quad.subject.value.startswith(start):  # type: ignore[union-attr]
            title: Literal = quad.object  # type: ignore[assignment]
            found.setdefault(quad.subject.value, {})[title.language or ""] = title.value  # type: ignore[union-attr]
    return found
