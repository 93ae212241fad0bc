"""Looks at one page at every width and in both colour schemes, and says in lines what is wrong with it."""

from dataclasses import dataclass, field
from importlib.resources import files
from itertools import product
from typing import Any

from playwright.sync_api import ConsoleMessage, Page, Request

WIDTHS = (1280, 390, 320)
SCHEMES = ("light", "dark")
VIEWS = tuple(product(WIDTHS, SCHEMES))
HEIGHT = 900

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
_RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    "resultTypes": ["violations"],
    "preload": False,
}
_RUN = """rules => axe.run(document, rules).then(result => result.violations.map(
    found => `${found.id}: ${found.nodes.slice(0, 3).map(node => node.target.join(' ')).join(' | ')}`))"""
# Rows of a long list are alike: many of them are looked at once, then the first ones at every other width and scheme.
_SHORTEN = """most => document.querySelectorAll('main *').forEach(node => {
    if (node.childElementCount > most) [...node.children].slice(most).forEach(child => child.remove()) })"""
_LONGEST_LIST, _SHORT_LIST = 60, 12
_OPEN = "document.querySelectorAll('details').forEach(node => { node.open = true })"
_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_STRUCTURE = """({h1: document.querySelectorAll('h1').length, lang: document.documentElement.lang,
    title: document.title, mains: document.querySelectorAll('main').length})"""


@dataclass
class Watch:
    """What a page asks for and complains about while it is open."""

    origin: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def on(self, page: Page) -> "Watch":
        """Starts watching ``page``."""
        page.on("request", self._request)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return self

    def lines(self, page: Page) -> list[str]:
        """What is wrong, a line each."""
        foreign = [url for url in self.requests if not url.startswith((self.origin + "/", "data:"))]
        return [f"foreign request: {url}" for url in foreign] + [f"console: {text}" for text in self.complaints]

    def _request(self, request: Request) -> None:
        self.requests.append(request.url)

    def _console(self, message: ConsoleMessage) -> None:
        # The browser notes an error page's own status; the table of pages says which one is right.
        own = message.location.get("url") == message.page.url if message.page else False
        if message.type in ("error", "warning") and not (own and "status of 4" in message.text):
            self.complaints.append(message.text)


def audit(page: Page, origin: str, path: str, status: int, language: str) -> list[str]:
    """Everything that is wrong with the page at ``path``, a line each; empty when all is well."""
    watch = Watch(origin).on(page)
    response = page.goto(origin + path)
    lines = [] if response and response.status == status else [f"status {response.status if response else None}"]
    lines += _structure(page.evaluate(_STRUCTURE), language)
    page.evaluate(_OPEN)
    page.evaluate(_SHORTEN, _LONGEST_LIST)
    page.evaluate(f"{AXE};0")
    for number, (width, scheme) in enumerate(VIEWS):
        lines += [f"{width} {scheme}: {line}" for line in _view(page, width, scheme)]
        if number == 0:
            page.evaluate(_SHORTEN, _SHORT_LIST)
    return lines + watch.lines(page)


def accessible(page: Page) -> list[str]:
    """The rules of WCAG 2.1 A and AA that the page breaks as it is now, with where."""
    page.evaluate(f"{AXE};0")
    return list(page.evaluate(_RUN, _RULES))


def _view(page: Page, width: int, scheme: Any) -> list[str]:
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.emulate_media(color_scheme=scheme)
    wide = page.evaluate(_WIDE)
    return [*([f"{wide} px too wide"] if wide > 0 else []), *page.evaluate(_RUN, _RULES)]


def _structure(found: dict[str, Any], language: str) -> list[str]:
    wrong = {name: found[name] for name in ("h1", "mains") if found[name] != 1}
    wrong |= {"lang": found["lang"]} if found["lang"] != language else {}
    wrong |= {"title": found["title"]} if not found["title"].strip() else {}
    return [f"{name} is {value!r}" for name, value in wrong.items()]
