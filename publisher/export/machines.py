"""What programs read about the site, as it is true of the export: site maps, the list of interfaces, llms.txt."""

import json
import re
from dataclasses import dataclass
from html import unescape

from publisher.export.places import address_of
from publisher.export.plan import Plan
from publisher.views import addresses
from publisher.web.found import API_CATALOG, SITEMAP

_LOCATION = re.compile(r"<(?:url|sitemap)><loc>([^<]*)</loc>.*?</(?:url|sitemap)>\n")
_LINKED = re.compile(r"\]\(([^)]*)\)")


@dataclass(frozen=True)
class Machines:
    """Corrects the answers of the site at addresses for programs."""

    plan: Plan
    server: str

    @property
    def top(self) -> str:
        """What whole addresses of the site start with."""
        return self.plan.links.public_url or self.plan.links.base.rstrip("/")

    def body(self, path: str, text: str) -> str:
        """``text``, the answer at ``path``, with what is here; "" when nothing is left of it."""
        if path == SITEMAP:
            return _LOCATION.sub(lambda match: match[0] if self._filled(match[1]) else "", text)
        if path.startswith("/sitemap/"):
            kept = _LOCATION.sub(self._location, text)
            return kept if "<loc>" in kept else ""
        if path == API_CATALOG:
            return self._interfaces(text)
        if path == "/llms.txt":
            return "".join(line for line in map(self._line, text.splitlines(keepends=True)))
        return text

    def found(self, text: str) -> set[str]:
        """The addresses of files that ``text`` names in full."""
        named = (match[1] for match in re.finditer(re.escape(self.top) + r"(/[^\s\"'<>),;\\]*)", text))
        paths = {unescape(path).partition("#")[0] for path in named}
        return {self._rooted(path) for path in paths if self.plan.file(self._rooted(path))}

    def _rooted(self, path: str) -> str:
        """``path`` below the top of the site as the site links it."""
        return self.plan.links.root + path

    def _file(self, address: str) -> str:
        inside = unescape(address).removeprefix(self.top)
        return self.plan.file(self._rooted(inside)) if inside.startswith("/") else ""

    def _location(self, match: re.Match[str]) -> str:
        file = self._file(match[1])
        return match[0].replace(match[1], f"{self.top}/{address_of(file)}", 1) if file else ""

    def _filled(self, address: str) -> bool:
        """Whether a part of the site map names any page of the export."""
        name = address.rpartition("/")[2].removesuffix(".xml")
        part = next(one for one in addresses.parts(self.plan.site) if one.name == name)
        if not part.graph:
            return True
        return any(
            self.plan.site.dataset and one.iri and self._thing(one.iri) for one in addresses.part(self.plan.site, part)
        )

    def _thing(self, iri: str) -> bool:
        return self.plan.links.name(iri) in self.plan.things

    def _interfaces(self, text: str) -> str:
        """The linkset with the interfaces that are files, and those of the server where there is one."""
        linkset = json.loads(text)
        first, *interfaces = linkset["linkset"]
        if self.server:
            moved = text.replace(f'"{self.top}/', f'"{self.server}/')
            return moved.replace(self.server + API_CATALOG, self.top + API_CATALOG)
        # The catalogue has no address of its own here: which format it is in must be said.
        data = next(one for one in interfaces if one["anchor"] == f"{self.top}/catalog")
        data["anchor"] = f"{self.top}/catalog.ttl"
        data["service-meta"] = [{"href": f"{self.top}/.well-known/void", "type": "text/turtle"}]
        first["item"] = [{"href": data["anchor"]}]
        return json.dumps({"linkset": [first, data]}, ensure_ascii=False, indent=1) + "\n"

    def _line(self, line: str) -> str:
        """A line of llms.txt, with the address where what it names is; "" when it is nowhere."""
        match = _LINKED.search(line)
        if not match:
            return line
        file = self._file(match[1])
        # The page in the place of an interface is for people.
        if file and not self.plan.instead(match[1].removeprefix(self.top)):
            return line.replace(match[1], f"{self.top}/{address_of(file)}")
        return line.replace(self.top, self.server) if self.server and match[1].startswith(self.top) else ""
