"""One address of the site made into one file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from publisher.export.asked import Answer, Asked
from publisher.export.documents import Documents
from publisher.export.folder import Entry, Folder, check_name
from publisher.export.machines import Machines
from publisher.export.options import Exported
from publisher.export.pages import Own
from publisher.export.plan import Plan, bare, document_of
from publisher.export.rewrite import Rewriter
from publisher.export.unchanged import Unchanged
from publisher.release.description import DESCRIPTION
from publisher.release.manifest import File
from publisher.web.pages_description import WELL_KNOWN

_HTML = "text/html"


@dataclass
class Made:
    """What came of some addresses: entries of the list by file, which were written, what they lead to."""

    entries: dict[str, Entry] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)
    kept: int = 0
    """Files that were not even made anew."""
    found: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Work:
    """Makes files. Every process of an export has the same."""

    plan: Plan
    asked: Asked
    own: Own
    rewriter: Rewriter
    machines: Machines
    documents: Documents
    unchanged: Unchanged
    folder: Folder
    files: Mapping[str, File]
    """What the manifest says of the files of the release, by path."""
    exported: Exported

    def make(self, addresses: list[str]) -> Made:
        """The files of ``addresses``, as the site links them; what has none is left out."""
        made = Made()
        planned = {address: check_name(file) for address in addresses if (file := self.plan.file(address))}
        self.folder.announce(planned.values())
        for address, file in planned.items():
            self._make(address, file, made)
        return made

    def _make(self, address: str, file: str, made: Made) -> None:
        inside = self.plan.inside(address)
        path = inside.partition("?")[0]
        own = bare(path)[1]
        if file in self.files and own != f"/{file}":
            # A document that is a file of the release, which is made where it lies.
            return
        source = self._source(own)
        if kept := self.folder.kept(file, source):
            made.entries[file] = kept
            made.kept += 1
            made.found.update(kept.more.split())
            return
        body = self.documents.body(own)
        if body is not None:
            self._note(made, file, self.folder.put(file, body, source))
        elif template := self.plan.instead(path):
            if page := self.own.page(address, template):
                self._page(made, file, page, address)
        elif own == WELL_KNOWN:
            name = self.plan.links.name(self.plan.site.dataset.own(DESCRIPTION))
            self._note(made, file, self.folder.put(file, self.asked.ask(f"/doc/{name}.ttl").body))
        else:
            accept = _HTML if file.endswith(".html") else ""
            answer = self.asked.ask(inside, accept)
            if answer.location:
                # An address that only leads on; its file is that of where it leads.
                answer = self.asked.ask(self.plan.inside(answer.location), accept)
            self._answer(made, file, address, answer)

    def _answer(self, made: Made, file: str, address: str, answer: Answer) -> None:
        """Writes ``answer``; anything but a success makes no file."""
        if answer.status != HTTPStatus.OK:
            return
        path = bare(self.plan.inside(address).partition("?")[0])[1]
        if answer.file:
            known = self.files.get(path.removeprefix("/"))
            put = (
                self.folder.copy(file, answer.file, known.sha256, known.bytes)
                if known
                else self.folder.put(file, answer.file.read_bytes())
            )
            self._note(made, file, put)
        elif answer.media == _HTML:
            self._page(made, file, answer.body, address)
        elif path.startswith(("/doc/", "/ns.", "/static/", "/abfragen/")) or answer.body[:2] == b"PK":
            self._note(made, file, self.folder.put(file, answer.body))
        else:
            self._text(made, file, path, answer.body)

    def _text(self, made: Made, file: str, path: str, body: bytes) -> None:
        """What programs read: true of the export, and a way to more addresses."""
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError:
            self._note(made, file, self.folder.put(file, body))
            return
        text = self.machines.body(path, text)
        if text:
            made.found |= self.machines.found(text) if not path.startswith("/sitemap/") else set()
            self._note(made, file, self.folder.put(file, self.rewriter.text(text).encode()))

    def _page(self, made: Made, file: str, body: bytes, address: str) -> None:
        page = self.rewriter.page(file, body.decode("utf-8"), address)
        made.found |= page.found
        source = self._source(bare(self.plan.inside(address).partition("?")[0])[1])
        more = " ".join(sorted(one for one in page.found if "?" in one)) if source else ""
        self._note(made, file, self.folder.put(file, page.html.encode(), source, more))

    def _source(self, path: str) -> str:
        """What the file at ``path`` is made from, where that is known."""
        name, _ = document_of(path)
        return self.unchanged.source(name) if name else ""

    def _note(self, made: Made, file: str, put: tuple[Entry, bool]) -> None:
        made.entries[file] = put[0]
        made.written |= {file} if put[1] else set()
