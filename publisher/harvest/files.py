"""Fetches what the catalogue offers, and holds it against what the catalogue says of it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import rdflib
from rdflib.namespace import DCAT, DCTERMS, SKOS

from publisher.harvest import contents
from publisher.harvest.counts import Counts
from publisher.harvest.fetch import Answer, OtherHost, Site, ask
from publisher.harvest.findings import Finding, Resource, refused, warning

SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
_IANA = "media-types/"


@dataclass(frozen=True)
class Said:
    """What the catalogue says of one distribution."""

    iri: str
    name: str
    address: str
    download: bool
    format: str
    license: str
    media: str
    compressed: str
    bytes: str
    sha256: str


def said(graph: rdflib.Graph, node: rdflib.term.Node) -> Said:
    """What ``graph`` says of the distribution ``node``."""
    titles = {getattr(value, "language", ""): str(value) for value in graph.objects(node, DCTERMS.title)}
    kind = graph.value(node, DCTERMS["format"])
    label = graph.value(kind, SKOS.prefLabel) if kind else None
    download = graph.value(node, DCAT.downloadURL)
    checksum = graph.value(node, SPDX.checksum)
    return Said(
        iri=str(node),
        name=titles.get("de") or next(iter(titles.values()), ""),
        address=str(download or graph.value(node, DCAT.accessURL) or ""),
        download=download is not None,
        format=str(label or kind or "").rpartition("/")[2] if not label else str(label),
        license=str(graph.value(node, DCTERMS.license) or ""),
        media=str(graph.value(node, DCAT.mediaType) or "").partition(_IANA)[2],
        compressed=str(graph.value(node, DCAT.compressFormat) or "").partition(_IANA)[2],
        bytes=str(graph.value(node, DCAT.byteSize) or ""),
        sha256=str(graph.value(checksum, SPDX.checksumValue) or "").lower() if checksum else "",
    )


def check(site: Site, one: Said, dataset: str, known: Counts) -> tuple[Resource, list[Finding]]:
    """Fetches ``one``, a distribution of ``dataset``: how it looks, and what is wrong with it."""
    resource = Resource(one.name, one.address, one.format, one.license)
    if not one.address:
        return resource, []
    try:
        head = ask(site, one.address, "HEAD") if one.download else Answer(200)
        answer = ask(site, one.address, most=int(one.bytes or 1 << 31) if one.bytes.isdigit() else 1 << 31)
    except OtherHost as error:
        return resource, [warning("other-host", str(error), dataset)]
    if answer.status != 200:
        return resource, [refused("file-status", one.address, dataset, status=answer.status or answer.reason)]
    if not one.download:
        return Resource(one.name, one.address, one.format, one.license, fetched=True), []
    found = list(_bytes(one, answer, head, dataset))
    triples, fault = contents.read(answer.body, one.media, one.compressed)
    if fault:
        found.append(refused("file-syntax", one.address, dataset, detail=fault))
    path = site.place(one.address).removeprefix(site.root + "/")
    expected = known.expected(path, one.media)
    if triples >= 0 and expected >= 0 and triples != expected:
        found.append(refused("file-triples", one.address, dataset, found=triples, expected=expected))
    return Resource(one.name, one.address, one.format, one.license, answer.size, triples, True), found


def _bytes(one: Said, answer: Answer, head: Answer, dataset: str) -> Iterator[Finding]:
    """What is wrong with the answer before its content is read."""
    expected = one.compressed or one.media
    if head.status not in (200, 400, 405):
        yield refused("file-head", one.address, dataset, status=head.status or head.reason)
    if expected and answer.media != expected:
        yield refused("file-media", one.address, dataset, found=answer.media or "–", expected=expected)
    if answer.headers.get("content-encoding", "identity") != "identity":
        yield refused("file-encoding", one.address, dataset, encoding=answer.headers["content-encoding"])
    if one.bytes and str(answer.size) != one.bytes:
        yield refused("file-size", one.address, dataset, found=answer.size, expected=one.bytes)
    if one.sha256:
        digest = hashlib.sha256(answer.body).hexdigest()
        if digest != one.sha256:
            yield refused("file-digest", one.address, dataset, found=digest, expected=one.sha256)
