"""Which address of the site becomes which file, and which none."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources as package
from typing import Any
from urllib.parse import parse_qsl, unquote

from publisher.export.asked import Asked
from publisher.export.places import file_of
from publisher.release.packings import GZIP
from publisher.views.resource import is_graph, is_large
from publisher.views.site import Site
from publisher.web.links import DEFAULT_LANGUAGE, LANGUAGES, Links

_DOCUMENT = re.compile(r"/doc/(?P<name>.+)[.](?P<ending>\w+)")


@dataclass(frozen=True)
class Rule:
    """Names of a query string, and the paths at which they count."""

    path: re.Pattern[str]
    names: frozenset[str]


@dataclass(frozen=True)
class Plan:
    """Tells the file of an address; ``things`` are the names of the things with files (``kreis/12071``)."""

    site: Site
    links: Links
    asked: Asked
    things: frozenset[str]
    whole: bool = True
    """Whether everything is written: with many counties some of it is left out."""
    known: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    def file(self, address: str) -> str:
        """The file of ``address`` (path and query, with the root of the site), "" where no file can stand for it."""
        found = self.known.get(address)
        if found is None:
            found = self.known[address] = self._file(address)
        return found

    def inside(self, address: str) -> str:
        """``address`` without the root of the site; "" when it leads elsewhere."""
        own = address.removeprefix(self.links.absolute("")) if self.links.public_url else address
        own = own.removeprefix(self.links.root) if self.links.root else own
        return own if own.startswith("/") and not own.startswith("//") else ""

    def instead(self, path: str) -> str:
        """The template of the page of the export at ``path``, "" for a page of the site."""
        own = bare(path)[1]
        if own.startswith("/doc/"):
            return ""
        return next((name for pattern, name in self._instead if pattern.fullmatch(own)), "")

    def plain(self, address: str) -> str:
        """``address`` without the parts of its query string that no file depends on."""
        path, _, query = address.partition("?")
        pairs = query and self._told(bare(path)[1], query)
        return path if not pairs else f"{path}?{query}"

    def _file(self, address: str) -> str:
        path, _, query = self.inside(address).partition("?")
        language, own = bare(path)
        if not path or (not own.startswith("/doc/") and self._program.fullmatch(own)):
            return ""
        for pattern, target in self._aliases:
            if pattern.fullmatch(own):
                path, own = path.removesuffix(own) + pattern.sub(target, own), pattern.sub(target, own)
                break
        pairs = self._told(own, query)
        if self.instead(path):
            return "" if pairs else file_of(path)
        if match := _DOCUMENT.fullmatch(own):
            return self._document(path, match["name"], match["ending"], language, pairs)
        if pairs and not self._allowed(own, pairs):
            return ""
        return file_of(path, pairs) if self.asked.has(path) else ""

    def _document(self, path: str, name: str, ending: str, language: str, pairs: list[tuple[str, str]]) -> str:
        thing = unquote(name)
        if thing not in self.things or (pairs and not self._allowed("/doc/x.html", pairs, thing)):
            return ""
        if ending != "html" and self._in_a_dump(self.links.iri(thing)):
            return self._dump(self.links.iri(thing), ending)
        return file_of(path, pairs)

    def _in_a_dump(self, iri: str) -> bool:
        """Whether the statements of ``iri`` are read from a file of the release: of a large graph, with many of any."""
        return is_large(self.site, iri) or (not self.whole and is_graph(self.site, iri))

    def _dump(self, graph: str, ending: str) -> str:
        """The file of the release that holds a graph too large for a document; "" where the release has none."""
        paths = [one.path for one in self.site.release.manifest.files if one.graph == graph]
        wanted = (path for end in (f".{ending}", f".{ending}{GZIP.ending}") for path in paths if path.endswith(end))
        return next(wanted, "")

    def _told(self, own: str, query: str) -> list[tuple[str, str]]:
        ignored = {name for rule in self._ignored if rule.path.fullmatch(own) for name in rule.names}
        return sorted(pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] not in ignored)

    def _allowed(self, own: str, pairs: list[tuple[str, str]], thing: str = "") -> bool:
        names = {name for name, _ in pairs}
        path = f"/doc/{thing}.html" if thing else own
        return any(rule.names == names and rule.path.fullmatch(path) for rule in self._queries)

    @cached_property
    def _table(self) -> Mapping[str, Any]:
        return tomllib.loads(package.files("publisher.export").joinpath("addresses.toml").read_text(encoding="utf-8"))

    @cached_property
    def _program(self) -> re.Pattern[str]:
        return re.compile("|".join(self._table["program"]["paths"]))

    @cached_property
    def _aliases(self) -> list[tuple[re.Pattern[str], str]]:
        return [(re.compile(pattern), target) for pattern, target in self._table["alias"].items()]

    @cached_property
    def _instead(self) -> list[tuple[re.Pattern[str], str]]:
        return [(re.compile(pattern), name) for pattern, name in self._table["instead"].items()]

    @cached_property
    def _queries(self) -> list[Rule]:
        rows = (row for row in self._table["query"] if self.whole or not row.get("small"))
        return [Rule(re.compile(row["path"]), frozenset(row["names"])) for row in rows]

    @cached_property
    def _ignored(self) -> list[Rule]:
        static = Rule(re.compile("/static/.+"), frozenset("v"))
        return [static, *(Rule(re.compile(row["path"]), frozenset(row["names"])) for row in self._table["ignored"])]


SEARCH, AS_FILES, REGISTER = "/suche", "/als-dateien", "/register"
"""The page that says what works here and what does not, and the names of all things from A to Z."""


def document_of(path: str) -> tuple[str, str]:
    """The name of the thing and the ending of ``path`` when it is that of a document (``/doc/….ttl``); else nothing."""
    match = _DOCUMENT.fullmatch(path)
    return (unquote(match["name"]), match["ending"]) if match else ("", "")


def bare(path: str) -> tuple[str, str]:
    """The language of ``path``, and the path without its part for the language."""
    first, _, rest = path.removeprefix("/").partition("/")
    if first in LANGUAGES and first != DEFAULT_LANGUAGE:
        return first, "/" + rest
    return DEFAULT_LANGUAGE, path
