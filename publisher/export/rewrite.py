"""A page of the site as a file: links lead to files; what needs a program says so, or leads to where one runs."""

import re
from dataclasses import dataclass, field
from html import escape, unescape
from urllib.parse import urljoin

from publisher.export.places import address_of, relative
from publisher.export.plan import SEARCH, Plan, bare

_TAG = re.compile(r"<(/?)(a|form|link|img|script|svg)\b([^>]*)>")
_ADDRESS = re.compile(r' (href|src|action)="([^"]*)"')
_LINK_ONLY = re.compile(r' (?:href|hreflang|rel|type|download)(?:="[^"]*")?(?=[ >]|$)')
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//")
_CHOICE = "/kreis"
"""Where the form asks that looks for one county; the search of the export finds counties as well."""


@dataclass(frozen=True)
class Words:
    """What is put in the place of links and forms that need a program, ready for a page."""

    mark: str
    form: str


@dataclass
class Page:
    """One page while it is rewritten; ``found`` gathers the addresses it leads to that are files."""

    file: str
    html: str
    address: str
    """Where the site has it: links may be relative to that."""
    found: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Rewriter:
    """Rewrites pages of one export. ``url`` and ``server`` are those of ``Options``."""

    plan: Plan
    url: str
    server: str
    words: dict[str, Words]

    def page(self, file: str, html: str, address: str) -> Page:
        """``html``, the page at ``address``, as it stands in ``file``."""
        page = Page(file, html, address)
        language = bare(self.plan.inside(address).partition("?")[0])[0]
        pieces: list[str] = []
        at, missing, picture = 0, False, 0
        words = self.words[language]
        for match in _TAG.finditer(html):
            if match.start() < at:
                continue
            closing, name, attributes = match.groups()
            pieces.append(html[at : match.start()])
            at = match.end()
            if name == "svg":
                picture += -1 if closing else 1
                pieces.append(match[0])
            elif closing:
                pieces.append(f"{words.mark}{match[0]}" if name == "a" and missing and not picture else match[0])
                missing = missing and name != "a"
            elif name == "form" and (form := self._form(page, attributes, words)) is not None:
                # What stands in its place has a link of its own.
                replaced = form == words.form
                pieces.append(_TAG.sub(lambda tag: self._within(page, tag), form) if replaced else form)
                at = html.index("</form>", at) + len("</form>") if replaced else at
            else:
                changed = self._tag(page, attributes)
                missing = self._needs_program(attributes) if name == "a" and changed is None else missing
                pieces.append(
                    "" if changed is None and name == "link" else f"<{name}{self._or_bare(changed, attributes)}>"
                )
        page.html = self.text("".join((*pieces, html[at:])))
        return page

    def text(self, text: str) -> str:
        """``text`` with the whole addresses of pages as they are in the export, where its own address is known."""
        if not self.url:
            return text
        return re.sub(re.escape(self.url) + r"/[^\s\"<>),;\\]*", self._whole, text)

    def _whole(self, match: re.Match[str]) -> str:
        address, _, fragment = unescape(match[0]).partition("#")
        file = self.plan.file(address)
        return escape(f"{self.url}/{address_of(file)}" + (f"#{fragment}" if fragment else "")) if file else match[0]

    def _tag(self, page: Page, attributes: str) -> str | None:
        """The attributes with the address as it is in the export; None when the address is not to be had."""
        found = _ADDRESS.search(attributes)
        if not found or not (address := self._inside(page, unescape(found[2]))):
            return attributes
        link = self._link(page, address)
        if link is None:
            return None
        return f'{attributes[: found.start()]} {found[1]}="{escape(link)}"{attributes[found.end() :]}'

    def _needs_program(self, attributes: str) -> bool:
        """Whether a link is missing because it needs a program, not because its thing has no page of its own here."""
        found = _ADDRESS.search(attributes)
        inside = self.plan.inside(unescape(found[2])) if found else ""
        return not bare(inside)[1].startswith("/doc/") or "?" in inside

    def _or_bare(self, changed: str | None, attributes: str) -> str:
        """``changed``, else what is left of a link that leads nowhere."""
        if changed is not None:
            return changed
        bare_link = _LINK_ONLY.sub("", attributes).replace('class="', 'class="absent ')
        return bare_link if "class=" in bare_link else f'{bare_link} class="absent"'

    def _form(self, page: Page, attributes: str, words: Words) -> str | None:
        """The start of a form, or what stands in its place."""
        found = _ADDRESS.search(attributes)
        address = self._inside(page, unescape(found[2])) if found else ""
        if not found or not address:
            return None
        language, own = bare(self.plan.inside(address).partition("?")[0].partition("#")[0])
        if own in (SEARCH, _CHOICE):
            target = self.plan.file(self.plan.links.href(SEARCH, language))
            page.found.add(self.plan.links.href(SEARCH, language))
            start = f'{attributes[: found.start()]} action="{escape(relative(page.file, target))}"'
            return f"<form{start}{attributes[found.end() :]}>"
        if not self.server:
            return words.form
        there = self.server + self.plan.inside(address)
        return f'<form{attributes[: found.start()]} action="{escape(there)}"{attributes[found.end() :]}>'

    def _within(self, page: Page, match: re.Match[str]) -> str:
        changed = None if match[1] else self._tag(page, match[3])
        return match[0] if changed is None else f"<{match[2]}{changed}>"

    def _inside(self, page: Page, address: str) -> str:
        """``address`` as ``page`` names it, from the top of the site, when it is one of it; else ""."""
        if address.startswith("#") or not address:
            return ""
        whole = address if address.startswith("/") or _SCHEME.match(address) else urljoin(page.address, address)
        return whole if self.plan.inside(whole) else ""

    def _link(self, page: Page, address: str) -> str | None:
        """The link from ``page`` to ``address`` of the site; None where it leads nowhere."""
        plain, _, fragment = address.partition("#")
        file = self.plan.file(plain)
        if not file:
            return self.server + self.plan.inside(address) if self.server else None
        page.found.add(self.plan.plain(plain))
        static = plain.partition("?")[2] if "/static/" in plain else ""
        link = "" if fragment and file == page.file else relative(page.file, file)
        return link + (f"?{static}" if static else "") + (f"#{fragment}" if fragment else "")
