"""FAIR Signposting: from the page of a data set to its name, licence, description and files, for programs.

The most important in the Link header, all in a linkset. https://signposting.org/FAIR/,
https://www.rfc-editor.org/rfc/rfc9264
"""

from collections.abc import Iterator
from typing import Any

from publisher.release.catalogue.fragments import FORMATS
from publisher.release.licenses import license_address
from publisher.views.offered import Offered
from publisher.web.links import LANGUAGES, Links

MEDIA = "application/linkset+json"
ITEMS = 12
"""So many files the header names; proxies take only some kilobytes."""
PROFILE = "http://dcat-ap.de/def/dcatde/"
Link = tuple[str, str, dict[str, str]]
"""Relation, address, attributes."""


def path(name: str) -> str:
    """The path of the linkset of the data set ``name``."""
    return f"/datensatz/{name}/linkset.json"


def header(offer: Offered, links: Links) -> str:
    """The Link header of the page of ``offer``."""
    found = list(_links(offer, links))
    if sum(relation == "item" for relation, _, _ in found) > ITEMS:
        found = [one for one in found if one[0] != "item"]
    found.append(("linkset", links.whole(links.href(path(offer.name))), {"type": MEDIA}))
    return ", ".join(
        f'<{address}>; rel="{relation}"' + "".join(f'; {name}="{value}"' for name, value in attributes.items())
        for relation, address, attributes in found
    )


def linkset(offer: Offered, links: Links) -> dict[str, Any]:
    """All links of the pages of ``offer``, and the way back from each file."""
    relations: dict[str, list[dict[str, str]]] = {}
    for relation, address, attributes in _links(offer, links):
        relations.setdefault(relation, []).append({"href": address, **attributes})
    pages = [links.whole(links.href(f"/datensatz/{offer.name}", language)) for language in LANGUAGES]
    back = [{"href": pages[0], "type": "text/html"}]
    files = [{"anchor": links.whole(links.href(file.path)), "collection": back} for file in offer.files]
    return {"linkset": [*({"anchor": page, **relations} for page in pages), *files]}


def _links(offer: Offered, links: Links) -> Iterator[Link]:
    yield "cite-as", offer.iri, {}
    yield "type", "https://schema.org/AboutPage", {}
    yield "type", "https://schema.org/Dataset", {}
    yield "license", license_address(offer.license), {}
    for fmt in FORMATS:
        address = links.whole(links.href(f"/datensatz/{offer.name}.{fmt.ending}"))
        yield "describedby", address, {"type": fmt.media, "profile": PROFILE}
    for file in offer.files:
        yield "item", links.whole(links.href(file.path)), {"type": file.media}
