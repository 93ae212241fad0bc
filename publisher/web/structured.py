"""What search engines read about the data: schema.org Dataset and DataCatalog as JSON-LD within a page.

A block of data, no script: the content policy lets nothing run.
https://developers.google.com/search/docs/appearance/structured-data/dataset
"""

import json
from collections.abc import Mapping
from itertools import count
from typing import Any

from markupsafe import Markup
from pyoxigraph import RdfFormat, Triple, parse

from publisher.release.licenses import license_address
from publisher.views.offered import Listed, Offered, Texts, Way
from publisher.web.links import Links

_ADDRESSES = ("url", "license", "contentUrl", "isBasedOn")
_CONTEXT: Mapping[str, Any] = {"@vocab": "https://schema.org/", **{name: {"@type": "@id"} for name in _ADDRESSES}}
"""The context for programs that load none: the terms of schema.org, and which of them are addresses."""


def dataset(offer: Offered, catalog: Listed, links: Links, language: str) -> dict[str, Any]:
    """schema.org Dataset of ``offer``."""
    page = links.whole(links.href(f"/datensatz/{offer.name}", language))
    found = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": offer.iri,
        "name": _text(offer.title, language),
        "description": _text(offer.description, language),
        "url": page,
        "identifier": offer.iri,
        "keywords": list(offer.keywords),
        "license": license_address(offer.license),
        "creator": [_organization(name) for name in offer.creators or (offer.publisher,)],
        "publisher": _organization(offer.publisher),
        "inLanguage": [iri.rpartition("/")[2][:2].lower() for iri in offer.languages],
        "spatialCoverage": {"@type": "Place", "name": offer.place, "identifier": offer.place_iri},
        "datePublished": offer.issued,
        "dateModified": offer.modified,
        "version": offer.version,
        "isAccessibleForFree": True,
        "creditText": offer.attribution,
        "isBasedOn": list(offer.sources),
        "includedInDataCatalog": {"@type": "DataCatalog", "@id": catalog.iri, "name": _text(catalog.title, language)},
        "distribution": [_download(way, links, language) for way in (*offer.files, *offer.endpoints)],
    }
    return {name: value for name, value in found.items() if value not in ("", [], None)}


def data_catalog(catalog: Listed, offers: Mapping[str, Offered], links: Links, language: str) -> dict[str, Any]:
    """schema.org DataCatalog with its data sets, each with what search engines ask of it."""
    return {
        "@context": "https://schema.org/",
        "@type": "DataCatalog",
        "@id": catalog.iri,
        "name": _text(catalog.title, language),
        "description": _text(catalog.description, language),
        "url": links.whole(links.href("/daten", language)),
        "publisher": _organization(catalog.publisher),
        "license": license_address(catalog.license),
        "datePublished": catalog.issued,
        "dateModified": catalog.modified,
        "dataset": [
            {
                "@type": "Dataset",
                "@id": offer.iri,
                "name": _text(offer.title, language),
                "description": _text(offer.description, language),
                "license": license_address(offer.license),
                "creator": [_organization(name) for name in offer.creators or (offer.publisher,)],
                "url": links.whole(links.href(f"/datensatz/{offer.name}", language)),
            }
            for offer in offers.values()
        ],
    }


def document(data: Mapping[str, Any]) -> dict[str, Any]:
    """``data`` for programs that do not load contexts: its own context within it."""
    return {**data, "@context": _CONTEXT}


def text(data: Mapping[str, Any]) -> bytes:
    """``data`` as a document of its own."""
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def triples(data: Mapping[str, Any]) -> list[Triple]:
    """The statements of ``data``; nodes without a name are called after their place, always the same."""
    numbers = count()

    def named(value: Any) -> Any:
        if isinstance(value, list):
            return [named(one) for one in value]
        if isinstance(value, dict):
            return {"@id": f"_:n{next(numbers)}", **{name: named(one) for name, one in value.items()}}
        return value

    written = json.dumps({**named(dict(data)), "@context": _CONTEXT})
    return [quad.triple for quad in parse(written, format=RdfFormat.JSON_LD)]


def block(data: Mapping[str, Any]) -> Markup:
    """``data`` as JSON that can stand between tags: nothing in it ends the block."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _download(way: Way, links: Links, language: str) -> dict[str, Any]:
    found = {
        "@type": "DataDownload",
        "name": _text(way.title, language),
        "contentUrl": links.whole(links.href(way.path)) if way.path else way.address,
        "encodingFormat": way.media or "application/sparql-query",
        "contentSize": f"{way.bytes} B" if way.bytes else "",
        "sha256": way.sha256,
    }
    return {name: value for name, value in found.items() if value}


def _organization(name: str) -> dict[str, str]:
    return {"@type": "Organization", "name": name}


def _text(texts: Texts, language: str) -> str:
    return texts.get(language) or texts.get("de") or next(iter(texts.values()), "")
