"""Looks at one page at every width and in both colour schemes, and says in lines what is wrong with it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import ConsoleMessage, Page, Request

Scheme = Literal["light", "dark"]
WIDTHS = (1280, 390, 320)
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
HEIGHT = 900

_AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
LOOKS = f"{_AXE};{Path(__file__).with_name('browser_looks.js').read_text(encoding='utf-8')};0"
_RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    "resultTypes": ["violations"],
    "preload": False,
}
_COLOURS = ["color-contrast", "link-in-text-block"]
"""The only rules whose result can differ between colour schemes; looking at colours takes most of the time."""
_BY_COLOUR = _RULES | {"runOnly": {"type": "rule", "values": _COLOURS}}
_BY_STRUCTURE = _RULES | {"rules": {name: {"enabled": False} for name in _COLOURS}}
_RUN = """rules => axe.run(document, rules).then(result => result.violations.map(
    found => `${found.id}: ${found.nodes.slice(0, 3).map(node => node.target.join(' ')).join(' | ')}`))"""
_OPEN = "document.querySelectorAll('details').forEach(node => { node.open = true })"
_STRUCTURE = """({h1: document.querySelectorAll('h1').length, lang: document.documentElement.lang,
    title: document.title, mains: document.querySelectorAll('main').length})"""


@dataclass
class Watch:
    """What a page asks for and complains about while it is open."""

    page: Page
    origin: str
    path: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __enter__(self) -> "Watch":
        for event, listener in self._listeners().items():
            self.page.on(event, listener)  # type: ignore[call-overload]
        return self

    def __exit__(self, *_: object) -> None:
        for event, listener in self._listeners().items():
            self.page.remove_listener(event, listener)

    def lines(self) -> list[str]:
        """What is wrong, a line each."""
        foreign = [url for url in self.requests if not url.startswith((self.origin + "/", "data:"))]
        return [f"foreign request: {url}" for url in foreign] + [f"console: {text}" for text in self.complaints]

    def _listeners(self) -> dict[str, Callable[[Any], None]]:
        return {"request": self._request, "console": self._console, "pageerror": self._error}

    def _error(self, error: object) -> None:
        self.complaints.append(str(error))

    def _request(self, request: Request) -> None:
        self.requests.append(request.url)

    def _console(self, message: ConsoleMessage) -> None:
        # The browser notes an error page's own status; the table of pages says which one is right.
        own = message.location.get("url") == self.origin + self.path
        if message.type in ("error", "warning") and not (own and "status of 4" in message.text):
            self.complaints.append(message.text)


class Seen:
    """The looks of texts that are known to be well, in each view: what decides a contrast is looked at once."""

    def __init__(self) -> None:
        self._views: dict[tuple[int, str], set[str]] = {}

    def contrasts(self, page: Page, view: tuple[int, str]) -> list[str]:
        """What is wrong with the colours of the page in ``view``, a line each; faulty looks are never known."""
        known = self._views.setdefault(view, set())
        fresh = [look for look in page.evaluate("looks.find()") if look not in known]
        lines: list[str] = page.evaluate("looks.check", [fresh, _BY_COLOUR]) if fresh else []
        if not lines:
            known.update(fresh)
        return lines


def audit(page: Page, origin: str, path: str, status: int, language: str, seen: Seen) -> list[str]:
    """Everything that is wrong with the page at ``path``, a line each; empty when all is well.

    ``seen`` holds the looks of the pages before; it is added to.
    """
    with Watch(page, origin, path) as watch:
        response = page.goto(origin + path)
        lines = [] if response and response.status == status else [f"status {response.status if response else None}"]
        lines += _structure(page.evaluate(_STRUCTURE), language)
        page.evaluate(_OPEN)
        lines += at_every_width(page, seen)
    return lines + watch.lines()


def at_every_width(page: Page, seen: Seen) -> Iterator[str]:
    """What is wrong with the page as it is now, a line each, at every width and in both schemes."""
    _put_in(page)
    shapes: list[dict[str, Any]] = []
    # The first scheme at one width is the last at the width before: each change costs a layout.
    schemes = (SCHEMES if number % 2 == 0 else SCHEMES[::-1] for number in range(len(WIDTHS)))
    for width, order in zip(WIDTHS, schemes, strict=True):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        shape = page.evaluate("looks.shape()")
        yield from (f"{width}: {line}" for line in _at(page, shape, shapes))
        if all(shape["looks"] != other["looks"] for other in shapes):
            for scheme in order:
                page.emulate_media(color_scheme=scheme)
                yield from (f"{width} {scheme}: {line}" for line in seen.contrasts(page, (width, scheme)))
        shapes.append(shape)


def _at(page: Page, shape: dict[str, Any], shapes: Iterable[dict[str, Any]]) -> Iterator[str]:
    if shape["wide"] > 0:
        yield f"{shape['wide']} px too wide"
    # These rules look at what is shown and at what scrolls: where that is as at another width, so is their result.
    if all(shape["structure"] != other["structure"] for other in shapes):
        yield from page.evaluate(_RUN, _BY_STRUCTURE)


def accessible(page: Page) -> list[str]:
    """The rules of WCAG 2.1 A and AA that the page breaks as it is now, with where."""
    _put_in(page)
    return list(page.evaluate(_RUN, _RULES))


def _put_in(page: Page) -> None:
    """Puts the audit into the page, where it is not in it from the start."""
    if not page.evaluate("window.looks !== undefined"):
        page.evaluate(LOOKS)


def _structure(found: dict[str, Any], language: str) -> list[str]:
    wrong = {name: found[name] for name in ("h1", "mains") if found[name] != 1}
    wrong |= {"lang": found["lang"]} if found["lang"] != language else {}
    wrong |= {"title": found["title"]} if not found["title"].strip() else {}
    return [f"{name} is {value!r}" for name, value in wrong.items()]
