"""The last step: every link of every page written leads to a file written, every fragment to a place in it."""

import posixpath
import re
from collections.abc import Iterable, Set
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import unquote

_TAG = re.compile(r"<(?:a|area|form|link|img|script)\b[^>]*? (?:href|src|action)=\"([^\"]*)\"")
_URL = re.compile(r"url\([\"']?([^\"')]+)[\"']?\)")
_ID = re.compile(r' id="([^"]*)"')
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:")


@dataclass(frozen=True)
class Broken:
    """A link that leads nowhere."""

    file: str
    link: str


@dataclass(frozen=True)
class Read:
    """What a page links and is linked by, as far as other files are needed to judge it."""

    broken: list[Broken]
    places: list[tuple[str, str, str]]
    """Page, file, fragment: places in other files."""


def check(folder: Path, pages: Iterable[str], files: Set[str]) -> Read:
    """The links of ``pages`` (and style sheets) below ``folder``, of which only ``files`` are there."""
    broken: list[Broken] = []
    places: list[tuple[str, str, str]] = []
    for page in pages:
        html = (folder / page).read_text(encoding="utf-8")
        ids: set[str] | None = None
        for link in set((_URL if page.endswith(".css") else _TAG).findall(html)):
            address, _, fragment = unescape(link).partition("#")
            if _SCHEME.match(address) or address.startswith("//"):
                continue
            target = target_of(page, address)
            if target not in files:
                broken.append(Broken(page, link))
            elif fragment and target == page:
                ids = ids if ids is not None else set(map(unescape, _ID.findall(html)))
                broken += [] if unquote(fragment) in ids else [Broken(page, link)]
            elif fragment and target.endswith(".html"):
                places.append((page, target, unquote(fragment)))
    return Read(broken, places)


def check_places(folder: Path, places: Iterable[tuple[str, str, str]]) -> list[Broken]:
    """Those of ``places`` that are not there."""
    broken, known = [], dict[str, set[str]]()
    for page, target, fragment in places:
        if target not in known:
            known[target] = set(map(unescape, _ID.findall((folder / target).read_text(encoding="utf-8"))))
        if fragment not in known[target]:
            broken.append(Broken(page, f"{target}#{fragment}"))
    return broken


def target_of(page: str, link: str) -> str:
    """The file that ``link`` leads to from the file ``page``, as a plain file server finds it."""
    path = unquote(link.partition("?")[0])
    if not path:
        return page
    target = posixpath.normpath(posixpath.join("/", posixpath.dirname(page), path)).lstrip("/")
    return posixpath.join(target, "index.html") if path.endswith(("/", "..", ".")) else target
