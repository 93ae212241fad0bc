"""What a release says of itself in RDF: its version, the one before, its checksums. No part of the catalogue.

Portals cut out of the catalogue whatever a data set leads to, so nothing there leads here.
https://www.w3.org/TR/vocab-dcat-3/#dataset-versions
"""

from pyoxigraph import Literal, NamedNode, Triple

from publisher.core.messages import messages
from publisher.core.settings import Settings
from publisher.core.terms import DCT, PREFIXES, RDF, XSD
from publisher.release.catalogue.listing import DCAT, FOAF, SPDX
from publisher.release.citation.citing import Cited
from publisher.release.datasets import WHOLE, dataset
from publisher.release.manifest import Manifest

PAV, PROV = "http://purl.org/pav/", PREFIXES["prov"]
USED = {"dcat": DCAT, "dct": DCT, "foaf": FOAF, "pav": PAV, "prov": PROV, "rdf": RDF, "spdx": SPDX, "xsd": XSD}
_CANONICAL = "https://www.w3.org/TR/rdf-canon/"
_NQUADS = ".nq"


def about(manifest: Manifest, version: str, cited: Cited, settings: Settings) -> list[Triple]:
    """The statements about the release ``version``.

    Each N-Quads file is the canonical form (RDFC-1.0) of the graph it holds, so its checksum is that graph's hash.
    """
    site = settings.public_url or settings.base.rstrip("/")
    iri = f"{manifest.base}release/{version}"
    title = messages("changes")["cite-whole"].filled(site=settings.site_name)
    found = [
        _link(iri, RDF + "type", DCAT + "Dataset"),
        _link(iri, RDF + "type", PROV + "Entity"),
        _say(iri, DCT + "title", Literal(title.de, language="de")),
        _say(iri, DCT + "title", Literal(title.en, language="en")),
        _say(iri, DCAT + "version", Literal(version)),
        _say(iri, PAV + "version", Literal(version)),
        _link(iri, DCAT + "isVersionOf", dataset(WHOLE, manifest.base)),
        _say(iri, DCT + "modified", Literal(manifest.date, datatype=NamedNode(XSD + "date"))),
        _say(iri, DCT + "bibliographicCitation", Literal(citation(cited))),
        _link(iri, DCAT + "landingPage", f"{site}/release/{version}"),
        _link(iri, DCT + "license", cited.license),
    ]
    if manifest.published:
        moment = Literal(manifest.published, datatype=NamedNode(XSD + "dateTime"))
        found.append(_say(iri, DCT + "issued", moment))
    if manifest.previous:
        before = f"{manifest.base}release/{manifest.previous}"
        found += (
            _link(iri, name, before)
            for name in (DCAT + "previousVersion", PAV + "previousVersion", PROV + "wasRevisionOf")
        )
    for file in manifest.files:
        if file.path.startswith("dumps/") and file.path.endswith(_NQUADS):
            found += _file(iri, f"{site}/release/{version}/{file.path}", file.sha256, file.bytes)
    return found


def citation(cited: Cited) -> str:
    """How to cite in one line."""
    return f"{'; '.join(cited.authors)}: {cited.title}. Version {cited.version} ({cited.date}). {cited.address}"


def _file(iri: str, address: str, sha256: str, size: int) -> list[Triple]:
    checksum = f"{address}#sha256"
    return [
        _link(iri, DCAT + "distribution", address),
        _link(address, RDF + "type", DCAT + "Distribution"),
        _link(address, DCAT + "downloadURL", address),
        _link(address, DCT + "conformsTo", _CANONICAL),
        _say(address, DCAT + "byteSize", Literal(str(size), datatype=NamedNode(XSD + "nonNegativeInteger"))),
        _link(address, SPDX + "checksum", checksum),
        _link(checksum, RDF + "type", SPDX + "Checksum"),
        _link(checksum, SPDX + "algorithm", SPDX + "checksumAlgorithm_sha256"),
        _say(checksum, SPDX + "checksumValue", Literal(sha256, datatype=NamedNode(XSD + "hexBinary"))),
    ]


def _link(subject: str, predicate: str, value: str) -> Triple:
    return _say(subject, predicate, NamedNode(value))


def _say(subject: str, predicate: str, value: NamedNode | Literal) -> Triple:
    return Triple(NamedNode(subject), NamedNode(predicate), value)
