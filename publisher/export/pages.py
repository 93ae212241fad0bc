"""The pages that only an export has: what works without a program, and what takes the place of pages that need one."""

from collections.abc import Mapping
from dataclasses import dataclass

from publisher.export.asked import request
from publisher.export.plan import AS_FILES, bare
from publisher.export.rewrite import Words
from publisher.web.frame import Frame, Page, Visit
from publisher.web.links import LANGUAGES

_SECTIONS = {"sparql": "/sparql", "questions": "/fragen", "interface": "/daten"}


@dataclass(frozen=True)
class Own:
    """Renders those pages. ``data`` gives the data of a template that needs any."""

    frame: Frame
    data: Mapping[str, object]

    def page(self, path: str, template: str) -> bytes:
        """The page at ``path``, made from ``export/{template}.html``."""
        page = Page(f"export/{template}.html", self.data.get(template), section=_SECTIONS.get(template, ""))
        return bytes(self.frame.render(self._visit(path), page).body)

    def as_files(self, path: str) -> bytes:
        """The page that says what works here and what does not."""
        return self.page(path, "as_files")

    def words(self) -> dict[str, Words]:
        """What stands for links and forms that need a program, by language."""
        found = {}
        for language in LANGUAGES:
            visit = self._visit(self.frame.links.href(AS_FILES, language))
            mark, form = (self.frame.text(visit, f"export/_{name}.html", None).strip() for name in ("mark", "form"))
            found[language] = Words(mark, form)
        return found

    def _visit(self, path: str) -> Visit:
        own = path.removeprefix(self.frame.links.root)
        language, plain = bare(own)
        return self.frame.visit(request(own), language, plain)
