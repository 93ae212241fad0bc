"""Which addresses stand for a kind of page: the example of tests/data/browser/pages.tsv, and its like elsewhere."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from pyoxigraph import NamedNode

from publisher.core.terms import RDF
from publisher.views.site import Site
from publisher.web.links import Links

TABLE = Path(__file__).parent.parent / "tests" / "data" / "browser" / "pages.tsv"
_WORDS = ("Sprache", "Wohnen", "Ehrenamt", "Dolmetscher", "Schule", "Arbeitsmarkt", "Frauen", "Gesundheit", "Sport")
_COUNTY = re.compile(r"\b\d{5}\b")
_COUNTY_SIGN = "#"
_FIELD = re.compile(r"\bF\d\d\b")
_STATE = re.compile(r"\bland=\d\d\b")
_SEARCH = re.compile(r"\bq=\w+")


@dataclass(frozen=True)
class Kind:
    """One kind of page and addresses of several such pages, each asked for once."""

    name: str
    paths: tuple[str, ...]


def kinds(site: Site, number: int, random: Random, table: Path = TABLE) -> Iterator[Kind]:
    """Every kind of page that answers with 200, with up to ``number`` addresses each."""
    links = Links(site.base)
    with table.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["status"] == "200":
                yield Kind(row["kind"], tuple(_alike(site, links, row["path"], number, random)))


def _alike(site: Site, links: Links, path: str, number: int, random: Random) -> list[str]:
    """``path`` and others like it: other things of the same class, other counties, fields, states and words."""
    thing = re.fullmatch(r"/doc/(.+)\.html", path)
    if thing:
        iri = links.iri(thing[1])
        others = [other for other in _of_class(site, site.kind(iri)) if _form(links, other) == _form(links, iri)]
        found = random.sample(others, min(number, len(others))) if others else []
        return [path, *(links.document(other) for other in found)] if site.known(iri) else []
    keys = [county.ags for county in site.release.manifest.counties]
    keys = [key for key in keys if f"{_COUNTY_SIGN}/2" not in _COUNTY.sub(_COUNTY_SIGN, path) or _revised(site, key)]
    variants = [path]
    for _ in range(number if path.partition("?")[2] else 0):
        named = dict.fromkeys(_COUNTY.findall(path))
        chosen = dict(zip(named, random.sample(keys, len(named)), strict=True))
        other = _COUNTY.sub(lambda match, chosen=chosen: chosen[match[0]], path)  # type: ignore[misc]
        other = _FIELD.sub(f"F{random.randint(1, 16):02}", other)
        other = _STATE.sub(f"land={random.randint(1, 16):02}", other)
        # Another search may have fewer pages of hits.
        again = other if "seite=" in other else _SEARCH.sub(f"q={random.choice(_WORDS)}", other)
        variants.append(again)
    return list(dict.fromkeys(variants))


def _form(links: Links, iri: str) -> tuple[str, int]:
    """What the address of a thing looks like: ``feld/F01`` and ``feld/F01.1`` are of two forms."""
    name = links.name(iri)
    return name.partition("/")[0], name.count(".")


def _revised(site: Site, key: str) -> bool:
    """Whether the county has a second version with a source."""
    return site.known(site.id(f"kreis/{key}/2/quelle")) and site.known(site.id(f"kreis/{key}/1/quelle"))


def _of_class(site: Site, kind: str) -> list[str]:
    """The things of the class ``kind``, sorted."""
    if not kind:
        return []
    quads = site.dataset.store.quads_for_pattern(None, NamedNode(RDF + "type"), NamedNode(kind))
    return sorted({quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)})
