"""The pages that only an export has: what works without a program, and what takes the place of pages that need one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from publisher.export.asked import request
from publisher.export.plan import AS_FILES, bare
from publisher.export.rewrite import Words
from publisher.web.frame import Frame, Page, Visit
from publisher.web.links import LANGUAGES

_SECTIONS = {"sparql": "/sparql", "questions": "/fragen", "interface": "/daten"}
Data = Callable[[str, str], object]
"""Gives the data of a page from its path and its language; None where there is no such page."""


@dataclass(frozen=True)
class Own:
    """Renders those pages. ``data`` gives the data of each template that needs any."""

    frame: Frame
    data: Mapping[str, Data]

    def page(self, address: str, template: str) -> bytes:
        """The page at ``address``, made from ``export/{template}.html``; nothing where there is none."""
        visit = self._visit(address)
        data = self.data[template](visit.path, visit.language) if template in self.data else None
        if template in self.data and data is None:
            return b""
        page = Page(f"export/{template}.html", data, section=_SECTIONS.get(template, ""))
        return bytes(self.frame.render(visit, page).body)

    def words(self) -> dict[str, Words]:
        """What stands for links and forms that need a program, by language."""
        found = {}
        for language in LANGUAGES:
            visit = self._visit(self.frame.links.href(AS_FILES, language))
            mark, form = (self.frame.text(visit, f"export/_{name}.html", None).strip() for name in ("mark", "form"))
            found[language] = Words(f" {mark}", form)
        return found

    def _visit(self, address: str) -> Visit:
        inside = address.removeprefix(self.frame.links.root).partition("?")[0]
        language, plain = bare(inside)
        return self.frame.visit(request(inside), language, plain)
