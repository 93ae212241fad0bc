"""What answering at the endpoint takes, and the headers of every answer there."""

from dataclasses import dataclass

from starlette.requests import Request

from publisher.endpoint.client import Endpoint
from publisher.web.frame import Frame, Visit
from publisher.web.sparql_files import Scribe

PATH = "/sparql"

_EXPOSED = "Content-Disposition, ETag, Link, Location, Retry-After, X-Kreisgraph-Cut, X-Kreisgraph-Release"


@dataclass(frozen=True)
class Desk:
    """What answering takes: the frame of pages and the workers; ``language`` is that of the page."""

    frame: Frame
    endpoint: Endpoint
    scribe: Scribe
    language: str

    @property
    def headers(self) -> dict[str, str]:
        """The headers of every answer."""
        return {
            "Vary": "Accept, Accept-Encoding",
            "X-Kreisgraph-Release": self.frame.site.release.manifest.version,
            "Link": self._links(),
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": _EXPOSED,
        }

    def _links(self) -> str:
        """Where programs learn what this is and what they may do with it: https://www.rfc-editor.org/rfc/rfc8288"""
        links = self.frame.links
        about = f'<{links.absolute(links.href(PATH))}>; rel="service-desc"; type="text/turtle"'
        return f'{about}, <{links.absolute(links.href("/lizenz"))}>; rel="license"'

    def visit(self, request: Request) -> Visit:
        """The visit of the page."""
        return self.frame.visit(request, self.language, PATH)
